// Gradient of a batch norm's input in training: w/√(σ² + ε) · (g − mean(g) − x̂·mean(g·x̂)), from the two sums.

#import chain

@group(0) @binding(7) var<storage, read> values: array<vec4<f32>>;     // x
@group(0) @binding(8) var<storage, read> statistics: array<vec4<f32>>; // mean, 1/√(variance + ε), unbiased variance

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) in_piece: vec3<u32>) {
    let id = in_dispatch(in_piece, 64u);
    let c = id.x % uniforms.out_c4;
    let x = id.x / uniforms.out_c4;
    let y = id.y;
    if x >= uniforms.out_w {
        return;
    }
    let at = ((id.z * uniforms.out_h + y) * uniforms.out_w + x) * uniforms.out_c4 + c;
    let inv = statistics[uniforms.out_c4 + c];
    let normalised = (values[at] - statistics[c]) * inv;
    let weight = tables[uniforms.table + 2u * uniforms.out_c4 + c];
    // other0: the sums Σg and Σg·x̂.
    let centred = input[at] - (other0[2u * c] + normalised * other0[2u * c + 1u]) * uniforms.share;
    finish(weight * inv * centred, id.z, y, x, c);
}
