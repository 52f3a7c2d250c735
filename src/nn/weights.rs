//! Parameters of a network: values in the plan's order, and the safetensors file they live in (SPEC 3).
//!
//! A file is checked against the plan that its own metadata describes before any number of it is used; nothing is
//! inferred from its name. Values are kept exactly as in the file (`[out, in, kh, kw]`), packing is a backend's business.

use super::{
    ParamSpec, Plan,
    models::{ModelSpec, SpecError},
};
use safetensors::{Dtype, SafeTensors, tensor::TensorView};
use std::collections::{BTreeMap, HashMap};

/// Values of all parameters, in the order of [`Plan::params`].
#[derive(Clone, Debug, PartialEq)]
pub struct Params {
    /// One vector per parameter.
    pub values: Vec<Vec<f32>>,
}

/// A network with its values and everything its file says about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// Its operations.
    pub plan: Plan,
    /// Its values.
    pub params: Params,
    /// Metadata beyond the description: the card (data, recipe, steps, scores, parent hash).
    pub card: BTreeMap<String, String>,
}

/// Why weights cannot be used. The caller adds which file it was.
#[derive(Debug, thiserror::Error)]
pub enum WeightsError {
    /// Not a safetensors file, or damaged.
    #[error("it is not a safetensors file or it is damaged ({0}); download or train it again")]
    Format(String),
    /// The metadata does not describe a network.
    #[error(transparent)]
    Spec(#[from] SpecError),
    /// A tensor is missing.
    #[error("it lacks the tensor `{name}` {expected:?} that its own description asks for")]
    Missing {
        /// Tensor.
        name: String,
        /// Its shape.
        expected: Vec<usize>,
    },
    /// A tensor has another shape or type.
    #[error("the tensor `{name}` is {found}, but its description asks for F32 {expected:?}")]
    Shape {
        /// Tensor.
        name: String,
        /// Type and shape in the file.
        found: String,
        /// Shape that the plan needs.
        expected: Vec<usize>,
    },
    /// A tensor that no layer reads.
    #[error("it holds the tensor `{0}`, which no layer of its description reads")]
    Unknown(String),
    /// A value that arithmetic cannot use.
    #[error("the tensor `{0}` holds values that are not finite, or a variance below zero; train it again")]
    NotFinite(String),
}

impl Params {
    /// All zeros, shaped as the plan asks.
    pub fn zeros(plan: &Plan) -> Self {
        Self { values: plan.params.iter().map(|p| vec![0.0; p.numel()]).collect() }
    }

    /// Takes the named tensors a plan asks for out of a map, checking shapes, and says which are left.
    ///
    /// # Errors
    /// If one is missing, has another shape or holds values that are not finite.
    pub fn from_named(plan: &Plan, named: &mut HashMap<String, (Vec<usize>, Vec<f32>)>) -> Result<Self, WeightsError> {
        let mut values = Vec::with_capacity(plan.params.len());
        for spec in &plan.params {
            let (shape, data) = named
                .remove(&spec.name)
                .ok_or_else(|| WeightsError::Missing { name: spec.name.clone(), expected: spec.shape.clone() })?;
            if shape != spec.shape || data.len() != spec.numel() {
                return Err(WeightsError::Shape {
                    name: spec.name.clone(),
                    found: format!("F32 {shape:?}"),
                    expected: spec.shape.clone(),
                });
            }
            check_values(spec, &data)?;
            values.push(data);
        }
        Ok(Self { values })
    }
}

fn check_values(spec: &ParamSpec, data: &[f32]) -> Result<(), WeightsError> {
    let variance = spec.kind == super::ParamKind::RunningVar;
    if data.iter().all(|v| v.is_finite() && !(variance && *v < 0.0)) {
        Ok(())
    } else {
        Err(WeightsError::NotFinite(spec.name.clone()))
    }
}

/// All F32 tensors of a safetensors file with its metadata.
///
/// # Errors
/// If the bytes are not such a file or hold another type.
#[expect(clippy::type_complexity, reason = "name → (shape, values), and name → text: no type would say more")]
pub fn read_tensors(
    bytes: &[u8],
) -> Result<(HashMap<String, (Vec<usize>, Vec<f32>)>, BTreeMap<String, String>), WeightsError> {
    let format = |e: safetensors::SafeTensorError| WeightsError::Format(e.to_string());
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(format)?;
    let meta = header.metadata().iter().flatten().map(|(k, v)| (k.clone(), v.clone())).collect();
    let file = SafeTensors::deserialize(bytes).map_err(format)?;
    let mut named = HashMap::new();
    for (name, view) in file.iter() {
        if view.dtype() != Dtype::F32 {
            return Err(WeightsError::Shape {
                name: name.to_owned(),
                found: format!("{:?} {:?}", view.dtype(), view.shape()),
                expected: view.shape().to_vec(),
            });
        }
        let values =
            view.data().chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect::<Vec<_>>();
        named.insert(name.to_owned(), (view.shape().to_vec(), values));
    }
    Ok((named, meta))
}

/// The bytes of a safetensors file of F32 tensors.
///
/// # Errors
/// If a shape does not fit its values.
pub fn write_tensors(
    tensors: &[(String, Vec<usize>, &[f32])],
    meta: BTreeMap<String, String>,
) -> Result<Vec<u8>, WeightsError> {
    let format = |e: safetensors::SafeTensorError| WeightsError::Format(e.to_string());
    let bytes: Vec<Vec<u8>> =
        tensors.iter().map(|(_, _, v)| v.iter().flat_map(|x| x.to_le_bytes()).collect()).collect();
    let views = tensors
        .iter()
        .zip(&bytes)
        .map(|((name, shape, _), data)| {
            Ok((name.clone(), TensorView::new(Dtype::F32, shape.clone(), data).map_err(format)?))
        })
        .collect::<Result<Vec<_>, WeightsError>>()?;
    safetensors::serialize(views, Some(meta.into_iter().collect())).map_err(format)
}

impl Model {
    /// Reads and checks a weights file.
    ///
    /// # Errors
    /// If it is damaged or does not fit the network that it describes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WeightsError> {
        let (mut named, mut meta) = read_tensors(bytes)?;
        let spec = ModelSpec::from_metadata(&meta)?;
        let plan = spec.plan();
        let params = Params::from_named(&plan, &mut named)?;
        if let Some(name) = named.keys().min() {
            return Err(WeightsError::Unknown(name.clone()));
        }
        for key in SPEC_KEYS {
            meta.remove(*key);
        }
        Ok(Self { plan, params, card: meta })
    }

    /// The bytes of its weights file.
    ///
    /// # Errors
    /// If values do not fit the plan's shapes.
    pub fn to_bytes(&self) -> Result<Vec<u8>, WeightsError> {
        let tensors: Vec<_> = self
            .plan
            .params
            .iter()
            .zip(&self.params.values)
            .map(|(spec, v)| (spec.name.clone(), spec.shape.clone(), v.as_slice()))
            .collect();
        let mut meta = self.card.clone();
        meta.extend(self.plan.spec.to_metadata());
        write_tensors(&tensors, meta)
    }
}

/// Metadata entries that describe the network; all others are the card.
const SPEC_KEYS: &[&str] = &[
    "format_version",
    "arch",
    "scale",
    "channels",
    "blocks",
    "units",
    "unit",
    "self_shortcut",
    "power",
    "residual_scale",
];
