// Values from where one kernel leaves them to where another looks for them: result[i] = source[places[i]]. TOTAL: one
// result, the sum of all of them.

#import params

@group(0) @binding(1) var<storage, read> source: array<f32>;
@group(0) @binding(2) var<storage, read_write> result: array<f32>;
@group(0) @binding(3) var<storage, read> places: array<u32>;

override TOTAL: bool = false;
const NOWHERE = 0xffffffffu; // leave the result as it is

// `params.top`: first place of this use; `params.left`: where in the source its places count from.
fn value(i: u32) -> f32 {
    return source[places[params.top + i] + params.left];
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) counted: vec3<u32>) {
    let id = shifted(counted, 64u);
    let at = id.y * 65536u + id.x;
    if TOTAL {
        if at == 0u {
            var sum = 0.0;
            for (var i = 0u; i < params.count; i++) {
                sum += value(i);
            }
            result[4u * params.table] = sum;
        }
        return;
    }
    if at < params.count && places[params.top + at] != NOWHERE {
        result[4u * params.table + at] = value(at);
    }
}
