// Gradient of a pixel shuffle's input: every value returns to where its pixel came from.

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
    var v = vec4(0.0);
    for (var i = 0u; i < 4u; i++) {
        let channel = 4u * c + i;
        let row = y * s + channel / s % s;
        let column = x * s + channel % s;
        let into = channel / (s * s);
        if channel < params.out_c {
            v[i] = input[((id.z * params.in_h + row) * params.in_w + column) * params.in_c4 + into / 4u][into % 4u];
        }
    }
    finish(v, id.z, y, x, c);
}
