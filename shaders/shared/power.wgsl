// The power function by the same series as src/backend/cpu/lanes: WGSL promises little of pow, log2 and exp2
// (llvmpipe's are off by 1e-5), and every device should show the same picture.

const SMALLEST: f32 = 1.17549435e-38;

// log2 of positive normal numbers: a = m·2^e with √½ ≤ m < √2, then the series of 2·artanh((m−1)/(m+1)).
fn log2_of(a: vec4<f32>) -> vec4<f32> {
    let bits = bitcast<vec4<u32>>(a);
    var e = vec4<f32>(vec4<i32>(bits >> vec4(23u)) - vec4(127));
    var m = bitcast<vec4<f32>>((bits & vec4(0x007fffffu)) | vec4(0x3f800000u));
    let above = m > vec4(1.41421356);
    e = select(e, e + 1.0, above);
    m = select(m, m * 0.5, above);
    let t = (m - 1.0) / (m + 1.0);
    let t2 = t * t;
    var s = vec4(0.320598898);
    s = fma(s, t2, vec4(0.412198583));
    s = fma(s, t2, vec4(0.577078016));
    s = fma(s, t2, vec4(0.961796694));
    s = fma(s, t2, vec4(2.88539008));
    return fma(s, t, e);
}

// 2^a: a = n + f with whole n and |f| ≤ ½, then the series of e^(f ln 2). Zero far below, clamped far above.
fn exp2_of(a: vec4<f32>) -> vec4<f32> {
    let limited = clamp(a, vec4(-127.0), vec4(127.0));
    let n = round(limited);
    let f = limited - n;
    var s = vec4(1.52527338e-5);
    s = fma(s, f, vec4(1.54035304e-4));
    s = fma(s, f, vec4(1.33335581e-3));
    s = fma(s, f, vec4(9.61812911e-3));
    s = fma(s, f, vec4(5.55041087e-2));
    s = fma(s, f, vec4(2.40226507e-1));
    s = fma(s, f, vec4(6.93147181e-1));
    s = fma(s, f, vec4(1.0));
    return s * bitcast<vec4<f32>>(vec4<u32>(vec4<i32>(n) + vec4(127)) << vec4(23u));
}

// sign(y)·|y|^alpha, 0 at 0.
fn power(y: vec4<f32>, alpha: vec4<f32>) -> vec4<f32> {
    let m = abs(y);
    let p = exp2_of(log2_of(m) * alpha);
    let positive = select(vec4(0.0), p, m > vec4(SMALLEST));
    return select(positive, -positive, y < vec4(0.0));
}

const POWER_EPS: f32 = 1e-3;

// ∂/∂y of the power function, with the floor of src/nn/layers/power.rs.
fn power_slope(y: vec4<f32>, alpha: vec4<f32>) -> vec4<f32> {
    return alpha * exp2_of((alpha - 1.0) * log2_of(max(abs(y), vec4(POWER_EPS))));
}

// ∂/∂α of the power function.
fn alpha_slope(y: vec4<f32>, alpha: vec4<f32>) -> vec4<f32> {
    return power(y, alpha) * log2_of(max(abs(y), vec4(POWER_EPS))) * 0.693147181;
}
