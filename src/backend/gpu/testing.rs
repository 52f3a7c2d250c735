//! What tests do to an engine that nobody else may: spoil it, limit it, take its device away. Only with the feature `testing`,
//! which the tests turn on.

use super::{Gpu, Options};

impl Gpu {
    /// The same engine with the weights of one layer spoilt on the device: what a test has to find.
    pub fn with_wrong_layer(self, node: usize) -> Self {
        Self { options: Options { wrong: Some(node), ..self.options }, ..self }
    }

    /// The same with every buffer limited to so many bytes.
    pub fn with_buffer_limit(self, bytes: u64) -> Self {
        self.shared.device().limit_buffers(bytes);
        self
    }

    /// The same with the feature maps of each network or graph limited to so many bytes together, as when the driver has no
    /// more.
    pub fn with_memory_limit(self, bytes: u64) -> Self {
        self.shared.device().limit_memory(bytes);
        self
    }

    /// How often that limit denied a feature map.
    pub fn denied(&self) -> usize {
        self.shared.device().refused()
    }

    /// Loses the device, as a driver reset would.
    pub fn lose_device(&self) {
        self.shared.device().device.destroy();
    }
}
