//! Stored files: photos, signatures, recordings, exports.
//!
//! The bytes lie in an object store (a local folder, or S3 elsewhere) under their SHA-256, so the
//! same picture sent twice is stored once, and what was stored can be proven unchanged. A row in
//! `files.file` says what a file is for. A file is written before the row that names it: a crash
//! between the two leaves bytes that nobody names, never a name without bytes.

mod api;
mod model;
mod range;
mod service;
mod store;

#[cfg(test)]
mod tests;

pub use api::{router, serve};
pub use model::*;
pub use service::{Files, Kept};
pub use store::get;
