//! How large a picture is, and where in it something lies. By name, since columns first and rows first are both usual and a
//! bare pair does not tell which it is.

/// Columns and rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Serialize)]
pub struct Size {
    /// Columns.
    pub width: usize,
    /// Rows.
    pub height: usize,
}

impl Size {
    /// `width` columns and `height` rows.
    pub const fn new(width: usize, height: usize) -> Self {
        Self { width, height }
    }

    /// As many columns as rows.
    pub const fn square(side: usize) -> Self {
        Self::new(side, side)
    }

    /// Its number of pixels.
    pub const fn area(self) -> usize {
        self.width * self.height
    }

    /// The longer side.
    pub fn longest(self) -> usize {
        self.width.max(self.height)
    }

    /// `factor` times as many columns and rows.
    pub const fn times(self, factor: usize) -> Self {
        Self::new(self.width * factor, self.height * factor)
    }

    /// Columns for rows.
    pub const fn transposed(self) -> Self {
        Self::new(self.height, self.width)
    }
}

/// `640×480`, and with `{:#}`, for windows, `640 × 480`.
impl std::fmt::Display for Size {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let by = if f.alternate() { " × " } else { "×" };
        write!(f, "{}{by}{}", self.width, self.height)
    }
}

/// A pixel of a picture.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Point {
    /// Its column.
    pub x: usize,
    /// Its row.
    pub y: usize,
}

impl Point {
    /// In column `x` and row `y`.
    pub const fn new(x: usize, y: usize) -> Self {
        Self { x, y }
    }
}
