// Colour with new luma and its old chroma. Y weighs all three channels alike on the way back, since grey has no chroma:
// 219/255 of white's Y per step of all three.

#import params
#import luma

@group(0) @binding(1) var<storage, read> input: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> output: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> brightness: array<vec4<f32>>; // of the result's pixels

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) counted: vec3<u32>) {
    let id = shifted(counted, 64u);
    if id.x >= params.out_w {
        return;
    }
    let p = id.y * params.out_w + id.x;
    let old = input[(id.y + u32(params.dy)) * params.in_w + id.x + u32(params.dx)].rgb;
    let step = (brightness[p].x - luma_of(old)) * (255.0 / 219.0);
    output[p] = vec4(clamp(old + step, vec3(0.0), vec3(1.0)), 0.0);
}
