//! Small pictures of files, for the film strip and the recent photos: made off the window's thread, only those that are in
//! sight, and kept within a budget.

use crate::{
    session::{
        Worker,
        open::Photo,
        shelf::{Command, Event, Shelf as Maker},
        view::Image,
    },
    tensor::Size,
    ui::{
        Shell,
        icons::{self, Icon},
        uploads::Uploads,
    },
};
use eframe::egui::{Color32, ColorImage, Context, Painter, Rect, TextureHandle, TextureOptions, Ui, Vec2, pos2};
use std::{
    collections::HashMap,
    path::{Path, PathBuf},
    sync::Arc,
};

/// Bytes of small pictures that are kept when they are out of sight.
const CACHE_BYTES: usize = 24 << 20;

/// A small picture, or why there is none, with when it was last in sight.
struct Held {
    made: Result<Arc<Image>, String>,
    seen: u64,
}

impl Held {
    fn bytes(&self) -> usize {
        self.made.as_ref().map_or(0, |image| image.rgba.len())
    }
}

/// What there is of a file.
pub(super) enum Small {
    /// Nothing yet.
    Waiting,
    /// It cannot be read: why.
    Unreadable(String),
    /// Its picture.
    Ready(TextureHandle),
}

pub(super) struct Shelf {
    worker: Worker<Maker>,
    held: HashMap<PathBuf, Held>,
    textures: Uploads<PathBuf>,
    /// What was in sight in this frame and is lacking.
    wanted: Vec<PathBuf>,
    /// What was asked for last.
    asked: Vec<PathBuf>,
    frame: u64,
    /// The pictures of the photo's folder, in order.
    pub(super) files: Vec<PathBuf>,
    /// The photo whose folder was asked for.
    photo: Option<Arc<Photo>>,
}

impl Shelf {
    pub(super) fn new(shell: &Shell) -> Self {
        Self {
            worker: Worker::start("shelf", shell.waker.clone(), Maker::default),
            held: HashMap::new(),
            textures: Uploads::default(),
            wanted: Vec::new(),
            asked: Vec::new(),
            frame: 0,
            files: Vec::new(),
            photo: None,
        }
    }

    /// Tells the worker to end.
    pub(super) fn stop(&mut self) {
        self.worker.stop();
    }

    /// Takes what the worker tells, and follows the photo into its folder.
    pub(super) fn poll(&mut self, shell: &mut Shell) {
        for event in super::super::events(&self.worker, super::super::EVENTS_PER_FRAME, &shell.waker) {
            match event {
                Event::Made(file, made) => {
                    self.held.insert(file, Held { made, seen: self.frame });
                }
                Event::Listed { of, files } => {
                    if self.photo.as_ref().is_some_and(|photo| photo.path.as_ref() == Some(&of)) {
                        self.files = files;
                    }
                }
            }
        }
        let new = shell.photo.as_ref().filter(|new| !self.photo.as_ref().is_some_and(|old| Arc::ptr_eq(old, new)));
        if let Some(photo) = new.cloned() {
            match &photo.path {
                // Listed anew for each photo: what was exported in the meantime is among them.
                Some(path) => self.send(Command::List(path.clone()), shell),
                None => self.files.clear(),
            }
            self.photo = Some(photo);
        }
    }

    fn send(&self, command: Command, shell: &mut Shell) {
        if let Err(failure) = self.worker.send(command) {
            shell.failed(&failure);
        }
    }

    /// What there is of a file that is in sight; what is lacking is asked for.
    pub(super) fn get(&mut self, ctx: &Context, file: &Path) -> Small {
        let Some(held) = self.held.get_mut(file) else {
            self.wanted.push(file.to_owned());
            return Small::Waiting;
        };
        held.seen = self.frame;
        let image = match &held.made {
            Ok(image) => image.clone(),
            Err(reason) => return Small::Unreadable(reason.clone()),
        };
        let size = Size::new(image.width, image.height);
        let make = || ColorImage::from_rgba_premultiplied([size.width, size.height], &image.rgba);
        let texture = self.textures.get(ctx, file.to_owned(), &image, TextureOptions::LINEAR, size, make);
        texture.map_or(Small::Waiting, Small::Ready)
    }

    /// Asks for what this frame lacked, if that has changed. At the end of a frame.
    pub(super) fn ask(&mut self, shell: &mut Shell) {
        self.frame += 1;
        let wanted = std::mem::take(&mut self.wanted);
        if wanted != self.asked && !wanted.is_empty() {
            self.send(Command::Want(wanted.clone()), shell);
            self.forget();
        }
        self.asked = wanted;
    }

    /// Drops what was out of sight longest, down to the budget.
    fn forget(&mut self) {
        let mut bytes: usize = self.held.values().map(Held::bytes).sum();
        if bytes <= CACHE_BYTES {
            return;
        }
        let mut old: Vec<_> = self.held.iter().filter(|(_, held)| held.seen + 1 < self.frame).collect();
        old.sort_by_key(|(_, held)| held.seen);
        let old: Vec<PathBuf> = old.into_iter().map(|(file, _)| file.clone()).collect();
        for file in old {
            if bytes <= CACHE_BYTES {
                break;
            }
            bytes -= self.held.remove(&file).map_or(0, |held| held.bytes());
        }
    }
}

/// Draws a small picture into a place, whole and in the middle; a sign where there is none. Why, if so.
pub(super) fn paint(ui: &Ui, painter: &Painter, place: Rect, small: Small) -> Option<String> {
    match small {
        Small::Waiting => None,
        Small::Unreadable(reason) => {
            let square = Rect::from_center_size(place.center(), Vec2::splat(crate::ui::theme::ICON));
            icons::paint(painter, Icon::Warning, square, ui.visuals().weak_text_color());
            Some(reason)
        }
        Small::Ready(texture) => {
            let size = texture.size_vec2();
            let size = size * (place.width() / size.x).min(place.height() / size.y);
            let uv = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
            painter.image(texture.id(), Rect::from_center_size(place.center(), size), uv, Color32::WHITE);
            None
        }
    }
}

/// What a file is called in a list.
pub(super) fn name(file: &Path) -> String {
    file.file_name().unwrap_or(file.as_os_str()).to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::Settings;

    #[test]
    fn what_was_out_of_sight_longest_goes_first_and_what_is_seen_stays() {
        let shell = Shell::new(Arc::new(|| ()), Settings::default());
        let mut shelf = Shelf::new(&shell);
        let side = 1024;
        let image = Arc::new(Image { width: side, height: side, rgba: vec![0; side * side * 4] });
        for n in 0..10u64 {
            shelf.held.insert(PathBuf::from(n.to_string()), Held { made: Ok(image.clone()), seen: n });
        }
        shelf.held.insert("broken".into(), Held { made: Err("why".into()), seen: 9 });
        shelf.frame = 10;
        shelf.forget();
        let mut left: Vec<_> = shelf.held.keys().map(|file| file.display().to_string()).collect();
        left.sort();
        assert_eq!(left, ["4", "5", "6", "7", "8", "9", "broken"]);
        shelf.frame = 0;
        shelf.held.values_mut().for_each(|held| held.seen = 0);
        shelf.held.insert("new".into(), Held { made: Ok(image), seen: 0 });
        shelf.forget();
        assert_eq!(shelf.held.len(), 8, "all are in sight");
    }
}
