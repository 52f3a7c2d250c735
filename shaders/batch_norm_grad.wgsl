// Gradient of a batch norm's input in training: w/√(σ² + ε) · (g − mean(g) − x̂·mean(g·x̂)), from the two sums.

#import chain

@group(0) @binding(7) var<storage, read> values: array<vec4<f32>>;     // x
@group(0) @binding(8) var<storage, read> statistics: array<vec4<f32>>; // mean, 1/√(variance + ε), unbiased variance

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) counted: vec3<u32>) {
    let id = shifted(counted, 64u);
    let c = id.x % params.out_c4;
    let x = id.x / params.out_c4;
    let y = id.y;
    if x >= params.out_w {
        return;
    }
    let at = ((id.z * params.out_h + y) * params.out_w + x) * params.out_c4 + c;
    let inv = statistics[params.out_c4 + c];
    let normalised = (values[at] - statistics[c]) * inv;
    let weight = tables[params.table + 2u * params.out_c4 + c];
    // other0: the sums Σg and Σg·x̂.
    let centred = input[at] - (other0[2u * c] + normalised * other0[2u * c + 1u]) * params.factor;
    finish(weight * inv * centred, id.z, y, x, c);
}
