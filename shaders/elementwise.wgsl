// Pointwise operations on a value that is there already: the chain of shared/chain.wgsl alone.

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
    let row = u32(i32(y) + uniforms.dy);
    let column = u32(i32(x) + uniforms.dx);
    finish(input[((id.z * uniforms.in_h + row) * uniforms.in_w + column) * uniforms.in_c4 + c], id.z, y, x, c);
}
