//! What a step is judged by: the mean absolute difference to the truth, and optionally to a teacher.
//!
//! L1 is what EDSR and AdderSR train with. Distillation adds the same distance to a convolutional twin's output and to
//! its blocks' outputs (PKKD taught adder networks so: arXiv 2009.13044); its gradients enter at those nodes.

use crate::tensor::Tensor;

/// Adds `weight · mean|a − b|` to a gradient with respect to `a` and returns that distance without the weight.
pub fn mean_absolute(a: &Tensor, b: &Tensor, weight: f32, gradient: &mut Tensor) -> f32 {
    assert_eq!(a.shape, b.shape, "compared tensors");
    let step = weight / a.data.len() as f32;
    let mut sum = 0.0f64;
    for ((x, y), g) in a.data.iter().zip(&b.data).zip(&mut gradient.data) {
        let d = x - y;
        sum += f64::from(d.abs());
        if d != 0.0 {
            *g += step.copysign(d);
        }
    }
    (sum / a.data.len() as f64) as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tensor::Shape;

    #[test]
    fn gradient_is_the_sign_over_the_count() {
        let tensor = |v: [f32; 4]| Tensor::from_vec(Shape::new(1, 2, 2, 1), v.to_vec());
        let mut gradient = Tensor::zeros(Shape::new(1, 2, 2, 1));
        let loss = mean_absolute(&tensor([1.0, 2.0, 3.0, 4.0]), &tensor([1.0, 4.0, 2.0, 3.5]), 2.0, &mut gradient);
        assert_eq!(loss, 3.5 / 4.0);
        assert_eq!(gradient.data, [0.0, -0.5, 0.5, 0.5]);
    }
}
