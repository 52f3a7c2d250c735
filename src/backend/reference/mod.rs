//! Plain loops: the definition that every test compares with.
