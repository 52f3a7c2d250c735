use addersr::{
    backend::{cpu::Cpu, reference::Reference, *},
    nn::*,
    tensor::*,
};
fn rnd(seed: &mut u64) -> f32 {
    *seed = seed.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
    ((*seed >> 40) as f32 / (1u64 << 24) as f32) - 0.5
}
fn close(a: &[f32], b: &[f32], tol: f32, what: &str) {
    assert_eq!(a.len(), b.len(), "{what}");
    let m = b.iter().fold(0f32, |m, v| m.max(v.abs()));
    for (i, (x, y)) in a.iter().zip(b).enumerate() {
        assert!((x - y).abs() <= tol * (m + 1e-6), "{what} [{i}] {x} vs {y} max {m}");
    }
}
#[test]
fn compare() {
    for spec in [
        ModelSpec::new(Arch::Aedsr, 2, 32, 2),
        ModelSpec::new(Arch::Aedsr, 3, 20, 1),
        ModelSpec { residual_scale: 0.3, power: PowerKind::Channel, ..ModelSpec::new(Arch::Aedsr, 2, 16, 1) },
        ModelSpec::new(Arch::Avdsr, 2, 12, 3),
        ModelSpec::new(Arch::Aedsr, 2, 32, 2).convolutional_twin(),
    ] {
        let plan = spec.plan();
        let mut s = 1u64;
        let params = Params {
            values: plan
                .params
                .iter()
                .map(|p| {
                    (0..p.numel())
                        .map(|_| match p.kind {
                            ParamKind::RunningVar => 1.0 + rnd(&mut s).abs(),
                            ParamKind::NormWeight => 0.5 + rnd(&mut s) * 0.2,
                            ParamKind::Alpha => 1.1 + 0.2 * rnd(&mut s),
                            ParamKind::RunningMean => rnd(&mut s) - 10.0,
                            _ => rnd(&mut s),
                        })
                        .collect()
                })
                .collect(),
        };
        let shape = Shape::new(2, 9, 13, plan.channels_in());
        let x = Tensor::from_vec(shape, (0..shape.len()).map(|_| rnd(&mut s) + 0.5).collect());
        let one = Tensor::from_vec(Shape { n: 1, ..shape }, x.data[..shape.len() / 2].to_vec());
        let r = Reference;
        for cpu in Cpu::all() {
            println!("{} {:?}", cpu.name(), spec);
            let names: Vec<usize> = (0..plan.nodes.len()).collect();
            let (mut ta, mut tb) = (Taps::of(names.clone()), Taps::of(names));
            let a = cpu.network(&plan, &params).run(&one, &Tile::whole(9, 13), &mut ta);
            let b = r.network(&plan, &params).run(&one, &Tile::whole(9, 13), &mut tb);
            for ((n, va), (_, vb)) in ta.wanted.iter().zip(&tb.wanted) {
                close(&va.as_ref().unwrap().data, &vb.as_ref().unwrap().data, 2e-5, &plan.nodes[*n].name);
            }
            close(&a.data, &b.data, 1e-5, "out");
            let f = cpu.network(&plan, &params).run(&one, &Tile::whole(9, 13), &mut Taps::default());
            assert!(f == a);
            let t = Tile::new(&plan, (9, 13), Rect { y: 3, x: 5, h: 4, w: 2 });
            let c = cpu.network(&plan, &params).run(
                &one.crop(t.input.y, t.input.x, t.input.h, t.input.w),
                &t,
                &mut Taps::default(),
            );
            let sc = plan.scale();
            assert!(c == f.crop(3 * sc, 5 * sc, 4 * sc, 2 * sc));
            let grads: Vec<_> = [AdderGradient::FullPrecision, AdderGradient::Sign]
                .into_iter()
                .map(|kind| {
                    let mut ga = cpu.graph(&plan, shape, kind);
                    let mut gb = r.graph(&plan, shape, kind);
                    ga.forward(&params, &x);
                    gb.forward(&params, &x);
                    let last = plan.nodes.len() - 1;
                    for i in 0..=last {
                        if let Some(v) = ga.value(i) {
                            close(&v.data, &gb.value(i).unwrap().data, 2e-5, &plan.nodes[i].name);
                        }
                    }
                    let g = Tensor::from_vec(
                        ga.value(last).unwrap().shape,
                        (0..ga.value(last).unwrap().data.len()).map(|_| rnd(&mut s)).collect(),
                    );
                    let mid = plan.find(if spec.arch == Arch::Aedsr { "body.0" } else { "body.1.power" }).unwrap();
                    let gm = Tensor::from_vec(
                        gb.value(mid).unwrap().shape,
                        (0..gb.value(mid).unwrap().data.len()).map(|_| rnd(&mut s)).collect(),
                    );
                    for _ in 0..2 {
                        let da = ga.backward(&params, vec![(last, g.clone()), (mid, gm.clone())]);
                        let db = gb.backward(&params, vec![(last, g.clone()), (mid, gm.clone())]);
                        for ((p, a), b) in plan.params.iter().zip(&da.values).zip(&db.values) {
                            close(a, b, if kind == AdderGradient::Sign { 5e-2 } else { 3e-4 }, &p.name);
                        }
                    }
                })
                .collect();
            let _ = grads;
        }
    }
}
#[test]
#[ignore]
fn speed() {
    let spec = ModelSpec::new(Arch::Aedsr, 2, 32, 4);
    let plan = spec.plan();
    let mut s = 1u64;
    let params = Params {
        values: plan
            .params
            .iter()
            .map(|p| {
                (0..p.numel())
                    .map(|_| match p.kind {
                        ParamKind::RunningVar => 1.0,
                        ParamKind::NormWeight => 0.1,
                        ParamKind::Alpha => 1.1,
                        _ => rnd(&mut s),
                    })
                    .collect()
            })
            .collect(),
    };
    let shape = Shape::new(16, 32, 32, 3);
    let x = Tensor::from_vec(shape, (0..shape.len()).map(|_| rnd(&mut s) + 0.5).collect());
    let mut g = Cpu::new().graph(&plan, shape, AdderGradient::FullPrecision);
    let out = Tensor::zeros(Shape::new(16, 64, 64, 3));
    let mut out = out;
    out.data.iter_mut().for_each(|v| *v = rnd(&mut s) * 1e-5);
    for _ in 0..3 {
        let t = std::time::Instant::now();
        g.forward(&params, &x);
        let a = t.elapsed();
        g.backward(&params, vec![(plan.nodes.len() - 1, out.clone())]);
        println!("fwd {:?} total {:?}", a, t.elapsed());
    }
    let mut tot = 0.0;
    for _ in 0..10 {
        let t = std::time::Instant::now();
        g.forward(&params, &x);
        g.backward(&params, vec![(plan.nodes.len() - 1, out.clone())]);
        tot += t.elapsed().as_secs_f64();
    }
    println!("{:.1} steps/s", 10.0 / tot);
}
