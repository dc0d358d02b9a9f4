//! One conversation: its states, how it can end, and what is known of it.

use chrono::{DateTime, Utc};
use kernel::{AccountId, CallId, MatterId, QueueId, UserId};

/// How far a call is.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
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
pub enum CallState {
    /// In the voice menu.
    Ivr,
    /// Waits for an agent.
    Queued,
    /// An agent's phone is rung for it.
    Ringing,
    /// Two people speak; also while an agent's reloaded page comes back.
    Talking,
    /// The agent put the other side on hold.
    Held,
    /// Click to call: the agent's phone, then the customer's.
    Dialing,
    /// Over.
    Ended,
}

/// What became of a call.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
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
pub enum Outcome {
    /// Two people spoke.
    Answered,
    /// The caller left during the first announcement.
    AbandonedGreeting,
    /// The caller left in the menu.
    AbandonedMenu,
    /// The caller left while waiting.
    AbandonedQueue,
    /// The caller left while an agent's phone rang.
    AbandonedRinging,
    /// The called side did not answer.
    NoAnswer,
    /// The called side was busy.
    Busy,
    /// It could not be put through.
    Failed,
    /// The called side declined.
    Rejected,
    /// The menu did all that was wanted.
    SelfService,
}

/// Who ended a call.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
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
pub enum Party {
    /// The outside party.
    Peer,
    /// The agent.
    Agent,
    /// The platform, the network, or an accident.
    System,
}

/// From whom a call came.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
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
pub enum Direction {
    /// A customer called.
    In,
    /// An agent called.
    Out,
}

/// How an offer to an agent ended.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    serde::Serialize,
    serde::Deserialize,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::VariantArray,
    sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum OfferResult {
    /// The agent took it.
    Answered,
    /// The phone rang in vain.
    Missed,
    /// The agent declined.
    Declined,
    /// The caller left first.
    CallerGone,
    /// The phone could not be rung.
    Unreachable,
}

/// A call as the database keeps it: all that any decision needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Which.
    pub id: CallId,
    /// The chain it belongs to.
    pub matter_id: MatterId,
    /// From whom.
    pub direction: Direction,
    /// The outside party's number; empty when withheld.
    pub peer_number: String,
    /// Our number that was called, or that we show.
    pub service_number: String,
    /// The household, once known.
    pub account_id: Option<AccountId>,
    /// How far.
    pub state: CallState,
    /// What became of it.
    pub outcome: Option<Outcome>,
    /// Who ended it.
    pub hung_up_by: Option<Party>,
    /// The flow that answered.
    pub flow: Option<String>,
    /// Its version: a flow changed meanwhile does not change this call.
    pub flow_version: Option<i32>,
    /// Where in the flow.
    pub node: Option<String>,
    /// Tries used at this menu.
    pub tries: i32,
    /// Keys that were pressed, in order.
    pub digits: String,
    /// What the caller is told now.
    pub prompts: Vec<String>,
    /// Counts the things said.
    pub turn: i32,
    /// When something falls due by itself.
    pub due_at: Option<DateTime<Utc>>,
    /// The queue it waits in, or came through.
    pub queue_id: Option<QueueId>,
    /// Who is rung for it, or spoke.
    pub agent_id: Option<UserId>,
    /// What an outbound call is made for.
    pub purpose: String,
    /// The outside party's channel; an outbound call has none before the agent answered.
    pub peer_channel: Option<String>,
    /// The agent's channel; none while a reloaded page comes back.
    pub agent_channel: Option<String>,
    /// How many channels were dialled for it.
    pub legs: i32,
    /// When it began.
    pub arrived_at: DateTime<Utc>,
    /// When it first waited for an agent.
    pub queued_at: Option<DateTime<Utc>>,
    /// When an agent's phone was last rung for it.
    pub offered_at: Option<DateTime<Utc>>,
    /// When two people first spoke.
    pub answered_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub ended_at: Option<DateTime<Utc>>,
    /// The organisation that it belongs to.
    pub org_path: String,
}

impl Call {
    /// A call that begins now, with nothing decided yet.
    pub fn new(id: CallId, matter_id: MatterId, direction: Direction, at: DateTime<Utc>) -> Self {
        Self {
            id,
            matter_id,
            direction,
            peer_number: String::new(),
            service_number: String::new(),
            account_id: None,
            state: CallState::Ivr,
            outcome: None,
            hung_up_by: None,
            flow: None,
            flow_version: None,
            node: None,
            tries: 0,
            digits: String::new(),
            prompts: Vec::new(),
            turn: 0,
            due_at: None,
            queue_id: None,
            agent_id: None,
            purpose: String::new(),
            peer_channel: None,
            agent_channel: None,
            legs: 0,
            arrived_at: at,
            queued_at: None,
            offered_at: None,
            answered_at: None,
            ended_at: None,
            org_path: String::new(),
        }
    }

    /// Whether two people are connected, or will be again in a moment.
    pub fn in_conversation(&self) -> bool {
        matches!(self.state, CallState::Talking | CallState::Held)
    }

    /// Seconds from the first word to the end.
    pub fn seconds(&self) -> i64 {
        match (self.answered_at, self.ended_at) {
            (Some(from), Some(to)) => (to - from).num_seconds(),
            _ => 0,
        }
    }

    /// The call that a channel of ours belongs to: its name begins with the call's id.
    pub fn of_leg(channel: &str) -> Option<CallId> {
        let id = channel.get(..36).filter(|_| channel.as_bytes().get(36) == Some(&b'-'))?;
        uuid::Uuid::parse_str(id).ok().map(CallId::from)
    }

    /// Names the next leg to be dialled.
    pub fn next_leg(&mut self) -> String {
        self.legs += 1;
        format!("{}-{}", self.id, self.legs)
    }
}
