//! Batch with rows in every state.

use super::{Stage, Window, idle, shell, stage};
use addersr::{
    infer::Way,
    session::{
        Worker,
        batch::{BatchState, Event, Mode, Planned, Progress, Row},
        models::ModelRef,
    },
    tensor::Size,
    ui::{settings::Theme, tabs::batch::Batch},
};
use egui_kittest::HarnessBuilder;
use std::path::{Path, PathBuf};

/// Without pictures.
pub(crate) fn empty(builder: HarnessBuilder<Stage>, look: Theme) -> Window {
    let shell = shell();
    let tab = Box::new(Batch::with_workers(&shell, idle(), idle(), PathBuf::new()));
    stage(builder, look, tab, shell)
}

/// A row; `name` may be any.
pub(crate) fn row(id: usize, name: &str, state: BatchState) -> Row {
    let plan = Planned {
        size: Size::new(2400, 1600),
        out: Path::new("/results").join(format!("{name}_x2.png")),
        fresh: true,
        model: ModelRef::Bundled("x2".to_owned()),
        way: Way { passes: 1, scale: 2, rest: 1.0 },
        cost: 3_840_000,
        estimate: Some(9.0),
    };
    let planned = !matches!(state, BatchState::Refused(_));
    let seconds = (state == BatchState::Done).then_some(8.0);
    Row {
        id,
        source: Path::new("/photos").join(format!("{name}.jpg")),
        below: PathBuf::new(),
        number: id + 1,
        input: planned.then_some(Size::new(1200, 800)),
        plan: planned.then_some(plan),
        state,
        found: None,
        kind: None,
        notes: Vec::new(),
        recovered: None,
        seconds,
        named: false,
        stamp: None,
        renew: None,
    }
}

/// In the middle of a run.
pub(crate) fn filled(builder: HarnessBuilder<Stage>, look: Theme) -> Window {
    let (worker, hand) = Worker::manual();
    let long = "a name that is much longer than any column of this table could ever be, with # and 100 %";
    let rows = vec![
        row(0, "courtyard", BatchState::Done),
        row(1, long, BatchState::Done),
        row(2, "bridge", BatchState::Working),
        row(3, "station", BatchState::Reading),
        row(4, "harbour", BatchState::Ready),
        row(5, "market", BatchState::Skipped("market_x2.png is there already".to_owned())),
        row(6, "notes", BatchState::Refused("notes.jpg is not a picture".to_owned())),
        row(7, "garden", BatchState::Failed("the disk is full".to_owned())),
        row(8, "street", BatchState::Ready),
    ];
    let progress =
        Progress { current: Some((2, 0.4)), done: 9_000_000, total: 21_000_000, speed: 440_000.0, left: Some(29.0) };
    for event in [Event::Rows(rows), Event::Planned(true), Event::Mode(Mode::Running), Event::Progress(progress)] {
        assert!(hand.send(event).is_ok(), "there is room");
    }
    let shell = shell();
    let tab = Box::new(Batch::with_workers(&shell, worker, idle(), PathBuf::new()));
    let mut window = stage(builder, look, tab, shell);
    window.run_steps(4);
    window
}
