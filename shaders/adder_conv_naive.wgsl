// Adder layer, the obvious way: one invocation per output value, one tap after the other, everything from global
// memory. It is what the fast kernel is measured against.

#import layer_uniforms

@group(0) @binding(1) var<storage, read> input: array<f32>;
@group(0) @binding(2) var<storage, read_write> output: array<f32>;
@group(0) @binding(3) var<storage, read> weights: array<f32>; // [output][dy][dx][channel], channels padded to vec4s

override K: u32 = 3u;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) in_piece: vec3<u32>) {
    let id = in_dispatch(in_piece, 64u);
    let o = id.x % (4u * uniforms.out_c4);
    let x = id.x / (4u * uniforms.out_c4);
    let y = id.y;
    if x >= uniforms.out_w {
        return;
    }
    let at = ((id.z * uniforms.out_h + y) * uniforms.out_w + x) * 4u * uniforms.out_c4 + o;
    if o >= uniforms.out_c {
        output[at] = 0.0;
        return;
    }
    var sum = 0.0;
    for (var t = 0u; t < K * K; t++) {
        let sy = i32(y + t / K) + uniforms.dy;
        let sx = i32(x + t % K) + uniforms.dx;
        let inside = sy >= 0 && sy < i32(uniforms.in_h) && sx >= 0 && sx < i32(uniforms.in_w);
        let pixel = ((id.z * uniforms.in_h + u32(sy)) * uniforms.in_w + u32(sx)) * 4u * uniforms.in_c4;
        for (var c = 0u; c < 4u * uniforms.in_c4; c++) {
            var v = 0.0;
            if inside {
                v = input[pixel + c];
            }
            sum += abs(v - weights[(o * K * K + t) * 4u * uniforms.in_c4 + c]);
        }
    }
    output[at] = -sum;
}
