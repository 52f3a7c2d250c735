// Batch norm in training: a batch's statistics from sums, and the scale and offset that the chain then applies.
//
// Twice, because outputs of adder layers lie hundreds away from zero and close together: first a mean from plain sums,
// then, with sums of what deviates from it, what is left of the mean, and the variance without cancellation.

#import params

@group(0) @binding(1) var<storage, read> sums: array<vec4<f32>>;             // [vec4 of channels][2]
@group(0) @binding(2) var<storage, read_write> statistics: array<vec4<f32>>; // mean, 1/√(variance + ε), unbiased variance
@group(0) @binding(3) var<storage, read_write> tables: array<vec4<f32>>;     // scale, offset, weight, bias

override FINAL: bool = false;
const BN_EPS: f32 = 1e-5;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) counted: vec3<u32>) {
    let id = shifted(counted, 64u);
    let c = id.x;
    let width = params.in_c4;
    if c >= width {
        return;
    }
    let m = f32(params.count);
    if !FINAL {
        statistics[c] = sums[2u * c] / m;
        return;
    }
    let rest = sums[2u * c] / m;
    let mean = statistics[c] + rest;
    let variance = max(sums[2u * c + 1u] / m - rest * rest, vec4(0.0));
    let inv = 1.0 / sqrt(variance + BN_EPS);
    statistics[c] = mean;
    statistics[width + c] = inv;
    statistics[2u * width + c] = variance * params.factor;
    let scale = tables[params.table + 2u * width + c] * inv;
    tables[params.table + c] = scale;
    tables[params.table + width + c] = tables[params.table + 3u * width + c] - mean * scale;
}
