// The adaptive rate of one adder layer, η·√k / ‖gradient‖₂ (src/nn/layers/adder.rs): lanes add up every 64th vec4 and
// are then added in pairs. `uniforms.count` vec4s of gradient from `uniforms.start` on.

#import update_uniforms

@group(0) @binding(1) var<storage, read> gradients: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> scales: array<f32>;

var<workgroup> lanes: array<f32, 64>;

@compute @workgroup_size(64)
fn main(@builtin(local_invocation_index) lane: u32) {
    var sum = 0.0;
    for (var i = lane; i < uniforms.count; i += 64u) {
        let g = gradients[uniforms.start + i];
        sum += dot(g, g);
    }
    lanes[lane] = sum;
    for (var step = 32u; step > 0u; step /= 2u) {
        workgroupBarrier();
        if lane < step {
            lanes[lane] += lanes[lane + step];
        }
    }
    if lane == 0u {
        scales[uniforms.layer] = uniforms.eta / max(sqrt(lanes[0]), 1e-12);
    }
}
