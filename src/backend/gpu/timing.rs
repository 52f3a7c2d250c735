//! How fast a device is: measured with its own clock where it has one, else with ours.

use super::device::Device;
use std::{
    sync::{Mutex, PoisonError},
    time::Instant,
};

/// Taps per second before anything was measured: less than any device does, so that first submissions are short.
const UNKNOWN: f64 = 2e8;

/// What is known of a device's speed.
#[derive(Debug)]
pub(super) struct Speed(Mutex<Measured>);

#[derive(Clone, Copy, Debug)]
struct Measured {
    taps_per_second: f64,
    longest: f64,
}

impl Default for Speed {
    fn default() -> Self {
        Self(Mutex::new(Measured { taps_per_second: UNKNOWN, longest: 0.0 }))
    }
}

impl Speed {
    pub(super) fn taps_per_second(&self) -> f64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).taps_per_second
    }

    /// Seconds of the longest submission of the last measured run.
    pub(super) fn longest(&self) -> f64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).longest
    }

    fn learn(&self, work: f64, seconds: f64, longest: f64) {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        known.longest = longest;
        if work > 1e5 && seconds > 0.0 {
            let now = work / seconds;
            // Slower is believed at once, faster half way each time: too long a submission is worse than a short one. Never
            // so slow that nothing would get done.
            let known_before = known.taps_per_second;
            let next = if now < known_before { now } else { 0.5 * (known_before + now) };
            known.taps_per_second = next.max(1e7);
        }
    }
}

/// Times the submissions of one run.
pub(super) struct Stopwatch {
    start: Instant,
    laps: Vec<Lap>,
}

struct Lap {
    work: f64,
    clock: Option<Clock>,
}

struct Clock {
    queries: wgpu::QuerySet,
    resolved: wgpu::Buffer,
}

impl Stopwatch {
    pub(super) fn new() -> Self {
        Self { start: Instant::now(), laps: Vec::new() }
    }

    /// Begins a submission; the queries its pass should write, where the device has a clock.
    pub(super) fn lap(&mut self, device: &Device, work: f64) -> Option<&wgpu::QuerySet> {
        let clock = device.report.timestamps.then(|| Clock {
            queries: device.device.create_query_set(&wgpu::QuerySetDescriptor {
                label: None,
                ty: wgpu::QueryType::Timestamp,
                count: 2,
            }),
            resolved: device.device.create_buffer(&wgpu::BufferDescriptor {
                label: None,
                size: 16,
                usage: wgpu::BufferUsages::QUERY_RESOLVE | wgpu::BufferUsages::COPY_SRC,
                mapped_at_creation: false,
            }),
        });
        self.laps.push(Lap { work, clock });
        self.laps.last().and_then(|lap| lap.clock.as_ref()).map(|clock| &clock.queries)
    }

    /// Ends the submission.
    pub(super) fn resolve(&self, encoder: &mut wgpu::CommandEncoder) {
        if let Some(clock) = self.laps.last().and_then(|lap| lap.clock.as_ref()) {
            encoder.resolve_query_set(&clock.queries, 0..2, &clock.resolved, 0);
        }
    }

    /// Learns from a run whose submissions are all done.
    pub(super) fn stop(self, device: &Device) {
        let work: f64 = self.laps.iter().map(|lap| lap.work).sum();
        let clocks: Vec<&wgpu::Buffer> =
            self.laps.iter().filter_map(|lap| Some(&lap.clock.as_ref()?.resolved)).collect();
        let wall = self.start.elapsed().as_secs_f64();
        if clocks.is_empty() || clocks.len() != self.laps.len() {
            // Without a clock all submissions together are timed, uploads included: slower than true, which is the safe side.
            let longest = self.laps.iter().map(|lap| lap.work).fold(0.0, f64::max) / work.max(1.0) * wall;
            device.speed.learn(work, wall, longest);
            return;
        }
        let wanted: Vec<_> = clocks.into_iter().map(|buffer| (buffer, 4)).collect();
        let Ok(ticks) = super::readback::read(device, &wanted) else { return };
        let seconds = ticks.iter().map(|pair| {
            // Read back as floats, taken as what they are: two 64-bit counts.
            let half = |i: usize| u64::from(pair[i].to_bits());
            let (begin, end) = (half(0) | half(1) << 32, half(2) | half(3) << 32);
            end.saturating_sub(begin) as f64 * f64::from(device.queue.get_timestamp_period()) * 1e-9
        });
        let (total, longest) = seconds.fold((0.0, 0.0), |(sum, most), s| (sum + s, f64::max(most, s)));
        device.speed.learn(work, total, longest);
    }
}
