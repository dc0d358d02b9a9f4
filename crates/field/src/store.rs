//! SQL of field work.

mod read;
mod visit;

pub(crate) use read::{can_see, needing_visit, newest_of, open_of, past_orders, station, visits};
pub(crate) use visit::{
    Added, End, NewEvidenceRow, NewTemperatureRow, Open, add_evidence, add_temperature, close,
    find_open, has_visited, held, latest, lock, open, own_file_type, set_arrived, set_out,
};
