//! `--precision`.

use crate::session::models::Named;
use crate::{
    backend::Backend,
    error::Error,
    infer::{self, InferError},
    nn::Precision,
};

/// Help of every `--precision`.
pub(super) const HELP: &str = "Arithmetic of adder layers: auto (8 bits where the model carries them and the CPU \
    computes, else 32), f32, or int8";

/// `--precision`.
#[derive(Clone, Copy, Debug, Default, clap::ValueEnum)]
pub(super) enum Wish {
    #[default]
    Auto,
    F32,
    Int8,
}

impl From<Wish> for Precision {
    fn from(wish: Wish) -> Self {
        match wish {
            Wish::Auto => Self::Auto,
            Wish::F32 => Self::F32,
            Wish::Int8 => Self::Int8,
        }
    }
}

impl Wish {
    /// The model as this backend is to get it, which may be the same.
    ///
    /// # Errors
    /// If 8 bits were asked for and cannot be had.
    pub(super) fn apply(self, named: Named, backend: &dyn Backend) -> Result<Named, Error> {
        let model = infer::at_precision(&named.model, self.into(), backend).map_err(|e| refused(&named.name, &e))?;
        Ok(Named { model, ..named })
    }
}

/// Why a model does not compute as it was asked to.
pub(super) fn refused(model: &str, why: &InferError) -> Error {
    Error::Usage(format!("--precision int8 with the model {model}: {why}"))
}
