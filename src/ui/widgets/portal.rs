//! Whether the system has a dialog for files: on Linux a desktop portal that serves files, or zenity, which rfd takes in its
//! place. Asked before a dialog is opened, because of one that gave no file nobody can tell whether it was cancelled or never
//! appeared. `ashpd` would answer too, and brings a second way of asking; zbus is in the program for accessibility.

/// Waits for the portal's answer.
#[cfg(target_os = "linux")]
pub(super) fn is_there() -> bool {
    serves_files().is_ok()
        || std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())
            .any(|folder| folder.join("zenity").is_file())
}

/// Whether something is known to be missing: elsewhere the dialog is the system's own.
#[cfg(not(target_os = "linux"))]
pub(super) fn is_there() -> bool {
    true
}

/// The version of the portal's dialog for files; the portal is started if it does not run.
#[cfg(target_os = "linux")]
fn serves_files() -> zbus::Result<()> {
    const PORTAL: &str = "org.freedesktop.portal.Desktop";
    let ask = async {
        let bus = zbus::Connection::session().await?;
        let what = &("org.freedesktop.portal.FileChooser", "version");
        let properties = Some("org.freedesktop.DBus.Properties");
        bus.call_method(Some(PORTAL), "/org/freedesktop/portal/desktop", properties, "Get", what).await
    };
    pollster::block_on(ask).map(|_| ())
}
