//! How `addersr train` trains: options with sound defaults.

use super::text;
use crate::{
    backend::AdderGradient,
    train::{FRESH_RATE, Optimiser, Settings, TUNING_RATE, degrade::Degradation, schedule::Schedule},
};

/// Options that decide how, with sound defaults.
#[derive(clap::Args)]
#[command(next_help_heading = "Recipe")]
pub(super) struct Recipe {
    /// Highest learning rate [default: 0.003 from fresh weights, 0.001 with --init]
    #[arg(long, value_parser = text::number::<f32>)]
    pub(super) rate: Option<f32>,
    /// Rate of adder weights relative to that
    #[arg(long, default_value_t = Settings::default().adder_rate, value_parser = text::number::<f32>)]
    pub(super) adder_rate: f32,
    /// Steps of linear warm-up
    #[arg(long, default_value_t = Schedule::default().warm_up)]
    pub(super) warm_up: u64,
    /// Share of the run after which the rate begins to fall
    #[arg(long, default_value_t = Schedule::default().hold, value_parser = text::number::<f32>)]
    pub(super) hold: f32,
    /// adam or sgd
    #[arg(long, default_value = "adam", value_parser = ["adam", "sgd"])]
    pub(super) optimiser: String,
    /// Scale adder gradients by the paper's adaptive rate
    #[arg(long)]
    pub(super) adaptive: bool,
    /// Use the sign gradient in adder layers, which trains badly: for demonstration
    #[arg(long)]
    pub(super) sign_gradient: bool,
    /// Patches per step
    #[arg(long, default_value_t = Settings::default().batch)]
    pub(super) batch: usize,
    /// Side of a patch in small pixels
    #[arg(long, default_value_t = Settings::default().patch)]
    pub(super) patch: usize,
    /// How small pictures are made
    #[arg(long, default_value = "bicubic", value_parser = ["bicubic", "jpeg", "camera"])]
    pub(super) degradation: String,
    /// Weight of local contrast beside the mean absolute difference: 1 for photos, 4 begins to ring
    #[arg(long, default_value_t = 0.0, value_parser = text::number::<f32>)]
    pub(super) contrast: f32,
    /// Share of the patches that come from two photos that ship, so that fine-tuning does not forget other kinds of
    /// picture [default: 0.25 with --init, its own shape and --data, else 0]
    #[arg(long, value_name = "SHARE", value_parser = text::number::<f32>)]
    pub(super) rehearsal: Option<f32>,
    /// Share that the running mean of the weights keeps
    #[arg(long, default_value_t = Settings::default().ema, value_parser = text::number::<f32>)]
    pub(super) ema: f32,
    /// Start value of batch norm scales
    #[arg(long, default_value_t = Settings::default().norm_start, value_parser = text::number::<f32>)]
    pub(super) norm_start: f32,
    /// Standard deviation of adder weights' start values
    #[arg(long, default_value_t = Settings::default().adder_start, value_parser = text::number::<f32>)]
    pub(super) adder_start: f32,
    /// Seed of everything random
    #[arg(long, default_value_t = Settings::default().seed)]
    pub(super) seed: u64,
    /// Steps between judgements
    #[arg(long, default_value_t = 500)]
    pub(super) judge_every: u64,
    /// Train the convolutional twin: same layout, convolutions, no power activation
    #[arg(long)]
    pub(super) twin: bool,
    /// Power activation: none, layer or channel
    #[arg(long, default_value = "layer", value_parser = ["none", "layer", "channel"])]
    pub(super) power: String,
    /// Leave out the self-shortcuts
    #[arg(long)]
    pub(super) no_shortcut: bool,
    /// Factor of a block's output at its skip
    #[arg(long, default_value_t = 1.0, value_parser = text::number::<f32>)]
    pub(super) residual_scale: f32,
    /// A model to imitate as well, usually a convolutional twin
    #[arg(long, value_name = "NAME|FILE")]
    pub(super) teacher: Option<String>,
    /// Weight of the distance to the teacher's output
    #[arg(long, default_value_t = 0.0, value_parser = text::number::<f32>)]
    pub(super) distill_output: f32,
    /// Weight of the distance to the teacher's block outputs
    #[arg(long, default_value_t = 0.0, value_parser = text::number::<f32>)]
    pub(super) distill_features: f32,
}

impl Recipe {
    pub(super) fn settings(&self, tuning: bool, rehearsal: f32) -> Settings {
        Settings {
            seed: self.seed,
            batch: self.batch.clamp(1, 1 << 12),
            patch: self.patch.clamp(8, 512),
            optimiser: if self.optimiser == "sgd" { Optimiser::Sgd } else { Optimiser::Adam },
            rate: self.rate.unwrap_or(if tuning { TUNING_RATE } else { FRESH_RATE }),
            adder_rate: self.adder_rate,
            schedule: Schedule { warm_up: self.warm_up, hold: self.hold.clamp(0.0, 0.99) },
            adaptive: self.adaptive,
            gradient: if self.sign_gradient { AdderGradient::Sign } else { AdderGradient::FullPrecision },
            ema: self.ema.clamp(0.0, 1.0),
            degradation: match self.degradation.as_str() {
                "jpeg" => Degradation::Jpeg,
                "camera" => Degradation::Camera,
                _ => Degradation::Bicubic,
            },
            rehearsal: self.rehearsal.unwrap_or(rehearsal).clamp(0.0, 1.0),
            contrast: self.contrast.max(0.0),
            distill_output: self.distill_output,
            distill_features: self.distill_features,
            norm_start: self.norm_start,
            adder_start: self.adder_start,
        }
    }
}
