//! Training: from pictures to weights.
//!
//! [`Trainer::step`] does one step and knows neither threads nor clocks nor screens; who calls it decides how long to go
//! on, when to judge and when to save. Everything random follows from a seed and the step's number, so a run that stops
//! and resumes gives the same bits as one that never stopped.
//!
//! | file | what |
//! |---|---|
//! | `dataset` | pictures on disk → pairs of large and small, split by file into training and held-out ones |
//! | `degrade` | how a small picture is made from a large one |
//! | `patches` | which pieces a step sees |
//! | `rehearsal` | pictures of other kinds that a fine-tuning run does not forget |
//! | `look` | whether a picture is worth training on |
//! | `init` | start values |
//! | `loss` | L1, and distillation from a teacher |
//! | `optim` | SGD with the paper's adaptive rate, Adam |
//! | `schedule` | rate over time |
//! | `ema` | running mean of the weights, which is what gets judged and shipped |
//! | `statistics` | batch norm statistics of exactly the weights that are judged |
//! | `trainer` | one step of all this, here or by a device's [`Learner`](crate::backend::Learner), with the NaN guard |
//! | `evaluate` | PSNR and SSIM on held-out pictures |
//! | `calibrate` | codes for the 8-bit form of a trained model |
//! | `finetune` | training it on in 8 bits |
//! | `health` | how the adder layers fare |
//! | `patience` | when training on would not help |
//! | `checkpoint` | everything above in one file |
//! | `own_threads` | training beside a window that stays quick |
//!
//! # The recipe, and how it was found
//!
//! An adder network of AdderSR's kind, trained the way one trains its convolutional twin, ends 0.6 to 1.1 dB below it. The
//! following runs say why, and what closes the gap: 32 channels × 4 blocks, ×2, 16 patches of 32×32 per step, the training
//! pictures of `../shared/data/train`, PSNR on luma. All rows of one table had the same patches in the same order (the first row of the second table
//! could draw from two pictures more, which have since become the sample photos).
//!
//! **Rates.** Mean absolute error of the training patches (running mean of some fifty steps) at step 400 of a run laid out
//! for 1,000, relative to the first row:
//!
//! | rate | rate of adder weights | start of norms | error |
//! |---|---|---|---|
//! | 0.001 | ×1 | 0.1 | 1 |
//! | 0.001 | ×5 | 0.1 | 0.985 |
//! | 0.003 | ×1 | 0.1 | 0.971 |
//! | 0.001 | ×15 | 0.1 | 0.967 |
//! | 0.003 | ×5 | 0.1 | 0.943 |
//! | 0.003 | ×15 | 0.3 | 0.971 |
//! | 0.003 | ×15 | 0.1 | 0.930 |
//! | 0.003 | ×15, one α per channel | 0.1 | 0.929 |
//! | 0.006 | ×5 | 0.1 | 0.929 |
//! | 0.006 | ×15 | 0.1 | 0.921 |
//! | 0.003 | ×50 | 0.1 | 0.919 |
//! | 0.006 | ×50 | 0.1 | 0.918 |
//!
//! **Whole runs** of 500 steps, annealed to zero:
//!
//! | run | McMaster | Set5 | Set14 |
//! |---|---|---|---|
//! | 0.001, adder weights ×1, norms from 0.1; 1,000 steps | 35.43 | 35.54 | 31.60 |
//! | 0.003, ×50, 0.03 | 36.49 | 36.64 | 32.32 |
//! | the same, 1,000 steps | 36.77 | 36.89 | 32.47 |
//! | **0.003, ×50, 0.003: the defaults** | 36.55 | 36.72 | 32.35 |
//! | with one α per channel | 36.57 | 36.73 | 32.36 |
//! | with adder weights ×150 | 36.25 | 36.50 | 32.21 |
//! | with every adder filter held at a root mean square of 1 | 36.46 | 36.62 | 32.30 |
//! | with the twin's output as a second target (distillation, weight 1) | 36.48 | 36.62 | 32.30 |
//! | the same, and the twin's block outputs with weight 0.1 | 36.54 | 36.66 | 32.30 |
//! | 400 steps of 16 patches unannealed, then 25 annealed steps of 64 | 36.03 | 36.12 | 32.06 |
//! | self-shortcut around the power activation instead of before it | 35.66 | 34.61 | 30.96 |
//! | started from the weights of the twin below, scaled to a root mean square of 1 | 36.61 | 36.79 | 32.39 |
//! | SGD with momentum and the paper's adaptive rates: 1, adder weights ×0.02 | 35.54 | 35.62 | 31.68 |
//! | the same at 0.3, ×1 | 17.27 | 17.35 | 17.20 |
//! | convolutional twin, 0.003 | 36.63 | 36.69 | 32.37 |
//!
//! All rows can be had with the options of `addersr train` but for three, which took a change or a script that was not kept:
//! filters held at a root mean square, the start from the twin's weights, the shortcut in another place.
//!
//! The model that ships has the defaults, 8 blocks instead of 4 and 6,656 steps: 37.17, 37.22 and 32.74 dB.
//!
//! What was learnt:
//!
//! 1. **Adder weights hardly move at ordinary rates.** With Adam at 0.001 their root mean square goes from 0.500 to 0.501
//!    in 1,000 steps: the layer stays random and the network learns around it. A convolution's weight is useful at the size
//!    of 0.05, an adder's must travel across the whole range of its inputs to change its slope from −1 to 1. At 50 times
//!    the rate they end at 2.6, and the network equals its twin.
//! 2. **A norm starts near zero** (0.003): the network starts as its shortcuts. 0.1 is better than 0.3, 0.03 better than
//!    0.1 (2 % less error at step 200), 0.003 better than 0.03.
//! 3. **Running statistics lag hopelessly** while rates are that high; see [`statistics`].
//! 4. Once the rates are right, the rest matters little: distillation of outputs and features, weight normalisation and an α
//!    per channel change less than 0.1 dB in 500 steps. The twin's weights are a slightly better start, and cost the twin's
//!    training. Larger batches late cost steps and lose; a self-shortcut around the power activation loses a decibel.
//! 5. α grows above 1 (1.00 to 1.14) in every good run, as in the paper.
//! 6. Sixty percent of the trained weights lie beyond ±1. A weight beyond the range of its inputs acts as a sign: large parts
//!    of the trained layers are additions and subtractions of their inputs, and the clamp of the 8-bit engine is exact there.

pub mod calibrate;
pub mod checkpoint;
pub mod dataset;
pub mod degrade;
pub mod ema;
mod error;
pub mod evaluate;
pub mod finetune;
pub mod health;
pub mod init;
pub mod look;
pub mod loss;
pub mod optim;
pub mod own_threads;
pub mod patches;
pub mod patience;
pub mod rehearsal;
pub mod run;
pub mod schedule;
mod settings;
pub mod statistics;
mod trainer;

pub use error::TrainError;
pub use settings::{FRESH_RATE, Optimiser, Settings, TUNING_RATE, TUNING_REHEARSAL};
pub use trainer::{Progress, StepReport, Teacher, Trainer};
