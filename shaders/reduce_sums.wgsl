// Adds up `count` slices of `in_c4` vec4s each.

#import params

@group(0) @binding(1) var<storage, read> partial: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> sums: array<vec4<f32>>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) counted: vec3<u32>) {
    let id = shifted(counted, 64u);
    if id.x >= params.in_c4 {
        return;
    }
    var sum = vec4(0.0);
    for (var slice = 0u; slice < params.count; slice++) {
        sum += partial[slice * params.in_c4 + id.x];
    }
    sums[id.x] = sum;
}
