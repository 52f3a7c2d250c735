enable f16;

// Adder layer with 16-bit differences: weights, the tile in workgroup memory and sums of four taps are f16, longer sums
// and all that enters and leaves are f32. Half the memory traffic, and twice the additions on hardware that pairs them.

#import window

alias TileVec = vec4<f16>;
alias Filter = mat4x4<f16>;

fn tap(sum: vec4<f32>, own: vec4<f32>, x: vec4<f16>, w: mat4x4<f16>) -> vec4<f32> {
    return sum + vec4<f32>(abs(x.x - w[0]) + abs(x.y - w[1]) + abs(x.z - w[2]) + abs(x.w - w[3]));
}

fn result(sum: vec4<f32>, passed: vec4<f32>) -> vec4<f32> {
    return -sum;
}

fn own(n: u32, y: u32, x: u32, c: u32) -> Own {
    return Own(vec4(0.0), vec4(0.0));
}
