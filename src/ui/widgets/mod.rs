//! Controls that several tabs share.
//!
//! | file | what |
//! |---|---|
//! | `pick` | asking for files, folders, a name to write under |
//! | `kind` | what a picture is like: clean, or a camera's |
//! | `background` | what shows through a transparent picture |
//! | `history` | going back on settings |
//! | `chart` | names of lines and axes, beside a chart |
//! | `hover` | where files go that are held over the window |
//! | `names` | long names, cut in the middle |
//! | `notices` | sentences at the lower edge |
//! | `keys` | keys as they were pressed |
//! | `dialog` | what all questions in front of the window share |
//! | `portal` | whether the system has a dialog for files |

pub(super) mod background;
pub(super) mod chart;
pub(super) mod dialog;
pub(super) mod history;
pub(super) mod hover;
pub(super) mod keys;
pub(super) mod kind;
pub(super) mod names;
pub(super) mod notices;
pub(super) mod pick;
mod portal;
