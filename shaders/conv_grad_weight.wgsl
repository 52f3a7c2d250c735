// Gradient of the weights of convolutions and adder layers (src/nn/layers): a workgroup adds up, over all pixels of a
// batch, four inputs × four outputs of one tap; lanes take every 64th pixel and are then added in pairs.

#import params

@group(0) @binding(1) var<storage, read> input: array<vec4<f32>>;     // x
@group(0) @binding(2) var<storage, read_write> output: array<mat4x4<f32>>; // [vec4 of outputs][tap][vec4 of inputs]
@group(0) @binding(3) var<storage, read> grad: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read> weights: array<mat4x4<f32>>; // as in shared/window.wgsl

override K: u32 = 3u;
override RULE: u32 = 0u;
const PRODUCT = 0u;  // Σ X·g: a convolution
const DISTANCE = 1u; // Σ (X − W)·g = Σ X·g − W·Σ g: an adder layer
const SIGN = 2u;     // Σ sign(X − W)·g: its true derivative

struct Sums {
    products: mat4x4<f32>,
    plain: vec4<f32>,
}

var<workgroup> lanes: array<Sums, 64>;

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) counted: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = shifted(counted, 1u);
    let c = group.x % params.in_c4;
    let t = group.x / params.in_c4;
    let o = group.y;
    let w = weights[(((o / 2u) * K * K + t) * params.in_c4 + c) * 2u + o % 2u];
    var sums = Sums();
    for (var p = lane; p < params.count; p += 64u) {
        let x = i32(p % params.out_w + t % K) + params.dx;
        let y = i32(p / params.out_w % params.out_h + t / K) + params.dy;
        let n = p / params.out_w / params.out_h;
        var v = vec4(0.0);
        if y >= 0 && y < i32(params.in_h) && x >= 0 && x < i32(params.in_w) {
            v = input[((n * params.in_h + u32(y)) * params.in_w + u32(x)) * params.in_c4 + c];
        }
        let g = grad[p * params.out_c4 + o];
        if RULE == SIGN {
            let s = mat4x4(sign(v.x - w[0]) * g, sign(v.y - w[1]) * g, sign(v.z - w[2]) * g, sign(v.w - w[3]) * g);
            sums.products += s;
        } else {
            sums.products += mat4x4(v.x * g, v.y * g, v.z * g, v.w * g);
            sums.plain += g;
        }
    }
    lanes[lane] = sums;
    for (var step = 32u; step > 0u; step /= 2u) {
        workgroupBarrier();
        if lane < step {
            lanes[lane].products += lanes[lane + step].products;
            lanes[lane].plain += lanes[lane + step].plain;
        }
    }
    if lane == 0u {
        var total = lanes[0].products;
        if RULE == DISTANCE {
            let g = lanes[0].plain;
            total -= mat4x4(w[0] * g, w[1] * g, w[2] * g, w[3] * g);
        }
        output[(o * K * K + t) * params.in_c4 + c] = total;
    }
}
