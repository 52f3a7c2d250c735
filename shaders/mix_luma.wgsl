// Colour with new luma and its old chroma. Y weighs all three channels alike on the way back, since grey has no chroma:
// 219/255 of white's Y per step of all three.

#import pixels
#import luma

@group(0) @binding(3) var<storage, read> brightness: array<vec4<f32>>; // of the result's pixels

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) in_piece: vec3<u32>) {
    let id = in_dispatch(in_piece, 64u);
    if id.x >= uniforms.out_w {
        return;
    }
    let p = place(id);
    let old = input[source(id)].rgb;
    let step = (brightness[p].x - luma_of(old)) * (255.0 / 219.0);
    output[p] = vec4(clamp(old + step, vec3(0.0), vec3(1.0)), 0.0);
}
