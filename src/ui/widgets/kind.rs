//! The models that ship, as people know them: four names, of which each is another model at another size.

use crate::{
    infer::{
        Bundled,
        bundled::{Kind, KindChoice},
    },
    session::models::{Catalogue, ModelRef},
    ui::text::text,
};

/// What is said of one.
pub(in crate::ui) struct Words {
    /// Its name.
    pub(in crate::ui) name: &'static str,
    /// What it is good for, in a few words.
    pub(in crate::ui) hint: &'static str,
    /// The same in full.
    pub(in crate::ui) tip: &'static str,
}

/// What is said of each.
pub(in crate::ui) fn words(kind: KindChoice) -> Words {
    let (name, hint, tip) = match kind {
        KindChoice::Auto => (text!("kind-auto"), text!("kind-auto-hint"), text!("kind-auto-tip")),
        KindChoice::Clean => (text!("kind-fast"), text!("kind-fast-hint"), text!("kind-fast-tip")),
        KindChoice::Best => (text!("kind-best"), text!("kind-best-hint"), text!("kind-best-tip")),
        KindChoice::Camera => (text!("kind-camera"), text!("kind-camera-hint"), text!("kind-camera-tip")),
        KindChoice::Photo => (text!("kind-photo"), text!("kind-photo-hint"), text!("kind-photo-tip")),
    };
    Words { name, hint, tip }
}

/// The name of one that was chosen.
pub(in crate::ui) fn name(kind: Kind) -> &'static str {
    let choice = match kind {
        Kind::Clean => KindChoice::Clean,
        Kind::Best => KindChoice::Best,
        Kind::Camera => KindChoice::Camera,
        Kind::Photo => KindChoice::Photo,
    };
    words(choice).name
}

/// The same by its name on the command line; that name for others.
pub(in crate::ui) fn name_of(model: &str) -> &str {
    Bundled::named(model).map_or(model, |bundled| name(bundled.kind()))
}

/// People's own models, which stand beside those four; and all by their names on the command line, in 8 bits and in f32,
/// which few ask for.
pub(in crate::ui) fn own_and_others(models: &Catalogue) -> (Vec<ModelRef>, Vec<ModelRef>) {
    models.in_both_precisions().into_iter().partition(|model| matches!(model, ModelRef::File(_) | ModelRef::Trained))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_model_that_ships_has_one_of_the_four_names() {
        for (model, shown) in
            [("x2", "Fast"), ("x3-best", "Best"), ("x4-camera", "Camera"), ("x4-photo-fast", "Photo"), ("mine", "mine")]
        {
            assert_eq!(name_of(model), shown);
        }
        let (own, others) = own_and_others(&Catalogue::default());
        assert!(own.is_empty() && others.len() > KindChoice::ALL.len());
    }
}
