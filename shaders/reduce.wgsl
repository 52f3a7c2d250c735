// Sums per channel over all pixels of a batch, first half: one workgroup per vec4 of channels and slice of `slice`
// pixels writes two partial sums. Lanes add up every 64th pixel and are then added in pairs, so that the order of
// additions never changes and rounding grows with the logarithm of the number of pixels.

#import sum_uniforms
#import power

@group(0) @binding(1) var<storage, read> values: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> partial: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> tables: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read> others: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read> statistics: array<vec4<f32>>;

// What is added up: the kinds of `Sum` in src/backend/gpu/graph/norm.rs.
override REDUCE_KIND: u32 = 0u;
const VALUES = 0u;  // v
const MOMENTS = 1u; // v − mean and its square
const NORM = 2u;    // g and g·(x − mean)·inv
const POWER = 3u;   // g·∂P/∂α

var<workgroup> lanes: array<array<vec4<f32>, 2>, 64>;

fn terms(at: u32, c: u32) -> array<vec4<f32>, 2> {
    let v = values[at];
    switch REDUCE_KIND {
        case MOMENTS: {
            let d = v - statistics[c];
            return array(d, d * d);
        }
        case NORM: { return array(v, v * (others[at] - statistics[c]) * statistics[uniforms.c4 + c]); }
        case POWER: { return array(v * alpha_slope(others[at], tables[uniforms.table + c]), vec4(0.0)); }
        default: { return array(v, vec4(0.0)); }
    }
}

@compute @workgroup_size(64)
fn main(@builtin(workgroup_id) in_piece: vec3<u32>, @builtin(local_invocation_index) lane: u32) {
    let group = in_dispatch(in_piece, 1u);
    let c = group.x;
    let slice = group.y;
    let end = min((slice + 1u) * uniforms.slice, uniforms.count);
    var sums = array(vec4(0.0), vec4(0.0));
    for (var p = slice * uniforms.slice + lane; p < end; p += 64u) {
        let more = terms(p * uniforms.c4 + c, c);
        sums[0] += more[0];
        sums[1] += more[1];
    }
    lanes[lane] = sums;
    for (var step = 32u; step > 0u; step /= 2u) {
        workgroupBarrier();
        if lane < step {
            lanes[lane][0] += lanes[lane + step][0];
            lanes[lane][1] += lanes[lane + step][1];
        }
    }
    if lane == 0u {
        partial[(slice * uniforms.c4 + c) * 2u] = lanes[0][0];
        partial[(slice * uniforms.c4 + c) * 2u + 1u] = lanes[0][1];
    }
}
