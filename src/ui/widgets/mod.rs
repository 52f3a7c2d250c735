//! Controls that several tabs share.
//!
//! | file | what |
//! |---|---|
//! | `pick` | asking for files, folders, a name to write under |
//! | `kind` | what a picture is like: clean, or a camera's |
//! | `background` | what shows through a transparent picture |
//! | `history` | going back on settings |
//! | `keys` | keys as they were pressed |
//! | `dialog` | what all questions in front of the window share |
//! | `portal` | whether the system has a dialog for files |

pub(super) mod background;
pub(super) mod dialog;
pub(super) mod history;
pub(super) mod keys;
pub(super) mod kind;
pub(super) mod pick;
mod portal;
