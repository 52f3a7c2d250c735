//! Ctrl-C.

#![cfg(unix)]

use crate::support::{Room, model, rgb, said};
use std::{
    process::{Command, Stdio},
    time::{Duration, Instant},
};

/// A job of minutes, stopped after a moment.
#[test]
fn stops_within_a_tile_and_leaves_no_file() {
    let room = Room::new();
    room.write("slow.safetensors", &model(64, 8).to_bytes().unwrap());
    room.picture("a.png", &rgb(700, 500));
    room.picture("b.png", &rgb(8, 6));
    for signal in ["INT", "TERM"] {
        let child = room
            .command()
            .args(["upscale", "a.png", "b.png", "--model", "slow.safetensors", "--device", "reference", "--tile", "16"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // The handler is set in the first milliseconds; the job takes minutes.
        std::thread::sleep(Duration::from_millis(700));
        let sent = Instant::now();
        assert!(
            Command::new("kill").args([&format!("-{signal}"), &child.id().to_string()]).status().unwrap().success()
        );
        let said = said(child.wait_with_output().unwrap());
        assert!(sent.elapsed() < Duration::from_secs(20), "{:?}", sent.elapsed());
        assert_eq!(said.code, Some(130), "{said:?}");
        assert!(said.err.contains("interrupted"), "{said:?}");
        assert_eq!(room.files(), ["a.png", "b.png", "slow.safetensors"]);
    }
}
