//! What comes from elsewhere: files in a staging area, every line checked, control totals, a dry
//! run, commit and undo.
//!
//! Nothing of a file reaches the house before somebody commits it. The commit is a job in small
//! steps: killed at any instant it goes on where it was, and no line goes in twice. An undo takes
//! households out again and reverses money. A [`shadow`] run puts what the rules make of a season
//! beside what the old house charged, and certifies the difference.

mod api;
mod event;
mod jobs;
mod model;
pub mod permissions;
mod read;
mod service;
mod store;

#[cfg(test)]
mod tests;

pub use api::router;
pub use jobs::on_wanted;
pub use model::*;
pub use service::*;
