//! Rows of the floor, read by position as the product's checked queries are.

use chrono::{DateTime, Utc};
use serde::Serialize;
use sqlx::postgres::PgRow;
use sqlx::{FromRow, Row};
use uuid::Uuid;

type Instant = DateTime<Utc>;

macro_rules! rows {
    ($($(#[$doc:meta])* $name:ident { $($field:ident: $of:ty),* $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Serialize)]
        pub struct $name {
            $(pub $field: $of,)*
        }

        impl<'r> FromRow<'r, PgRow> for $name {
            fn from_row(row: &'r PgRow) -> sqlx::Result<Self> {
                let mut columns = 0..;
                let mut next = || columns.next().unwrap_or_default();
                Ok(Self { $($field: row.try_get_unchecked::<$of, usize>(next())?,)* })
            }
        }
    )+};
}

rows! {
    /// What a kind promises.
    Policy {
        needs_visit: bool, needs_revisit: bool, auto_audit: bool, accept_min: Vec<i32>,
        arrive_min: Vec<i32>, finish_min: Vec<i32>, revisit_min: i32,
    }
    /// Where a household is.
    Place {
        premise_id: Option<Uuid>, unit_id: Option<Uuid>, riser_id: Option<Uuid>,
        community: String, address: String, lng: Option<f64>, lat: Option<f64>, org_id: Uuid,
        org_path: String,
    }
    /// An order as people see it.
    Order {
        id: Uuid, no: String, matter_id: Uuid, kind: String, kind_name: String,
        needs_visit: bool, symptom: Option<String>, symptom_name: Option<String>, urgency: i16,
        state: String, round: i32, account_id: Option<Uuid>, address: String, community: String,
        contact_name: String, contact_phone: String, description: String, channel: String,
        org_id: Uuid, org_path: String, org_name: String, assignee_id: Option<Uuid>,
        assignee_name: Option<String>, supervisor_id: Option<Uuid>,
        supervisor_name: Option<String>, appointment_from: Option<Instant>,
        appointment_to: Option<Instant>, accept_due: Instant, arrive_due: Instant,
        finish_due: Instant, revisit_due: Option<Instant>, next_due: Option<Instant>,
        chases: i32, cause: Option<String>, cause_name: Option<String>, resolution: String,
        satisfaction: Option<String>, lng: Option<f64>, lat: Option<f64>, opened_at: Instant,
        dispatched_at: Option<Instant>, accepted_at: Option<Instant>,
        set_out_at: Option<Instant>, arrived_at: Option<Instant>, finished_at: Option<Instant>,
        closed_at: Option<Instant>, version: i32,
    }
    /// An order for a change.
    Locked {
        id: Uuid, no: String, matter_id: Uuid, kind: String, urgency: i16, state: String,
        round: i32, account_id: Option<Uuid>, contact_phone: String, org_id: Uuid,
        org_path: String, assignee_id: Option<Uuid>, supervisor_id: Option<Uuid>,
        appointment_from: Option<Instant>, appointment_to: Option<Instant>, accept_due: Instant,
        arrive_due: Instant, finish_due: Instant, revisit_due: Option<Instant>,
        next_due: Option<Instant>, warn_at: Option<Instant>, chases: i32, cause: Option<String>,
        resolution: String, satisfaction: Option<String>, opened_at: Instant,
        dispatched_at: Option<Instant>, accepted_at: Option<Instant>,
        set_out_at: Option<Instant>, arrived_at: Option<Instant>, finished_at: Option<Instant>,
        closed_at: Option<Instant>, version: i32, needs_visit: bool, needs_revisit: bool,
        auto_audit: bool, accept_min: Vec<i32>, arrive_min: Vec<i32>, finish_min: Vec<i32>,
        revisit_min: i32,
    }
    /// An order for a repairer's step.
    Mine {
        order_id: Uuid, matter_id: Uuid, org_path: String, no: String, state: String,
        round: i32, assignee_id: Option<Uuid>, lng: Option<f64>, lat: Option<f64>,
        needs_visit: bool, kind: String, symptom: Option<String>,
    }
    /// A visit.
    Visit {
        id: Uuid, order_id: Uuid, round: i32, staff_id: Uuid, staff_name: String,
        accepted_at: Instant, set_out_at: Option<Instant>, arrived_at: Option<Instant>,
        arrived_lng: Option<f64>, arrived_lat: Option<f64>, accuracy_m: Option<f64>,
        distance_m: Option<f64>, finished_at: Option<Instant>, returned_at: Option<Instant>,
        return_reason: String, cause: Option<String>, cause_name: Option<String>, note: String,
    }
    /// A household that a search met.
    Met { account_id: Uuid, rank: i32 }
    /// A household as lists show it.
    Hit {
        id: Uuid, account_no: String, name: String, address: String, heat_use_state: String,
        org_path: String, rank: i32, phones: Vec<String>,
    }
}
