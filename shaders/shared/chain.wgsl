// Pointwise operations applied to a value that a kernel has just computed, before it is written: they cost no memory
// traffic there. Every product is an explicit fma, so that an operation rounds alike behind any kernel and feature maps
// can be asked for without changing the picture.

#import layer_uniforms
#import power

@group(0) @binding(1) var<storage, read> input: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> output: array<vec4<f32>>;
@group(0) @binding(3) var<storage, read> tables: array<vec4<f32>>;
@group(0) @binding(4) var<storage, read> other0: array<vec4<f32>>;
@group(0) @binding(5) var<storage, read> other1: array<vec4<f32>>;
@group(0) @binding(6) var<storage, read> other2: array<vec4<f32>>;

// Kinds of operations: `FusedKind` in src/backend/gpu/uniforms.rs.
const OFFSET = 1u;  // v + table
const AFFINE = 2u;  // v·table + the next table
const ADD = 3u;     // v + factor·other
const ADD_TO = 4u;  // other + factor·v
const RELU = 5u;
const POWER = 6u;   // exponents in the table
const SHIFT = 7u;   // v + factor
const SCALE = 8u;   // v·factor
const MASK = 9u;    // v where other > 0, else 0: ReLU backwards
const SLOPE = 10u;  // v·α·max(|other|, 1e-3)^(α−1): the power activation backwards

fn operand(op: FusedOp, n: u32, y: u32, x: u32, c: u32) -> vec4<f32> {
    let at = ((n * op.h + y + op.dy) * op.w + x + op.dx) * uniforms.out_c4 + c;
    switch op.operand {
        case 0u: { return other0[at]; }
        case 1u: { return other1[at]; }
        default: { return other2[at]; }
    }
}

fn chained(value: vec4<f32>, n: u32, y: u32, x: u32, c: u32) -> vec4<f32> {
    var v = value;
    for (var i = 0u; i < uniforms.fused; i++) {
        let op = uniforms.chain[i];
        switch op.kind {
            case OFFSET: { v = v + tables[op.table + c]; }
            case AFFINE: { v = fma(v, tables[op.table + c], tables[op.table + uniforms.out_c4 + c]); }
            case ADD: { v = fma(operand(op, n, y, x, c), vec4(op.factor), v); }
            case ADD_TO: { v = fma(v, vec4(op.factor), operand(op, n, y, x, c)); }
            case RELU: { v = max(v, vec4(0.0)); }
            case POWER: { v = power(v, tables[op.table + c]); }
            case SHIFT: { v = v + op.factor; }
            case SCALE: { v = v * op.factor; }
            case MASK: { v = select(vec4(0.0), v, operand(op, n, y, x, c) > vec4(0.0)); }
            case SLOPE: { v = v * power_slope(operand(op, n, y, x, c), tables[op.table + c]); }
            default: {}
        }
    }
    return v;
}

// Writes channels 4c … 4c+3 of the result's pixel (y, x), those that exist.
fn finish(value: vec4<f32>, n: u32, y: u32, x: u32, c: u32) {
    if y >= uniforms.out_h || x >= uniforms.out_w || c >= uniforms.out_c4 {
        return;
    }
    let at = ((n * uniforms.out_h + y) * uniforms.out_w + x) * uniforms.out_c4 + c;
    let channel = vec4(4u * c) + vec4(0u, 1u, 2u, 3u);
    var v = select(vec4(0.0), chained(value, n, y, x, c), channel < vec4(uniforms.out_c));
    if uniforms.accumulate != 0u {
        v = v + output[at];
    }
    output[at] = v;
}
