//! Types and rules of dispatch. Pure.

mod event;
mod position;
mod proposal;
mod rule;
mod worker;

pub(crate) use event::{NobodyFree, SettingChanged, ShiftChanged, WorkerChanged};
pub use position::{KeptPoints, MAX_POINTS, PositionPoint, RefusedPoint, TrackPoint};
pub(crate) use position::{LastKnown, sift};
pub use proposal::{ExcludedWorker, Part, Proposal, RankedWorker, Why};
pub(crate) use proposal::{Facts, Stored, WorkerFacts, judge, urgency};
pub use rule::DispatchRule;
pub use worker::{ONLINE_FOR, OpenOrder, Setting, Worker, WorkerSettings};
