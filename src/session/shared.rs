//! What all workers share: the device that computes and the models that there are.
//!
//! A device is opened by whoever computes first, on that thread, because opening one may take seconds. Choosing another
//! one takes effect at the next job: workers compare [`Shared::device`]'s generation with the one they loaded networks on.

use super::models::{self, Catalogue};
use crate::{
    backend::{Backend, Choice},
    error::Error,
};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// A device with the number of the choice that opened it.
#[derive(Clone)]
pub struct Device {
    /// What computes.
    pub backend: Arc<dyn Backend>,
    /// Grows by one with every choice.
    pub generation: u64,
}

struct Opened {
    choice: Choice,
    generation: u64,
    device: Option<Device>,
}

/// Handle on what is shared; clones are the same.
#[derive(Clone)]
pub struct Shared {
    opened: Arc<Mutex<Opened>>,
    /// The models by name.
    pub models: Catalogue,
}

impl Shared {
    /// Nothing is opened yet.
    pub fn new(choice: Choice) -> Self {
        let opened = Opened { choice, generation: 0, device: None };
        Self { opened: Arc::new(Mutex::new(opened)), models: models::Catalogue::default() }
    }

    fn opened(&self) -> MutexGuard<'_, Opened> {
        // A panic while a device was opened leaves "none open", which is true.
        self.opened.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Computes on another device from the next job on.
    pub fn choose(&self, choice: Choice) {
        let mut opened = self.opened();
        if opened.choice != choice {
            *opened = Opened { choice, generation: opened.generation + 1, device: None };
        }
    }

    /// What was chosen.
    pub fn choice(&self) -> Choice {
        self.opened().choice.clone()
    }

    /// The chosen device, opened if it is not yet. Waits while another thread opens it: never call this on the window's
    /// thread.
    ///
    /// # Errors
    /// If a device was named that is not there or refuses.
    pub fn device(&self) -> Result<Device, Error> {
        let mut opened = self.opened();
        if let Some(device) = &opened.device {
            return Ok(device.clone());
        }
        let device = Device { backend: Arc::from(opened.choice.open()?), generation: opened.generation };
        opened.device = Some(device.clone());
        Ok(device)
    }

    /// Whether the device computes with a model's 8-bit form, once it is open. Does not wait.
    pub fn supports_int8(&self) -> bool {
        let opened = self.opened.try_lock().ok();
        opened.and_then(|o| o.device.as_ref().map(|d| d.backend.supports_int8())).unwrap_or(false)
    }

    /// The device's name, once it is open. Does not wait.
    pub fn device_name(&self) -> Option<String> {
        let opened = self.opened.try_lock().ok()?;
        opened.device.as_ref().map(|d| d.backend.name())
    }
}
