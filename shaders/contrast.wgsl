// Gradient of local contrast, added to what is there: `src/train/contrast.rs` says what it is and is what this is compared
// with. An invocation does one square of 8×8 pixels for four channels, both directions.

#import sum_uniforms

@group(0) @binding(1) var<storage, read> values: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> gradient: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> targets: array<vec4<f32>>;

const SIDE: u32 = 8u;
const COUNT: f32 = 56.0;
const FLAT: f32 = 1e-6;

// One direction: `step` from a pixel to the next one, `line` from one line of steps to the next.
fn pull(corner: u32, step: u32, line: u32) {
    var mean = vec4(0.0);
    var wanted_mean = vec4(0.0);
    for (var k = 0u; k < 56u; k++) {
        let at = corner + k / 7u * line + k % 7u * step;
        mean += (values[at + step] - values[at]) / COUNT;
        wanted_mean += (targets[at + step] - targets[at]) / COUNT;
    }
    var variance = vec4(FLAT);
    var wanted_variance = vec4(FLAT);
    for (var k = 0u; k < 56u; k++) {
        let at = corner + k / 7u * line + k % 7u * step;
        let d = values[at + step] - values[at] - mean;
        let wanted = targets[at + step] - targets[at] - wanted_mean;
        variance += d * d / COUNT;
        wanted_variance += wanted * wanted / COUNT;
    }
    let deviation = sqrt(variance);
    let slope = uniforms.factor * sign(deviation - sqrt(wanted_variance)) / (COUNT * deviation);
    for (var k = 0u; k < 56u; k++) {
        let at = corner + k / 7u * line + k % 7u * step;
        let g = slope * (values[at + step] - values[at] - mean);
        gradient[at + step] += g;
        gradient[at] -= g;
    }
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) in_piece: vec3<u32>) {
    let id = in_dispatch(in_piece, 64u);
    let at = id.y * 65536u + id.x;
    if at >= uniforms.count {
        return;
    }
    let rows = uniforms.h / SIDE;
    let columns = uniforms.w / SIDE;
    let c4 = uniforms.c4;
    let square = at / c4;
    let x = square % columns * SIDE;
    let y = square / columns % rows * SIDE;
    let picture = square / (columns * rows);
    let corner = ((picture * uniforms.h + y) * uniforms.w + x) * c4 + at % c4;
    pull(corner, c4, uniforms.w * c4);
    pull(corner, uniforms.w * c4, c4);
}
