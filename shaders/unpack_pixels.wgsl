// Samples of a picture, one (grey) or three 8- or 16-bit ones per pixel, to three floats in [0, 1]. Division may round
// as it likes in WGSL, so v/255 and v/65535 are looked up: the device then sees the same floats as the host.

#import pixel_uniforms

@group(0) @binding(1) var<storage, read> samples: array<u32>;
@group(0) @binding(2) var<storage, read_write> output: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> levels: array<f32>; // of each sample

override BITS: u32 = 8u;
override CHANNELS: u32 = 3u;

fn sample(i: u32) -> f32 {
    let per_word = 32u / BITS;
    return levels[extractBits(samples[i / per_word], i % per_word * BITS, BITS)];
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) in_piece: vec3<u32>) {
    let id = in_dispatch(in_piece, 64u);
    let y = id.y;
    if id.x >= uniforms.out_w {
        return;
    }
    let p = y * uniforms.out_w + id.x;
    if CHANNELS == 1u {
        output[p] = vec4(vec3(sample(p)), 0.0);
    } else {
        output[p] = vec4(sample(3u * p), sample(3u * p + 1u), sample(3u * p + 2u), 0.0);
    }
}
