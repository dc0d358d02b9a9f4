//! Imports: pure.

mod batch;
mod certificate;
mod columns;
mod line;
mod rule;
mod shadow;
mod stated;
mod views;

pub use batch::*;
pub use certificate::*;
pub use columns::*;
pub use line::*;
pub use rule::*;
pub use shadow::*;
pub(crate) use stated::stated;
pub use views::*;
