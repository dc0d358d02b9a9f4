//! Imports: pure.

mod columns;
mod line;
mod shadow;
mod views;

pub use columns::*;
pub use line::*;
pub use shadow::*;
pub use views::*;
