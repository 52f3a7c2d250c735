// The fast kernel of everything that reads a K×K window: adder layers, convolutions, and their input gradients, which
// differ in one line, `tap`, and in the types `TileVec` (a vec4) and `Filter` (a matrix) that it adds up.
//
// A workgroup computes a tile of 2·LANES_X × 2·LANES_Y pixels and 8 channels. CHUNK·4 channels of the tile's input with
// its border are brought into workgroup memory at a time, where each value serves up to K² pixels. An invocation keeps
// 2×2 pixels × 8 channels in registers, so that a vec4 of inputs and a mat4x4 of weights (column i: input channel i,
// rows: four outputs) serve 32 and 64 taps. Sums run over chunks, then taps, then channels, the same for every pixel.
//
// Weights: [block of 8 outputs][tap][vec4 of input channels][2] mat4x4, read in order, the same for a whole workgroup.

#import chain

@group(0) @binding(7) var<storage, read> weights: array<Filter>;

override K: u32 = 3u;
override LANES_X: u32 = 8u;
override LANES_Y: u32 = 8u;
override CHUNK: u32 = 2u;
override PATCH_W: u32 = 2u * LANES_X + K - 1u;
override PATCH_H: u32 = 2u * LANES_Y + K - 1u;
override PATCH: u32 = PATCH_W * PATCH_H * CHUNK; // a name of its own, because naga 30 trips over a product here

var<workgroup> shared_tile: array<TileVec, PATCH>;

// Fills the patch with `count` vec4s of channels from `first` on, zeros outside the picture.
fn load(lane: u32, n: u32, y0: i32, x0: i32, first: u32, count: u32) {
    for (var i = lane; i < PATCH_W * PATCH_H * count; i += LANES_X * LANES_Y) {
        let c = i % count;
        let y = y0 + i32(i / count / PATCH_W);
        let x = x0 + i32(i / count % PATCH_W);
        var v = vec4(0.0);
        if y >= 0 && y < i32(uniforms.in_h) && x >= 0 && x < i32(uniforms.in_w) {
            v = input[((n * uniforms.in_h + u32(y)) * uniforms.in_w + u32(x)) * uniforms.in_c4 + first + c];
        }
        shared_tile[c * PATCH_W * PATCH_H + i / count] = TileVec(v);
    }
}

@compute @workgroup_size(LANES_X, LANES_Y)
fn main(
    @builtin(workgroup_id) in_piece: vec3<u32>,
    @builtin(local_invocation_id) local: vec3<u32>,
    @builtin(local_invocation_index) lane: u32,
) {
    let group = in_dispatch(in_piece, 1u);
    let blocks = (uniforms.out_c4 + 1u) / 2u;
    let n = group.z / blocks;
    let block = group.z % blocks;
    let o = 2u * block;
    let y = group.y * 2u * LANES_Y + local.y;
    let x = group.x * 2u * LANES_X + local.x;
    let y2 = y + LANES_Y;
    let x2 = x + LANES_X;
    let own00 = own(n, y, x, o);
    let own01 = own(n, y, x2, o);
    let own10 = own(n, y2, x, o);
    let own11 = own(n, y2, x2, o);
    var a00 = vec4(0.0);
    var a01 = vec4(0.0);
    var a10 = vec4(0.0);
    var a11 = vec4(0.0);
    var b00 = vec4(0.0);
    var b01 = vec4(0.0);
    var b10 = vec4(0.0);
    var b11 = vec4(0.0);
    // What passed by, for a result that asks for it; elsewhere compilers leave it out.
    var s00 = vec4(0.0);
    var s01 = vec4(0.0);
    var s10 = vec4(0.0);
    var s11 = vec4(0.0);
    for (var first = 0u; first < uniforms.in_c4; first += CHUNK) {
        let count = min(CHUNK, uniforms.in_c4 - first);
        workgroupBarrier();
        load(lane, n, i32(y - local.y) + uniforms.dy, i32(x - local.x) + uniforms.dx, first, count);
        workgroupBarrier();
        for (var t = 0u; t < K * K; t++) {
            let corner = (local.y + t / K) * PATCH_W + local.x + t % K;
            let row = ((block * K * K + t) * uniforms.in_c4 + first) * 2u;
            for (var c = 0u; c < count; c++) {
                let wa = weights[row + 2u * c];
                let wb = weights[row + 2u * c + 1u];
                let at = c * PATCH_W * PATCH_H + corner;
                let p00 = shared_tile[at];
                let p01 = shared_tile[at + LANES_X];
                let p10 = shared_tile[at + LANES_Y * PATCH_W];
                let p11 = shared_tile[at + LANES_Y * PATCH_W + LANES_X];
                s00 += vec4<f32>(p00);
                s01 += vec4<f32>(p01);
                s10 += vec4<f32>(p10);
                s11 += vec4<f32>(p11);
                a00 = tap(a00, own00.a, p00, wa);
                b00 = tap(b00, own00.b, p00, wb);
                a01 = tap(a01, own01.a, p01, wa);
                b01 = tap(b01, own01.b, p01, wb);
                a10 = tap(a10, own10.a, p10, wa);
                b10 = tap(b10, own10.b, p10, wb);
                a11 = tap(a11, own11.a, p11, wa);
                b11 = tap(b11, own11.b, p11, wb);
            }
        }
    }
    finish(result(a00, s00), n, y, x, o);
    finish(result(b00, s00), n, y, x, o + 1u);
    finish(result(a01, s01), n, y, x2, o);
    finish(result(b01, s01), n, y, x2, o + 1u);
    finish(result(a10, s10), n, y2, x, o);
    finish(result(b10, s10), n, y2, x, o + 1u);
    finish(result(a11, s11), n, y2, x2, o);
    finish(result(b11, s11), n, y2, x2, o + 1u);
}

// What a kernel knows of the value it computes, two vec4s of channels: only input gradients do.
struct Own {
    a: vec4<f32>,
    b: vec4<f32>,
}
