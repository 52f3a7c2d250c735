// Floats to samples, one (grey: the mean of three clamped floats) or three 8- or 16-bit ones per pixel: clamped to [0,
// 1], rounded half to even. An invocation writes one word of samples; a row of workgroups 65,536 of them.

#import pixel_uniforms

@group(0) @binding(1) var<storage, read> input: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> samples: array<u32>;

override BITS: u32 = 8u;
override CHANNELS: u32 = 3u;

fn value(s: u32) -> f32 {
    if CHANNELS == 1u {
        let p = clamp(input[s], vec4(0.0), vec4(1.0));
        return (p.x + p.y + p.z) / 3.0;
    }
    return input[s / 3u][s % 3u];
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) in_piece: vec3<u32>) {
    let id = in_dispatch(in_piece, 64u);
    let word = id.y * 65536u + id.x;
    let per_word = 32u / BITS;
    if word * per_word >= uniforms.count {
        return;
    }
    var bits = 0u;
    for (var i = 0u; i < per_word; i++) {
        let s = word * per_word + i;
        if s < uniforms.count {
            let v = clamp(value(s), 0.0, 1.0) * uniforms.full;
            bits = insertBits(bits, u32(round(v)), i * BITS, BITS);
        }
    }
    samples[word] = bits;
}
