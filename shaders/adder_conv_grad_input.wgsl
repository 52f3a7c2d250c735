// Gradient of an adder layer's input: Σ clip(W − X, −1, 1)·g over outputs and taps (src/nn/layers/adder.rs); with SIGN
// the true derivative sign(W − X). The window runs over g with rotated and transposed weights; X is the value at the
// result's own place.

override SIGN: bool = false;

#import window

alias TileVec = vec4<f32>;
alias Filter = mat4x4<f32>;

@group(0) @binding(8) var<storage, read> values: array<vec4<f32>>;

// clip(d, −1, 1) = 2·s − 1 with s = clip(½·d + ½, 0, 1): a clip to that range costs nothing on hardware that saturates
// results, which halves the work of a tap. So Σ clip(d)·g = 2·Σ s·g − Σ g, and the second sum is the same for all
// channels.
fn slope(own: vec4<f32>, w: vec4<f32>) -> vec4<f32> {
    if SIGN {
        return sign(w - own);
    }
    return saturate(fma(w, vec4(0.5), own));
}

fn tap(sum: vec4<f32>, own: vec4<f32>, g: vec4<f32>, w: mat4x4<f32>) -> vec4<f32> {
    let a = fma(slope(own, w[0]), vec4(g.x), sum);
    let b = fma(slope(own, w[1]), vec4(g.y), a);
    let c = fma(slope(own, w[2]), vec4(g.z), b);
    return fma(slope(own, w[3]), vec4(g.w), c);
}

fn result(sum: vec4<f32>, passed: vec4<f32>) -> vec4<f32> {
    if SIGN {
        return sum;
    }
    return fma(sum, vec4(2.0), vec4(-(passed.x + passed.y + passed.z + passed.w)));
}

// What a tap needs of X.
fn prepared(x: vec4<f32>) -> vec4<f32> {
    if SIGN {
        return x;
    }
    return fma(x, vec4(-0.5), vec4(0.5));
}

fn own(n: u32, y: u32, x: u32, c: u32) -> Own {
    if y >= uniforms.out_h || x >= uniforms.out_w {
        return Own(vec4(0.0), vec4(0.0));
    }
    let at = ((n * uniforms.out_h + y) * uniforms.out_w + x) * uniforms.out_c4 + c;
    if c + 1u < uniforms.out_c4 {
        return Own(prepared(values[at]), prepared(values[at + 1u]));
    }
    return Own(prepared(values[at]), vec4(0.0));
}
