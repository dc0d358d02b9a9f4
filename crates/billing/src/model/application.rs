//! Applications of households (业务受理): what is asked for, how it stands, what it would change.

mod form;
mod hypothesis;
mod rule;
mod state;
mod views;

pub use form::*;
pub(crate) use hypothesis::*;
pub use rule::*;
pub use state::*;
pub use views::*;
