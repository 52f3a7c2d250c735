// Values from where one kernel leaves them to where another looks for them: result[i] = source[places[i]]. SUM_ALL: one
// result, the sum of all of them.

#import order_uniforms

@group(0) @binding(1) var<storage, read> source: array<f32>;
@group(0) @binding(2) var<storage, read_write> result: array<f32>;
@group(0) @binding(3) var<storage, read> places: array<u32>;

override SUM_ALL: bool = false;
const NOWHERE = 0xffffffffu; // leave the result as it is

fn value(i: u32) -> f32 {
    return source[places[uniforms.list + i] + uniforms.offset];
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) in_piece: vec3<u32>) {
    let id = in_dispatch(in_piece, 64u);
    let at = id.y * 65536u + id.x;
    if SUM_ALL {
        if at == 0u {
            var sum = 0.0;
            for (var i = 0u; i < uniforms.count; i++) {
                sum += value(i);
            }
            result[4u * uniforms.start] = sum;
        }
        return;
    }
    if at < uniforms.count && places[uniforms.list + at] != NOWHERE {
        result[4u * uniforms.start + at] = value(at);
    }
}
