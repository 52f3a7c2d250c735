// Mean absolute error: |y − target| of every value, to be added up, and its gradient sign(y − target)·factor. A row of
// workgroups does 65,536 vec4s.

#import sum_uniforms

@group(0) @binding(1) var<storage, read> values: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> gradient: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read_write> distances: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read> targets: array<vec4<f32>>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) in_piece: vec3<u32>) {
    let id = in_dispatch(in_piece, 64u);
    let at = id.y * 65536u + id.x;
    if at >= uniforms.count {
        return;
    }
    let d = values[at] - targets[at];
    distances[at] = abs(d);
    gradient[at] = sign(d) * uniforms.factor;
}
