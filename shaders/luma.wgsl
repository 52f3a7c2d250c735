// Luma of three channels: what `avdsr` reads.

#import pixels
#import luma

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) in_piece: vec3<u32>) {
    let id = in_dispatch(in_piece, 64u);
    if id.x >= uniforms.out_w {
        return;
    }
    let p = place(id);
    output[p] = vec4(luma_of(input[p].rgb), 0.0, 0.0, 0.0);
}
