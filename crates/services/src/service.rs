//! Use cases of this room.

mod audit;
mod catalogue;
mod charge;
mod offer;
mod paper;
mod read;
mod settlement;

pub use audit::*;
pub use catalogue::*;
pub(crate) use charge::*;
pub use offer::*;
pub(crate) use paper::*;
pub use read::*;
pub use settlement::*;

use kernel::{Error, Result};

/// The longest that anybody says.
const LONGEST: usize = 500;

fn needed(field: &str, text: &str) -> Result<String> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > LONGEST {
        return Err(Error::invalid(field, "请填写说明，不超过 500 字", "1 to 500 characters"));
    }
    Ok(text.to_owned())
}
