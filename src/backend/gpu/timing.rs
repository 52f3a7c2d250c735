//! How fast each kernel is on a device: measured with the device's own clock where it has one, else with ours.

use super::{device::Device, shaders::Kernel};
use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Instant,
};

/// Taps per second before anything was measured: less than any device does, so that first submissions are short.
const UNKNOWN: f64 = 2e8;
/// Never believed to be slower, or nothing would get done.
const SLOWEST: f64 = 1e6;

/// What is known of a device's speed. What counts as a tap differs by kernel, so each has a speed of its own.
#[derive(Debug, Default)]
pub(super) struct Speed(Mutex<Measured>);

#[derive(Debug, Default)]
struct Measured {
    taps_per_second: HashMap<Kernel, f64>,
    longest: f64,
}

impl Measured {
    fn of(&self, kernel: Kernel) -> f64 {
        self.taps_per_second.get(&kernel).copied().unwrap_or(UNKNOWN)
    }

    /// Learns from kernels that together took so many seconds. The error of the estimate is ascribed to each kernel in
    /// proportion to its share; submissions of other mixtures correct that.
    fn learn(&mut self, work: &[(Kernel, f64)], seconds: f64) {
        let expected: f64 = work.iter().map(|&(kernel, work)| work / self.of(kernel)).sum();
        let mut shares: HashMap<Kernel, f64> = HashMap::new();
        for &(kernel, work) in work {
            *shares.entry(kernel).or_default() += work / self.of(kernel) / expected.max(1e-12);
        }
        let taps: f64 = work.iter().map(|(_, work)| work).sum();
        // Short work is all overhead.
        let off = if taps > 1e5 && seconds > 0.0 { seconds / expected.max(1e-12) } else { 1.0 };
        // Slower is believed at once, faster half way each time: too long a submission is worse than a short one.
        let off = if off > 1.0 { off } else { off.sqrt() };
        for (kernel, share) in shares {
            let speed = self.of(kernel) * off.powf(-share);
            self.taps_per_second.insert(kernel, speed.max(SLOWEST));
        }
    }
}

impl Speed {
    fn lock(&self) -> std::sync::MutexGuard<'_, Measured> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How long so much work of a kernel will take.
    pub(super) fn seconds(&self, kernel: Kernel, work: f64) -> f64 {
        work.max(1.0) / self.lock().of(kernel)
    }

    /// Whether the kernel was timed.
    pub(super) fn known(&self, kernel: Kernel) -> bool {
        self.lock().taps_per_second.contains_key(&kernel)
    }

    /// Seconds of the longest submission of the last measured run.
    pub(super) fn longest(&self) -> f64 {
        self.lock().longest
    }
}

/// Times the submissions of one run.
pub(super) struct Stopwatch {
    start: Instant,
    laps: Vec<Lap>,
    longest: f64,
}

struct Lap {
    work: Vec<(Kernel, f64)>,
    clock: Option<Clock>,
}

struct Clock {
    queries: wgpu::QuerySet,
    resolved: wgpu::Buffer,
}

impl Stopwatch {
    pub(super) fn new() -> Self {
        Self { start: Instant::now(), laps: Vec::new(), longest: 0.0 }
    }

    /// Begins a submission; the queries its pass should write, where the device has a clock.
    pub(super) fn lap(&mut self, device: &Device, work: Vec<(Kernel, f64)>) -> Option<&wgpu::QuerySet> {
        let clock = device.info.timestamps.then(|| Clock {
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

    /// Waits for the submissions so far and learns from each.
    pub(super) fn learn(&mut self, device: &Device) {
        let laps = std::mem::take(&mut self.laps);
        if laps.is_empty() {
            return;
        }
        let clocks: Vec<_> = laps.iter().filter_map(|lap| Some((&lap.clock.as_ref()?.resolved, 4))).collect();
        let timed = clocks.len() == laps.len();
        let Ok(ticks) = super::readback::read(device, &clocks) else { return };
        let mut known = device.speed.lock();
        let wall = self.start.elapsed().as_secs_f64();
        if timed {
            for (lap, pair) in laps.iter().zip(&ticks) {
                // Read back as floats, taken as what they are: two 64-bit counts.
                let half = |i: usize| u64::from(pair[i].to_bits());
                let (begin, end) = (half(0) | half(1) << 32, half(2) | half(3) << 32);
                let period = f64::from(device.queue.get_timestamp_period()) * 1e-9;
                let seconds = end.saturating_sub(begin) as f64 * period;
                known.learn(&lap.work, seconds);
                self.longest = self.longest.max(seconds);
            }
        } else {
            // Without a clock all of them are timed together, uploads included: slower than true, which is the safe side.
            let expected = |lap: &Lap| lap.work.iter().map(|&(kernel, work)| work / known.of(kernel)).sum::<f64>();
            let total: f64 = laps.iter().map(expected).sum();
            let longest = laps.iter().map(expected).fold(0.0, f64::max) / total.max(1e-12) * wall;
            let work: Vec<_> = laps.iter().flat_map(|lap| lap.work.iter().copied()).collect();
            known.learn(&work, wall);
            self.longest = self.longest.max(longest);
        }
        self.start = Instant::now();
    }

    /// Learns from a run whose submissions are all done.
    pub(super) fn stop(mut self, device: &Device) {
        self.learn(device);
        device.speed.lock().longest = self.longest;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mixtures_tell_kernels_apart() {
        let (fast, slow) = (Kernel::Conv, Kernel::Reduce);
        let mut known = Measured::default();
        for _ in 0..60 {
            // 10⁹ and 10⁷ taps per second in truth.
            for (a, b) in [(1e8, 1e6), (5e8, 1e5), (1e7, 5e6)] {
                known.learn(&[(fast, a), (slow, b)], a / 1e9 + b / 1e7);
            }
        }
        assert!((known.of(fast) / 1e9 - 1.0).abs() < 0.2, "{:e}", known.of(fast));
        assert!((known.of(slow) / 1e7 - 1.0).abs() < 0.2, "{:e}", known.of(slow));
    }

    #[test]
    fn slower_is_believed_at_once_and_short_work_not_at_all() {
        let mut known = Measured::default();
        known.learn(&[(Kernel::Conv, 1e6)], 1.0);
        assert_eq!(known.of(Kernel::Conv), 1e6);
        known.learn(&[(Kernel::Reduce, 1e3)], 1.0);
        assert_eq!(known.of(Kernel::Reduce), UNKNOWN);
    }
}
