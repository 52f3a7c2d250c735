// What every optimiser has in common: gradients scaled, the rule `moved` applied, running statistics and running mean
// moved, values that are not finite reported. All parameters lie in one row of vec4s; an invocation changes one, a row
// of workgroups 65,536.

#import update_uniforms

@group(0) @binding(1) var<storage, read_write> parameters: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read> gradients: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> first: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read_write> second: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read_write> mean: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read> owners: array<u32>; // of each vec4: owner + 4 × place of its scale
@group(0) @binding(7) var<storage, read> scales: array<f32>;
@group(0) @binding(8) var<storage, read_write> nonfinite: atomic<u32>; // 1: a value is not finite

const ADDER = 1u;
const STATISTIC = 2u;

struct Moved {
    value: vec4<f32>,
    first: vec4<f32>,
    second: vec4<f32>,
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) in_piece: vec3<u32>) {
    let id = in_dispatch(in_piece, 64u);
    let at = id.y * 65536u + id.x;
    if at >= uniforms.count {
        return;
    }
    let kind = owners[at] % 4u;
    let old = parameters[at];
    var now = old;
    if kind == STATISTIC {
        now = (1.0 - uniforms.momentum) * old + uniforms.momentum * gradients[at];
    } else {
        let adder = kind == ADDER;
        let g = gradients[at] * select(1.0, scales[owners[at] / 4u], adder);
        let all = moved(old, g, first[at], second[at], select(uniforms.rate, uniforms.adder_rate, adder));
        first[at] = all.first;
        second[at] = all.second;
        now = all.value;
    }
    parameters[at] = now;
    mean[at] += (1.0 - uniforms.ema_decay) * (now - mean[at]);
    // By its bits: a compiler may assume that comparisons never see such values.
    if any((bitcast<vec4<u32>>(now) & vec4(0x7f800000u)) == vec4(0x7f800000u)) {
        atomicMax(&nonfinite, 1u);
    }
}
