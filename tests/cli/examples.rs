//! The examples do what they say.

#[allow(dead_code, unreachable_pub, reason = "an example is a program of its own, whose `main` takes its arguments")]
#[path = "../../examples/look_inside.rs"]
mod look_inside;
#[allow(dead_code, unreachable_pub, reason = "the same")]
#[path = "../../examples/upscale.rs"]
mod upscale;

use super::support::Room;
use addersr::{
    image_io,
    tensor::{Pixels, Samples},
};

fn photo(room: &Room) -> std::path::PathBuf {
    let samples = Samples::U8((0..12 * 10 * 3).map(|i| (i * 7 % 256) as u8).collect());
    room.picture("photo.png", &Pixels { width: 12, height: 10, channels: 3, samples })
}

#[test]
fn a_photo_becomes_twice_as_large_as_by_the_command_line() {
    let room = Room::new();
    let photo = photo(&room);
    upscale::enlarge(&photo, &room.path("large.png")).unwrap();
    let large = image_io::decode(&room.path("large.png")).unwrap().pixels;
    assert_eq!((large.width, large.height), (24, 20));
    let said = room.run(["upscale", "photo.png", "--model", "x2", "--device", "cpu", "-o", "same.png"]);
    assert_eq!(said.code, Some(0), "{said:?}");
    assert_eq!(image_io::decode(&room.path("same.png")).unwrap().pixels, large);
}

#[test]
fn a_layer_has_a_mean_for_each_channel() {
    let room = Room::new();
    let photo = photo(&room);
    let means = look_inside::channel_means(&photo, "body.3.0.power").unwrap();
    assert_eq!(means.len(), 32);
    assert!(means.iter().all(|m| m.is_finite() && *m >= 0.0), "a power activation follows a ReLU: {means:?}");
    assert!(means.iter().any(|&m| m > 0.0), "something is seen");
    let refused = look_inside::channel_means(&photo, "body.99").unwrap_err().to_string();
    assert!(refused.contains("addersr info"), "{refused}");
}
