//! Golden files: what `../shared/reference/addersr_reference.py` computed with PyTorch in f64, as safetensors.

use addersr::{
    nn::{Params, Plan, weights::read_tensors},
    tensor::Tensor,
};
use std::{collections::HashMap, path::PathBuf};

/// Where the files are.
pub fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data/goldens")
}

/// One file.
pub struct Golden {
    name: String,
    tensors: HashMap<String, (Vec<usize>, Vec<f32>)>,
}

impl Golden {
    /// Reads `tests/data/goldens/{name}.safetensors`.
    pub fn load(name: &str) -> Self {
        let bytes = std::fs::read(folder().join(format!("{name}.safetensors"))).unwrap();
        let (tensors, _) = read_tensors(&bytes).unwrap();
        Self { name: name.to_owned(), tensors }
    }

    fn get(&self, tensor: &str) -> &(Vec<usize>, Vec<f32>) {
        self.tensors.get(tensor).unwrap_or_else(|| panic!("{} has no `{tensor}`", self.name))
    }

    /// Names of all tensors that begin so, without that beginning, in order.
    pub fn names(&self, prefix: &str) -> Vec<&str> {
        let mut names: Vec<_> = self.tensors.keys().filter_map(|n| n.strip_prefix(prefix)).collect();
        names.sort_unstable();
        names
    }

    /// Shape of a tensor as stored.
    pub fn shape(&self, tensor: &str) -> &[usize] {
        &self.get(tensor).0
    }

    /// Values of a tensor as stored.
    pub fn values(&self, tensor: &str) -> &[f32] {
        &self.get(tensor).1
    }

    /// A picture or feature map, from the file's `[n, c, h, w]`.
    pub fn picture(&self, tensor: &str) -> Tensor {
        let (shape, values) = self.get(tensor);
        let [n, c, h, w] = shape[..] else { panic!("{} `{tensor}` is {shape:?}", self.name) };
        Tensor::from_nchw(n, c, h, w, values)
    }

    /// All parameters of a plan, stored as `{prefix}{name}`; shapes are checked.
    pub fn params(&self, plan: &Plan, prefix: &str) -> Params {
        let mut named =
            self.names(prefix).into_iter().map(|n| (n.to_owned(), self.get(&format!("{prefix}{n}")).clone())).collect();
        let params = Params::from_named(plan, &mut named).unwrap();
        assert!(named.is_empty(), "{}: left over {:?}", self.name, named.keys());
        params
    }
}
