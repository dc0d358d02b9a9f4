//! Who should go? A pure planner: facts and a policy in, a ranking with its reasons out.
//!
//! It knows no database, no clock and no language. Ages and due times arrive as minutes, places as
//! checked [`Point`]s; reasons leave as codes with numbers, for the screens to word.
//!
//! [`rank`] serves the instant offer of one order. It filters (each exclusion is named), then
//! scores: a point is worth one minute of travel on an ordinary order, every part of a total is
//! listed, and all of it is integers, so that the same facts give the same answer on any machine.

mod answer;
mod facts;
mod place;
mod policy;
mod rank;
#[cfg(test)]
mod tests;

pub use answer::{
    Excluded, Exclusion, ExclusionCode, Ranked, Ranking, Reason, ReasonCode, TravelFrom,
};
pub use facts::{Candidate, OpenOrder, Order, Position, UnknownUrgency, Urgency};
pub use place::{NotAPlace, Point};
pub use policy::{ByUrgency, Policy};
pub use rank::rank;
