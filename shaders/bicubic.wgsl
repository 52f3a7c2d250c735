// Bicubic enlargement by a whole factor (src/nn/layers/bicubic.rs): five rows and columns around the pixel, weights by
// phase, mirrored about the edges of the whole picture, of which `input` covers a part.

#import chain

fn reflect_at(at: i32, n: i32) -> i32 {
    let around = ((at % (2 * n)) + 2 * n) % (2 * n);
    return min(around, 2 * n - 1 - around);
}

fn weight(phase: u32, tap: u32) -> f32 {
    return tables[uniforms.table + 2u * phase + tap / 4u][tap % 4u];
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) in_piece: vec3<u32>) {
    let id = in_dispatch(in_piece, 64u);
    let c = id.x % uniforms.out_c4;
    let x = id.x / uniforms.out_c4;
    let y = id.y;
    if x >= uniforms.out_w {
        return;
    }
    let s = uniforms.scale;
    let row = y + uniforms.top;
    let column = x + uniforms.left;
    var mixed = vec4(0.0);
    for (var tx = 0u; tx < 5u; tx++) {
        // Positions outside what the input covers have weight zero.
        let sx = reflect_at(i32(column / s + tx) - 2, i32(uniforms.picture_w)) + uniforms.dx;
        if sx < 0 || sx >= i32(uniforms.in_w) {
            continue;
        }
        var sum = vec4(0.0);
        for (var ty = 0u; ty < 5u; ty++) {
            let sy = reflect_at(i32(row / s + ty) - 2, i32(uniforms.picture_h)) + uniforms.dy;
            if sy >= 0 && sy < i32(uniforms.in_h) {
                let at = ((id.z * uniforms.in_h + u32(sy)) * uniforms.in_w + u32(sx)) * uniforms.in_c4 + c;
                sum = fma(input[at], vec4(weight(row % s, ty)), sum);
            }
        }
        mixed = fma(sum, vec4(weight(column % s, tx)), mixed);
    }
    finish(mixed, id.z, y, x, c);
}
