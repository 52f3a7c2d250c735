//! Train: a set that was judged, and a run over it.

use super::{Stage, Window, idle, picture, shell, stage};
use addersr::{
    session::{
        TestDriver, Worker,
        trainer::{Command, Crop, Event, Found, Pieces, Scored, Stepped, Trainer},
    },
    tensor::Size,
    train::{evaluate::Score, health::Layer, look::Look},
    ui::{
        settings::Theme,
        tabs::{Tab, train::Train},
    },
};
use egui_kittest::{HarnessBuilder, kittest::Queryable};
use std::{path::PathBuf, sync::Arc};

/// Without pictures.
pub(crate) fn empty(builder: HarnessBuilder<Stage>, look: Theme) -> Window {
    let shell = shell();
    let tab = Box::new(Train::with_worker(&shell, idle()));
    stage(builder, look, tab, shell)
}

/// Draws until the worker is asked something.
fn asked(window: &mut Window, hand: &TestDriver<Trainer>) -> Command {
    for _ in 0..100 {
        if let Some(command) = hand.next() {
            return command;
        }
        window.step();
    }
    panic!("nothing was asked");
}

fn tell(hand: &TestDriver<Trainer>, window: &mut Window, event: Event) {
    assert!(hand.send(event).is_ok(), "there is room");
    window.step();
}

/// A set of six, one of them too small and one the same as another.
pub(crate) fn judged(builder: HarnessBuilder<Stage>, look: Theme) -> (Window, TestDriver<Trainer>) {
    let (worker, hand) = Worker::manual();
    let mut shell = shell();
    let mut tab = Box::new(Train::with_worker(&shell, worker));
    assert!(tab.dropped(&[PathBuf::from("/pictures")], &mut shell));
    let mut window = stage(builder, look, tab, shell);
    let Command::Judge { job, .. } = asked(&mut window, &hand) else { panic!("the set is judged first") };
    for i in 0..6 {
        let side = if i == 3 { 40 } else { 320 };
        let look = Look { size: Size::square(side), content: i as u64, bicubic: 26.0 + i as f64, blocks: 1.0 };
        let (large, small) = (Arc::new(picture(64, 64, i)), Arc::new(picture(32, 32, i)));
        let pieces = (i < 3).then_some(Pieces { large, small });
        let path = PathBuf::from(format!("/pictures/page {i}.png"));
        let found = Found { path, look: Ok(look), duplicate: i == 4, pieces };
        tell(&hand, &mut window, Event::Found(job, Box::new(found)));
    }
    tell(&hand, &mut window, Event::Judged(job));
    window.run_steps(4);
    let Command::Measure(start) = asked(&mut window, &hand) else { panic!("then how fast a run would be") };
    tell(&hand, &mut window, Event::Measured(start.job, Some(0.4)));
    window.run_steps(4);
    (window, hand)
}

/// In the middle of a run.
pub(crate) fn filled(builder: HarnessBuilder<Stage>, look: Theme) -> Window {
    let (mut window, hand) = judged(builder, look);
    window.get_by_label("Train").click();
    window.step();
    let Command::Start(start) = asked(&mut window, &hand) else { panic!("a run was asked for") };
    let job = start.job;
    let score = |psnr| Score { psnr, ssim: 0.9 };
    let piece = |seed| Arc::new(picture(64, 64, seed));
    let crop = Crop { name: "page 5.png".to_owned(), truth: piece(0), bicubic: piece(1), start: piece(2) };
    tell(&hand, &mut window, Event::Started(job, score(24.5), score(26.0), vec![crop; 3]));
    for i in 0..60u32 {
        let loss = 0.02 + 0.03 / (1.0 + i as f32) + 0.002 * (i % 3) as f32;
        let (step, seconds) = (u64::from(i + 1) * 10, f64::from(i + 1));
        let stepped = Stepped { step, loss, rate: 1e-4, seconds, share: seconds / 180.0 };
        tell(&hand, &mut window, Event::Stepped(job, stepped));
        if i % 20 == 19 {
            let health = vec![Layer {
                name: "body.0.0".to_owned(),
                gradient: Some(1.5e-3),
                alpha: Some(0.98),
                variance: Some(12.0),
            }];
            let psnr = 26.0 + 0.02 * f64::from(i);
            let crops = vec![piece(i as usize); 3];
            tell(
                &hand,
                &mut window,
                Event::Scored(job, Scored { step, score: score(psnr), best: true, crops, health }),
            );
        }
    }
    window.run_steps(4);
    window
}
