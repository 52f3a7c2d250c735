// Kernels from pixels to pixels, one invocation for each of the result.

#import pixel_uniforms

@group(0) @binding(1) var<storage, read> input: array<vec4<f32>>;
@group(0) @binding(2) var<storage, read_write> output: array<vec4<f32>>;

// Where a pixel of the result stands.
fn place(id: vec3<u32>) -> u32 {
    return id.y * uniforms.out_w + id.x;
}

// Where it stands in the input, of which the result covers a part.
fn source(id: vec3<u32>) -> u32 {
    return (id.y + uniforms.dy) * uniforms.in_w + id.x + uniforms.dx;
}
