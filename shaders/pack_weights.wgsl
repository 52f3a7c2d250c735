// Weights [cout, cin, k, k] of one layer, from among all parameters, to the matrices that shared/window.wgsl reads:
// [block of 8 outputs][tap][vec4 of inputs][2], columns inputs, rows outputs, zeros where there are fewer. ROTATED180:
// outputs and inputs change places and the window is rotated by 180°, for the gradient of the layer's input. What
// src/backend/gpu/pack.rs does on the host. One invocation writes one matrix, a row of workgroups 65,536.

#import order_uniforms

@group(0) @binding(1) var<storage, read> parameters: array<f32>;
@group(0) @binding(2) var<storage, read_write> packed: array<mat4x4<f32>>;

override K: u32 = 3u;
override ROTATED180: bool = false;

fn weight(input: u32, output: u32, tap: u32) -> f32 {
    if input >= uniforms.inputs || output >= uniforms.outputs {
        return 0.0;
    }
    var at = (output * uniforms.inputs + input) * K * K + tap;
    if ROTATED180 {
        at = (input * uniforms.outputs + output) * K * K + (K * K - 1u - tap);
    }
    return parameters[4u * uniforms.start + at];
}

fn column(input: u32, output: u32, tap: u32) -> vec4<f32> {
    return vec4(
        weight(input, output, tap),
        weight(input, output + 1u, tap),
        weight(input, output + 2u, tap),
        weight(input, output + 3u, tap),
    );
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) in_piece: vec3<u32>) {
    let id = in_dispatch(in_piece, 64u);
    let m = id.y * 65536u + id.x;
    if m >= uniforms.count {
        return;
    }
    let input = m / 2u % uniforms.inputs_c4 * 4u;
    let tap = m / 2u / uniforms.inputs_c4 % (K * K);
    let output = m / 2u / uniforms.inputs_c4 / (K * K) * 8u + m % 2u * 4u;
    packed[m] = mat4x4(
        column(input, output, tap),
        column(input + 1u, output, tap),
        column(input + 2u, output, tap),
        column(input + 3u, output, tap),
    );
}
