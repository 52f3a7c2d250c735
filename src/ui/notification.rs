//! A word to people whose window is not in front. On Linux by the desktop's own service, asked over D-Bus by zbus, which is in
//! the program for accessibility; `notify-rust` would ask the same question with a crate more. Where that is missing, and on
//! other systems, the taskbar or dock marks the window.

#[cfg(target_os = "linux")]
use crate::session::Task;
use eframe::egui::{Context, UserAttentionType, ViewportCommand};

/// Marks the window until it comes to the front.
pub(super) fn mark(ctx: &Context) {
    ctx.send_viewport_cmd(ViewportCommand::RequestUserAttention(UserAttentionType::Informational));
}

/// Shows a line on the desktop, without waiting. That it cannot is no news for people.
#[cfg(target_os = "linux")]
pub(super) fn show(line: String) {
    Task::quiet(move || {
        if let Err(error) = notify(&line) {
            tracing::warn!("no notification was shown: {error}");
        }
    });
}

/// Nothing: the window is marked.
#[cfg(not(target_os = "linux"))]
pub(super) fn show(_line: String) {}

#[cfg(target_os = "linux")]
fn notify(line: &str) -> zbus::Result<()> {
    const SERVICE: &str = "org.freedesktop.Notifications";
    let hints = std::collections::HashMap::from([("desktop-entry", zbus::zvariant::Value::from("addersr"))]);
    // Program, what it replaces, icon, line, text, buttons, hints, how long: as the desktop likes.
    let what = ("AdderSR", 0_u32, "addersr", line, "", Vec::<&str>::new(), hints, -1_i32);
    let ask = async {
        let bus = zbus::Connection::session().await?;
        bus.call_method(Some(SERVICE), "/org/freedesktop/Notifications", Some(SERVICE), "Notify", &what).await
    };
    pollster::block_on(ask).map(|_| ())
}
