//! Names of files that are longer than their room: cut in the middle, because the end tells one picture of a series from the
//! next, and the kind of a file.

use eframe::egui::{Color32, TextStyle, Ui};

/// A name that fits into `room`: all of it, or its beginning, `…` and its end.
pub(in crate::ui) fn cut(ui: &Ui, name: &str, style: TextStyle, room: f32) -> String {
    let font = style.resolve(ui.style());
    let width = |text: &str| ui.painter().layout_no_wrap(text.to_owned(), font.clone(), Color32::WHITE).size().x;
    cut_to(name, |text| width(text) <= room)
}

/// The longest that fits.
fn cut_to(name: &str, fits: impl Fn(&str) -> bool) -> String {
    if fits(name) {
        return name.to_owned();
    }
    let all: Vec<char> = name.chars().collect();
    let of = |kept: usize| {
        let (head, tail) = (kept - kept / 2, kept / 2);
        let end = &all[all.len() - tail..];
        all[..head].iter().chain(&['…']).chain(end).collect::<String>()
    };
    // How many characters fit; a few wide ones among them do no harm, because less fits then.
    let (mut least, mut most) = (0, all.len().saturating_sub(1));
    while least < most {
        let middle = (least + most).div_ceil(2);
        if fits(&of(middle)) {
            least = middle;
        } else {
            most = middle - 1;
        }
    }
    of(least)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_goes_and_the_end_stays() {
        let cut = |name, most| cut_to(name, |text: &str| text.chars().count() <= most);
        assert_eq!(cut("short.jpg", 9), "short.jpg");
        assert_eq!(cut("a long name 0123.jpg", 12), "a long…3.jpg");
        assert_eq!(cut("家族の写真アルバム", 5), "家族…バム");
        assert_eq!(cut("none fits", 0), "…");
    }
}
