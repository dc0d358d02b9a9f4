//! The demonstration pack.
