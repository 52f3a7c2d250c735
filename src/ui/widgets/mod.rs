//! Controls that several tabs share.
//!
//! | file | what |
//! |---|---|
//! | `pick` | asking for files, folders, a name to write under |
//! | `kind` | what a picture is like: clean, or a camera's |
//! | `background` | what shows through a transparent picture |
//! | `history` | going back on settings |

pub(super) mod background;
pub(super) mod history;
pub(super) mod kind;
pub(super) mod pick;
