//! What an order is, and the rules of its life: no database, no clock.

mod catalogue;
mod limits;
mod order;
mod rule;
mod state;
mod views;
mod words;

pub use catalogue::{Catalogue, Cause, Kind, Side, Symptom};
pub use limits::{Limits, Next, Policy, at_risk};
pub use order::{FieldStep, WorkOrder};
pub use rule::OrderRule;
pub use state::{Action, STEPS, State, diagram};
pub use views::{
    Detail, DispatchTo, Filter, LinkedCall, NewOrder, OpenRevisit, Order, Preview, RevisitRow,
};
pub use words::{CallReason, Manner, Origin, Satisfaction, Urgency};
