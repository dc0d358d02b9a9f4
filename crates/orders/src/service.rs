//! The use cases, one file for each part of an order's life. Each reads the same: may I, how do
//! things stand, does that step exist, do it, tell.

mod advance;
mod attend;
mod dispatch;
mod export;
mod file;
mod judge;
mod powers;
mod read;
mod revisit;

pub use advance::advance;
pub use attend::{
    chase, chase_by_customer, link_call, note, set_due, set_urgency, supervise, void,
};
pub use dispatch::dispatch_to;
pub use export::{XLSX, export};
pub use file::{create, preview};
pub use judge::{answer, fail, pass};
pub use powers::Powers;
pub use read::{
    Contact, catalogue, contact_of, contact_of_revisit, detail, get, list, lock, of_household,
    open_of_household, same_riser, same_unit, timeline, unmask,
};
pub use revisit::{attempt_revisit, open_revisits, record_revisit};

/// A text that must not be empty.
fn needed(field: &str, text: &str) -> kernel::Result<String> {
    let text = text.trim();
    if text.is_empty() {
        return Err(kernel::Error::invalid(field, "请填写说明", "must not be empty"));
    }
    Ok(text.to_owned())
}
