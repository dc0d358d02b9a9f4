//! Collecting arrears: who owes, who goes there, what came of it.

use super::{ContactWay, PaymentRule, VisitResult};
use chrono::{DateTime, Days, NaiveDate, Utc};
use kernel::{AccountId, Fen, NetworkNodeId, PlaceId, UserId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// The most doors of one list: more than a collector walks in a season.
pub const MOST_DOORS: usize = 2_000;

/// How far ahead a customer can promise to pay.
const LONGEST_PROMISE: Days = Days::new(180);

/// Whose arrears are meant; what is left out does not narrow.
#[derive(Clone, Debug, Default, Deserialize, ToSchema, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DebtorFilter {
    /// Community, building or unit.
    pub place_id: Option<PlaceId>,
    /// Exchange station, loop or riser.
    pub node_id: Option<NetworkNodeId>,
    /// A branch or a station of the company, and all below it.
    pub org_path: Option<String>,
    /// Class of user.
    pub user_class: Option<String>,
    /// Owing for a season that began at least so many years before the running one.
    pub years: Option<i32>,
    /// Owing at least so much, in fen.
    pub at_least_fen: Option<Fen>,
    /// `1`: only who is on nobody's running list.
    pub free: Option<u8>,
    /// `1`: only whose promised or next day has come.
    pub due: Option<u8>,
    /// Rows of a page.
    pub limit: Option<i64>,
    /// Where the last page ended.
    pub after: Option<String>,
}

/// A household that owes.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Debtor {
    /// The account.
    pub account_id: AccountId,
    /// Its number.
    pub account_no: String,
    /// Who holds it.
    pub name: String,
    /// Where.
    pub address: String,
    /// Class of user.
    pub user_class: String,
    /// The station that serves it.
    pub org_name: String,
    /// What it owes in the book, less what is paid ahead; in fen.
    pub owed_fen: Fen,
    /// The oldest season that it owes for.
    pub oldest: String,
    /// How many seasons it owes for.
    pub seasons: i64,
    /// Who has it on a list that still runs.
    #[schema(required)]
    pub collector_name: Option<String>,
    /// What came of the last visit or call.
    #[schema(required)]
    pub result: Option<VisitResult>,
    /// When he will pay, as he said.
    #[schema(required)]
    pub promised_on: Option<NaiveDate>,
    /// When somebody asks again.
    #[schema(required)]
    pub next_on: Option<NaiveDate>,
    /// When somebody last asked.
    #[schema(required)]
    pub asked_at: Option<DateTime<Utc>>,
}

/// Households that owe, the largest debt first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Debtors {
    /// How many there are in all.
    pub households: i64,
    /// What they owe together, in fen.
    pub owed_fen: Fen,
    /// A page of them.
    pub items: Vec<Debtor>,
    /// Pass it as `after` to read on; absent on the last page.
    #[schema(required)]
    pub next: Option<String>,
}

/// A collector's list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CollectionList {
    /// The list.
    pub id: Uuid,
    /// Its number.
    pub no: String,
    /// What it is, in words.
    pub title: String,
    /// Who goes.
    pub collector_name: String,
    /// Until when.
    pub due_on: NaiveDate,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// Doors on it.
    pub doors: i64,
    /// Doors visited or called.
    pub visited: i64,
    /// Doors whose promised or next day has come, and which have not paid all.
    pub due: i64,
    /// Owed when it was made, in fen.
    pub owed_fen: Fen,
    /// Paid by those on it since, in fen.
    pub paid_fen: Fen,
}

/// One door of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CollectionDoor {
    /// The account.
    pub account_id: AccountId,
    /// Its number.
    pub account_no: String,
    /// Who holds it.
    pub name: String,
    /// His telephone, masked.
    pub phone: String,
    /// The building and unit.
    pub unit: String,
    /// Where.
    pub address: String,
    /// Owed when the list was made, in fen.
    pub owed_fen: Fen,
    /// Paid since, in fen.
    pub paid_fen: Fen,
    /// Owed in the book now, less what is paid ahead; in fen.
    pub now_fen: Fen,
    /// Late fee reckoned until today, which is not in the book; in fen.
    pub late_fen: Fen,
    /// What came of the last visit or call.
    #[schema(required)]
    pub result: Option<VisitResult>,
    /// In the collector's words.
    pub note: String,
    /// When he will pay, as he said.
    #[schema(required)]
    pub promised_on: Option<NaiveDate>,
    /// When somebody asks again.
    #[schema(required)]
    pub next_on: Option<NaiveDate>,
    /// When.
    #[schema(required)]
    pub visited_at: Option<DateTime<Utc>>,
    /// When a message last went out.
    #[schema(required)]
    pub told_at: Option<DateTime<Utc>>,
}

/// A new list for a collector: the households named, or all that match.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCollection {
    /// Whose arrears.
    #[serde(default)]
    pub of: DebtorFilter,
    /// These households of them; all when empty.
    #[serde(default)]
    pub account_ids: Vec<AccountId>,
    /// Who goes; the caller when absent.
    pub collector_id: Option<UserId>,
    /// Until when.
    pub due_on: NaiveDate,
    /// What it is, in words.
    #[serde(default)]
    pub title: String,
}

/// What came of a visit or a call.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewContact {
    /// Whose door.
    pub account_id: AccountId,
    /// A visit or a call.
    pub way: ContactWay,
    /// What came of it.
    pub result: VisitResult,
    /// In the collector's words.
    #[serde(default)]
    pub note: String,
    /// When he will pay, as he said.
    pub promised_on: Option<NaiveDate>,
    /// When somebody asks again.
    pub next_on: Option<NaiveDate>,
}

impl NewContact {
    /// Whether it can be so: a promise has a day, days lie ahead, nobody calls a message a visit.
    pub fn check(&self, today: NaiveDate) -> Result<(), PaymentRule> {
        if self.way == ContactWay::Message {
            return Err(PaymentRule::NotAContact);
        }
        if self.promised_on.is_some() != (self.result == VisitResult::Promised) {
            return Err(PaymentRule::PromiseNeedsDay);
        }
        let latest = today.checked_add_days(LONGEST_PROMISE).unwrap_or(today);
        let mut days = self.promised_on.iter().chain(&self.next_on);
        if days.any(|d| *d < today || *d > latest) {
            return Err(PaymentRule::DayNotAhead);
        }
        Ok(())
    }
}

/// One thing that was tried with a household.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CollectionContact {
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by_name: String,
    /// The list's number.
    pub list_no: String,
    /// Visit, call or message.
    pub way: ContactWay,
    /// What came of it.
    #[schema(required)]
    pub result: Option<VisitResult>,
    /// In words.
    pub note: String,
    /// When he will pay, as he said.
    #[schema(required)]
    pub promised_on: Option<NaiveDate>,
    /// When somebody asks again.
    #[schema(required)]
    pub next_on: Option<NaiveDate>,
}

/// What became of reminders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Reminded {
    /// Messages that go out.
    pub queued: i64,
    /// Who owes nothing any more.
    pub settled: i64,
    /// Whose bill is disputed or in court: nobody reminds them.
    pub held: i64,
    /// Without a telephone, or told today already.
    pub left_out: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// accepts PY-06: what a collector writes down can be so.
    #[test]
    fn a_promise_has_a_day_and_days_lie_ahead() {
        let today: NaiveDate = "2026-11-22".parse().unwrap();
        let day = |d: &str| Some(d.parse().unwrap());
        let contact = |way, result, promised_on, next_on| NewContact {
            account_id: uuid::Uuid::nil().into(),
            way,
            result,
            note: String::new(),
            promised_on,
            next_on,
        };
        let visit = |result, promised, next| {
            contact(ContactWay::Visit, result, promised, next).check(today)
        };
        use VisitResult::{Absent, Promised};
        assert_eq!(visit(Absent, None, None), Ok(()));
        assert_eq!(visit(Promised, day("2026-11-22"), day("2026-11-25")), Ok(()));
        assert_eq!(visit(Promised, None, None), Err(PaymentRule::PromiseNeedsDay));
        assert_eq!(visit(Absent, day("2026-11-25"), None), Err(PaymentRule::PromiseNeedsDay));
        assert_eq!(visit(Promised, day("2026-11-21"), None), Err(PaymentRule::DayNotAhead));
        assert_eq!(visit(Absent, None, day("2026-11-21")), Err(PaymentRule::DayNotAhead));
        assert_eq!(visit(Absent, None, day("2036-11-21")), Err(PaymentRule::DayNotAhead));
        let message = contact(ContactWay::Message, Absent, None, None).check(today);
        assert_eq!(message, Err(PaymentRule::NotAContact));
    }
}
