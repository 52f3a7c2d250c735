//! Log lines on standard error, more of them with `--verbose`. `ADDERSR_LOG` takes tracing's own filters. The latest ones
//! are also kept in memory, for the window's report.

use crate::session::log::Recent;
use std::io::IsTerminal;
use tracing_subscriber::{EnvFilter, Layer, fmt, prelude::*};

/// Starts logging; only the first call does.
pub(super) fn start(verbose: u8) {
    let default = match verbose {
        0 => "warn",
        1 => "addersr=info,warn",
        2 => "addersr=debug,warn",
        _ => "trace",
    };
    let filter = EnvFilter::try_from_env("ADDERSR_LOG").unwrap_or_else(|_| EnvFilter::new(default));
    let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty());
    let shown =
        fmt::layer().with_writer(std::io::stderr).with_ansi(colour).with_target(verbose > 1).with_filter(filter);
    let kept = fmt::layer().with_writer(Recent).with_ansi(false).with_filter(EnvFilter::new("addersr=info,warn"));
    let _ = tracing_subscriber::registry().with(shown).with(kept).try_init();
}
