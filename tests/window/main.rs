//! The window without a screen: controls are found by their accessible names, and what they do follows.

mod train;
