// Luma of three channels: what `avdsr` reads.

#import pixels
#import luma

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) counted: vec3<u32>) {
    let id = shifted(counted, 64u);
    if id.x >= params.out_w {
        return;
    }
    let p = place(id);
    output[p] = vec4(luma_of(input[p].rgb), 0.0, 0.0, 0.0);
}
