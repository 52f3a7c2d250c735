// An invocation's (`lanes` to a workgroup) or a workgroup's (1) place in the whole dispatch, where it is cut into several
// pieces. Every family of uniforms begins with where its piece does.

fn in_dispatch(id: vec3<u32>, lanes: u32) -> vec3<u32> {
    return id + vec3(uniforms.first_x * lanes, uniforms.first_y, uniforms.first_z);
}
