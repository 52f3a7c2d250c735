// Gradient of an adder layer's input: Σ clip(W − X, −1, 1)·g over outputs and taps (src/nn/layers/adder.rs); with SIGN
// the true derivative sign(W − X). The window runs over g with turned and transposed weights; X is the value at the
// result's own place.

override SIGN: bool = false;

#import window

alias Held = vec4<f32>;
alias Filter = mat4x4<f32>;

@group(0) @binding(8) var<storage, read> values: array<vec4<f32>>;

fn slope(d: vec4<f32>) -> vec4<f32> {
    if SIGN {
        return sign(d);
    }
    return clamp(d, vec4(-1.0), vec4(1.0));
}

fn tap(sum: vec4<f32>, own: vec4<f32>, g: vec4<f32>, w: mat4x4<f32>) -> vec4<f32> {
    let a = fma(slope(w[0] - own), vec4(g.x), sum);
    let b = fma(slope(w[1] - own), vec4(g.y), a);
    let c = fma(slope(w[2] - own), vec4(g.z), b);
    return fma(slope(w[3] - own), vec4(g.w), c);
}

fn result(sum: vec4<f32>) -> vec4<f32> {
    return sum;
}

fn own(n: u32, y: u32, x: u32, c: u32) -> Own {
    if y >= params.out_h || x >= params.out_w {
        return Own(vec4(0.0), vec4(0.0));
    }
    let at = ((n * params.out_h + y) * params.out_w + x) * params.out_c4 + c;
    if c + 1u < params.out_c4 {
        return Own(values[at], values[at + 1u]);
    }
    return Own(values[at], vec4(0.0));
}
