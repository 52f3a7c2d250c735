//! Reading ahead and writing behind: two threads, so that the device does not wait for the disk.
//!
//! Bounded: at most [`AHEAD`] pictures are decoded or being decoded, at most [`BEHIND`] results written or waiting for it.
//! Who feeds the threads counts them, so that no channel is ever full and nobody hangs.

use super::super::worker::message;
use crate::image_io::{self, EncodeOptions, Folder, Guard, Metadata, Picture};
use crate::tensor::Pixels;
use crossbeam_channel::{Receiver, Sender, bounded};
use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    path::PathBuf,
    time::Duration,
};

use super::row::RowId;

/// Pictures that are held decoded.
const AHEAD: usize = 2;
/// Results that are held for writing.
const BEHIND: usize = 2;

/// A result on its way to the disk.
pub(super) struct Save {
    pub(super) id: RowId,
    pub(super) pixels: Pixels,
    pub(super) meta: Metadata,
    pub(super) out: PathBuf,
    pub(super) options: EncodeOptions,
}

/// Notes, or a sentence that says what went wrong.
pub(super) type Saved = (RowId, Result<Vec<String>, String>);
/// A picture, or a sentence that says why there is none.
pub(super) type Decoded = (RowId, Result<Box<Picture>, String>);

/// The two threads. They end when this is dropped, after what they have in hand.
pub(super) struct Disk {
    read: Sender<(RowId, PathBuf)>,
    decoded: Receiver<Decoded>,
    write: Sender<Save>,
    saved: Receiver<Saved>,
    ahead: usize,
    behind: usize,
}

impl Disk {
    /// Threads that write what this guard allows, below that folder if there is one.
    ///
    /// # Errors
    /// If the system gives no thread.
    pub(super) fn start(guard: Guard, folder: Option<Folder>) -> std::io::Result<Self> {
        let (read, to_read) = bounded::<(RowId, PathBuf)>(AHEAD);
        let (give, decoded) = bounded(AHEAD);
        spawn("batch read", move || {
            for (id, path) in to_read {
                let picture = guarded(|| image_io::decode(&path).map(Box::new).map_err(|e| e.kind.to_string()));
                if give.send((id, picture)).is_err() {
                    return;
                }
            }
        })?;
        let (write, to_write) = bounded::<Save>(BEHIND);
        let (tell, saved) = bounded(BEHIND);
        spawn("batch write", move || {
            for save in to_write {
                let id = save.id;
                if tell.send((id, guarded(|| write_out(&guard, folder.as_ref(), &save)))).is_err() {
                    return;
                }
            }
        })?;
        Ok(Self { read, decoded, write, saved, ahead: 0, behind: 0 })
    }

    /// Whether there is room to read another picture ahead.
    pub(super) fn may_read(&self) -> bool {
        self.ahead < AHEAD
    }

    /// Reads a picture. Only where [`may_read`](Self::may_read).
    pub(super) fn read(&mut self, id: RowId, path: PathBuf) {
        // The thread ends only when this is dropped, and what it does is guarded.
        if self.read.send((id, path)).is_ok() {
            self.ahead += 1;
        }
    }

    /// Whether there is room for another result.
    pub(super) fn may_write(&self) -> bool {
        self.behind < BEHIND
    }

    /// Writes a result. Only where [`may_write`](Self::may_write).
    pub(super) fn write(&mut self, save: Save) {
        if self.write.send(save).is_ok() {
            self.behind += 1;
        }
    }

    /// Results that are still being written.
    pub(super) fn behind(&self) -> usize {
        self.behind
    }

    /// Whether pictures are being read or wait to be fetched.
    pub(super) fn is_reading(&self) -> bool {
        self.ahead > 0
    }

    /// The next picture, if it is there.
    pub(super) fn decoded(&mut self) -> Option<Decoded> {
        let decoded = self.decoded.try_recv().ok()?;
        self.ahead -= 1;
        Some(decoded)
    }

    /// A result that is written, if there is one.
    pub(super) fn saved(&mut self) -> Option<Saved> {
        let saved = self.saved.try_recv().ok()?;
        self.behind -= 1;
        Some(saved)
    }

    /// Waits a moment for either.
    pub(super) fn wait(&self) {
        let mut select = crossbeam_channel::Select::new();
        select.recv(&self.decoded);
        select.recv(&self.saved);
        // What is there is fetched by the calls above; if nothing came, the caller looks at its commands.
        let _ = select.ready_timeout(Duration::from_millis(20));
    }
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> std::io::Result<()> {
    std::thread::Builder::new().name(name.to_owned()).spawn(work).map(drop)
}

fn write_out(guard: &Guard, folder: Option<&Folder>, save: &Save) -> Result<Vec<String>, String> {
    if let Some(folder) = folder {
        folder.make_below(&save.out).map_err(|e| e.to_string())?;
    }
    let target = guard.claim(&save.out, save.options.overwrite).map_err(|e| e.to_string())?;
    image_io::encode_into(&target, &save.pixels, &save.meta, &save.options).map_err(|e| e.to_string())
}

/// A panic over one picture is that picture's failure.
pub(super) fn guarded<T>(work: impl FnOnce() -> Result<T, String>) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work))
        .unwrap_or_else(|panic| Err(format!("a fault in the program: {}; please report it", message(panic.as_ref()))))
}
