//! What things of lower rooms are called in the window; there they have names for files and the command line.

use super::text;
use crate::{
    infer::Way,
    nn::Op,
    session::{
        layers::{explain::Formula, export, flat::Answer},
        models::ModelRef,
        source::Source,
        view::ModelChoice,
    },
    tensor::resample::Filter,
    ui::widgets::kind,
};

/// What a side shows.
pub(in crate::ui) fn look_name(look: &ModelChoice) -> String {
    let name = match look {
        ModelChoice::Baseline(Filter::Nearest) => text!("look-nearest"),
        ModelChoice::Baseline(Filter::Bicubic) => text!("look-bicubic"),
        ModelChoice::Baseline(Filter::Lanczos3) => text!("look-lanczos"),
        ModelChoice::Auto(kind) => kind::words(*kind).name,
        ModelChoice::Model(model) => return model_name(model),
        ModelChoice::File(_) => return look.name(),
    };
    name.to_owned()
}

/// What a picture was found to be like, and the kind of model that gets it when it becomes `factor` times as large.
pub(in crate::ui) fn source_name(source: &Source, factor: f64) -> String {
    let mut words = Vec::new();
    if let Some(quality) = source.traces.jpeg {
        words.push(match source.is_compressed() {
            true => text!("source-compressed", quality = quality),
            false => text!("source-jpeg", quality = quality),
        });
    }
    if source.is_noisy() {
        words.push(if source.is_very_noisy() { text!("source-very-noisy") } else { text!("source-noisy") }.to_owned());
    }
    match source.traces.softness {
        Some(_) if source.is_soft() => words.push(text!("source-soft").to_owned()),
        Some(_) if !source.is_compressed() => words.push(text!("source-sharp").to_owned()),
        _ => {}
    }
    if words.is_empty() {
        words.push(text!("source-unknown").to_owned());
    }
    let kind = kind::name(source.kind(factor));
    let words = words.join(text!("source-and"));
    let mut rest = words.chars();
    let capital = rest.next().into_iter().flat_map(char::to_uppercase);
    text!("source-is", words = capital.chain(rest).collect::<String>(), kind = kind)
}

/// A model in a list.
pub(in crate::ui) fn model_name(model: &ModelRef) -> String {
    match model {
        ModelRef::Bundled(_) | ModelRef::File(_) => model.name(),
        ModelRef::Trained => text!("model-trained").to_owned(),
        ModelRef::Floats(of) => text!("model-floats", model = model_name(of)),
    }
}

/// How a size is reached.
pub(in crate::ui) fn way_name(way: Way) -> String {
    if way.passes == 0 {
        return text!("way-bicubic").to_owned();
    }
    let network = text!("way-network", passes = way.passes, scale = way.scale);
    if way.has_rest() { text!("way-rest", network = network, rest = format!("{:.2}", way.rest)) } else { network }
}

/// What a layer computes.
pub(in crate::ui) fn op_name(op: &Op) -> String {
    match *op {
        Op::Input { .. } => text!("op-input").to_owned(),
        Op::Conv { cin, cout, k, .. } => text!("op-convolution", k = k, from = cin, to = cout),
        Op::Adder { cin, cout, k } => text!("op-adder", k = k, from = cin, to = cout),
        Op::BatchNorm { .. } => text!("op-batch-norm").to_owned(),
        Op::Add { scale: 1.0 } => text!("op-sum").to_owned(),
        Op::Power { alphas: 1 } => text!("op-power").to_owned(),
        Op::Power { .. } => text!("op-power-channels").to_owned(),
        Op::PixelShuffle { scale } => text!("op-pixel-shuffle", scale = scale),
        Op::Bicubic { scale } => text!("op-bicubic", scale = scale),
        // Formulas are the same in every language.
        Op::Shift { .. } | Op::Add { .. } | Op::Relu => op.to_string(),
    }
}

/// What an operation does, in a line for people who have read nothing about it.
pub(in crate::ui) fn op_what(op: &Op) -> &'static str {
    match op {
        Op::Input { .. } => text!("op-what-input"),
        Op::Shift { .. } => text!("op-what-shift"),
        Op::Conv { .. } => text!("op-what-convolution"),
        Op::Adder { .. } => text!("op-what-adder"),
        Op::BatchNorm { .. } => text!("op-what-batch-norm"),
        Op::Add { .. } => text!("op-what-sum"),
        Op::Relu => text!("op-what-relu"),
        Op::Power { .. } => text!("op-what-power"),
        Op::PixelShuffle { .. } => text!("op-what-pixel-shuffle"),
        Op::Bicubic { .. } => text!("op-what-bicubic"),
    }
}

/// A line in the chart of answers to flat patches.
pub(in crate::ui) fn curve_name(answer: Answer) -> &'static str {
    match answer {
        Answer::Convolution => text!("curve-convolution"),
        Answer::Adder => text!("curve-adder"),
        Answer::Shortcut => text!("curve-shortcut"),
        Answer::Power { relu: true } => text!("curve-relu-power"),
        Answer::Power { relu: false } => text!("curve-power"),
    }
}

/// How a step's value comes about.
pub(in crate::ui) fn formula(of: &Formula) -> &str {
    match of {
        Formula::Numbers(text) => text,
        Formula::Distance => "−Σ|x − w|",
        Formula::Product { bias: false } => "Σ x·w",
        Formula::Product { bias: true } => text!("step-bias"),
        Formula::Picture => text!("step-picture"),
        Formula::Moved => text!("step-moved"),
    }
}

/// A form in which a layer is saved.
pub(in crate::ui) fn layer_form(kind: export::Kind) -> &'static str {
    match kind {
        export::Kind::Sheet => text!("layer-form-sheet"),
        export::Kind::Channel => text!("layer-form-channel"),
        export::Kind::Npy => text!("layer-form-npy"),
        export::Kind::Safetensors => text!("layer-form-safetensors"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        metrics::source::Traces,
        ui::text::{Language, speak},
    };

    #[test]
    fn what_was_found_is_said_with_the_kind_of_model() {
        let said =
            |jpeg, noise, softness, factor| source_name(&Source { traces: Traces { jpeg, noise, softness } }, factor);
        assert_eq!(said(Some(60), 1.0, Some(4.0), 4.0), "Compressed JPEG, quality about 60: Photo");
        assert_eq!(said(Some(95), 4.0, Some(4.0), 2.0), "JPEG, quality about 95, noisy, sharp: Camera");
        assert_eq!(said(None, 9.0, Some(7.0), 2.0), "Very noisy, soft: Photo");
        assert_eq!(said(None, 0.0, None, 2.0), "Too small or too plain to tell: Fast");
        speak(Language::German);
        let german = said(Some(60), 1.0, Some(4.0), 2.0);
        speak(Language::English);
        assert_eq!(german, "Komprimiertes JPEG, Qualität etwa 60: Kamera");
    }
}
