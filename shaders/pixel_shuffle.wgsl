// Depth to space: channel c·s² + i·s + j becomes channel c of the pixel (i, j) of an s×s cell.

#import chain

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
    let row = u32(i32(y / s) + params.dy);
    let column = u32(i32(x / s) + params.dx);
    let pixel = ((id.z * params.in_h + row) * params.in_w + column) * params.in_c4;
    var v = vec4(0.0);
    for (var i = 0u; i < 4u; i++) {
        let source = ((4u * c + i) * s + y % s) * s + x % s;
        if 4u * c + i < params.out_c {
            v[i] = input[pixel + source / 4u][source % 4u];
        }
    }
    finish(v, id.z, y, x, c);
}
