//! Asking whether memory holds something before asking for it: a failed allocation ends a program without a word.

/// Whether `bytes` more can be had. Where the system tells what is available (Linux), that is believed; elsewhere, and
/// above it, a trial allocation decides.
pub(super) fn holds(bytes: u128) -> bool {
    let Ok(bytes) = usize::try_from(bytes) else { return false };
    // Linux grants more than there is and ends the program when it is used, so the trial alone would not do.
    available().is_none_or(|free| bytes as u64 <= free) && Vec::<u8>::new().try_reserve_exact(bytes).is_ok()
}

/// Bytes that can be had without driving out what runs, if the system tells.
fn available() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/meminfo").ok()?;
    let kilobytes = |key: &str| -> Option<u64> {
        let line = text.lines().find_map(|line| line.strip_prefix(key))?;
        line.trim().trim_end_matches(" kB").parse().ok()
    };
    Some((kilobytes("MemAvailable:")? + kilobytes("SwapFree:").unwrap_or(0)) * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_megabyte_fits_and_a_petabyte_does_not() {
        assert!(holds(1 << 20));
        assert!(!holds(1 << 50));
        assert!(!holds(u128::MAX));
    }
}
