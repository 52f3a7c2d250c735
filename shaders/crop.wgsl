// A part of three channels, clamped to what a picture can hold: between a network's pass and what reads it.

#import pixels

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) in_piece: vec3<u32>) {
    let id = in_dispatch(in_piece, 64u);
    if id.x >= uniforms.out_w {
        return;
    }
    output[place(id)] = clamp(input[source(id)], vec4(0.0), vec4(1.0));
}
