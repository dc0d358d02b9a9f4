//! What goes in and out: requests, cards, details.

use super::{
    Action, CallReason, Manner, Next, Origin, Satisfaction, State, Urgency, limits::Limits,
};
use chrono::{DateTime, Utc};
use kernel::{AccountId, CallId, MatterId, OrderId, OrgId, PlaceId, RevisitId, UserId};
use serde_json::Value;

/// A request to be written down.
#[derive(Clone, Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOrder {
    /// Its kind's key.
    pub kind: String,
    /// What the customer notices: a symptom's key.
    pub symptom: Option<String>,
    /// How much it presses.
    pub urgency: Urgency,
    /// The household; without one, an address is needed.
    pub account_id: Option<AccountId>,
    /// Where, when it is not the household's address.
    pub address: Option<String>,
    /// Whom to ask for.
    pub contact_name: String,
    /// Whom to ring.
    pub contact_phone: String,
    /// In the customer's words.
    #[serde(default)]
    pub description: String,
    /// By which way the request came.
    pub channel: Origin,
    /// The call in which it is filed: the order joins its matter.
    pub call_id: Option<CallId>,
    /// Start of the appointment.
    pub appointment_from: Option<DateTime<Utc>>,
    /// End of the appointment.
    pub appointment_to: Option<DateTime<Utc>>,
    /// The station that is responsible, when it is not the household's.
    pub org_id: Option<OrgId>,
    /// An end of the work that was promised to the customer, instead of the kind's.
    pub finish_due: Option<DateTime<Utc>>,
    /// Words that settle it at once, for kinds that need no visit.
    pub answer: Option<String>,
}

/// What filing would promise, and what is open nearby.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct Preview {
    /// Limit for accepting.
    pub accept_due: DateTime<Utc>,
    /// Limit for arriving.
    pub arrive_due: DateTime<Utc>,
    /// Limit for finishing.
    pub finish_due: DateTime<Utc>,
    /// Open orders of the same household: chase rather than file.
    pub same_household: Vec<Order>,
    /// Open orders of the neighbours behind the same door.
    pub same_unit: Vec<Order>,
    /// Open orders of the neighbours on the same riser.
    pub same_riser: Vec<Order>,
}

impl Preview {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            accept_due: limits.accept,
            arrive_due: limits.arrive,
            finish_due: limits.finish,
            same_household: Vec::new(),
            same_unit: Vec::new(),
            same_riser: Vec::new(),
        }
    }
}

/// An order as lists and pages show it.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct Order {
    /// Its id.
    pub id: OrderId,
    /// Its number, as people say it.
    pub no: String,
    /// The matter that it belongs to.
    pub matter_id: MatterId,
    /// Its kind's key.
    pub kind: String,
    /// Its kind's name.
    pub kind_name: String,
    /// Its symptom's key.
    #[schema(required)]
    pub symptom: Option<String>,
    /// Its symptom's name.
    #[schema(required)]
    pub symptom_name: Option<String>,
    /// How much it presses.
    pub urgency: Urgency,
    /// How it stands.
    pub state: State,
    /// 1 for the first visit; each rework adds one.
    pub round: i32,
    /// The household.
    #[schema(required)]
    pub account_id: Option<AccountId>,
    /// Where.
    pub address: String,
    /// The community, for short.
    pub community: String,
    /// Whom to ask for.
    pub contact_name: String,
    /// Whom to ring; masked unless the page says otherwise.
    pub contact_phone: String,
    /// In the customer's words.
    pub description: String,
    /// By which way the request came.
    pub channel: Origin,
    /// The station that is responsible.
    pub org_id: OrgId,
    /// Its path.
    pub org_path: String,
    /// Its name.
    pub org_name: String,
    /// The repairer who has it.
    #[schema(required)]
    pub assignee_id: Option<UserId>,
    /// His name.
    #[schema(required)]
    pub assignee_name: Option<String>,
    /// Who answers for it.
    #[schema(required)]
    pub supervisor_id: Option<UserId>,
    /// Name of who answers for it.
    #[schema(required)]
    pub supervisor_name: Option<String>,
    /// Start of the appointment.
    #[schema(required)]
    pub appointment_from: Option<DateTime<Utc>>,
    /// End of the appointment.
    #[schema(required)]
    pub appointment_to: Option<DateTime<Utc>>,
    /// Limit for accepting.
    pub accept_due: DateTime<Utc>,
    /// Limit for arriving.
    pub arrive_due: DateTime<Utc>,
    /// Limit for finishing.
    pub finish_due: DateTime<Utc>,
    /// Limit for auditing and asking the customer.
    #[schema(required)]
    pub revisit_due: Option<DateTime<Utc>>,
    /// The limit that runs now.
    #[schema(required)]
    pub next_due: Option<DateTime<Utc>>,
    /// What must happen by then.
    #[schema(required)]
    pub next_step: Option<Next>,
    /// How often the customer pressed for it.
    pub chases: i32,
    /// What the repairer found: a cause's key.
    #[schema(required)]
    pub cause: Option<String>,
    /// The cause's name.
    #[schema(required)]
    pub cause_name: Option<String>,
    /// How it was settled.
    pub resolution: String,
    /// What the customer said last.
    #[schema(required)]
    pub satisfaction: Option<Satisfaction>,
    /// Longitude, WGS-84.
    #[schema(required)]
    pub lng: Option<f64>,
    /// Latitude, WGS-84.
    #[schema(required)]
    pub lat: Option<f64>,
    /// When it was filed.
    pub opened_at: DateTime<Utc>,
    /// When it was given to the repairer.
    #[schema(required)]
    pub dispatched_at: Option<DateTime<Utc>>,
    /// When he confirmed.
    #[schema(required)]
    pub accepted_at: Option<DateTime<Utc>>,
    /// When he left.
    #[schema(required)]
    pub set_out_at: Option<DateTime<Utc>>,
    /// When he arrived.
    #[schema(required)]
    pub arrived_at: Option<DateTime<Utc>>,
    /// When the work was done.
    #[schema(required)]
    pub finished_at: Option<DateTime<Utc>>,
    /// When all was settled.
    #[schema(required)]
    pub closed_at: Option<DateTime<Utc>>,
    /// Counts changes: send it back with a change, and learn whether somebody was faster.
    pub version: i32,
    /// What the caller can do with it now.
    pub actions: Vec<Action>,
}

/// An order with what hangs on it.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct Detail {
    /// The order.
    #[serde(flatten)]
    pub order: Order,
    /// Calls that belong to it, oldest first.
    pub calls: Vec<LinkedCall>,
    /// Revisits, by round.
    pub revisits: Vec<RevisitRow>,
    /// Whether `contact_phone` is shown in full.
    pub contact_phone_unmasked: bool,
}

/// A call that belongs to an order.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct LinkedCall {
    /// Which.
    pub call_id: CallId,
    /// Why it belongs here.
    pub why: CallReason,
    /// Since when.
    pub at: DateTime<Utc>,
}

/// The asking after one round.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct RevisitRow {
    /// Its id.
    pub id: RevisitId,
    /// The round that it asks after.
    pub round: i32,
    /// `open` or `done`.
    pub state: String,
    /// By when.
    pub due_at: DateTime<Utc>,
    /// How often the customer could not be reached.
    pub attempts: i32,
    /// What the customer said.
    #[schema(required)]
    pub result: Option<Satisfaction>,
    /// Why.
    pub reason: String,
    /// When.
    #[schema(required)]
    pub done_at: Option<DateTime<Utc>>,
    /// Who asked.
    #[schema(required)]
    pub done_by_name: Option<String>,
}

/// A customer who must be asked.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct OpenRevisit {
    /// The revisit's id.
    pub id: RevisitId,
    /// After what.
    pub order: Order,
    /// After which round.
    pub round: i32,
    /// By when.
    pub due_at: DateTime<Utc>,
    /// How often the customer could not be reached.
    pub attempts: i32,
}

/// Who goes, and why he.
#[derive(Clone, Debug)]
pub struct DispatchTo {
    /// The repairer.
    pub staff_id: UserId,
    /// A person's reason; needed when the order changes hands.
    pub reason: String,
    /// The scorer's ranking with its reasons, as it stood.
    pub ranking: Option<Value>,
    /// How he was chosen.
    pub manner: Manner,
}

/// Which orders a list shows.
#[derive(Clone, Debug, Default, serde::Serialize, serde::Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Filter {
    /// One state.
    pub state: Option<State>,
    /// One kind.
    pub kind: Option<String>,
    /// One organisation and all below it.
    pub org: Option<OrgId>,
    /// One repairer.
    pub assignee: Option<UserId>,
    /// 1: only those that the caller has in hand.
    pub mine: Option<u8>,
    /// One household.
    pub account: Option<AccountId>,
    /// One unit of a building.
    pub unit: Option<PlaceId>,
    /// Part of number, address, contact or phone.
    pub q: Option<String>,
    /// 1: only those whose running limit has passed.
    pub overdue: Option<u8>,
    /// 1: only those that are not over.
    pub open: Option<u8>,
    /// Rows of a page.
    pub limit: Option<i64>,
    /// Where the last page ended.
    pub after: Option<String>,
}

impl Filter {
    /// Whether only open orders can match: then the list is a queue.
    pub(crate) fn is_queue(&self) -> bool {
        let set = |flag: Option<u8>| flag == Some(1);
        let open_state = self.state.is_some_and(|s| !s.is_over());
        open_state || set(self.open) || set(self.overdue) || set(self.mine)
    }
}
