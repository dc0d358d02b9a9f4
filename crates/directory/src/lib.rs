//! Who lives where: the address tree, premises, accounts, people and their phones, and the heat
//! network that reaches them.
//!
//! Two questions matter most, and both are asked while a telephone rings: whose number is this
//! ([`by_phone`]), and which household does this scrap of a name, number or address mean
//! ([`find`]). Phones leave masked ([`mask_phone`]) unless somebody says why they need them
//! ([`unmask`]), and that is on record.
//!
//! Writers of accounts fill `directory.account.grams` with [`account_grams`].

mod api;
mod grams;
mod initials;
pub mod jobs;
mod model;
mod needle;
pub mod permissions;
mod phone;
mod service;
mod store;

#[cfg(test)]
mod tests;

pub use api::router;
pub use grams::{account_grams, grams};
pub use model::*;
pub use phone::{mask_id_number, mask_name, mask_phone, normalise_phone};
pub use service::*;
pub use store::FindingFilter;
