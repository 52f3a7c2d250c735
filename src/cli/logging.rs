//! Log lines on standard error, more of them with `--verbose`. `ADDERSR_LOG` takes tracing's own filters.

use tracing_subscriber::EnvFilter;

/// Starts logging; only the first call does.
pub(super) fn start(verbose: u8) {
    let default = match verbose {
        0 => "warn",
        1 => "addersr=info,warn",
        2 => "addersr=debug,warn",
        _ => "trace",
    };
    let filter = EnvFilter::try_from_env("ADDERSR_LOG").unwrap_or_else(|_| EnvFilter::new(default));
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_target(verbose > 1)
        .try_init();
}
