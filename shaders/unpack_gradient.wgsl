// Gradient of one layer's weights from the matrices of conv_grad_weight.wgsl to [cout, cin, k, k] among the gradients
// of all parameters. One invocation writes one value, a row of workgroups 65,536.

#import order_uniforms

@group(0) @binding(1) var<storage, read> packed: array<mat4x4<f32>>; // [vec4 of outputs][tap][vec4 of inputs]
@group(0) @binding(2) var<storage, read_write> gradients: array<f32>;

override K: u32 = 3u;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) in_piece: vec3<u32>) {
    let id = in_dispatch(in_piece, 64u);
    let at = id.y * 65536u + id.x;
    if at >= uniforms.count {
        return;
    }
    let tap = at % (K * K);
    let input = at / (K * K) % uniforms.inputs;
    let output = at / (K * K) / uniforms.inputs;
    let matrix = (output / 4u * K * K + tap) * uniforms.inputs_c4 + input / 4u;
    gradients[4u * uniforms.start + at] = packed[matrix][input % 4u][output % 4u];
}
