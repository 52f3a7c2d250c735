//! The frame around the tabs: the bar above, files that are dropped, keys that work everywhere, notices below.

use super::{
    Settings, Shell,
    device_menu::DeviceMenu,
    full_screen::FullScreen,
    icons::{self, Icon},
    notification,
    place::WindowPlace,
    report::FaultReport,
    settings::Theme,
    settings_menu::{self, Speech},
    tabs::{TabKind, Tabs},
    text::{Language, text},
    theme,
    widgets::{
        dialog, hover, keys, names, notices,
        pick::{self, Pick, Question, Wanted},
    },
};
use eframe::egui::{self, Key};
use std::{
    path::PathBuf,
    sync::Arc,
    time::{Duration, Instant},
};

/// Changed settings are written at most so often.
const SAVE_EVERY: Duration = Duration::from_secs(1);

/// Keys that work in every tab.
fn keys_everywhere() -> Vec<(&'static str, &'static str)> {
    vec![
        (text!("key-ctrl-o"), text!("open-photo")),
        (text!("key-ctrl-1-4"), text!("keys-tabs")),
        (text!("key-zoom-window"), text!("interface-size")),
        ("F11", text!("keys-full-screen")),
        (text!("key-enter-esc"), text!("keys-dialog")),
        ("?", text!("keys-this-list")),
    ]
}

/// The window's content.
pub struct App {
    shell: Shell,
    tabs: Tabs,
    current: TabKind,
    help: bool,
    full_screen: FullScreen,
    title: String,
    saved: Settings,
    /// When settings were last written; `None` where they are not kept at all.
    saved_at: Option<Instant>,
    pick: Pick<()>,
    report: FaultReport,
    device: DeviceMenu,
    speech: Speech,
}

impl App {
    /// Starts the workers and opens what was named on the command line.
    pub fn new(context: &eframe::CreationContext<'_>, settings: Settings, paths: Vec<PathBuf>) -> Self {
        settings_menu::set_threads(&settings);
        let app = Self::start(&context.egui_ctx, settings, paths, Language::of_system());
        Self { saved_at: Some(Instant::now()), ..app }
    }

    /// The same with given settings, of which no change is kept: for tests, whose looks must not depend on whose machine
    /// runs them, nor change it.
    pub fn with_settings(context: &egui::Context, settings: Settings, paths: Vec<PathBuf>) -> Self {
        Self::start(context, settings, paths, Language::English)
    }

    fn start(context: &egui::Context, settings: Settings, paths: Vec<PathBuf>, system: Language) -> Self {
        let speech = Speech::new(system, settings.language);
        settings_menu::resize(context, settings.interface_size);
        theme::apply(context);
        theme::choose(context, settings.theme);
        let wake = context.clone();
        let mut shell = Shell::new(Arc::new(move || wake.request_repaint()), settings.clone());
        let tabs = Tabs::new(&mut shell);
        let mut app = Self {
            shell,
            tabs,
            current: TabKind::Enhance,
            help: false,
            full_screen: FullScreen::default(),
            title: String::new(),
            saved: settings,
            saved_at: None,
            pick: Pick::default(),
            report: FaultReport::default(),
            device: DeviceMenu::default(),
            speech,
        };
        if !paths.is_empty() {
            app.take(&paths);
        }
        app
    }

    /// What tabs share.
    pub fn shell(&mut self) -> &mut Shell {
        &mut self.shell
    }

    /// Files and folders from anywhere: the tab in front is asked first, then one photo opens and many go to Batch.
    fn take(&mut self, paths: &[PathBuf]) {
        if self.tabs.get(self.current).dropped(paths, &mut self.shell) || self.shell.open_paths(paths) {
            return;
        }
        if self.tabs.get(TabKind::Batch).dropped(paths, &mut self.shell) {
            self.shell.show(TabKind::Batch);
        }
    }

    fn keys(&mut self, ctx: &egui::Context) {
        let digits = [Key::Num1, Key::Num2, Key::Num3, Key::Num4];
        for (tab, key) in TabKind::ALL.into_iter().zip(digits) {
            if keys::take_command(ctx, key) {
                self.current = tab;
            }
        }
        if keys::take_command(ctx, Key::O) {
            self.pick();
        }
        if keys::are_free(ctx) && ctx.input(|i| i.events.iter().any(|e| matches!(e, egui::Event::Text(t) if t == "?")))
        {
            self.help = !self.help;
        }
        if self.help && dialog::escaped(ctx) {
            self.help = false;
        }
        let was = self.full_screen.is_on();
        self.full_screen.update(ctx, self.shell.photo.is_some());
        if self.full_screen.is_on() && !was {
            self.current = TabKind::Enhance;
        }
    }

    fn pick(&mut self) {
        let (title, word, hint) = (text!("open-photo"), text!("open"), text!("hint-photo"));
        let question = Question { title, word, hint, wanted: Wanted::Files(pick::pictures()), typed: true };
        self.pick.ask((), question, &self.shell.waker);
    }

    /// Keeps changed settings: not while something is dragged, and not with every letter that is typed.
    fn keep_settings(&mut self, ctx: &egui::Context) {
        if self.saved_at.is_some() {
            self.shell.settings.interface_size = ctx.zoom_factor();
            self.shell.settings.window = ctx.input(|i| WindowPlace::now(i.viewport(), self.shell.settings.window));
        }
        let Some(saved_at) = self.saved_at.filter(|_| self.shell.settings != self.saved) else { return };
        let rest = SAVE_EVERY.saturating_sub(saved_at.elapsed());
        if rest.is_zero() && !ctx.input(|i| i.pointer.any_down()) {
            self.save_settings();
        } else {
            ctx.request_repaint_after(rest.max(Duration::from_millis(100)));
        }
    }

    fn save_settings(&mut self) {
        self.saved.clone_from(&self.shell.settings);
        self.saved_at = Some(Instant::now());
        self.saved.save();
    }

    fn bar(&mut self, ui: &mut egui::Ui) {
        ui.horizontal(|ui| {
            for tab in TabKind::ALL {
                if icons::choice(ui, tab.icon(), tab.title(), tab == self.current)
                    .on_hover_text(tab.tooltip())
                    .clicked()
                {
                    self.current = tab;
                }
            }
            ui.separator();
            if icons::labelled(ui, Icon::Open, text!("open-ask")).on_hover_text(text!("open-ask-tip")).clicked() {
                self.pick();
            }
            let pages = self.shell.has_folder();
            for (icon, tip, by) in [(Icon::Previous, text!("photo-previous"), -1), (Icon::Next, text!("photo-next"), 1)]
            {
                if self.shell.photo.is_some() && icons::button(ui, icon, tip, pages).clicked() {
                    self.shell.step(by);
                }
            }
            if pages && self.shell.photo.is_some() {
                let shown = self.shell.settings.film_strip;
                let tip = if shown { text!("strip-hide") } else { text!("strip-show") };
                if icons::button(ui, Icon::Strip, tip, true).clicked() {
                    self.shell.settings.film_strip = !shown;
                }
            }
            if let Some(photo) = &self.shell.photo {
                let size = format!("{:#}", photo.pixels.size());
                // A name of any length leaves room for the icons at the right.
                let icons = 5.0 * (ui.spacing().interact_size.y + theme::UNIT);
                let room = (ui.available_width() - icons).max(0.0);
                let name = names::cut(ui, &photo.name, egui::TextStyle::Body, room);
                ui.label(name).on_hover_text(format!("{}\n{size}", photo.name));
            }
            if self.shell.is_opening() {
                ui.spinner();
            }
            ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
                if icons::button(ui, Icon::Help, text!("keys-button"), true).clicked() {
                    self.help = !self.help;
                }
                settings_menu::show(ui, &mut self.shell.settings);
                self.theme_button(ui);
                self.device.show(ui, &mut self.shell);
            });
        });
    }

    fn theme_button(&mut self, ui: &mut egui::Ui) {
        if icons::button(ui, Icon::Theme, text!("theme-button"), true).clicked() {
            let next = if ui.visuals().dark_mode { Theme::Light } else { Theme::Dark };
            self.shell.settings.theme = next;
            theme::choose(ui.ctx(), next);
        }
    }

    fn help_window(&mut self, ctx: &egui::Context) {
        let mut open = self.help;
        egui::Window::new(text!("keys"))
            .open(&mut open)
            .collapsible(false)
            .resizable(false)
            .anchor(egui::Align2::CENTER_CENTER, [0.0, 0.0])
            .show(ctx, |ui| {
                let own = self.tabs.get(self.current).keys();
                let height = (ctx.content_rect().height() - 168.0).max(200.0);
                egui::ScrollArea::vertical().max_height(height).show(ui, |ui| {
                    for (title, keys) in [(text!("keys-everywhere"), keys_everywhere()), (self.current.title(), own)] {
                        if !keys.is_empty() {
                            list(ui, title, &keys);
                        }
                    }
                });
                ui.add_space(theme::UNIT);
                ui.separator();
                self.report.button(ui, &self.shell);
            });
        self.help = open;
    }

    /// Tells people whose window is not in front what has ended.
    fn tell_ended(&mut self, ctx: &egui::Context) {
        let ended = self.shell.jobs.take_ended();
        if ctx.input(|i| i.viewport().focused) != Some(false) {
            return;
        }
        for line in ended {
            notification::mark(ctx);
            // The desktop is theirs who sit at it, not of tests.
            if self.saved_at.is_some() {
                notification::show(line);
            }
        }
    }

    fn set_title(&mut self, ctx: &egui::Context) {
        let photo = self.shell.photo.as_ref().map(|p| p.name.as_str());
        let job = self.shell.jobs.title();
        let parts = [job.as_deref().or(photo), Some("AdderSR")];
        let title = parts.into_iter().flatten().collect::<Vec<_>>().join(" · ");
        if title != self.title {
            ctx.send_viewport_cmd(egui::ViewportCommand::Title(title.clone()));
            self.title = title;
        }
    }
}

/// Keys and what they do, in two columns that stand alike under every title.
fn list(ui: &mut egui::Ui, title: &str, keys: &[(&str, &str)]) {
    theme::section(ui, title);
    egui::Grid::new(title).num_columns(2).min_col_width(176.0).spacing([24.0, 6.0]).show(ui, |ui| {
        for (key, what) in keys {
            ui.monospace(*key);
            ui.label(*what);
            ui.end_row();
        }
    });
}

impl eframe::App for App {
    fn logic(&mut self, ctx: &egui::Context, _frame: &mut eframe::Frame) {
        self.shell.poll();
        for tab in TabKind::ALL {
            self.tabs.get(tab).poll(&mut self.shell);
        }
        if let Some(((), paths)) = self.pick.poll() {
            self.take(&paths);
        }
        self.tell_ended(ctx);
        self.set_title(ctx);
    }

    fn ui(&mut self, ui: &mut egui::Ui, _frame: &mut eframe::Frame) {
        let ctx = ui.ctx().clone();
        self.speech.settle(&ctx, self.shell.settings.language);
        self.keys(&ctx);
        let dropped: Vec<PathBuf> = ctx.input(|i| i.raw.dropped_files.iter().map(|f| f.path().to_owned()).collect());
        if !dropped.is_empty() {
            self.take(&dropped);
        }
        if self.shell.take_ask_to_open() {
            self.pick();
        }
        if let Some(tab) = self.shell.take_go_to() {
            self.current = tab;
        }
        if self.current != TabKind::Enhance {
            self.full_screen.leave(&ctx);
        }
        self.shell.full_screen = self.full_screen.is_on();
        if !self.shell.full_screen {
            let bar = egui::Frame::side_top_panel(ui.style()).inner_margin(egui::Margin::symmetric(8, 6));
            egui::Panel::top("bar").frame(bar).show(ui, |ui| self.bar(ui));
        }
        egui::CentralPanel::no_frame().show(ui, |ui| {
            ui.painter().rect_filled(ui.max_rect(), 0.0, ui.visuals().panel_fill);
            // A landmark with a name: who does not see the window knows in which tab a control stands.
            let panel = egui::UiBuilder::new().max_rect(ui.max_rect());
            let panel =
                panel.accessibility_role(egui::accesskit::Role::TabPanel).accessibility_label(self.current.title());
            ui.scope_builder(panel, |ui| self.tabs.get(self.current).ui(ui, &mut self.shell));
        });
        if let Some(((), paths)) = self.pick.field(&ctx) {
            self.take(&paths);
        }
        self.help_window(&ctx);
        notices::show(&ctx, &mut self.shell);
        hover::show(&ctx, |files| self.current.drop_words(files));
        // In here, because what is to be copied goes out with a frame.
        self.report.poll(&ctx, &mut self.shell);
        self.keep_settings(&ctx);
    }

    fn on_exit(&mut self) {
        if self.saved_at.is_some() && self.shell.settings != self.saved {
            self.save_settings();
        }
        // All are told before any is waited for: a tile and a training step then end side by side.
        self.shell.stop();
        for tab in TabKind::ALL {
            self.tabs.get(tab).stop();
        }
    }
}
