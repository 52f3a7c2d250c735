// Gradient of a pixel shuffle's input: every value returns to where its pixel came from.

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
    var v = vec4(0.0);
    for (var i = 0u; i < 4u; i++) {
        let channel = 4u * c + i;
        let row = y * s + channel / s % s;
        let column = x * s + channel % s;
        let into = channel / (s * s);
        if channel < uniforms.out_c {
            let at = (id.z * uniforms.in_h + row) * uniforms.in_w + column;
            v[i] = input[at * uniforms.in_c4 + into / 4u][into % 4u];
        }
    }
    finish(v, id.z, y, x, c);
}
