//! Local contrast: how far an output's edges are from being as strong as the target's.
//!
//! L1 alone rewards a network that smooths what it is not sure of. After Gradient Variance loss (arXiv 2202.00997), this
//! compares the spread of differences between neighbours, square by square: it does not ask where an edge lies, only that
//! there is as much of it. Weight 1 beside L1 sharpens at no loss of PSNR, 4 begins to ring (`docs/recipe.md`).
//!
//! These loops are what `shaders/contrast.wgsl` is compared with. They also serve the processor: beside a network's step
//! they take no time that can be measured.

use crate::tensor::{Point, Shape, Tensor};

/// Side of the squares in pixels. What is left at the right and below counts for nothing.
const SIDE: usize = 8;

/// Added to a variance, so that the spread of a flat square has a slope: a quarter of an 8-bit step.
const FLAT: f32 = 1e-6;

/// Adds to `gradient` that of `weight` times the mean over all squares of 8×8 pixels, channels and both directions of
/// `|σ(∇output) − σ(∇target)|`, and returns that mean without the weight. All are `[n, h, w, c]`, the values those of a
/// picture between 0 and 1; ∇ is the difference to the next pixel within the square, σ its standard deviation there.
pub fn local_contrast(output: &Tensor, target: &Tensor, weight: f32, gradient: &mut Tensor) -> f32 {
    assert_eq!(output.shape, target.shape, "compared tensors");
    let Shape { n, h, w, c } = output.shape;
    let terms = n * (h / SIDE) * (w / SIDE) * c * 2;
    let mut sum = 0.0f64;
    for picture in 0..n {
        for Point { x, y } in squares(h, w) {
            for channel in 0..c {
                let corner = ((picture * h + y) * w + x) * c + channel;
                // Along a row, then down a column: where a step goes and where the next line of steps begins.
                for (step, line) in [(c, w * c), (w * c, c)] {
                    let places = Places { corner, step, line };
                    let (out, wanted) = (places.spread(&output.data), places.spread(&target.data));
                    let apart = out.deviation - wanted.deviation;
                    sum += f64::from(apart.abs());
                    if apart != 0.0 {
                        places.pull(&output.data, &out, (weight / terms as f32).copysign(apart), &mut gradient.data);
                    }
                }
            }
        }
    }
    (sum / terms.max(1) as f64) as f32
}

fn squares(h: usize, w: usize) -> impl Iterator<Item = Point> {
    (0..h / SIDE).flat_map(move |y| (0..w / SIDE).map(move |x| Point::new(x * SIDE, y * SIDE)))
}

/// Where the differences of a square in one direction lie in the data.
struct Places {
    corner: usize,
    step: usize,
    line: usize,
}

/// Mean and standard deviation of differences.
struct Spread {
    mean: f32,
    deviation: f32,
}

/// Differences in a square.
const COUNT: usize = SIDE * (SIDE - 1);

impl Places {
    /// The place of each pixel that has a next one.
    fn all(&self) -> impl Iterator<Item = usize> {
        let &Self { corner, step, line } = self;
        (0..SIDE).flat_map(move |i| (0..SIDE - 1).map(move |j| corner + i * line + j * step))
    }

    fn spread(&self, data: &[f32]) -> Spread {
        let mean = self.all().map(|at| data[at + self.step] - data[at]).sum::<f32>() / COUNT as f32;
        let squares = self.all().map(|at| (data[at + self.step] - data[at] - mean).powi(2)).sum::<f32>();
        Spread { mean, deviation: (squares / COUNT as f32 + FLAT).sqrt() }
    }

    /// Adds the gradient of `factor · σ`.
    fn pull(&self, data: &[f32], spread: &Spread, factor: f32, gradient: &mut [f32]) {
        let slope = factor / (COUNT as f32 * spread.deviation);
        for at in self.all() {
            let g = slope * (data[at + self.step] - data[at] - spread.mean);
            gradient[at + self.step] += g;
            gradient[at] -= g;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::train::init::uniform;
    use rand::SeedableRng;

    fn noise(shape: Shape, seed: u64) -> Tensor {
        let mut rng = rand_pcg::Pcg64Mcg::seed_from_u64(seed);
        Tensor::from_vec(shape, (0..shape.len()).map(|_| uniform(&mut rng)).collect())
    }

    fn loss(a: &Tensor, b: &Tensor) -> f32 {
        local_contrast(a, b, 1.0, &mut Tensor::zeros(a.shape))
    }

    #[test]
    fn nothing_is_asked_of_what_is_equal_brighter_or_shifted_by_a_constant() {
        let a = noise(Shape::new(2, 16, 17, 3), 1);
        assert_eq!(loss(&a, &a), 0.0);
        let lighter = Tensor::from_vec(a.shape, a.data.iter().map(|v| v + 0.25).collect());
        assert!(loss(&lighter, &a) < 1e-6);
    }

    #[test]
    fn half_the_contrast_is_half_the_spread() {
        let a = noise(Shape::new(1, 8, 8, 1), 2);
        let half = Tensor::from_vec(a.shape, a.data.iter().map(|v| 0.5 * v).collect());
        let flat = Tensor::zeros(a.shape);
        assert!((loss(&half, &a) - 0.5 * loss(&flat, &a)).abs() < 1e-3);
    }

    #[test]
    fn the_gradient_is_what_finite_differences_give() {
        let shape = Shape::new(2, 9, 18, 3);
        let (mut a, b) = (noise(shape, 3), noise(shape, 4));
        let mut gradient = Tensor::zeros(shape);
        local_contrast(&a, &b, 1.0, &mut gradient);
        let step = 1e-2;
        for at in 0..shape.len() {
            let value = a.data[at];
            let mut moved = |to: f32| {
                a.data[at] = to;
                f64::from(loss(&a, &b))
            };
            let slope = (moved(value + step) - moved(value - step)) / f64::from(2.0 * step);
            moved(value);
            let error = (slope - f64::from(gradient.data[at])).abs();
            assert!(error < 2e-5, "{at}: {slope} by differences, {} by the formula", gradient.data[at]);
        }
        // The last row and the last two columns belong to no square.
        let outside = |at: usize| at / 3 % 18 >= 16 || at / (3 * 18) % 9 == 8;
        assert!((0..shape.len()).all(|at| outside(at) == (gradient.data[at] == 0.0)));
    }
}
