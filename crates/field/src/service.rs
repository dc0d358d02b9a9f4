//! The use cases: steps, evidence, looking.

mod hand_in;
mod look;
mod step;

pub use hand_in::{NewEvidence, NewTemperature, add_evidence, add_temperature};
pub use look::{task, tasks, visits, visits_of};
pub use step::{Arrival, Finish, accept, arrive, finish, give_back, set_out};
