//! The window, driven like a person does it: by what stands on its controls.

mod layers;
