//! Training: from pictures to weights.
//!
//! [`Trainer::step`] does one step (the next batch is drawn on another thread meanwhile) and knows neither clocks nor
//! screens; who calls it decides how long to go on, when to judge and when to save. Everything random follows from a seed
//! and the step's number, so a run that stops and resumes gives the same bits as one that never stopped.
//!
//! | file | what |
//! |---|---|
//! | `dataset` | pictures on disk → pairs of large and small, split by file into training and held-out ones |
//! | `given` | pairs that somebody has, instead of small pictures made from large ones |
//! | `degrade` | how a small picture is made from a large one |
//! | `patches` | which pieces a step sees |
//! | `rehearsal` | pictures of other kinds that a fine-tuning run does not forget |
//! | `look` | whether a picture is worth training on |
//! | `init` | start values |
//! | `loss` | L1, and distillation from a teacher |
//! | `contrast` | edges as strong as the target's |
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
//! The recipe, how it was found, and what did not help is in `docs/recipe.md`.

pub mod calibrate;
pub mod checkpoint;
pub mod contrast;
pub mod dataset;
pub mod degrade;
pub mod ema;
mod error;
pub mod evaluate;
pub mod finetune;
pub mod given;
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
