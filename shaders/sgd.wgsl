// SGD with momentum (src/train/optim.rs).

#import update

fn moved(value: vec4<f32>, g: vec4<f32>, first: vec4<f32>, second: vec4<f32>, rate: f32) -> Moved {
    let m = uniforms.beta1 * first + g;
    return Moved(value - rate * m, m, second);
}
