// Adam (src/train/optim.rs).

#import update

fn moved(value: vec4<f32>, g: vec4<f32>, first: vec4<f32>, second: vec4<f32>, rate: f32) -> Moved {
    let m = params.beta1 * first + (1.0 - params.beta1) * g;
    let s = params.beta2 * second + (1.0 - params.beta2) * g * g;
    return Moved(value - rate * (m / params.fix1) / (sqrt(s / params.fix2) + params.epsilon), m, s);
}
