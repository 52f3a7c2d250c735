// Three channels at any other size (src/tensor/resample.rs): every output is mixed from a run of inputs along each
// axis, rows first as on the host.

#import pixels

@group(0) @binding(3) var<storage, read> runs: array<u32>; // per row, per column: first input, count, first weight
@group(0) @binding(4) var<storage, read> weights: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) in_piece: vec3<u32>) {
    let id = in_dispatch(in_piece, 64u);
    if id.x >= uniforms.out_w {
        return;
    }
    let row = 3u * id.y;
    let column = 3u * (uniforms.out_h + id.x);
    var mixed = vec4(0.0);
    for (var tx = 0u; tx < runs[column + 1u]; tx++) {
        var sum = vec4(0.0);
        for (var ty = 0u; ty < runs[row + 1u]; ty++) {
            let at = (runs[row] + ty) * uniforms.in_w + runs[column] + tx;
            sum = fma(input[at], vec4(weights[runs[row + 2u] + ty]), sum);
        }
        mixed = fma(sum, vec4(weights[runs[column + 2u] + tx]), mixed);
    }
    output[place(id)] = mixed;
}
