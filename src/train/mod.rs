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
//! | `init` | start values |
//! | `loss` | L1, and distillation from a teacher |
//! | `optim` | SGD with the paper's adaptive rate, Adam |
//! | `schedule` | rate over time |
//! | `ema` | running mean of the weights, which is what gets judged and shipped |
//! | `trainer` | one step of all this, with the NaN guard |
//! | `evaluate` | PSNR and SSIM on held-out pictures |
//! | `checkpoint` | everything above in one file |

pub mod checkpoint;
pub mod dataset;
pub mod degrade;
pub mod ema;
mod error;
pub mod evaluate;
pub mod init;
pub mod loss;
pub mod optim;
pub mod patches;
pub mod run;
pub mod schedule;
mod settings;
mod trainer;

pub use error::TrainError;
pub use settings::{Optimiser, Settings};
pub use trainer::{Progress, StepReport, Teacher, Trainer};
