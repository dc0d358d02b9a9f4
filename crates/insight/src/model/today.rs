//! Today's numbers; `docs/numbers.md` says what each means.

use chrono::{DateTime, Utc};
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// The day so far, in Shanghai.
#[derive(Debug, Serialize, ToSchema)]
pub struct Today {
    /// As of when.
    pub at: DateTime<Utc>,
    /// Calls from outside.
    pub calls: CallNumbers,
    /// Agents' seats now.
    pub seats: SeatNumbers,
    /// Orders.
    pub orders: OrderNumbers,
    /// What customers said when they were asked today.
    pub satisfaction: SatisfactionNumbers,
}

/// Calls from outside.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct CallNumbers {
    /// That came in.
    pub arrived: i64,
    /// Of them, answered by an agent.
    pub answered: i64,
    /// Of them, hung up by the caller before an agent answered.
    pub abandoned: i64,
    /// In the voice menu now.
    pub in_ivr: i64,
    /// Waiting for an agent now, ringing ones too.
    pub waiting: i64,
    /// Seconds that the first of those has waited.
    pub longest_wait_s: i64,
    /// Conversations now, both directions.
    pub talking: i64,
    /// Answered ÷ those that asked for an agent and no longer wait; 0 to 1.
    #[schema(required)]
    pub answer_rate: Option<f64>,
    /// Mean seconds from asking for an agent to the answer, over answered calls.
    #[schema(required)]
    pub avg_wait_s: Option<f64>,
    /// Hour by hour.
    pub by_hour: Vec<CallHour>,
}

/// Calls of one hour.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct CallHour {
    /// 0 to 23, Shanghai.
    pub hour: i32,
    /// That came in.
    pub arrived: i64,
    /// Of them, answered.
    pub answered: i64,
}

/// Seats by state.
#[derive(Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct SeatNumbers {
    /// Free for a call.
    pub idle: i64,
    /// On a call.
    pub talking: i64,
    /// Being rung.
    pub ringing: i64,
    /// Writing up.
    pub wrap_up: i64,
    /// Away.
    pub away: i64,
    /// Signed off or out of reach.
    pub offline: i64,
}

/// Orders.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct OrderNumbers {
    /// Filed today.
    pub opened: i64,
    /// Closed today, whenever they were filed.
    pub closed: i64,
    /// Open now, by state.
    pub open_by_state: BTreeMap<String, i64>,
    /// Open now and past the limit that runs.
    pub late: i64,
    /// Open now with a quarter or less of the step's time left.
    pub at_risk: i64,
    /// Finished today in time ÷ finished today; 0 to 1.
    #[schema(required)]
    pub timely_rate: Option<f64>,
    /// Filed today and closed already ÷ filed today, voided ones left out; 0 to 1.
    #[schema(required)]
    pub completion_rate: Option<f64>,
    /// Hour by hour.
    pub by_hour: Vec<OrderHour>,
}

/// Orders of one hour.
#[derive(Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OrderHour {
    /// 0 to 23, Shanghai.
    pub hour: i32,
    /// Filed.
    pub opened: i64,
    /// Closed.
    pub closed: i64,
}

/// What customers said when they were asked today.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct SatisfactionNumbers {
    /// Content.
    pub satisfied: i64,
    /// It will do.
    pub fair: i64,
    /// Somebody must go again.
    pub unsatisfied: i64,
    /// Satisfied and fair ÷ all who were asked; 0 to 1.
    #[schema(required)]
    pub rate: Option<f64>,
}
