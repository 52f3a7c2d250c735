// Pointwise operations on a value that is there already: the chain of shared/chain.wgsl alone.

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
    let row = u32(i32(y) + params.dy);
    let column = u32(i32(x) + params.dx);
    finish(input[((id.z * params.in_h + row) * params.in_w + column) * params.in_c4 + c], id.z, y, x, c);
}
