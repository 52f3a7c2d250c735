//! `addersr quantize` and what `--precision` does with its result.

use crate::support::{Room, photo};
use addersr::tensor::Depth;

/// A room with the usual model and six pictures.
fn room() -> Room {
    let room = Room::new();
    std::fs::create_dir(room.path("photos")).unwrap();
    for i in 0..6 {
        room.picture(format!("photos/p{i}.png"), &photo(40 + i, 44, 3, Depth::Eight));
    }
    room
}

const QUANTIZE: [&str; 6] = ["quantize", "m.safetensors", "--data", "photos", "--out", "m8.safetensors"];

#[test]
fn a_quantized_model_enlarges_in_both_precisions() {
    let room = room();
    let said = room.run(QUANTIZE).succeeded();
    assert!(said.out.contains("m8.safetensors") && said.out.contains("in 8 bits"), "{said:?}");
    for (wish, used) in [("auto", "int8"), ("int8", "int8"), ("f32", "f32")] {
        let out = format!("{wish}.png");
        let args = ["upscale", "photos/p0.png", "--model", "m8.safetensors", "--device", "cpu", "--json"];
        let said = room.run(args.iter().copied().chain(["--precision", wish, "-o", &out])).succeeded();
        assert_eq!(said.json()["images"][0]["precision"], used);
    }
    assert_eq!(room.decode("auto.png"), room.decode("int8.png"));
    let plain = ["upscale", "photos/p0.png", "--model", "m.safetensors", "--device", "cpu", "-o", "plain.png"];
    room.run(plain).succeeded();
    assert_eq!(room.decode("f32.png"), room.decode("plain.png"), "the weights are the same");
    room.run(QUANTIZE).failed(1, "m8.safetensors", &["exists"]);
}

#[test]
fn fine_tuning_keeps_the_better_of_both() {
    let room = Room::new();
    std::fs::create_dir(room.path("photos")).unwrap();
    for i in 0..4 {
        room.picture(format!("photos/p{i}.png"), &photo(72 + i, 76, 3, Depth::Eight));
    }
    let json = room.run(QUANTIZE.iter().copied().chain(["--finetune-steps", "2", "--json"])).succeeded().json();
    let score = |key: &str| json[key]["psnr"].as_f64().unwrap();
    assert!(score("int8") >= score("finetuned"));
    let said = room.run(["info", "m8.safetensors", "--json"]).succeeded().json();
    let kept = said["card"]["int8_finetuned_steps"].as_str();
    assert_eq!(kept.is_some(), score("int8") == score("finetuned"));
    for (wish, word) in [("0", "more than 0"), ("soon", "write a number")] {
        let args = QUANTIZE.iter().copied().chain(["--overwrite", "--finetune", wish]);
        room.run(args).failed(2, "--finetune", &[word]);
    }
}

#[test]
fn what_cannot_be_had_is_refused_and_nothing_is_written() {
    let room = room();
    let args = ["photos/p0.png", "--device", "cpu", "--precision", "int8", "-o", "a.png"];
    room.upscale(args).failed(2, "the model m", &["no 8-bit form", "addersr quantize"]);
    std::fs::create_dir(room.path("one")).unwrap();
    room.picture("one/p.png", &photo(44, 44, 3, Depth::Eight));
    let one = ["quantize", "m.safetensors", "--data", "one", "--out", "m8.safetensors"];
    room.run(one).failed(1, "--data", &["at least two pictures"]);
    assert_eq!(room.files(), ["one", "photos"]);
}
