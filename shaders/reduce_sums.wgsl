// Adds up `count` slices of `c4` vec4s each.

#import sum_uniforms

@group(0) @binding(1) var<storage, read> partial: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> sums: array<vec4<f32>>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) in_piece: vec3<u32>) {
    let id = in_dispatch(in_piece, 64u);
    if id.x >= uniforms.c4 {
        return;
    }
    var sum = vec4(0.0);
    for (var slice = 0u; slice < uniforms.count; slice++) {
        sum += partial[slice * uniforms.c4 + id.x];
    }
    sums[id.x] = sum;
}
