//! What comes out when all is well.

use crate::support::{Room, model, photo, rgb};
use addersr::{
    image_io::{self, EncodeOptions, Format, Metadata},
    tensor::{Depth, Pixels, Samples},
};

fn size(p: &Pixels) -> (usize, usize) {
    (p.width, p.height)
}

#[test]
fn writes_a_twice_as_large_png_beside_the_photo() {
    let room = Room::new();
    room.picture("photo.jpg", &rgb(20, 14));
    let said = room.upscale(["photo.jpg"]).succeeded();
    assert!(said.out.starts_with("photo_x2.png: 40×28 pixels"), "{said:?}");
    assert_eq!(said.err, "", "no terminal, no bar");
    assert_eq!(room.files(), ["photo.jpg", "photo_x2.png"]);
    assert_eq!(size(&room.decode("photo_x2.png")), (40, 28));
}

#[test]
fn reaches_exact_sizes() {
    let room = Room::new();
    room.picture("p.png", &rgb(21, 13));
    for (args, name, expected) in [
        (vec!["--scale", "2.5"], "p_x2.5.png", (53, 33)),
        (vec!["--scale", "3"], "p_x3.png", (63, 39)),
        (vec!["--scale", "4"], "p_x4.png", (84, 52)),
        (vec!["--scale", "1.5"], "p_x1.5.png", (32, 20)),
        (vec!["--width", "50"], "p_x2.381.png", (50, 31)),
        (vec!["--height", "26"], "p_x2.png", (42, 26)),
        (vec!["--long-edge", "63", "--overwrite"], "p_x3.png", (63, 39)),
    ] {
        room.upscale(args.iter().copied().chain(["p.png"])).succeeded();
        assert_eq!(size(&room.decode(name)), expected, "{args:?}");
    }
}

#[test]
fn a_crop_is_cut_out_of_the_whole_result_and_counts_from_the_upright_corner() {
    let room = Room::new();
    room.picture("p.png", &rgb(21, 13));
    room.upscale(["p.png", "-o", "whole.png", "--scale", "3"]).succeeded();
    let whole = room.decode("whole.png");
    for tile in ["8", "64"] {
        let args = ["p.png", "-o", "part.png", "--scale", "3", "--crop", "4,2,10x7", "--tile", tile, "--overwrite"];
        room.upscale(args).succeeded();
        assert_eq!(room.decode("part.png"), whole.crop(6, 12, 21, 30).unwrap());
    }
    room.upscale(["p.png", "-o", "wide.png", "--width", "50", "--crop", "4,2,10x7"]).succeeded();
    assert_eq!(size(&room.decode("wide.png")), (50, 35), "exact sizes are the part's");
    let refused = room.upscale(["p.png", "-o", "no.png", "--crop", "12,2,10x7"]);
    assert!(refused.code == Some(1) && refused.err.contains("p.png") && refused.err.contains("21×13"), "{refused:?}");
    assert!(!room.path("no.png").exists());
    // A photo that is stored on its side, of which the upright left half is wanted.
    let block = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0".to_vec();
    let meta = Metadata { exif: Some(block), ..Metadata::default() };
    image_io::encode(&rgb(20, 12), &meta, &room.path("side.png"), &EncodeOptions::new(Format::Png)).unwrap();
    room.upscale(["side.png", "-o", "upright.png"]).succeeded();
    room.upscale(["side.png", "-o", "half.png", "--crop", "0,0,6x20"]).succeeded();
    let upright = room.decode("upright.png");
    assert_eq!(size(&upright), (24, 40));
    assert_eq!(room.decode("half.png"), upright.crop(0, 0, 40, 12).unwrap());
}

#[test]
fn a_size_on_paper_is_reached_and_stated() {
    let room = Room::new();
    room.picture("p.png", &rgb(21, 13));
    for out in ["a.png", "a.jpg", "a.tif"] {
        room.upscale(["p.png", "-o", out, "--print", "1.27cm@100"]).succeeded();
        assert_eq!(size(&room.decode(out)), (50, 31));
        let dpi = image_io::decode(&room.path(out)).unwrap().meta.dpi.unwrap();
        assert_eq!(dpi.x.round(), 100.0, "{out}");
    }
    let wrong = room.upscale(["p.png", "--print", "30@300"]);
    assert!(wrong.code == Some(2) && wrong.err.contains("30cm@300"), "{wrong:?}");
}

#[test]
fn says_when_bicubic_alone_does_it() {
    let room = Room::new();
    room.picture("p.png", &rgb(21, 13));
    let said = room.upscale(["p.png", "--width", "10"]).succeeded();
    assert!(said.err.contains("note: p.png") && said.err.contains("bicubic"), "{said:?}");
    assert_eq!(size(&room.decode("p_x0.476.png")), (10, 6));
}

#[test]
fn keeps_depth_and_channels() {
    let room = Room::new();
    for channels in 1..=4 {
        for depth in [Depth::Eight, Depth::Sixteen] {
            let name = format!("c{channels}d{}.png", depth.bits());
            room.picture(&name, &photo(9, 7, channels, depth));
            room.upscale([&name, "-o", "out.png", "--overwrite"]).succeeded();
            let out = room.decode("out.png");
            assert_eq!((out.channels, out.depth(), size(&out)), (channels, depth, (18, 14)), "{name}");
        }
    }
}

#[test]
fn alpha_is_enlarged_and_hidden_colour_stays_hidden() {
    let room = Room::new();
    // Left half opaque red, right half transparent green.
    let pixel = |i: usize| if i % 12 < 6 { [220, 10, 10, 255] } else { [0, 255, 0, 0] };
    let source = Pixels::new(12, 8, 4, Samples::U8((0..96).flat_map(pixel).collect())).unwrap();
    room.picture("a.png", &source);
    room.upscale(["a.png"]).succeeded();
    let large = room.decode("a_x2.png");
    let Samples::U8(v) = &large.samples else { panic!("8 bits") };
    let visible: Vec<&[u8]> = v.chunks_exact(4).filter(|p| p[3] > 0).collect();
    assert!(visible.len() > 8 * 2 * 11 && visible.len() < 8 * 2 * 2 * 8, "{}", visible.len());
    // The random network colours things, but an edge to green would show as far more of it at the edge than inside.
    let green = |x: usize| (0..16).map(|y| u32::from(v[(y * 24 + x) * 4 + 1])).sum::<u32>();
    assert!(green(11) < green(5) + 16 * 60, "{} {}", green(11), green(5));
}

#[test]
fn carries_profile_exif_and_resolution_over_unless_told_not_to() {
    let room = Room::new();
    let mut icc = vec![7; 200];
    icc[16..20].copy_from_slice(b"RGB ");
    icc[36..40].copy_from_slice(b"acsp");
    let meta = Metadata { icc: Some(icc.clone()), dpi: image_io::Dpi::new(300.0, 300.0), ..Metadata::default() };
    image_io::encode(&rgb(8, 8), &meta, &room.path("m.png"), &EncodeOptions::new(Format::Png)).unwrap();
    for out in ["out.png", "out.jpg", "out.tif"] {
        room.upscale(["m.png", "-o", out]).succeeded();
        let carried = image_io::decode(&room.path(out)).unwrap().meta;
        assert_eq!(carried.icc.as_ref(), Some(&icc), "{out}");
        assert_eq!(carried.dpi.map(|d| d.x.round()), Some(300.0), "{out}");
    }
    room.upscale(["m.png", "-o", "bare.png", "--strip-metadata"]).succeeded();
    let bare = image_io::decode(&room.path("bare.png")).unwrap().meta;
    assert!(bare.exif.is_none() && bare.dpi.is_none() && bare.icc.is_some(), "{bare:?}");
}

#[test]
fn tile_sizes_and_threads_change_nothing() {
    let room = Room::new();
    room.picture("p.png", &photo(37, 29, 4, Depth::Eight));
    let bytes = |args: &[&str]| {
        room.upscale(["p.png", "-o", "t.png", "--overwrite", "--scale", "2.3"].iter().chain(args)).succeeded();
        std::fs::read(room.path("t.png")).unwrap()
    };
    let whole = bytes(&[]);
    for args in [&["--tile", "8"][..], &["--tile", "13"], &["--tile", "1000"], &["--threads", "1"], &["--threads", "3"]]
    {
        assert!(bytes(args) == whole, "{args:?}");
    }
}

#[test]
fn devices_agree_within_a_step() {
    let room = Room::new();
    room.picture("p.png", &rgb(17, 11));
    room.upscale(["p.png", "-o", "a.png", "--device", "reference"]).succeeded();
    room.upscale(["p.png", "-o", "b.png", "--device", "cpu"]).succeeded();
    let (a, b) = (room.decode("a.png"), room.decode("b.png"));
    let (Samples::U8(a), Samples::U8(b)) = (&a.samples, &b.samples) else { panic!("8 bits") };
    assert!(a.iter().zip(b).all(|(a, b)| a.abs_diff(*b) <= 1));
}

#[test]
fn formats_by_option_by_name_and_by_template() {
    let room = Room::new();
    room.picture("p.png", &rgb(10, 8));
    let content = |name: &str| image_io::probe(&room.path(name)).unwrap().format;
    for (option, name, format) in [
        ("jpg", "p_x2.jpg", Format::Jpeg),
        ("jpeg", "p_x2.jpg", Format::Jpeg),
        ("webp", "p_x2.webp", Format::WebP),
        ("tiff", "p_x2.tif", Format::Tiff),
        ("bmp", "p_x2.bmp", Format::Bmp),
        ("png", "p_x2.png", Format::Png),
    ] {
        room.upscale(["p.png", "--format", option, "--overwrite"]).succeeded();
        assert_eq!(content(name), format);
    }
    room.upscale(["p.png", "-o", "big.webp"]).succeeded();
    assert_eq!(content("big.webp"), Format::WebP);
    room.upscale(["p.png", "-o", "no-extension", "--format", "bmp"]).succeeded();
    assert_eq!(content("no-extension"), Format::Bmp);
    room.upscale(["p.png", "--template", "{n}-{name} {model} {w}x{h} @{scale}", "--scale", "1.5"]).succeeded();
    assert_eq!(size(&room.decode("1-p m 15x12 @1.5.png")), (15, 12));
}

#[test]
fn quality_makes_files_smaller() {
    let room = Room::new();
    room.picture("p.png", &rgb(40, 30));
    let length = |quality: &str| {
        room.upscale(["p.png", "-o", "q.jpg", "--quality", quality, "--overwrite"]).succeeded();
        std::fs::metadata(room.path("q.jpg")).unwrap().len()
    };
    assert!(length("30") < length("95"));
}

#[test]
fn several_photos_into_a_folder_that_is_made() {
    let room = Room::new();
    room.picture("a b#%.png", &rgb(8, 6));
    room.picture("ünï.png", &photo(5, 9, 1, Depth::Sixteen));
    let said = room.upscale(["a b#%.png", "ünï.png", "-o", "new/deep"]).succeeded();
    assert_eq!(said.out.lines().count(), 2, "{said:?}");
    assert_eq!(size(&room.decode("new/deep/a b#%_x2.png")), (16, 12));
    assert_eq!(size(&room.decode("new/deep/ünï_x2.png")), (10, 18));
}

#[test]
fn one_bad_photo_does_not_stop_the_others() {
    let room = Room::new();
    room.picture("a.png", &rgb(8, 6));
    room.write("b.png", b"no picture at all");
    room.picture("c.png", &rgb(6, 8));
    let said = room.upscale(["a.png", "b.png", "missing.png", "c.png", "--json"]);
    assert_eq!(said.code, Some(1), "{said:?}");
    assert_eq!(room.files(), ["a.png", "a_x2.png", "b.png", "c.png", "c_x2.png"]);
    let report = said.json();
    assert_eq!((report["done"].as_u64(), report["failed"].as_u64()), (Some(2), Some(2)));
    let images = report["images"].as_array().unwrap();
    assert_eq!(images.len(), 4);
    assert_eq!(images[0]["out"], "a_x2.png");
    assert_eq!((images[0]["width"].as_u64(), images[0]["passes"].as_u64()), (Some(16), Some(1)));
    assert!(images[1]["error"].as_str().unwrap().contains("b.png"));
    assert!(images[2]["error"].as_str().unwrap().contains("missing.png"));
    assert_eq!(images[3]["model"], "m");
}

#[cfg(unix)]
#[test]
fn names_that_are_no_utf8_keep_their_bytes() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt};
    let room = Room::new();
    let name = OsStr::from_bytes(b"caf\xe9.png");
    room.picture(name, &rgb(8, 6));
    let said = room.upscale([name, OsStr::new("--json")]).succeeded();
    assert_eq!(said.json()["images"][0]["out"], "caf\u{fffd}_x2.png");
    assert_eq!(size(&room.decode(OsStr::from_bytes(b"caf\xe9_x2.png"))), (16, 12));
    // A second time: it exists now, and the message can be printed.
    room.upscale([name]).failed(1, "caf\u{fffd}_x2.png", &["exists"]);
}

#[test]
fn photo_goes_from_the_camera_models_result_to_its_own_in_upscale_and_batch() {
    let room = Room::new();
    room.picture("p.png", &photo(20, 16, 3, Depth::Eight));
    let run = |out: &str, more: &[&str]| {
        let words = ["upscale", "p.png", "--device", "cpu", "--scale", "4", "-o", out];
        room.run(words.iter().chain(more).copied().collect::<Vec<_>>()).succeeded();
        room.decode(out)
    };
    let camera = run("camera.png", &["--kind", "camera"]);
    let sharp = run("sharp.png", &["--kind", "photo"]);
    assert_ne!(camera, sharp);
    assert_eq!(run("named.png", &["--model", "x4-photo"]), sharp);
    assert_eq!(run("full.png", &["--kind", "photo", "--strength", "100"]), sharp);
    assert_eq!(run("none.png", &["--kind", "photo", "--strength", "0"]), camera);
    let half = run("half.png", &["--kind", "photo", "--strength", "50"]);
    assert!(half != camera && half != sharp);
    // ×2 goes by way of ×4.
    room.run(["upscale", "p.png", "--kind", "photo", "-o", "two.png"]).succeeded();
    assert_eq!((room.decode("two.png").width, room.decode("two.png").height), (40, 32));
    room.run([
        "batch",
        "p.png",
        "--out",
        "all",
        "--device",
        "cpu",
        "--scale",
        "4",
        "--kind",
        "photo",
        "--strength",
        "50",
    ])
    .succeeded();
    assert_eq!(room.decode("all/p_x4.png"), half);
    room.run(["upscale", "p.png", "--strength", "101", "-o", "x.png"]).failed(2, "--strength", &["101"]);
}

#[test]
fn what_has_no_colour_gets_none_from_any_model_that_ships() {
    let room = Room::new();
    let grey = photo(20, 16, 1, Depth::Eight);
    let Samples::U8(values) = &grey.samples else { panic!("8 bits") };
    let rgb = Samples::U8(values.iter().flat_map(|&v| [v; 3]).collect());
    room.picture("grey.png", &Pixels::new(20, 16, 3, rgb).unwrap());
    room.picture("white.png", &Pixels::new(20, 16, 3, Samples::U8(vec![255; 20 * 16 * 3])).unwrap());
    for bundled in addersr::infer::bundled::BUNDLED {
        for name in ["grey", "white"] {
            let (given, out) = (format!("{name}.png"), format!("{name}-{}.png", bundled.name));
            let words = ["upscale", &given, "--device", "cpu", "--scale", "4", "--model", bundled.name, "-o", &out];
            room.run(words).succeeded();
            let Samples::U8(values) = room.decode(&out).samples else { panic!("8 bits") };
            assert!(values.chunks_exact(3).all(|p| p[0] == p[1] && p[1] == p[2]), "{out}");
            if name == "white" {
                assert!(values.iter().all(|&v| v == 255), "{out}: {:?}", values.iter().min());
            }
        }
    }
}

#[test]
fn metrics_tells_how_true_a_result_is() {
    let room = Room::new();
    room.picture("p.png", &photo(40, 32, 3, Depth::Eight));
    room.run(["upscale", "p.png", "--device", "cpu", "-o", "large.png"]).succeeded();
    let said = room.run(["metrics", "large.png", "p.png", "large.png"]).succeeded();
    assert!(said.out.starts_with("faithful  ") && said.out.contains("colour    ±"), "{said:?}");
    assert!(said.out.contains("PSNR      identical"), "{said:?}");
    let json = room.run(["metrics", "large.png", "p.png", "--json"]).succeeded().json();
    assert!(json["faithful"].as_f64().unwrap() > 20.0 && json["colour"].as_f64().unwrap() < 3.0, "{json}");
    room.run(["metrics", "p.png", "large.png"]).failed(1, "p.png", &["40×32", "no enlargement"]);
}

#[test]
fn several_models_make_a_result_each_with_the_model_in_its_name() {
    let room = Room::new();
    room.write("n.safetensors", &model(4, 1).to_bytes().unwrap());
    room.picture("p.png", &rgb(20, 12));
    let run = |words: &[&str]| {
        let all = ["upscale", "p.png", "--device", "cpu", "--model"];
        room.run(all.iter().chain(words).copied().collect::<Vec<_>>())
    };
    let both = "m.safetensors,n.safetensors";
    let told = run(&[both, "--json"]).succeeded().json();
    assert_eq!([0, 1].map(|i| told["images"][i]["out"].as_str().unwrap().to_owned()), ["p_x2_m.png", "p_x2_n.png"]);
    for (file, name) in [("p_x2_m.png", "m.safetensors"), ("p_x2_n.png", "n.safetensors")] {
        run(&[name, "-o", "alone.png", "--overwrite"]).succeeded();
        assert_eq!(room.decode(file), room.decode("alone.png"));
    }
    assert_ne!(room.decode("p_x2_m.png"), room.decode("p_x2_n.png"));
    // Each of them may fail; the others are made.
    std::fs::remove_file(room.path("p_x2_n.png")).unwrap();
    let some = run(&[both]);
    assert!(some.code == Some(1) && some.err.contains("p_x2_m.png") && some.err.contains("1 of 2"), "{some:?}");
    assert!(room.path("p_x2_n.png").exists());
    // What would give them one name is refused before any work.
    run(&[both, "-o", "big.png"]).failed(2, "big.png", &["several files"]);
    run(&[both, "--template", "{name}-large"]).failed(2, "--template", &["{model}"]);
    run(&["m.safetensors,gone", "-o", "out/"]).failed(2, "gone", &[]);
    run(&[both, "-o", "out/", "--template", "{model}"]).succeeded();
    assert!(room.path("out/m.png").exists() && room.path("out/n.png").exists());
}
