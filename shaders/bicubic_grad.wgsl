// Gradient of a bicubic's input, the transpose of bicubic.wgsl: a small pixel collects what every large pixel mixed of
// it, directly or by a mirrored position. Those lie at most two small pixels away.

#import chain

fn reflect_at(at: i32, n: i32) -> i32 {
    let around = ((at % (2 * n)) + 2 * n) % (2 * n);
    return min(around, 2 * n - 1 - around);
}

// How much large position s·p + j mixes of small position q along an axis of n.
fn share(p: i32, j: u32, q: i32, n: i32) -> f32 {
    var sum = 0.0;
    for (var t = 0; t < 5; t++) {
        if reflect_at(p + t - 2, n) == q {
            sum += tables[uniforms.table + 2u * j + u32(t) / 4u][t % 4];
        }
    }
    return sum;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) in_piece: vec3<u32>) {
    let id = in_dispatch(in_piece, 64u);
    let c = id.x % uniforms.out_c4;
    let x = i32(id.x / uniforms.out_c4);
    let y = i32(id.y);
    let h = i32(uniforms.out_h);
    let w = i32(uniforms.out_w);
    if x >= w {
        return;
    }
    let s = uniforms.scale;
    var sum = vec4(0.0);
    for (var py = max(y - 2, 0); py <= min(y + 2, h - 1); py++) {
        for (var jy = 0u; jy < s; jy++) {
            let along_y = share(py, jy, y, h);
            for (var px = max(x - 2, 0); px <= min(x + 2, w - 1); px++) {
                for (var jx = 0u; jx < s; jx++) {
                    let row = (id.z * uniforms.in_h + u32(py) * s + jy) * uniforms.in_w;
                    let g = input[(row + u32(px) * s + jx) * uniforms.in_c4 + c];
                    sum = fma(g, vec4(along_y * share(px, jx, x, w)), sum);
                }
            }
        }
    }
    finish(sum, id.z, u32(y), u32(x), c);
}
