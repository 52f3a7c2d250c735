// Y / 255 of BT.601 in studio range (src/tensor/colour.rs).
fn luma_of(rgb: vec3<f32>) -> f32 {
    return (16.0 + dot(rgb, vec3(65.481, 128.553, 24.966))) / 255.0;
}
