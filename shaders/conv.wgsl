// Convolution Y[o] = Σ X·W[o] (its bias is the first operation of the chain), and with rotated and transposed weights
// the gradient of its input.

#import window

alias TileVec = vec4<f32>;
alias Filter = mat4x4<f32>;

fn tap(sum: vec4<f32>, own: vec4<f32>, x: vec4<f32>, w: mat4x4<f32>) -> vec4<f32> {
    let a = fma(vec4(x.x), w[0], sum);
    let b = fma(vec4(x.y), w[1], a);
    let c = fma(vec4(x.z), w[2], b);
    return fma(vec4(x.w), w[3], c);
}

fn result(sum: vec4<f32>, passed: vec4<f32>) -> vec4<f32> {
    return sum;
}

fn own(n: u32, y: u32, x: u32, c: u32) -> Own {
    return Own(vec4(0.0), vec4(0.0));
}
