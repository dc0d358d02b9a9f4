//! Use cases of people; what the switch sets off stands in `engine`.

pub mod calls;
pub mod dial;
pub mod seats;
pub mod setup;
