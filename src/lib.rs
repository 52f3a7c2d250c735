//! AdderSR: enlarges photographs with adder neural networks, networks whose layers measure distances instead of
//! multiplying.
//!
//! An adder layer computes `−Σ|X − W|` where a convolution computes `Σ X·W` (AdderNet, CVPR 2020). A plain one can neither
//! pass a picture through nor sharpen it; a self-shortcut and a learnable power activation make it fit for
//! super-resolution (AdderSR, CVPR 2021).
//!
//! # Where each thing lives
//!
//! | room | what |
//! |---|---|
//! | [`tensor`] | numbers: tensors, pictures as samples, colour, resampling |
//! | [`image_io`] | pictures in files: decode, encode, metadata, names |
//! | [`metrics`] | PSNR and SSIM |
//! | [`nn`] | what a network *is*, as data: operations, plans, weights, models |
//! | [`backend`] | what *runs* a plan: plain loops that define every result, the CPU engine, the GPU engine |
//! | [`infer`] | enlarging a picture of any size by exact tiles; looking into the network |
//! | [`train`] | from pictures to weights: recipe, trainer, checkpoints |
//! | [`session`] | threads and channels between a window and the work; which model a name means |
//! | [`cli`] | the command line, one file per subcommand |
//! | [`ui`] | the window: one file or folder per tab |
//!
//! Dependencies point one way: `{ui, cli} → session → {infer, train} → backend → nn → tensor`, and `image_io → tensor`; a test reads the
//! sources and names any line that goes against it (`tests/house_rules`).
//!
//! # What holds everywhere
//!
//! * A network is a list of operations. Tiles, feature maps, operation counts and training all read the same list.
//! * The slow, obvious code stays, and every fast one is compared with it by the same test body.
//! * A tile is exact: however a picture is cut, the result is the same to the bit.
//! * A file appears complete under its name or not at all.

pub mod backend;
pub mod cli;
pub mod error;
pub mod image_io;
pub mod infer;
pub mod metrics;
pub mod nn;
pub mod session;
pub mod tensor;
pub mod train;
pub mod ui;
