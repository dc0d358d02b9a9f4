//! What clients are shown.

use crate::{CallState, Direction, Outcome, Party, SeatState, Strategy};
use chrono::{DateTime, Utc};
use kernel::{AccountId, CallId, FileId, MatterId, OrderId, QueueId, UserId};
use uuid::Uuid;

/// A call.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
#[schema(as = Call)]
pub struct CallView {
    /// Which.
    pub id: CallId,
    /// The chain it belongs to.
    pub matter_id: MatterId,
    /// From whom.
    pub direction: Direction,
    /// The outside party's number; masked unless it is the reader's own live call.
    pub peer_number: String,
    /// Our number.
    pub service_number: String,
    /// The household.
    #[schema(required)]
    pub account_id: Option<AccountId>,
    /// Its holder.
    #[schema(required)]
    pub account_name: Option<String>,
    /// Its address.
    #[schema(required)]
    pub address: Option<String>,
    /// How far.
    pub state: CallState,
    /// What became of it.
    #[schema(required)]
    pub outcome: Option<Outcome>,
    /// Who ended it.
    #[schema(required)]
    pub hung_up_by: Option<Party>,
    /// Stable name of its queue.
    #[schema(required)]
    pub queue_key: Option<String>,
    /// Name of its queue.
    #[schema(required)]
    pub queue_name: Option<String>,
    /// Who is rung, or spoke.
    #[schema(required)]
    pub agent_id: Option<UserId>,
    /// The agent's name.
    #[schema(required)]
    pub agent_name: Option<String>,
    /// What an outbound call is made for.
    pub purpose: String,
    /// Keys that were pressed.
    pub digits: String,
    /// When it began.
    pub arrived_at: DateTime<Utc>,
    /// When it first waited.
    #[schema(required)]
    pub queued_at: Option<DateTime<Utc>>,
    /// When an agent was last rung.
    #[schema(required)]
    pub offered_at: Option<DateTime<Utc>>,
    /// When two people first spoke.
    #[schema(required)]
    pub answered_at: Option<DateTime<Utc>>,
    /// When it ended.
    #[schema(required)]
    pub ended_at: Option<DateTime<Utc>>,
    /// Its recording.
    #[schema(required)]
    pub recording: Option<RecordingView>,
    /// The orders that it concerns.
    pub orders: Vec<CallOrder>,
}

/// A recording, as a call shows it.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
#[schema(as = CallRecording)]
pub struct RecordingView {
    /// Being made, stored, or missing.
    pub state: String,
    /// How long it is.
    #[schema(required)]
    pub seconds: Option<f64>,
    /// Its file.
    #[schema(required)]
    pub file_id: Option<FileId>,
}

/// An order that a call concerns.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct CallOrder {
    /// Which.
    pub order_id: OrderId,
    /// Its number.
    pub no: String,
    /// Why they belong together.
    pub why: String,
}

/// The picture of a recording.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct Waveform {
    /// How long it is.
    pub seconds: f64,
    /// The loudest of each of up to 800 equal parts, 0 to 255.
    pub peaks: Vec<u8>,
    /// Always one: both sides are mixed.
    pub channels: u8,
}

/// An agent's seat.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
#[schema(as = Seat)]
pub struct SeatView {
    /// Whose.
    pub staff_id: UserId,
    /// The person's name.
    pub name: String,
    /// The phone's account.
    pub endpoint: String,
    /// Where the agent stands.
    pub state: SeatState,
    /// Why.
    pub reason: String,
    /// Since when.
    pub since: DateTime<Utc>,
    /// The call that holds it.
    #[schema(required)]
    pub call_id: Option<CallId>,
    /// Until when the agent writes up.
    #[schema(required)]
    pub wrap_until: Option<DateTime<Utc>>,
    /// The queues that it serves.
    pub queues: Vec<QueueName>,
}

/// The answer to a sign of life.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct Heartbeat {
    /// The seat.
    #[serde(flatten)]
    pub seat: SeatView,
    /// Whether this tab holds the phone; another tab has taken it otherwise.
    pub leads: bool,
}

/// A queue's names.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct QueueName {
    /// Stable name.
    pub key: String,
    /// Name.
    pub name: String,
}

/// A queue with its load.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
#[schema(as = Queue)]
pub struct QueueView {
    /// Which.
    pub id: QueueId,
    /// Stable name.
    pub key: String,
    /// Name, Chinese.
    pub name: String,
    /// Name, English.
    pub name_en: String,
    /// In which order agents are rung.
    pub strategy: Strategy,
    /// Seconds that one agent is rung.
    pub ring_s: i32,
    /// Seconds to write up.
    pub wrap_up_s: i32,
    /// Seconds between comforting announcements.
    pub comfort_s: i32,
    /// How many callers wait.
    pub waiting: i64,
    /// How long the first of them has waited.
    pub longest_wait_s: i64,
    /// Free agents.
    pub idle: i64,
    /// Agents on a call.
    pub talking: i64,
    /// Agents who write up.
    pub wrap_up: i64,
    /// Who serves it.
    pub members: Vec<MemberView>,
}

/// A member of a queue.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
#[schema(as = QueueMember)]
pub struct MemberView {
    /// Who.
    pub staff_id: UserId,
    /// The person's name.
    pub name: String,
    /// Always, or for a shift.
    pub manner: String,
    /// Place in the order.
    pub sort: i32,
}

/// What the softphone needs to register.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct Softphone {
    /// Its account.
    pub endpoint: String,
    /// Its password, made for this page.
    pub secret: String,
    /// Where to connect, on this origin.
    pub ws_url: String,
    /// The realm of the account.
    pub realm: String,
    /// The seat's state.
    pub state: SeatState,
}

/// Which calls a list shows.
#[derive(Clone, Debug, Default, serde::Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub struct Filter {
    /// Of this agent.
    pub agent: Option<UserId>,
    /// With this number.
    pub number: Option<String>,
    /// Of this household.
    pub account: Option<AccountId>,
    /// That ended so.
    pub outcome: Option<Outcome>,
    /// Begun from here.
    pub from: Option<DateTime<Utc>>,
    /// Begun before.
    pub to: Option<DateTime<Utc>>,
    /// `1`: only the reader's own.
    pub mine: Option<u8>,
    /// How many.
    pub limit: Option<i64>,
    /// Where to read on.
    pub after: Option<String>,
}

/// What a permission check needs of a call.
pub struct Mark {
    /// Who is on it, or was.
    pub agent_id: Option<UserId>,
    /// Its organisation.
    pub org_path: String,
}

/// How many wait in a queue, and who could serve them.
pub struct QueueLoad {
    /// Which queue.
    pub id: QueueId,
    /// Callers who wait.
    pub waiting: i64,
    /// Since when the first of them waits.
    pub oldest: Option<DateTime<Utc>>,
    /// Free agents.
    pub idle: i64,
    /// Agents on a call.
    pub talking: i64,
    /// Agents who write up.
    pub wrap_up: i64,
}

/// The key under which a list of calls goes on.
pub type Place = (DateTime<Utc>, Uuid);
