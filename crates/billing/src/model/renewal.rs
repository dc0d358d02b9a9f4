//! Who must be reminded, and by when what is paid.

use chrono::NaiveDate;
use kernel::{AccountId, Fen, SeasonId};
use serde::Serialize;
use tariff::MonthDay;
use utoipa::ToSchema;

/// A household that was stopped when the last season ended and has not asked for it again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Unrenewed {
    /// The household.
    pub account_id: AccountId,
    /// Its number.
    pub account_no: String,
    /// Who holds it.
    pub name: String,
    /// One of its numbers.
    #[schema(required)]
    pub phone: Option<String>,
    /// Where.
    pub address: String,
    /// Its organisation's name.
    pub org_name: String,
    /// Stopped since that day.
    pub stopped_from: NaiveDate,
    /// How its valve stands.
    pub valve_state: String,
    /// What it owes for earlier seasons, in fen: that stands against a stop.
    pub arrears_fen: Fen,
}

/// The reminder list of a season.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Renewals {
    /// The season that they would be heated in.
    pub season_id: SeasonId,
    /// Its code.
    pub season: String,
    /// The first and the last day of the year on which a stop is applied for.
    pub opens: MonthDay,
    /// The last one.
    pub closes: MonthDay,
    /// How many there are.
    pub count: i64,
    /// The first of them, by address.
    pub items: Vec<Unrenewed>,
}

/// By when a household's season is paid, in which parts, and what is saved by paying early.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PaymentTerms {
    /// The season.
    pub season_id: SeasonId,
    /// Its code.
    pub season: String,
    /// What it was charged, in fen.
    pub charged_fen: Fen,
    /// To be paid by that day.
    pub pay_by: NaiveDate,
    /// From that day on it grows.
    pub late_from: NaiveDate,
    /// The first part is at least so much, in fen; all of it where parts are not allowed.
    pub first_part_fen: Fen,
    /// By that day all of it is paid, where it is paid in parts.
    pub all_by: NaiveDate,
    /// What is let off who pays all of it today, in fen.
    pub rebate_fen: Fen,
    /// The last day for that.
    #[schema(required)]
    pub rebate_by: Option<NaiveDate>,
}
