//! The state without a window.

use super::*;
use crate::session::{
    open,
    view::{Facts, Image},
};
use crate::tensor::Size;
use std::path::PathBuf;

const PANE: (f64, f64) = (800.0, 600.0);

fn photo() -> Arc<Photo> {
    Arc::new(open::open(open::Origin::Sample).unwrap())
}

fn tile(layer: Layer, index: usize, wanted: &Wanted) -> Tile {
    let image = Arc::new(Image { width: 1, height: 1, rgba: vec![1, 2, 3, 255] });
    Tile { layer, index, version: wanted.version, level: wanted.level, provisional: false, image, seconds: Some(0.5) }
}

/// The worker has seen a scene.
fn seen(state: &mut EnhanceState, job: JobId) {
    let size = state.size().unwrap();
    let facts = Facts { grid: Grid { size }, names: vec!["a".into(), "b".into()], prices: vec![None, None] };
    state.apply(Event::Facts(job, facts));
}

/// A state with a scene, and what it asked for first.
fn started() -> (EnhanceState, JobId, Wanted) {
    let mut state = EnhanceState::new(Choice::default());
    let job = state.scene(&photo(), 0, 0).unwrap().job;
    let wanted = state.wanted(PANE, 0.0).unwrap();
    seen(&mut state, job);
    (state, job, wanted)
}

#[test]
fn what_is_in_view_is_asked_for_once_the_middle_first() {
    let (mut state, job, wanted) = started();
    assert_eq!(wanted.job, job);
    let size = state.size().unwrap();
    let touched = Grid { size }.touched(wanted.visible);
    assert_eq!(wanted.tiles.len(), 2 * touched.len());
    assert_eq!(wanted.tiles[..2], [(Layer::A, touched[0]), (Layer::B, touched[0])]);
    assert!(state.wanted(PANE, 1.0).is_none() && !state.late, "nothing has changed");
    state.apply(Event::Tile(job, tile(Layer::B, touched[0], &wanted)));
    assert_eq!(state.progress(), super::super::work::TilesInView { done: 1, all: touched.len() });
    assert!(state.speed().is_some());
    state.camera.zoom_at(1.5, 0.0, 0.0);
    assert!(state.wanted(PANE, 0.01).is_none() && state.late, "not so soon");
    let again = state.wanted(PANE, 1.0).unwrap();
    assert!(
        again.level != wanted.level || !again.tiles.contains(&(Layer::B, touched[0])),
        "what is there is not asked for"
    );
}

#[test]
fn another_choice_keeps_the_side_that_it_does_not_touch_and_old_answers_are_dropped() {
    let (mut state, old, wanted) = started();
    for layer in [Layer::A, Layer::B] {
        state.apply(Event::Tile(old, tile(layer, 0, &wanted)));
    }
    let photo = state.photo.clone().unwrap();
    assert!(state.scene(&photo, 0, 0).is_none());
    state.choice.looks[1] = ModelChoice::File(PathBuf::from("b.png"));
    let show = state.scene(&photo, 0, 0).unwrap();
    state.choice.strength = 0.9;
    state.choice.target = crate::infer::Target::Factor(3.0);
    assert!(state.scene(&photo, 0, 0).is_none(), "one scene at a time");
    state.choice.target = crate::infer::Target::Factor(2.0);
    assert!(show.job != old && state.tiles.contains_key(&(Layer::A, 0)) && !state.tiles.contains_key(&(Layer::B, 0)));
    state.apply(Event::Tile(old, tile(Layer::B, 0, &wanted)));
    assert!(!state.tiles.contains_key(&(Layer::B, 0)));
    state.apply(Event::Failed(show.job, crate::session::Failure::Failed("no b.png".into())));
    assert_eq!(state.stage.failure(), Some("no b.png"));
    assert!(state.scene(&photo, 1, 0).is_some(), "another device computes anew");
    assert_eq!((state.stage.failure(), state.tiles.len()), (None, 0));
}

#[test]
fn strength_asks_for_the_tiles_again_but_for_no_other_scene() {
    let (mut state, job, wanted) = started();
    for &(layer, index) in &wanted.tiles {
        state.apply(Event::Tile(job, tile(layer, index, &wanted)));
    }
    state.choice.strength = 0.5;
    let photo = state.photo.clone().unwrap();
    assert!(state.scene(&photo, 0, 0).is_none());
    let again = state.wanted(PANE, 1.0).unwrap();
    assert_eq!((again.tiles.len(), again.strength), (wanted.tiles.len(), 0.5));
    assert_eq!(state.tiles.len(), wanted.tiles.len(), "the old ones are drawn until then");
}

#[test]
fn a_provisional_tile_never_replaces_a_real_one_and_undo_takes_a_drag_back_at_once() {
    let (mut state, job, wanted) = started();
    let real = tile(Layer::B, 0, &wanted);
    state.apply(Event::Tile(job, real.clone()));
    state.apply(Event::Tile(job, Tile { provisional: true, ..real }));
    assert!(!state.tiles[&(Layer::B, 0)].tile.provisional);
    for percent in [90, 80, 70] {
        state.choice.strength = percent as f32 / 100.0;
        state.settle(false);
    }
    state.settle(true);
    state.undo();
    assert_eq!(state.choice.strength, 1.0);
    state.redo();
    assert_eq!(state.choice.strength, 0.7);
}

#[test]
fn the_view_is_told_in_pixels_of_the_photo() {
    let (mut state, _, _) = started();
    let of = state.photo.clone().unwrap().pixels.clone();
    assert_eq!(state.view(), Some(Rect::whole(of.size())));
    state.camera.zoom_at(8.0, 0.0, 0.0);
    state.wanted(PANE, 1.0);
    let (view, seen) = (state.view().unwrap(), state.visible.unwrap());
    assert!(view.w.abs_diff(seen.w / 2) <= 2 && view.h.abs_diff(seen.h / 2) <= 2);
}

#[test]
fn a_better_model_of_the_training_is_shown_by_itself_once_and_only_where_it_is_looked_at() {
    let (mut state, _, _) = started();
    let photo = state.photo.clone().unwrap();
    assert!(state.scene(&photo, 0, 1).is_none(), "nobody looks at it");
    state.choice.looks[1] = ModelChoice::Model(ModelRef::Trained);
    let job = state.scene(&photo, 0, 1).unwrap().job;
    let first = state.wanted(PANE, 1.0).unwrap();
    seen(&mut state, job);
    for &(layer, index) in &first.tiles {
        state.apply(Event::Tile(job, tile(layer, index, &first)));
    }
    assert!(state.scene(&photo, 0, 1).is_none());
    let job = state.scene(&photo, 0, 2).unwrap().job;
    assert!(state.tiles.contains_key(&(Layer::B, 0)), "the last one's tiles are drawn until the new ones come");
    seen(&mut state, job);
    assert!(state.scene(&photo, 0, 2).is_none(), "once");
    let again = state.wanted(PANE, 2.0).unwrap();
    assert!(again.tiles.contains(&(Layer::B, 0)) && again.tiles.len() == first.tiles.len(), "what is in view, no more");
}

#[test]
fn a_crop_gives_exact_sizes_their_meaning_and_goes_with_its_photo() {
    let (mut state, ..) = started();
    let whole = state.photo.as_ref().map(|photo| photo.pixels.size()).unwrap();
    state.choice.resize(crate::infer::Target::Width(300));
    state.choice.crop = Some(Rect { y: 20, x: 10, h: 50, w: 100 });
    assert_eq!(state.exported_size(), Some(Size::new(300, 150)), "the width is the part's");
    assert_eq!(state.chosen_size(), Some(whole.times(3)));
    state.history.settle(&state.choice, true);
    state.choice.strength = 0.5;
    state.history.settle(&state.choice, true);
    assert!(state.scene(&photo(), 0, 0).is_some());
    assert_eq!((state.choice.crop, state.exported_size()), (None, state.chosen_size()), "another photo");
    state.undo();
    assert_eq!((state.choice.crop, state.choice.strength), (None, 1.0), "nor is it brought back");
    state.choice.crop = Some(Rect { y: 0, x: 0, h: 9, w: usize::MAX });
    assert_eq!(state.exported_size(), None, "what lies outside is not taken for all of it");
}

#[test]
fn four_sides_are_asked_for_where_four_are_seen_and_what_two_show_stays() {
    let (mut state, job, wanted) = started();
    let photo = state.photo.clone().unwrap();
    state.apply(Event::Tile(job, tile(Layer::B, 0, &wanted)));
    state.choice.mode = Mode::Four;
    let show = state.scene(&photo, 0, 0).unwrap();
    assert_eq!(show.looks, state.choice.all_looks());
    assert_eq!(show.looks.len(), 4);
    assert!(state.tiles.contains_key(&(Layer::B, 0)), "B is as it was");
    assert_eq!(state.shown_name(3), text::look_name(&state.choice.more[1]), "the worker has not seen D yet");
    let four = state.wanted(PANE, 1.0).unwrap();
    assert!([Layer::C, Layer::D].iter().all(|side| four.tiles.contains(&(*side, 1))));
    assert!(!four.tiles.contains(&(Layer::B, 0)), "what is there is not asked for");
    seen(&mut state, show.job);
    state.choice.mode = Mode::Split;
    state.choice.more[0] = ModelChoice::Auto(KindChoice::Camera);
    assert!(state.scene(&photo, 0, 0).is_none(), "of what is not seen nothing is made");
    state.choice.mode = Mode::Four;
    assert!(state.scene(&photo, 0, 0).is_some());
}
