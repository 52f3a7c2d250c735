//! How near the 8-bit kernel is to the processor's limit: the sums of an adder layer in codes, and the whole layer, beside bare
//! `vpsadbw` loops, one thread.
//!
//!     cargo bench --bench sad
//!
//! The rows take turns and the fastest of each counts; ratios are of one run. "bare" issues the difference instruction
//! alone, on registers. "with its addition" adds each result to a sum, still without a load: no kernel that adds up so can be
//! faster, because both instructions want the same four pipes. The third row packs four results before it adds them
//! (see `backend::cpu::sad_conv`). AVX-512 slides windows of three (`backend::cpu::sliding`); the percentages compare with AVX2
//! there too.
#![cfg_attr(target_arch = "x86_64", expect(unsafe_code, reason = "single instructions are what is measured"))]

use addersr::{
    backend::{
        Backend, Network, Taps, Tile,
        cpu::{
            Cpu,
            features::Features,
            lanes::{
                GROUP, Kernel, Lanes, Offsets,
                slide::{OUTPUTS, SPAN, Soon},
            },
            planes::Planes,
            sad_conv::{Coded, Distances, PIECE},
            sliding::{Sliding, SlidingRow, Spread, Strips},
            window::WindowPos,
        },
    },
    nn::{Arch, ModelSpec, Op, Params, Plan, QuantParams},
    tensor::{Shape, Size, Tensor},
};
use std::time::Instant;

fn main() {
    let one = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a thread pool");
    one.install(|| {
        let mut rows = bare::rows();
        for cpu in Cpu::all() {
            for channels in [32, 64] {
                rows.push(kernel(cpu, channels));
                rows.extend(sliding(cpu, channels));
                rows.push(layer(cpu, channels));
            }
        }
        let mut best = vec![0.0_f64; rows.len()];
        for _ in 0..12 {
            for ((_, work), best) in rows.iter_mut().zip(&mut best) {
                let (taps, seconds) = work();
                *best = best.max(taps / seconds / 1e9);
            }
        }
        println!("{:<44} {:>10} {:>10} {:>10}", "", "G taps/s", "of bare", "of both");
        let (bare, both) = (best[0], best[1]);
        for ((name, _), rate) in rows.iter().zip(best) {
            println!("{name:<44} {rate:>10.1} {:>9.0}% {:>9.0}%", 100.0 * rate / bare, 100.0 * rate / both);
        }
    });
}

/// A name, and a piece of work that says how many taps it did in how many seconds.
type Row = (String, Box<dyn FnMut() -> (f64, f64)>);

/// Pixels along a side of what a layer is measured on.
const SIDE: usize = 128;

/// The sums of a layer alone, into memory that stays in the first cache.
fn kernel(cpu: Cpu, c: usize) -> Row {
    struct Order;
    impl Kernel for Order {
        type Out = [usize; GROUP];
        fn run<L: Lanes>(self, _: L) -> [usize; GROUP] {
            L::ORDER
        }
    }
    let codes = QuantParams::of_range(0.0, 1.0);
    let weights: Vec<f32> = (0..c * c * 9).map(|i| (i * 37 % 101) as f32 / 101.0).collect();
    let coded = Coded::new(&weights, c, c, 3, codes, cpu.isa().run(Order));
    let mut input = Features::<u8>::default();
    input.reset_to(Shape::new(1, SIDE, SIDE, c), 1, codes.zero_point());
    let (mut offsets, mut sums) = (Offsets::default(), vec![0.0; PIECE * c]);
    let work = move || {
        let start = Instant::now();
        for y in 0..SIDE {
            for x in (0..SIDE).step_by(PIECE) {
                let place = WindowPos { n: 0, dy: 0, dx: 0 };
                let (offsets, out) = (&mut offsets, sums.as_mut_slice());
                cpu.isa().run(Distances { layer: &coded, input: &input, place, y, x, offsets, out });
                std::hint::black_box(&sums);
            }
        }
        ((SIDE * SIDE * c * c * 9) as f64, start.elapsed().as_secs_f64())
    };
    (format!("{c} to {c}, sums alone, {}", cpu.isa().name()), Box::new(work))
}

/// The same by sliding windows, where that is what a network takes, from strips that are made beforehand.
fn sliding(cpu: Cpu, c: usize) -> Option<Row> {
    const ROWS: usize = 4;
    let codes = QuantParams::of_range(0.0, 1.0);
    let weights: Vec<f32> = (0..c * c * 9).map(|i| (i * 37 % 101) as f32 / 101.0).collect();
    let layer = Sliding::new(&weights, c, c, codes);
    let mut input = Planes::default();
    input.reset(ROWS, ROWS, 1, c, codes.zero_point());
    let (mut strips, mut sums) = (Strips::default(), vec![0.0; SPAN * c]);
    cpu.isa().run(Spread { input: &input, y: 0, block: 0, rows: ROWS, strips: &mut strips });
    const ROUNDS: usize = 128;
    let work = move || {
        let start = Instant::now();
        for row in 0..ROUNDS * ROWS {
            for (first, out) in (0..c).step_by(OUTPUTS).zip(sums.chunks_mut(OUTPUTS * SPAN)) {
                cpu.isa().run(SlidingRow {
                    layer: &layer,
                    strips: &strips,
                    row: row % ROWS,
                    first,
                    out,
                    soon: Soon::default(),
                });
            }
            std::hint::black_box(&sums);
        }
        ((ROUNDS * ROWS * SPAN * c * c * 9) as f64, start.elapsed().as_secs_f64())
    };
    let name = format!("{c} to {c}, sliding sums alone, {}", cpu.isa().name());
    cpu.isa().slides().then(|| (name, Box::new(work) as Box<dyn FnMut() -> (f64, f64)>))
}

/// One layer, 3×3, as a network computes it: its outputs go to memory. Where windows slide, both ends are pixels here, so both
/// are turned round; within a network neither is.
fn layer(cpu: Cpu, c: usize) -> Row {
    let mut plan = Plan::new(ModelSpec::new(Arch::Aedsr, 1, c, 1));
    let input = plan.push("input", Op::Input { channels: c }, &[], "");
    plan.push("layer", Op::Adder { cin: c, cout: c, k: 3 }, &[input], "layer");
    plan.nodes[input].codes = Some(QuantParams::of_range(0.0, 1.0));
    let weights = (0..plan.params[0].numel()).map(|i| (i * 37 % 101) as f32 / 101.0).collect();
    let params = Params { values: vec![weights] };
    let value = |i: usize| (i.wrapping_mul(2_654_435_761) >> 7 & 1023) as f32 / 1023.0;
    let shape = Shape::new(1, SIDE, SIDE, c);
    let x = Tensor::from_vec(shape, (0..shape.len()).map(value).collect());
    let mut network = cpu.network(&plan, &params);
    let work = move || {
        let so_far = |network: &dyn Network| network.times().iter().map(|t| t.seconds).sum::<f64>();
        let before = so_far(network.as_ref());
        std::hint::black_box(network.run(&x, &Tile::whole(Size::square(SIDE)), &mut Taps::default()));
        // The layer alone, without the copies at both ends.
        ((SIDE * SIDE * c * c * 9) as f64, so_far(network.as_ref()) - before)
    };
    (format!("{c} to {c}, whole layer, {}", cpu.isa().name()), Box::new(work))
}

#[cfg(target_arch = "x86_64")]
mod bare {
    use super::Row;
    use std::{
        arch::{asm, x86_64::*},
        time::Instant,
    };

    const ROUNDS: usize = 2_000_000;

    pub(crate) fn rows() -> Vec<Row> {
        if !is_x86_feature_detected!("avx2") {
            return super::nothing();
        }
        let taps = (ROUNDS * 8 * 32) as f64;
        let row = |name: &str, f: unsafe fn()| -> Row {
            // SAFETY: AVX2 was just seen.
            let work = move || {
                let start = Instant::now();
                unsafe { f() };
                (taps, start.elapsed().as_secs_f64())
            };
            (name.to_owned(), Box::new(work))
        };
        let mut rows = vec![
            row("bare vpsadbw (AVX2)", alone),
            row("vpsadbw with its addition (AVX2)", with_addition),
            row("four, three packs, one addition", packed),
        ];
        if is_x86_feature_detected!("avx512bw") {
            // SAFETY: AVX-512 BW was just seen. Of 128 differences 96 are of use.
            let work = move || {
                let start = Instant::now();
                unsafe { sliding() };
                ((ROUNDS * 8 * 96) as f64, start.elapsed().as_secs_f64())
            };
            rows.push(("bare vdbpsadbw, three taps of four (AVX-512)".to_owned(), Box::new(work)));
        }
        rows
    }

    #[target_feature(enable = "avx512bw")]
    fn sliding() {
        let x = _mm512_set1_epi8(3);
        for _ in 0..ROUNDS {
            for _ in 0..8 {
                // SAFETY: registers only.
                unsafe {
                    asm!("vdbpsadbw {0}, {1}, {1}, 0x94", out(zmm_reg) _, in(zmm_reg) x, options(nomem, nostack))
                };
            }
        }
    }

    #[target_feature(enable = "avx2")]
    fn alone() {
        let x = _mm256_set1_epi8(3);
        for _ in 0..ROUNDS {
            for _ in 0..8 {
                // SAFETY: registers only.
                unsafe { asm!("vpsadbw {0}, {1}, {1}", out(ymm_reg) _, in(ymm_reg) x, options(nomem, nostack)) };
            }
        }
    }

    #[target_feature(enable = "avx2")]
    fn with_addition() {
        let x = _mm256_set1_epi8(3);
        let mut sums = [_mm256_setzero_si256(); 8];
        for _ in 0..ROUNDS {
            for sum in &mut sums {
                // SAFETY: registers only.
                unsafe {
                    asm!("vpsadbw {0}, {2}, {2}", "vpaddd {1}, {1}, {0}", out(ymm_reg) _, inout(ymm_reg) *sum,
                        in(ymm_reg) x, options(nomem, nostack));
                }
            }
        }
        std::hint::black_box(sums);
    }

    #[target_feature(enable = "avx2")]
    fn packed() {
        let x = _mm256_set1_epi8(3);
        let mut sums = [_mm256_setzero_si256(); 2];
        for _ in 0..ROUNDS {
            for sum in &mut sums {
                // SAFETY: registers only.
                unsafe {
                    asm!("vpsadbw {0}, {4}, {4}", "vpsadbw {1}, {4}, {4}", "vpackusdw {0}, {0}, {1}",
                        "vpsadbw {1}, {4}, {4}", "vpsadbw {2}, {4}, {4}", "vpackusdw {1}, {1}, {2}",
                        "vpackusdw {0}, {0}, {1}", "vpaddw {3}, {3}, {0}",
                        out(ymm_reg) _, out(ymm_reg) _, out(ymm_reg) _, inout(ymm_reg) *sum, in(ymm_reg) x,
                        options(nomem, nostack));
                }
            }
        }
        std::hint::black_box(sums);
    }
}

#[cfg(not(target_arch = "x86_64"))]
mod bare {
    pub(crate) fn rows() -> Vec<super::Row> {
        super::nothing()
    }
}

/// Where there is no such instruction, ratios are of nothing.
fn nothing() -> Vec<Row> {
    let row = |name: &str| -> Row { (name.to_owned(), Box::new(|| (f64::NAN, f64::NAN))) };
    vec![row("no vpsadbw"), row("no vpsadbw")]
}
