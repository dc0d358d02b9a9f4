//! An agent's seat: its states and the steps between them.

/// Where an agent stands.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    serde::Serialize,
    serde::Deserialize,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::VariantArray,
    sqlx::Type,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum SeatState {
    /// Not at work.
    Offline,
    /// Waits for a call.
    Idle,
    /// Chosen for a call; the phone is about to ring.
    Reserved,
    /// The phone rings.
    Ringing,
    /// On a call.
    Talking,
    /// Writes up the last call.
    WrapUp,
    /// At work, but takes no calls; the reason says why.
    Away,
    /// Would be idle, but the phone gave no sign of life.
    Unreachable,
}

/// What can happen to a seat.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr, strum::VariantArray)]
#[strum(serialize_all = "snake_case")]
pub enum SeatAct {
    /// The phone registered for the first time.
    SignOn,
    /// The agent is ready.
    Ready,
    /// The agent takes no calls.
    Leave,
    /// A call chose the agent.
    Claim,
    /// The phone rings.
    Ring,
    /// The agent answered.
    Answer,
    /// The agent did not answer, or declined.
    Miss,
    /// The phone could not be rung.
    Fail,
    /// The call went away before the answer.
    Release,
    /// The conversation ended, and there is something to write up.
    WrapUp,
    /// The conversation ended, and there is nothing to write up.
    Finish,
    /// The phone gives no sign of life.
    Lose,
    /// The phone is back.
    Return,
    /// The phone has been gone for long.
    SignOff,
}

use SeatAct as A;
use SeatState as S;

/// Every step that exists; one that is not here does not.
pub const STEPS: &[(SeatState, SeatAct, SeatState)] = &[
    (S::Offline, A::SignOn, S::Away),
    (S::Offline, A::Ready, S::Idle),
    (S::Offline, A::Leave, S::Away),
    (S::Away, A::Ready, S::Idle),
    (S::Away, A::Leave, S::Away),
    (S::Away, A::SignOff, S::Offline),
    (S::Idle, A::Ready, S::Idle),
    (S::Idle, A::Leave, S::Away),
    (S::Idle, A::Claim, S::Reserved),
    (S::Idle, A::Lose, S::Unreachable),
    (S::Unreachable, A::Return, S::Idle),
    (S::Unreachable, A::Ready, S::Idle),
    (S::Unreachable, A::Leave, S::Away),
    (S::Unreachable, A::SignOff, S::Offline),
    // an agent may dial while away or while writing up
    (S::Away, A::Claim, S::Reserved),
    (S::WrapUp, A::Claim, S::Reserved),
    (S::Reserved, A::Ring, S::Ringing),
    (S::Reserved, A::Answer, S::Talking),
    (S::Reserved, A::Miss, S::Away),
    (S::Reserved, A::Fail, S::Unreachable),
    (S::Reserved, A::Release, S::Idle),
    (S::Ringing, A::Answer, S::Talking),
    (S::Ringing, A::Miss, S::Away),
    (S::Ringing, A::Fail, S::Unreachable),
    (S::Ringing, A::Release, S::Idle),
    (S::Talking, A::WrapUp, S::WrapUp),
    (S::Talking, A::Finish, S::Idle),
    (S::Talking, A::Release, S::Idle),
    (S::Talking, A::Fail, S::Unreachable),
    (S::WrapUp, A::Ready, S::Idle),
    (S::WrapUp, A::Finish, S::Idle),
    (S::WrapUp, A::Leave, S::Away),
    (S::WrapUp, A::Lose, S::Unreachable),
];

impl SeatState {
    /// The state after `act`, when that step exists.
    pub fn step(self, act: SeatAct) -> Option<Self> {
        STEPS.iter().find(|(from, a, _)| (*from, *a) == (self, act)).map(|(_, _, to)| *to)
    }

    /// Whether a call holds the seat.
    pub fn on_call(self) -> bool {
        matches!(self, Self::Reserved | Self::Ringing | Self::Talking)
    }
}
