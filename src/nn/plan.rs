//! The plan of a network: its operations in order, and what can be known of them without running anything.
