// Depth to space: channel c·s² + i·s + j becomes channel c of the pixel (i, j) of an s×s cell.

#import chain

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
    let row = u32(i32(y / s) + uniforms.dy);
    let column = u32(i32(x / s) + uniforms.dx);
    let pixel = ((id.z * uniforms.in_h + row) * uniforms.in_w + column) * uniforms.in_c4;
    var v = vec4(0.0);
    for (var i = 0u; i < 4u; i++) {
        let source = ((4u * c + i) * s + y % s) * s + x % s;
        if 4u * c + i < uniforms.out_c {
            v[i] = input[pixel + source / 4u][source % 4u];
        }
    }
    finish(v, id.z, y, x, c);
}
