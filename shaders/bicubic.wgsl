// Bicubic enlargement by a whole factor (src/nn/layers/bicubic.rs): five rows and columns around the pixel, weights by
// phase, mirrored about the edges of the whole picture, of which `input` covers a part.

#import chain

fn reflect_at(at: i32, n: i32) -> i32 {
    let around = ((at % (2 * n)) + 2 * n) % (2 * n);
    return min(around, 2 * n - 1 - around);
}

fn weight(phase: u32, tap: u32) -> f32 {
    return tables[params.table + 2u * phase + tap / 4u][tap % 4u];
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) counted: vec3<u32>) {
    let id = shifted(counted, 64u);
    let c = id.x % params.out_c4;
    let x = id.x / params.out_c4;
    let y = id.y;
    if x >= params.out_w {
        return;
    }
    let s = params.scale;
    let row = y + params.top;
    let column = x + params.left;
    var mixed = vec4(0.0);
    for (var tx = 0u; tx < 5u; tx++) {
        // Positions outside what the input covers have weight zero.
        let sx = reflect_at(i32(column / s + tx) - 2, i32(params.picture_w)) + params.dx;
        if sx < 0 || sx >= i32(params.in_w) {
            continue;
        }
        var sum = vec4(0.0);
        for (var ty = 0u; ty < 5u; ty++) {
            let sy = reflect_at(i32(row / s + ty) - 2, i32(params.picture_h)) + params.dy;
            if sy >= 0 && sy < i32(params.in_h) {
                let at = ((id.z * params.in_h + u32(sy)) * params.in_w + u32(sx)) * params.in_c4 + c;
                sum = fma(input[at], vec4(weight(row % s, ty)), sum);
            }
        }
        mixed = fma(sum, vec4(weight(column % s, tx)), mixed);
    }
    finish(mixed, id.z, y, x, c);
}
