// Adder layer, the obvious way: one invocation per output value, one tap after the other, everything from global memory.
// It is what the fast kernel is measured against, and the only one for windows too wide for workgroup memory.

#import params

@group(0) @binding(1) var<storage, read> input: array<f32>;
@group(0) @binding(2) var<storage, read_write> output: array<f32>;
@group(0) @binding(3) var<storage, read> weights: array<f32>; // [output][dy][dx][channel], channels padded to vec4s

override K: u32 = 3u;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) counted: vec3<u32>) {
    let id = shifted(counted, 64u);
    let o = id.x % (4u * params.out_c4);
    let x = id.x / (4u * params.out_c4);
    let y = id.y;
    if x >= params.out_w {
        return;
    }
    let at = ((id.z * params.out_h + y) * params.out_w + x) * 4u * params.out_c4 + o;
    if o >= params.out_c {
        output[at] = 0.0;
        return;
    }
    var sum = 0.0;
    for (var t = 0u; t < K * K; t++) {
        let sy = i32(y + t / K) + params.dy;
        let sx = i32(x + t % K) + params.dx;
        let inside = sy >= 0 && sy < i32(params.in_h) && sx >= 0 && sx < i32(params.in_w);
        let pixel = ((id.z * params.in_h + u32(sy)) * params.in_w + u32(sx)) * 4u * params.in_c4;
        for (var c = 0u; c < 4u * params.in_c4; c++) {
            var v = 0.0;
            if inside {
                v = input[pixel + c];
            }
            sum += abs(v - weights[(o * K * K + t) * 4u * params.in_c4 + c]);
        }
    }
    output[at] = -sum;
}
