// A part of three channels, clamped to what a picture can hold: between a network's pass and what reads it.

#import params

@group(0) @binding(1) var<storage, read> input: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> output: array<vec4<f32>>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) counted: vec3<u32>) {
    let id = shifted(counted, 64u);
    if id.x >= params.out_w {
        return;
    }
    let at = (id.y + u32(params.dy)) * params.in_w + id.x + u32(params.dx);
    output[id.y * params.out_w + id.x] = clamp(input[at], vec4(0.0), vec4(1.0));
}
