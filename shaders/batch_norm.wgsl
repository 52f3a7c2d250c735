// Batch norm in training: a batch's statistics from sums, and the scale and offset that the chain then applies.
//
// Twice, because outputs of adder layers lie hundreds away from zero and close together: first a mean from plain sums,
// then, with sums of what deviates from it, what is left of the mean, and the variance without cancellation.

#import sum_uniforms

@group(0) @binding(1) var<storage, read> sums: array<vec4<f32>>;             // [vec4 of channels][2]
@group(0) @binding(2) var<storage, read_write> statistics: array<vec4<f32>>; // mean, 1/√(σ² + ε), unbiased σ²
@group(0) @binding(3) var<storage, read_write> tables: array<vec4<f32>>;     // scale, offset, weight, bias

override SECOND_PASS: bool = false;
const BN_EPS: f32 = 1e-5;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) in_piece: vec3<u32>) {
    let id = in_dispatch(in_piece, 64u);
    let c = id.x;
    let width = uniforms.c4;
    if c >= width {
        return;
    }
    let m = f32(uniforms.count);
    if !SECOND_PASS {
        statistics[c] = sums[2u * c] / m;
        return;
    }
    let rest = sums[2u * c] / m;
    let mean = statistics[c] + rest;
    let variance = max(sums[2u * c + 1u] / m - rest * rest, vec4(0.0));
    let inv = 1.0 / sqrt(variance + BN_EPS);
    statistics[c] = mean;
    statistics[width + c] = inv;
    statistics[2u * width + c] = variance * uniforms.factor;
    let scale = tables[uniforms.table + 2u * width + c] * inv;
    tables[uniforms.table + c] = scale;
    tables[uniforms.table + width + c] = tables[uniforms.table + 3u * width + c] - mean * scale;
}
