// Gradient of the weights of convolutions and adder layers (src/nn/layers), each part of a batch's rows by workgroups
// of its own: reduce_sums.wgsl adds the parts up.
//
// It is a matrix product, inputs × outputs, summed over pixels, for each tap. A workgroup takes 8 vec4s of inputs, 8 of
// outputs and three neighbouring taps. Strips of pixels are brought into workgroup memory, in the order in which they
// lie in the feature maps; each lane then walks along the strip with four inputs × four outputs × three taps in
// registers, so that a vec4 of inputs and one of gradients serve 48 products. (Where each four inputs × four outputs of
// one tap read both maps anew, that was half of a training step: 24.5 ms on an H100 for 64 channels × 8 blocks and 64
// patches, now 3.2, timed by the device's clock in a build of one dispatch per submission.)

#import weight_uniforms

@group(0) @binding(1) var<storage, read> input: array<vec4<f32>>;     // x
// [part][vec4 of outputs][tap][vec4 of inputs]
@group(0) @binding(2) var<storage, read_write> output: array<mat4x4<f32>>;
@group(0) @binding(3) var<storage, read> grad: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read> weights: array<mat4x4<f32>>; // as in shared/window.wgsl

override K: u32 = 3u;
override RULE: u32 = 0u;
const PRODUCT = 0u;  // Σ X·g: a convolution
const DISTANCE = 1u; // Σ (X − W)·g = Σ X·g − W·Σ g: an adder layer
const SIGN = 2u;     // Σ sign(X − W)·g: its true derivative

const BLOCK = 8u;    // vec4s of inputs, and of outputs, of a workgroup
const TAPS = 3u;
const STRIP = 16u;   // pixels
override GROUPS: u32 = (K + TAPS - 1u) / TAPS;

var<workgroup> inputs: array<vec4<f32>, 144>; // (STRIP + TAPS − 1) · BLOCK
var<workgroup> grads: array<vec4<f32>, 128>;  // STRIP · BLOCK

fn added(sums: mat4x4<f32>, x: vec4<f32>, w: mat4x4<f32>, g: vec4<f32>) -> mat4x4<f32> {
    if RULE == SIGN {
        return sums + mat4x4(sign(x.x - w[0]) * g, sign(x.y - w[1]) * g, sign(x.z - w[2]) * g, sign(x.w - w[3]) * g);
    }
    return mat4x4(
        fma(vec4(x.x), g, sums[0]),
        fma(vec4(x.y), g, sums[1]),
        fma(vec4(x.z), g, sums[2]),
        fma(vec4(x.w), g, sums[3]),
    );
}

// The weights of tap `t` from four inputs `c` to four outputs `o`.
fn weight(o: u32, t: u32, c: u32) -> mat4x4<f32> {
    return weights[((o / 2u * K * K + t) * uniforms.in_c4 + c) * 2u + o % 2u];
}

fn finish(sums: mat4x4<f32>, plain: vec4<f32>, part: u32, o: u32, t: u32, c: u32) {
    var total = sums;
    if RULE == DISTANCE {
        let w = weight(o, t, c);
        total -= mat4x4(w[0] * plain, w[1] * plain, w[2] * plain, w[3] * plain);
    }
    output[((part * uniforms.out_c4 + o) * K * K + t) * uniforms.in_c4 + c] = total;
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) in_piece: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = in_dispatch(in_piece, 1u);
    let blocks = (uniforms.in_c4 + BLOCK - 1u) / BLOCK;
    let c0 = group.x % blocks * BLOCK;
    let tx = group.x / blocks % GROUPS * TAPS;
    let ty = group.x / blocks / GROUPS;
    let o0 = group.y * BLOCK;
    let part = group.z;
    let c = c0 + lane % BLOCK;
    let o = o0 + lane / BLOCK;
    let t = ty * K + tx;
    let counts = c < uniforms.in_c4 && o < uniforms.out_c4;
    var w0 = mat4x4<f32>();
    var w1 = mat4x4<f32>();
    var w2 = mat4x4<f32>();
    if RULE == SIGN && counts {
        w0 = weight(o, t, c);
        if tx + 1u < K { w1 = weight(o, t + 1u, c); }
        if tx + 2u < K { w2 = weight(o, t + 2u, c); }
    }
    var s0 = mat4x4<f32>();
    var s1 = mat4x4<f32>();
    var s2 = mat4x4<f32>();
    var plain = vec4(0.0);
    let last = min((part + 1u) * uniforms.rows_each, uniforms.rows);
    for (var row = part * uniforms.rows_each; row < last; row++) {
        let n = row / uniforms.out_h;
        let y = i32(row % uniforms.out_h + ty) + uniforms.dy;
        let inside = y >= 0 && y < i32(uniforms.in_h);
        let line = (n * uniforms.in_h + u32(y)) * uniforms.in_w;
        for (var first = 0u; first < uniforms.out_w; first += STRIP) {
            workgroupBarrier();
            for (var i = lane; i < (STRIP + TAPS - 1u) * BLOCK; i += 64u) {
                let channel = c0 + i % BLOCK;
                let x = i32(first + tx + i / BLOCK) + uniforms.dx;
                var v = vec4(0.0);
                if inside && x >= 0 && x < i32(uniforms.in_w) && channel < uniforms.in_c4 {
                    v = input[(line + u32(x)) * uniforms.in_c4 + channel];
                }
                inputs[i] = v;
            }
            for (var i = lane; i < STRIP * BLOCK; i += 64u) {
                let channel = o0 + i % BLOCK;
                let x = first + i / BLOCK;
                var g = vec4(0.0);
                if x < uniforms.out_w && channel < uniforms.out_c4 {
                    g = grad[(row * uniforms.out_w + x) * uniforms.out_c4 + channel];
                }
                grads[i] = g;
            }
            workgroupBarrier();
            var x0 = inputs[lane % BLOCK];
            var x1 = inputs[lane % BLOCK + BLOCK];
            for (var i = 0u; i < STRIP; i++) {
                let x2 = inputs[lane % BLOCK + (i + 2u) * BLOCK];
                let g = grads[lane / BLOCK + i * BLOCK];
                s0 = added(s0, x0, w0, g);
                s1 = added(s1, x1, w1, g);
                s2 = added(s2, x2, w2, g);
                plain += g;
                x0 = x1;
                x1 = x2;
            }
        }
    }
    if counts {
        finish(s0, plain, part, o, t, c);
        if tx + 1u < K { finish(s1, plain, part, o, t + 1u, c); }
        if tx + 2u < K { finish(s2, plain, part, o, t + 2u, c); }
    }
}
