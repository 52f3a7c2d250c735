//! What whoever mends a fault wants to know, as text: program, system, devices with drivers and limits, models, log.

use super::{Shared, log};
use crate::backend::{Backend, cpu::Cpu, gpu};
use std::fmt::Write;

/// The report. `more`: what the asker knows, as titles with text. Asks every driver, which may take seconds: not for a
/// window's thread.
pub fn text(shared: &Shared, more: &[(&str, String)]) -> String {
    let mut out = String::new();
    // Writing to a String cannot fail.
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(out, "{name}: {value}");
    };
    line("AdderSR", env!("CARGO_PKG_VERSION"));
    line("system", &format!("{} {}", std::env::consts::OS, std::env::consts::ARCH));
    line("device", &shared.device_name().unwrap_or_else(|| format!("{} (not opened yet)", shared.choice())));
    line("processor", &Cpu::new().name());
    let devices = gpu::list();
    if devices.is_empty() {
        line("graphics", "no device with compute kernels");
    }
    for g in devices {
        let halves = if g.half_floats { ", 16-bit floats" } else { "" };
        let limits = format!("buffers up to {} bytes, {} bytes per workgroup", g.largest_binding, g.workgroup_memory);
        line("graphics", &format!("{} ({:?}), {}, {}; {limits}{halves}", g.name, g.kind, g.interface, g.driver));
    }
    let models: Vec<String> = shared.models.list().iter().map(super::models::ModelRef::name).collect();
    line("models", &models.join(", "));
    for (name, value) in more {
        line(name, value);
    }
    let log = log::recent();
    line("log", if log.is_empty() { "nothing" } else { "" });
    log.iter().for_each(|entry| {
        let _ = writeln!(out, "  {entry}");
    });
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backend::Choice;

    #[test]
    fn a_report_names_program_devices_models_and_what_the_asker_knows() {
        let report = text(&Shared::new(Choice::Cpu), &[("photo", "3 × 4 pixels".to_owned())]);
        let version = format!("AdderSR: {}", env!("CARGO_PKG_VERSION"));
        for part in
            [version.as_str(), "device: cpu (not opened yet)", "graphics: ", "models: x2", "photo: 3 × 4", "log: "]
        {
            assert!(report.contains(part), "{part} is missing in\n{report}");
        }
    }
}
