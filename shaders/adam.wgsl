// Adam (src/train/optim.rs).

#import update

fn moved(value: vec4<f32>, g: vec4<f32>, first: vec4<f32>, second: vec4<f32>, rate: f32) -> Moved {
    let m = uniforms.beta1 * first + (1.0 - uniforms.beta1) * g;
    let s = uniforms.beta2 * second + (1.0 - uniforms.beta2) * g * g;
    let size = sqrt(s / uniforms.bias_correction2) + uniforms.epsilon;
    return Moved(value - rate * (m / uniforms.bias_correction1) / size, m, s);
}
