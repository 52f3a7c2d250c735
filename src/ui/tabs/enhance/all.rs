//! All models at once: a piece of the view as each makes it. One of them becomes B; several are exported together.

use super::{
    export::{Export, FORMATS},
    state::EnhanceState,
    tries::Tries,
};
use crate::{
    error::Error,
    image_io::Format,
    infer::bundled::KindChoice,
    session::{
        Failure,
        models::{Catalogue, ModelRef},
        view::ModelChoice,
    },
    tensor::{Size, resample::Filter},
    ui::{
        Shell,
        text::{look_name, model_name, text},
        theme,
        widgets::{
            dialog::{self, Answer, Confirm},
            kind,
        },
    },
};
use eframe::egui::{self, Align2, ComboBox, Context, Role, ScrollArea, Sense, TextStyle, Ui, Vec2, WidgetInfo};

/// A piece, in points. Its pixels are the screen's.
const PIECE: Vec2 = Vec2::new(224.0, 150.0);

/// One of the ways to make the picture.
struct Card {
    look: ModelChoice,
    name: String,
    /// What it is called in names of files.
    file: String,
    export: bool,
}

/// The dialog.
pub(super) struct All {
    cards: Vec<Card>,
    format: Format,
}

impl All {
    /// All that there is for this photo and size, each once: what ships under people's names, their own models, the rest.
    pub(super) fn new(state: &EnhanceState, models: &Catalogue, format: Format) -> Result<Option<Self>, Error> {
        let (Some(photo), Some(size)) = (&state.photo, state.chosen_size()) else { return Ok(None) };
        let bicubic = ModelChoice::Baseline(Filter::Bicubic);
        let mut cards = vec![Card { name: look_name(&bicubic), file: bicubic.name(), look: bicubic, export: false }];
        let mut named = Vec::new();
        for kind in KindChoice::ALL.into_iter().filter(|kind| *kind != KindChoice::Auto) {
            let model = models.for_photo(photo, size, kind)?;
            let (name, file) = (kind::words(kind).name.to_owned(), model.name());
            if !named.contains(&model) {
                cards.push(Card { look: ModelChoice::Auto(kind), name, file, export: false });
                named.push(model);
            }
        }
        let rest = models.list().into_iter().filter(|model| !named.contains(model));
        let (own, others): (Vec<_>, Vec<_>) = rest.partition(|model| !matches!(model, ModelRef::Bundled(_)));
        for model in own.into_iter().chain(others) {
            let (name, file) = (model_name(&model), model.name());
            cards.push(Card { look: ModelChoice::Model(model), name, file, export: false });
        }
        Ok(Some(Self { cards, format }))
    }
}

/// Opens the dialog.
pub(super) fn open(state: &mut EnhanceState, export: &Export, shell: &mut Shell) {
    let format = state.photo.as_ref().map_or(Format::Png, |photo| export.format_for(photo));
    match All::new(state, &shell.shared.models, format) {
        Ok(all) => state.all = all,
        Err(error) => shell.failed(&Failure::Failed(error.to_string())),
    }
}

/// The dialog, while it is open.
pub(super) fn show(ctx: &Context, state: &mut EnhanceState, tries: &mut Tries, export: &mut Export, shell: &mut Shell) {
    let Some(mut all) = state.all.take() else { return };
    let points = ctx.pixels_per_point();
    let pixels = |length: f32| (length * points).round() as usize;
    let looks: Vec<_> = all.cards.iter().map(|card| card.look.clone()).collect();
    tries.want(state, Size::new(pixels(PIECE.x), pixels(PIECE.y)), &looks, shell);
    let chosen = all.cards.iter().filter(|card| card.export).count();
    let word = text!("try-all-export", n = chosen);
    let mut seen = None;
    let room = ctx.content_rect().size() - Vec2::new(64.0, 200.0);
    let columns = ((room.x / (PIECE.x + 16.0)) as usize).clamp(1, 4);
    let width = columns as f32 * (PIECE.x + 16.0) + 16.0;
    let answer = dialog::show(ctx, text!("try-all-title"), width, |ui| {
        ui.label(text!("try-all-hint"));
        ScrollArea::vertical().max_height(room.y.max(120.0)).auto_shrink([false, true]).show(ui, |ui| {
            egui::Grid::new("all models").num_columns(columns).spacing([16.0, 8.0]).show(ui, |ui| {
                for (n, card) in all.cards.iter_mut().enumerate() {
                    if one(ui, card, tries) {
                        seen = Some(card.look.clone());
                    }
                    if n % columns == columns - 1 {
                        ui.end_row();
                    }
                }
            });
        });
        ui.horizontal(|ui| {
            ui.label(text!("format"));
            ComboBox::from_id_salt("all format").selected_text(all.format.to_string()).show_ui(ui, |ui| {
                for format in FORMATS {
                    ui.selectable_value(&mut all.format, format, format.to_string());
                }
            });
        });
        Confirm { word: &word, tip: text!("try-all-export-tip"), enabled: chosen > 0 }
    });
    match answer {
        Answer::Open if seen.is_none() => state.all = Some(all),
        Answer::Confirmed => {
            for card in all.cards.into_iter().filter(|card| card.export) {
                export.add_as_proposed(state, card.look, &card.file, all.format);
            }
            ctx.request_repaint();
        }
        Answer::Open | Answer::Closed => {}
    }
    if let Some(look) = seen {
        state.choice.looks[1] = look;
    }
}

/// A piece with its name and a mark for export; whether it is to be B.
fn one(ui: &mut Ui, card: &mut Card, tries: &mut Tries) -> bool {
    ui.vertical(|ui| {
        let (place, response) = ui.allocate_exact_size(PIECE, Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, text!("try-all-show", name = &card.name)));
        let bicubic = ModelChoice::Baseline(Filter::Bicubic);
        tries.paint_whole(ui.painter(), place, if response.hovered() { &bicubic } else { &card.look });
        if response.hovered() || response.has_focus() {
            let stroke = egui::Stroke::new(2.0, theme::accent(ui));
            ui.painter().rect_stroke(place, 2.0, stroke, egui::StrokeKind::Outside);
        }
        if let Some(problem) = tries.problem(&card.look) {
            let font = TextStyle::Small.resolve(ui.style());
            let words = ui.painter().layout(problem.to_owned(), font, theme::bad(ui), place.width() - 16.0);
            let at = Align2::CENTER_CENTER.anchor_size(place.center(), words.size()).min;
            ui.painter().with_clip_rect(place).galley(at, words, theme::bad(ui));
        }
        ui.checkbox(&mut card.export, &card.name).on_hover_text(text!("try-all-mark-tip"));
        response.on_hover_text(text!("try-all-show-tip")).clicked()
    })
    .inner
}
