//! A and B: lists of what each may show. Models stand under names that people know, each with a piece of the view before and
//! after; how they are called on the command line is under "Advanced".

use super::{
    all,
    choice::LETTERS,
    export::{Export, Picks},
    picks::Pick,
    state::EnhanceState,
    tries::Tries,
};
use crate::{
    infer::{self, bundled::KindChoice},
    session::{models::ModelRef, view::ModelChoice},
    tensor::{Size, resample::Filter},
    ui::{
        Shell,
        text::{look_name, model_name, source_name, text},
        theme::UNIT,
        widgets::kind,
    },
};
use eframe::egui::{
    Align, Align2, CollapsingHeader, ComboBox, PopupCloseBehavior, Rect, RichText, Role, Sense, TextStyle, Ui, Vec2,
    WidgetInfo, vec2,
};
use std::path::PathBuf;

/// A piece before and after, in points.
const PIECE: Vec2 = Vec2::new(72.0, 48.0);
/// How much larger its pixels are than the screen's: what differs is small.
const CLOSER: f32 = 2.0;
/// Width of a line of the list.
const LINE: f32 = 300.0;
/// Height of the list, where the window has room: for all but what is under "Advanced".
const HEIGHT: f32 = 560.0;

/// What makes the pieces, what asks for files, what writes results.
pub(super) type Parts<'a> = (&'a mut Tries, &'a mut Picks, &'a mut Export);

/// The lists, and what the photo was found to be like where that chooses.
pub(super) fn show(ui: &mut Ui, state: &mut EnhanceState, mut parts: Parts<'_>, shell: &mut Shell) {
    let all = state.choice.all_looks();
    for side in 0..all.len() {
        one(ui, side, state, &mut parts, shell);
    }
    let auto = all.contains(&ModelChoice::Auto(KindChoice::Auto));
    if let (true, Some(photo), Some(size)) = (auto, &state.photo, state.chosen_size()) {
        let factor = infer::factor(photo.pixels.size(), size);
        ui.label(RichText::new(source_name(&photo.source, factor)).small().weak()).on_hover_text(text!("source-tip"));
    }
}

fn one(ui: &mut Ui, side: usize, state: &mut EnhanceState, parts: &mut Parts<'_>, shell: &mut Shell) {
    let letter = LETTERS[side];
    ui.horizontal(|ui| {
        ui.label(letter);
        let chosen = state.shown_name(side);
        let combo = ComboBox::from_id_salt(("look", side)).width(ui.available_width()).truncate();
        let combo = combo.close_behavior(PopupCloseBehavior::CloseOnClickOutside).height(HEIGHT);
        let response = combo.selected_text(chosen.clone()).show_ui(ui, |ui| list(ui, side, state, parts, shell));
        let name = text!("look-name", side = letter);
        response.response.widget_info(|| {
            let mut info = WidgetInfo::labeled(Role::ComboBox, true, &name);
            info.current_text_value = Some(chosen.clone());
            info
        });
        let tips = [text!("look-a-tip"), text!("look-b-tip"), text!("look-more-tip"), text!("look-more-tip")];
        response.response.on_hover_text(tips[side]);
    });
}

/// What a side may show; it closes with a choice.
fn list(ui: &mut Ui, side: usize, state: &mut EnhanceState, parts: &mut Parts<'_>, shell: &mut Shell) {
    let (tries, picks, export) = parts;
    ui.set_min_width(LINE);
    ui.spacing_mut().item_spacing.y = 2.0;
    let now = state.choice.look(side).clone();
    let (own, others) = kind::own_and_others(&shell.shared.models);
    let mut chosen = None;
    for filter in Filter::ALL {
        plain(ui, &now, ModelChoice::Baseline(filter), &mut chosen);
    }
    ui.separator();
    let own: Vec<_> = own.into_iter().map(ModelChoice::Model).collect();
    // The quick ones first; the line before them is what all are compared with.
    let order = [KindChoice::Clean, KindChoice::Auto, KindChoice::Camera, KindChoice::Best, KindChoice::Photo];
    let before = [ModelChoice::Baseline(Filter::Bicubic)];
    let looks: Vec<_> = before.into_iter().chain(order.map(ModelChoice::Auto)).chain(own.clone()).collect();
    let points = ui.pixels_per_point();
    let pixels = |length: f32| (length * points / CLOSER).round() as usize;
    let piece = Size::new(pixels(PIECE.x), pixels(PIECE.y));
    tries.want(state, piece, &looks, shell);
    for kind in KindChoice::ALL {
        let words = kind::words(kind);
        line(ui, tries, &now, ModelChoice::Auto(kind), (words.name, words.hint, words.tip), &mut chosen);
    }
    for look in own {
        let name = look_name(&look);
        line(ui, tries, &now, look, (&name, text!("own-model"), &name), &mut chosen);
    }
    if ui.selectable_label(false, text!("try-all")).on_hover_text(text!("try-all-tip")).clicked() {
        all::open(state, export, shell);
        ui.close();
    }
    let is_other = |look: &ModelChoice| matches!(look, ModelChoice::Model(model) if others.contains(model));
    let advanced = CollapsingHeader::new(text!("advanced")).default_open(is_other(&now)).show(ui, |ui| {
        for model in &others {
            plain(ui, &now, ModelChoice::Model(model.clone()), &mut chosen);
        }
    });
    if 0.0 < advanced.openness && advanced.openness < 1.0 {
        // What opens below would be out of sight.
        advanced.header_response.scroll_to_me(Some(Align::TOP));
    }
    let mut ask = None;
    if ui.selectable_label(false, text!("look-add-model")).clicked() {
        ask = Some(Pick::Model(side));
    }
    ui.separator();
    if let ModelChoice::File(_) = now {
        plain(ui, &now, now.clone(), &mut chosen);
    }
    if ui.selectable_label(false, text!("look-picture")).clicked() {
        ask = Some(Pick::Picture(side));
    }
    if let Some(what) = ask {
        picks.ask(what, what.question(PathBuf::new()), &shell.waker);
        ui.close();
    }
    if let Some(look) = chosen {
        *state.choice.look_mut(side) = look;
        ui.close();
    }
}

/// A line with nothing but a name.
fn plain(ui: &mut Ui, now: &ModelChoice, look: ModelChoice, chosen: &mut Option<ModelChoice>) {
    let name = match &look {
        ModelChoice::Model(model @ (ModelRef::Bundled(_) | ModelRef::Floats(_))) => model_name(model),
        other => look_name(other),
    };
    if ui.selectable_label(*now == look, name).clicked() {
        *chosen = Some(look);
    }
}

/// A line with a piece of the view, a name and what the model is good for.
fn line(
    ui: &mut Ui,
    tries: &mut Tries,
    now: &ModelChoice,
    look: ModelChoice,
    (name, hint, tip): (&str, &str, &str),
    chosen: &mut Option<ModelChoice>,
) {
    let (place, response) = ui.allocate_exact_size(vec2(LINE, PIECE.y + 6.0), Sense::click());
    let is_chosen = *now == look;
    response.widget_info(|| WidgetInfo::selected(Role::Button, true, is_chosen, name));
    let visuals = ui.style().interact_selectable(&response, is_chosen);
    if is_chosen || response.hovered() || response.has_focus() {
        ui.painter().rect_filled(place, visuals.corner_radius, visuals.weak_bg_fill);
    }
    let piece = Rect::from_min_size(place.min + vec2(3.0, 3.0), PIECE);
    tries.paint(ui.painter(), piece, &look);
    let at = piece.right_top() + vec2(UNIT, 4.0);
    let font = TextStyle::Button.resolve(ui.style());
    ui.painter().text(at, Align2::LEFT_TOP, name, font, visuals.text_color());
    let room = place.right() - at.x - 4.0;
    let problem = tries.problem(&look).map(str::to_owned);
    let weak = if is_chosen { visuals.text_color() } else { ui.visuals().weak_text_color() };
    let font = TextStyle::Small.resolve(ui.style());
    let hint = ui.painter().layout(problem.clone().unwrap_or_else(|| hint.to_owned()), font, weak, room);
    let below = at + vec2(0.0, 18.0);
    ui.painter().with_clip_rect(place).galley(below, hint, weak);
    if response.on_hover_text(problem.as_deref().unwrap_or(tip)).clicked() {
        *chosen = Some(look);
    }
}
