//! The worker from the outside.

use super::*;
use crate::tensor::{Point, Size};
use crate::{
    backend::Choice,
    session::{
        Worker,
        open::{Origin, open},
    },
};
use std::time::Duration;

fn worker() -> (Worker<Layers>, Request) {
    let shared = Shared::new(Choice::Cpu);
    let request = Request {
        photo: Arc::new(open(Origin::Sample).unwrap()),
        region: Rect { y: 10, x: 20, h: 24, w: 32 },
        model: shared.models.for_factor(2.0, crate::infer::bundled::Kind::Clean).unwrap(),
        second: None,
        node: None,
        channel: 3,
        pixel: Some(Point { x: 6, y: 5 }),
        paint: paint::Paint::default(),
    };
    (Worker::start("layers", Arc::new(|| {}), move || Layers::new(shared.clone())), request)
}

fn next(worker: &Worker<Layers>) -> Event {
    worker.wait(Duration::from_secs(120)).expect("an event")
}

fn looked(worker: &Worker<Layers>, request: &Request) -> Arc<LayerView> {
    let job = JobId::next();
    worker.send(Command::Look { job, request: request.clone() }).unwrap();
    loop {
        match next(worker) {
            Event::Looked(of, look) if of == job => return look,
            Event::Failed(of, failure) if of == job => panic!("{failure}"),
            _ => {}
        }
    }
}

#[test]
fn a_look_shows_the_first_power_and_then_the_whole_network() {
    let (worker, request) = worker();
    let look = looked(&worker, &request);
    let source = &look.map.source;
    assert_eq!(source.model.plan.nodes[source.node].name, "body.0.0.power");
    assert_eq!((source.shown.shape.h, source.shown.shape.w), (24, 32));
    let power = look.detail.power.as_ref().unwrap();
    assert!(power.alpha.is_finite() && power.spectra.iter().all(|s| (0.0..=1.0).contains(&s.high)));
    assert_eq!(look.detail.flat.as_ref().unwrap().curves.len(), 4);
    assert_eq!(look.explained.as_ref().unwrap().value, source.shown.pixel(0, 5, 6)[3]);
    assert!(look.thumb.width <= 240);
    let Event::Strip(strip) = next(&worker) else { panic!("the strip follows") };
    assert_eq!(strip.ranges.len(), source.model.plan.nodes.len());
    assert!(strip.ranges.iter().all(|(lo, hi)| lo <= hi));
}

#[test]
fn what_two_looks_share_is_not_computed_again() {
    let (worker, request) = worker();
    let a = looked(&worker, &request);
    let b = looked(&worker, &Request { channel: 4, ..request.clone() });
    assert!(Arc::ptr_eq(&a.map, &b.map) && !Arc::ptr_eq(&a.detail, &b.detail));
    let paint = paint::Paint { ends: paint::Ends::Shared, ..request.paint };
    let c = looked(&worker, &Request { channel: 4, paint, ..request.clone() });
    assert!(Arc::ptr_eq(&c.map.source, &a.map.source) && Arc::ptr_eq(&c.detail, &b.detail));
    assert_ne!(c.map.atlas, a.map.atlas);
    let d = looked(&worker, &Request { region: Rect { x: 0, ..request.region }, ..request });
    assert!(!Arc::ptr_eq(&d.map.source, &a.map.source));
}

#[test]
fn the_newest_request_wins_and_every_job_ends() {
    let (worker, request) = worker();
    let jobs: Vec<JobId> = (0..6).map(|_| JobId::next()).collect();
    for (i, &job) in jobs.iter().enumerate() {
        let request = Request { region: Rect { x: 20 + i, ..request.region }, ..request.clone() };
        worker.send(Command::Look { job, request }).unwrap();
    }
    let mut ended = Vec::new();
    while ended.len() < jobs.len() {
        match next(&worker) {
            Event::Looked(job, look) => {
                assert_eq!(look.request.region.x, 20 + jobs.iter().position(|&j| j == job).unwrap());
                ended.push((job, true));
            }
            Event::Failed(job, Failure::Cancelled) => ended.push((job, false)),
            _ => {}
        }
    }
    assert_eq!(ended.iter().find(|(job, _)| job == jobs.last().unwrap()), Some(&(jobs[5], true)));
}

#[test]
fn two_models_side_by_side_and_what_cannot_be_done() {
    let (worker, request) = worker();
    let same = looked(&worker, &Request { second: Some(request.model.clone()), ..request.clone() });
    let second = same.second.as_ref().unwrap().as_ref().unwrap();
    assert_eq!(second.source.shown, same.map.source.shown);
    let job = JobId::next();
    let outside = Request { region: Rect::whole(Size::square(9999)), ..request };
    worker.send(Command::Look { job, request: outside }).unwrap();
    let reason = loop {
        if let Event::Failed(of, Failure::Failed(reason)) = next(&worker) {
            assert_eq!(of, job);
            break reason;
        }
    };
    assert!(reason.contains("courtyard.png") && reason.contains("does not lie"), "{reason}");
}
