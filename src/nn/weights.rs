//! Parameters of a network: values in the plan's order, and the safetensors file they live in (SPEC 3).
//!
//! A file is checked against the plan that its own metadata describes before any number of it is used; nothing is
//! inferred from its name. Values are kept exactly as in the file (`[out, in, kh, kw]`), packing is a backend's business.
//!
//! The container itself is read and written here rather than by the `safetensors` crate, of which only the header's types
//! and their checks are used: its writer orders metadata at random, so that the same model would give other bytes each
//! time (and the card names parents by their hash), and its reader adds up sizes that a damaged file can make overflow.

use super::{
    Op, ParamKind, ParamSpec, Plan,
    models::{ModelSpec, SpecError},
    quantize,
};
use safetensors::{Dtype, tensor::Metadata};
use std::collections::{BTreeMap, HashMap, HashSet};

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

impl Model {
    /// The same model in f32 alone.
    pub fn without_codes(&self) -> Self {
        Self { plan: self.plan.without_codes(), ..self.clone() }
    }

    /// The exponents of a power activation: one, or one per channel. `None` for another node.
    pub fn alphas(&self, node: usize) -> Option<&[f32]> {
        let node = &self.plan.nodes[node];
        matches!(node.op, Op::Power { .. }).then(|| self.params.values[node.params[0]].as_slice())
    }
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
    /// The 8-bit form does not belong to this network.
    #[error("its 8-bit form cannot be used: {0}; make it again with `addersr quantize`")]
    Codes(String),
    /// A value that arithmetic cannot use.
    #[error("the tensor `{0}` holds values that are not finite, or a variance below zero; train it again")]
    NotFinite(String),
}

impl Params {
    /// All zeros, shaped as the plan asks.
    pub fn zeros(plan: &Plan) -> Self {
        Self { values: plan.params.iter().map(|p| vec![0.0; p.numel()]).collect() }
    }

    /// Takes the named tensors a plan asks for out of a map, checking shapes; what is left is in no layer.
    ///
    /// # Errors
    /// If one is missing, has another shape or holds values that are not finite.
    pub fn from_named(plan: &Plan, named: &mut HashMap<String, (Vec<usize>, Vec<f32>)>) -> Result<Self, WeightsError> {
        Self::collect(plan, |spec| {
            let (shape, data) = named.remove(&spec.name)?;
            let fits = shape == spec.shape && data.len() == spec.numel();
            Some(if fits { Ok(data) } else { Err(format!("F32 {shape:?}")) })
        })
    }

    /// Asks for every parameter's values: `None` if there is no such tensor, its type and shape if it does not fit.
    fn collect(
        plan: &Plan,
        mut values_of: impl FnMut(&ParamSpec) -> Option<Result<Vec<f32>, String>>,
    ) -> Result<Self, WeightsError> {
        let mut values = Vec::with_capacity(plan.params.len());
        for spec in &plan.params {
            let (name, expected) = (spec.name.clone(), spec.shape.clone());
            match values_of(spec) {
                None => return Err(WeightsError::Missing { name, expected }),
                Some(Err(found)) => return Err(WeightsError::Shape { name, found, expected }),
                Some(Ok(data)) => values.push(data),
            }
        }
        let params = Self { values };
        params.check(plan)?;
        Ok(params)
    }

    /// Whether all values are numbers that a layer can use.
    fn check(&self, plan: &Plan) -> Result<(), WeightsError> {
        let usable = |spec: &ParamSpec, v: f32| v.is_finite() && (spec.kind != ParamKind::RunningVar || v >= 0.0);
        match plan.params.iter().zip(&self.values).find(|(spec, data)| !data.iter().all(|&v| usable(spec, v))) {
            Some((spec, _)) => Err(WeightsError::NotFinite(spec.name.clone())),
            None => Ok(()),
        }
    }
}

/// The header of a safetensors file and the bytes behind it, which the header's tensors cover exactly.
fn open(bytes: &[u8]) -> Result<(Metadata, &[u8]), WeightsError> {
    let Some((length, rest)) = bytes.split_first_chunk::<8>() else {
        return Err(WeightsError::Format(format!("it has {} bytes, fewer than the length of a header", bytes.len())));
    };
    let length = u64::from_le_bytes(*length);
    let Some((header, data)) = usize::try_from(length).ok().and_then(|n| rest.split_at_checked(n)) else {
        let left = rest.len();
        return Err(WeightsError::Format(format!("its header claims {length} bytes, of which it has {left}")));
    };
    let header: Metadata = serde_json::from_slice(header)
        .map_err(|e| WeightsError::Format(format!("its header cannot be understood: {e}")))?;
    if header.data_len() != data.len() {
        let (claimed, left) = (header.data_len(), data.len());
        return Err(WeightsError::Format(format!("its tensors claim {claimed} bytes, of which it has {left}")));
    }
    Ok((header, data))
}

/// The text entries of a header.
fn entries(header: &Metadata) -> BTreeMap<String, String> {
    header.metadata().iter().flatten().map(|(k, v)| (k.clone(), v.clone())).collect()
}

/// The values of a header's tensor, or what it is instead of F32 of the shape asked for.
fn floats(header: &Metadata, data: &[u8], name: &str, shape: &[usize]) -> Option<Result<Vec<f32>, String>> {
    let info = header.info(name)?;
    if info.dtype != Dtype::F32 || info.shape != shape {
        return Some(Err(format!("{} {:?}", info.dtype, info.shape)));
    }
    let (start, end) = info.data_offsets;
    let values = data[start..end].as_chunks::<4>().0.iter().map(|&b| f32::from_le_bytes(b));
    Some(Ok(values.collect()))
}

/// All tensors of a safetensors file, which must be F32, with its metadata.
///
/// # Errors
/// If the bytes are not such a file or hold another type.
#[expect(clippy::type_complexity, reason = "name → (shape, values), and name → text: no type would say more")]
pub fn read_tensors(
    bytes: &[u8],
) -> Result<(HashMap<String, (Vec<usize>, Vec<f32>)>, BTreeMap<String, String>), WeightsError> {
    let (header, data) = open(bytes)?;
    let mut named = HashMap::new();
    for name in header.offset_keys() {
        let shape = header.info(&name).map(|info| info.shape.clone()).unwrap_or_default();
        match floats(&header, data, &name, &shape) {
            Some(Ok(values)) => named.insert(name, (shape, values)),
            Some(Err(found)) => return Err(WeightsError::Shape { name, found, expected: shape }),
            None => None,
        };
    }
    Ok((named, entries(&header)))
}

/// The bytes of a safetensors file of F32 tensors. The same input gives the same bytes: tensors stand in the order given,
/// metadata in the order of its names.
///
/// # Errors
/// If a shape does not fit its values.
pub fn write_tensors(
    tensors: &[(String, Vec<usize>, &[f32])],
    meta: BTreeMap<String, String>,
) -> Result<Vec<u8>, WeightsError> {
    let mut header = BTreeMap::from([("__metadata__", serde_json::json!(meta))]);
    let mut end = 0;
    for (name, shape, values) in tensors {
        if shape.iter().product::<usize>() != values.len() {
            let found = format!("{} values", values.len());
            return Err(WeightsError::Shape { name: name.clone(), found, expected: shape.clone() });
        }
        let start = end;
        end += size_of_val(*values);
        header.insert(name, serde_json::json!({ "dtype": "F32", "shape": shape, "data_offsets": [start, end] }));
    }
    let mut header = serde_json::to_vec(&header).map_err(|e| WeightsError::Format(e.to_string()))?;
    header.resize(header.len().next_multiple_of(8), b' '); // so that the values are aligned
    let mut bytes = (header.len() as u64).to_le_bytes().to_vec();
    bytes.extend(header);
    bytes.extend(tensors.iter().flat_map(|(_, _, values)| values.iter().flat_map(|v| v.to_le_bytes())));
    Ok(bytes)
}

impl Model {
    /// Reads and checks a weights file.
    ///
    /// # Errors
    /// If it is damaged or does not fit the network that it describes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WeightsError> {
        let (header, data) = open(bytes)?;
        let mut card = entries(&header);
        let mut plan = ModelSpec::from_metadata(&card)?.plan();
        if let Some(codes) = quantize::from_metadata(&card)? {
            plan = plan.with_codes(&codes)?;
        }
        let params = Params::collect(&plan, |spec| floats(&header, data, &spec.name, &spec.shape))?;
        let read: HashSet<&str> = plan.params.iter().map(|spec| spec.name.as_str()).collect();
        if let Some(name) = header.offset_keys().into_iter().filter(|name| !read.contains(name.as_str())).min() {
            return Err(WeightsError::Unknown(name));
        }
        card.retain(|key, _| !SPEC_KEYS.contains(&key.as_str()));
        Ok(Self { plan, params, card })
    }

    /// What a weights file says of itself: the network, and all its entries. Reads its header only.
    ///
    /// # Errors
    /// If the header is damaged or describes no network.
    pub fn description(bytes: &[u8]) -> Result<(ModelSpec, BTreeMap<String, String>), WeightsError> {
        let (header, _) = open(bytes)?;
        let entries = entries(&header);
        Ok((ModelSpec::from_metadata(&entries)?, entries))
    }

    /// Whether a weights file carries an 8-bit form. Reads its header only.
    ///
    /// # Errors
    /// If the header is damaged.
    pub fn carries_codes(bytes: &[u8]) -> Result<bool, WeightsError> {
        let (header, _) = open(bytes)?;
        Ok(quantize::from_metadata(&entries(&header))?.is_some())
    }

    /// The bytes of its weights file. Entries of the card that describe the network are replaced by what the plan says.
    ///
    /// # Errors
    /// If values do not fit the plan's shapes, or are such that [`from_bytes`](Self::from_bytes) would refuse them.
    pub fn to_bytes(&self) -> Result<Vec<u8>, WeightsError> {
        self.params.check(&self.plan)?;
        let tensors: Vec<_> = self
            .plan
            .params
            .iter()
            .zip(&self.params.values)
            .map(|(spec, v)| (spec.name.clone(), spec.shape.clone(), v.as_slice()))
            .collect();
        let mut meta = self.card.clone();
        meta.retain(|key, _| !SPEC_KEYS.contains(&key.as_str()));
        meta.extend(self.plan.spec.to_metadata());
        meta.extend(quantize::to_metadata(&self.plan));
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
    quantize::PRECISION,
    quantize::CODES,
];
