//! How large the whole result is, and the part of it that is exported.

use super::{choice::Choice, state::EnhanceState};
use crate::{
    backend::Rect,
    infer::{Target, cropped},
    session::open::Photo,
    tensor::Size,
};

/// The size of the whole result: exact sides are those of the crop, if there is one.
pub(super) fn target_of(choice: &Choice, photo: &Photo) -> Target {
    let whole = choice.crop.and_then(|crop| cropped(choice.target, photo.pixels.size(), crop).ok());
    whole.map_or(choice.target, |cropped| cropped.whole)
}

fn size(choice: &Choice, photo: &Photo) -> Option<Size> {
    target_of(choice, photo).size(photo.pixels.size()).ok()
}

impl EnhanceState {
    /// Size of the whole result that is chosen; `None` without a photo or for an impossible size.
    pub(super) fn chosen_size(&self) -> Option<Size> {
        size(&self.choice, self.photo.as_ref()?)
    }

    /// Size of the whole result that the scene shows.
    pub(super) fn size(&self) -> Option<Size> {
        size(&self.acted, self.photo.as_ref()?)
    }

    /// The part of the chosen result that is exported, if it is not all of it.
    pub(super) fn exported_part(&self) -> Option<Rect> {
        let pixels = &self.photo.as_ref()?.pixels;
        Some(cropped(self.choice.target, pixels.size(), self.choice.crop?).ok()?.part)
    }

    /// Size of what is exported; `None` as for [`chosen_size`](Self::chosen_size), or if the crop has none.
    pub(super) fn exported_size(&self) -> Option<Size> {
        match self.choice.crop {
            Some(_) => self.exported_part().map(|part| part.size()),
            None => self.chosen_size(),
        }
    }
}
