//! A part of a photo, as people write it.

use crate::backend::Rect;
use std::str::FromStr;

/// A rectangle, written `400,300,128x128`.
#[derive(Clone, Copy)]
pub(super) struct Region(pub(super) Rect);

impl FromStr for Region {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parse = || {
            let (x, rest) = text.split_once(',')?;
            let (y, size) = rest.split_once(',')?;
            let (w, h) = size.split_once(['x', 'X', '×'])?;
            let number = |s: &str| s.trim().parse().ok();
            Some(Self(Rect { x: number(x)?, y: number(y)?, w: number(w)?, h: number(h)? }))
        };
        parse().ok_or_else(|| "write it like 400,300,128x128: column, row, width x height".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_read_as_people_write_them() {
        let r = Region::from_str("4, 3,128x64").unwrap().0;
        assert_eq!((r.x, r.y, r.w, r.h), (4, 3, 128, 64));
        for bad in ["", "1,2", "1,2,3", "1,2,3x", "-1,2,3x4", "a,b,cxd"] {
            assert!(Region::from_str(bad).is_err(), "{bad}");
        }
    }
}
