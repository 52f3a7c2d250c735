// Luma of three channels: what `avdsr` reads.

#import params
#import luma

@group(0) @binding(1) var<storage, read> input: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> output: array<vec4<f32>>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) counted: vec3<u32>) {
    let id = shifted(counted, 64u);
    if id.x >= params.out_w {
        return;
    }
    let p = id.y * params.out_w + id.x;
    output[p] = vec4(luma_of(input[p].rgb), 0.0, 0.0, 0.0);
}
