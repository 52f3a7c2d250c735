//! Adapters, and the engine's own device on one of them (DESIGN, decision 6).

use super::{pipelines::Pipelines, timing::Speed};
use std::sync::{
    Arc, Mutex, PoisonError,
    atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering},
};

/// What kind of processor an adapter is, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum AdapterKind {
    /// A graphics card with its own memory.
    Discrete,
    /// Graphics beside the processor, sharing its memory.
    Integrated,
    /// Of a virtual machine.
    Virtual,
    /// Unknown.
    Other,
    /// A program on the processor that pretends: for tests only, the CPU engine is faster.
    Software,
}

/// What is known of an adapter without opening it.
#[derive(Clone, Debug, PartialEq, serde::Serialize)]
pub struct AdapterInfo {
    /// Name for people and for choosing.
    pub name: String,
    /// What it is.
    pub kind: AdapterKind,
    /// Graphics interface: vulkan, metal, dx12.
    pub interface: String,
    /// Driver and its version.
    pub driver: String,
    /// Largest buffer a kernel can see, in bytes.
    pub largest_binding: u64,
    /// Memory that the invocations of one workgroup share, in bytes.
    pub workgroup_memory: u32,
    /// Whether its kernels can use 16-bit floats.
    pub half_floats: bool,
    /// Whether it can time its own work.
    pub timestamps: bool,
}

/// Why no device was had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeviceError {
    /// No adapter of that name.
    #[error("there is no graphics device `{name}`; `addersr devices` lists {known}")]
    Unknown {
        /// What was asked for.
        name: String,
        /// Names that exist.
        known: String,
    },
    /// The adapter refuses.
    #[error("the graphics device {name} cannot be used ({cause}); choose --device cpu")]
    Refused {
        /// Adapter.
        name: String,
        /// What the driver says.
        cause: String,
    },
}

/// What went wrong on a device while it worked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Fault {
    /// Its memory does not hold what was asked for.
    Memory,
    /// It is gone: driver reset, or unplugged.
    Lost(String),
    /// It refused a command.
    Refused(String),
}

/// An open device.
pub(super) struct Device {
    pub(super) info: AdapterInfo,
    pub(super) device: wgpu::Device,
    pub(super) queue: wgpu::Queue,
    pub(super) limits: wgpu::Limits,
    pub(super) pipelines: Pipelines,
    pub(super) speed: Speed,
    /// Bytes of the largest buffer, made smaller by tests only.
    largest: AtomicU64,
    /// Bytes that the feature maps of one network or graph may take, made smaller than everything by tests only.
    most: AtomicU64,
    /// How often feature maps were refused for that reason.
    refused: AtomicUsize,
    lost: Arc<AtomicBool>,
    fault: Arc<Mutex<Option<Fault>>>,
}

/// Interfaces that have compute kernels; OpenGL's do not suffice.
const INTERFACES: wgpu::Backends = wgpu::Backends::VULKAN.union(wgpu::Backends::METAL).union(wgpu::Backends::DX12);

/// Percent of a device's free memory beyond which no buffer is made.
const MOST_OF_MEMORY: u8 = 95;

/// All adapters, best kinds first.
fn adapters() -> Vec<(AdapterInfo, wgpu::Adapter)> {
    let mut descriptor = wgpu::InstanceDescriptor::new_without_display_handle();
    descriptor.backends = INTERFACES;
    // Where the driver tells how much memory is left, buffers are refused before it runs out: an error that halves the
    // tile, instead of a system that swaps.
    descriptor.memory_budget_thresholds.for_resource_creation = Some(MOST_OF_MEMORY);
    let instance = wgpu::Instance::new(descriptor);
    let mut all: Vec<_> =
        pollster::block_on(instance.enumerate_adapters(INTERFACES)).into_iter().map(|a| (info_of(&a), a)).collect();
    all.sort_by_key(|(info, _)| info.kind);
    all
}

/// All adapters that could compute, best kinds first.
pub fn list() -> Vec<AdapterInfo> {
    adapters().into_iter().map(|(info, _)| info).collect()
}

fn info_of(adapter: &wgpu::Adapter) -> AdapterInfo {
    let (found, limits, features) = (adapter.get_info(), adapter.limits(), adapter.features());
    AdapterInfo {
        name: found.name,
        kind: match found.device_type {
            wgpu::DeviceType::DiscreteGpu => AdapterKind::Discrete,
            wgpu::DeviceType::IntegratedGpu => AdapterKind::Integrated,
            wgpu::DeviceType::VirtualGpu => AdapterKind::Virtual,
            wgpu::DeviceType::Other => AdapterKind::Other,
            wgpu::DeviceType::Cpu => AdapterKind::Software,
        },
        interface: found.backend.to_str().to_owned(),
        driver: format!("{} {}", found.driver, found.driver_info).trim().to_owned(),
        largest_binding: limits.max_storage_buffer_binding_size,
        workgroup_memory: limits.max_compute_workgroup_storage_size,
        half_floats: features.contains(wgpu::Features::SHADER_F16),
        timestamps: features.contains(wgpu::Features::TIMESTAMP_QUERY),
    }
}

impl Device {
    /// Opens the best adapter that is no software, or any whose name contains `name` in any case; `None` if there is no
    /// adapter to choose by itself.
    ///
    /// # Errors
    /// If no adapter has that name, or it refuses.
    pub(super) fn open(name: Option<&str>) -> Result<Option<Self>, DeviceError> {
        if name.is_none() && !hardware_may_be_there() {
            return Ok(None);
        }
        let mut all = adapters();
        let chosen = match name {
            None => all.iter().position(|(info, _)| info.kind != AdapterKind::Software),
            Some(name) => {
                let wanted = name.to_lowercase();
                let exact = all.iter().position(|(info, _)| info.name.to_lowercase() == wanted);
                let found = exact.or_else(|| all.iter().position(|(r, _)| r.name.to_lowercase().contains(&wanted)));
                if found.is_none() {
                    let names: Vec<&str> = all.iter().map(|(info, _)| info.name.as_str()).collect();
                    let known = if names.is_empty() { "none on this machine".to_owned() } else { names.join(", ") };
                    return Err(DeviceError::Unknown { name: name.to_owned(), known });
                }
                found
            }
        };
        let Some(chosen) = chosen else { return Ok(None) };
        let (info, adapter) = all.swap_remove(chosen);
        Self::on(info, &adapter).map(Some)
    }

    fn on(info: AdapterInfo, adapter: &wgpu::Adapter) -> Result<Self, DeviceError> {
        let useful = wgpu::Features::TIMESTAMP_QUERY | wgpu::Features::SHADER_F16;
        let descriptor = wgpu::DeviceDescriptor {
            label: Some("addersr engine"),
            required_features: adapter.features() & useful,
            required_limits: adapter.limits(),
            ..Default::default()
        };
        let (device, queue) = pollster::block_on(adapter.request_device(&descriptor))
            .map_err(|e| DeviceError::Refused { name: info.name.clone(), cause: e.to_string() })?;
        let (lost, fault) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(None)));
        device.on_uncaptured_error(Arc::new({
            let (fault, lost) = (Arc::clone(&fault), Arc::clone(&lost));
            move |error: wgpu::Error| {
                let found = match error {
                    wgpu::Error::OutOfMemory { .. } => Fault::Memory,
                    other => Fault::Refused(other.to_string()),
                };
                if !lost.load(Ordering::SeqCst) {
                    tracing::debug!("graphics device: {found:?}");
                }
                // The first is the cause, what follows are consequences.
                fault.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(found);
            }
        }));
        device.set_device_lost_callback({
            let (fault, lost) = (Arc::clone(&fault), Arc::clone(&lost));
            move |_, cause| {
                tracing::debug!("the driver reports the graphics device lost: {cause}");
                // What it says is worth more than the consequences seen so far.
                if !cause.is_empty() {
                    *fault.lock().unwrap_or_else(PoisonError::into_inner) = Some(Fault::Lost(cause));
                }
                lost.store(true, Ordering::SeqCst);
            }
        });
        let limits = device.limits();
        let largest = AtomicU64::new(limits.max_storage_buffer_binding_size.min(limits.max_buffer_size));
        Ok(Self {
            largest,
            most: AtomicU64::new(u64::MAX),
            refused: AtomicUsize::new(0),
            info,
            device,
            queue,
            limits,
            pipelines: Pipelines::default(),
            speed: Speed::default(),
            lost,
            fault,
        })
    }

    /// Whether it is known to be gone.
    pub(super) fn is_lost(&self) -> bool {
        self.lost.load(Ordering::SeqCst)
    }

    /// The fault since the last call, if any.
    ///
    /// # Errors
    /// If there was one.
    pub(super) fn check(&self) -> Result<(), Fault> {
        let take = || self.fault.lock().unwrap_or_else(PoisonError::into_inner).take();
        let mut fault = take();
        if fault.is_some() {
            // That the device is gone is only told while it is polled.
            let _ = self.device.poll(wgpu::PollType::Poll);
        }
        if self.is_lost() {
            fault = take().or(fault);
            let cause = match fault {
                Some(Fault::Refused(cause) | Fault::Lost(cause)) => cause,
                _ => "no cause given".to_owned(),
            };
            return Err(Fault::Lost(cause));
        }
        fault.map_or(Ok(()), Err)
    }

    /// Largest buffer that can be made and bound, in bytes.
    pub(super) fn largest_buffer(&self) -> u64 {
        self.largest.load(Ordering::Relaxed)
    }

    /// Whether feature maps may take so many bytes; if not, that is a fault like the driver's own.
    pub(super) fn allows(&self, bytes: u64) -> bool {
        let allowed = bytes <= self.most.load(Ordering::Relaxed);
        if !allowed {
            self.refused.fetch_add(1, Ordering::Relaxed);
            self.fault.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(Fault::Memory);
        }
        allowed
    }
}

#[cfg(feature = "testing")]
impl Device {
    /// How often feature maps were denied.
    pub(super) fn refused(&self) -> usize {
        self.refused.load(Ordering::Relaxed)
    }

    /// Makes less of its memory available.
    pub(super) fn limit_memory(&self, most: u64) {
        self.most.fetch_min(most, Ordering::Relaxed);
    }

    /// Makes it smaller.
    pub(super) fn limit_buffers(&self, most: u64) {
        self.largest.fetch_min(most, Ordering::Relaxed);
    }
}

/// Whether the kernel shows any graphics device. Asking the drivers takes a tenth of a second and lets them talk on standard
/// error (Mesa complains where there is no desktop), which nobody on a server without a graphics card should have to see.
fn hardware_may_be_there() -> bool {
    if !cfg!(target_os = "linux") {
        return true;
    }
    let has = |folder: &str, beginnings: &[&str]| {
        std::fs::read_dir(folder).is_ok_and(|entries| {
            let mut names = entries.flatten().map(|entry| entry.file_name().to_string_lossy().into_owned());
            names.any(|name| beginnings.iter().any(|b| name.starts_with(b)))
        })
    };
    has("/dev/dri", &["renderD"]) || has("/dev", &["nvidia", "dxg", "mali", "kgsl"])
}
