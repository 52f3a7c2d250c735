// What moves of parameters and gradients are told: `OrderUniforms` of src/backend/gpu/uniforms.rs,
// field by field; a test compares offsets.

#import dispatch

struct Uniforms {
    first_x: u32,    // where this piece of the dispatch begins, see shared/dispatch.wgsl
    first_y: u32,
    first_z: u32,
    count: u32,      // matrices or values to write
    inputs: u32,     // channels in of the matrices
    inputs_c4: u32,  // the same in vec4s
    outputs: u32,    // channels out of the matrices
    start: u32,      // first vec4 in the row of all parameters
    list: u32,       // the first of the places in use
    offset: u32,     // where in the source places count from
}

@group(0) @binding(0) var<uniform> uniforms: Uniforms;
