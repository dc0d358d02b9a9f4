//! Opening a season (开栏): whom for, what it would come to, how far it is.

use crate::ChargedItems;
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{AccountId, Fen, OpeningId, PlaceId, SeasonId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use tariff::UserClass;
use utoipa::ToSchema;

/// Whom an opening is for; every condition must hold, and none means everybody in sight.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Selection {
    /// An organisation and all below it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub org_path: Option<String>,
    /// A community.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub community_id: Option<PlaceId>,
    /// Classes of users.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub user_classes: Vec<UserClass>,
    /// These account numbers only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub account_nos: Vec<String>,
}

impl Selection {
    /// Whether nobody is left out.
    pub fn is_everybody(&self) -> bool {
        *self == Self::default()
    }
}

/// The most account numbers that a selection lists.
pub const MOST_LISTED: usize = 20_000;

/// An opening to be reckoned.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewOpening {
    /// The season.
    pub season_id: SeasonId,
    /// Whom for.
    #[serde(default)]
    pub selection: Selection,
    /// The day for which the charges count; today without it.
    #[serde(default)]
    pub valid_on: Option<NaiveDate>,
}

/// Where an opening stands.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum OpeningState {
    /// A job reckons what it would come to.
    Reckoning,
    /// To be looked at.
    Ready,
    /// A job posts it.
    Posting,
    /// In the book.
    Posted,
    /// Given up before it was posted.
    Withdrawn,
}

/// What is done with an opening.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum OpeningStep {
    /// The job has reckoned it.
    Reckon,
    /// Somebody says yes.
    Post,
    /// The job has posted it.
    Finish,
    /// Somebody says no.
    Withdraw,
}

/// Every step that exists.
pub const OPENING_STEPS: &[(OpeningState, OpeningStep, OpeningState)] = &[
    (OpeningState::Reckoning, OpeningStep::Reckon, OpeningState::Ready),
    (OpeningState::Ready, OpeningStep::Post, OpeningState::Posting),
    (OpeningState::Posting, OpeningStep::Finish, OpeningState::Posted),
    (OpeningState::Reckoning, OpeningStep::Withdraw, OpeningState::Withdrawn),
    (OpeningState::Ready, OpeningStep::Withdraw, OpeningState::Withdrawn),
];

impl OpeningState {
    /// Where the step leads, if it exists.
    pub fn step(self, step: OpeningStep) -> Option<Self> {
        let hit = OPENING_STEPS.iter().find(|(from, s, _)| *from == self && *s == step);
        hit.map(|(.., to)| *to)
    }
}

/// An opening in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Opening {
    /// The opening.
    pub id: OpeningId,
    /// The season.
    pub season_id: SeasonId,
    /// Its code.
    pub season: String,
    /// Whom for.
    pub selection: Selection,
    /// The day for which its postings count.
    pub valid_on: NaiveDate,
    /// Where it stands.
    pub state: OpeningState,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// By whom.
    pub made_by_name: String,
    /// When somebody said yes.
    #[schema(required)]
    pub posted_at: Option<DateTime<Utc>>,
    /// Who.
    #[schema(required)]
    pub posted_by_name: Option<String>,
    /// When all of it was in the book.
    #[schema(required)]
    pub finished_at: Option<DateTime<Utc>>,
    /// Households that are charged.
    pub households: i32,
    /// Households for which nothing could be reckoned.
    pub refused: i32,
    /// Households that had a charge already.
    pub skipped: i32,
    /// Households that are in the book so far.
    pub done: i32,
    /// What it comes to, in fen.
    pub amount_fen: Fen,
    /// What the same households were charged for the season before, in fen.
    pub before_fen: Fen,
}

/// An opening with what it is made of.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OpeningReport {
    /// The opening.
    #[serde(flatten)]
    pub opening: Opening,
    /// The code of the season that it is compared with; empty without one.
    pub before: String,
    /// By station and class.
    pub sums: Vec<OpeningSum>,
    /// Where the charge differs most from the last season's.
    pub changes: Vec<OpeningChange>,
    /// Households for which nothing could be reckoned; the first of them.
    pub refusals: Vec<OpeningRefusal>,
}

/// One station and class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OpeningSum {
    /// The organisation.
    pub org_path: String,
    /// Its name.
    pub org_name: String,
    /// Class of users.
    pub user_class: String,
    /// Households.
    pub households: i32,
    /// What they are charged, in fen.
    pub amount_fen: Fen,
    /// What they were charged for the season before, in fen.
    pub before_fen: Fen,
}

/// A household whose charge differs from the last season's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OpeningChange {
    /// The household.
    pub account_id: AccountId,
    /// Its number.
    pub account_no: String,
    /// Where it is.
    pub address: String,
    /// The season before, in fen.
    pub before_fen: Fen,
    /// Now, in fen.
    pub amount_fen: Fen,
}

/// A household for which nothing could be reckoned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OpeningRefusal {
    /// The household.
    pub account_id: AccountId,
    /// Its number.
    pub account_no: String,
    /// Where it is.
    pub address: String,
    /// The rule's name.
    pub code: String,
    /// Why, Chinese.
    pub zh: String,
    /// Why, English.
    pub en: String,
}

/// A household with what it is charged.
#[derive(Clone, Debug)]
pub(crate) struct Reckoned {
    pub account: AccountId,
    /// Its station's place in the run's list.
    pub station: usize,
    pub user_class: UserClass,
    pub charge_type: tariff::ChargeType,
    pub items: ChargedItems,
    pub amount: Fen,
    pub facts: String,
}

/// A household that is not charged, and why.
#[derive(Clone, Debug)]
pub(crate) struct Refused {
    pub account: AccountId,
    pub code: &'static str,
    pub zh: String,
    pub en: String,
}

/// Sums of a preview: households, charged now, charged before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub households: i32,
    pub amount: i64,
    pub before: i64,
}

/// What an opening would come to.
#[derive(Debug, Default)]
pub(crate) struct Preview {
    pub sums: BTreeMap<(usize, UserClass), Tally>,
    pub total: Tally,
    /// Account, before, now; the greatest difference first.
    pub changes: Vec<(AccountId, i64, i64)>,
}

/// Households whose difference is shown.
const SHOWN_CHANGES: usize = 100;

impl Preview {
    /// Takes in one household.
    pub fn add(&mut self, r: &Reckoned, before: Option<i64>) {
        let amount = r.amount.get();
        for t in [&mut self.total, self.sums.entry((r.station, r.user_class)).or_default()] {
            t.households = t.households.saturating_add(1);
            t.amount = t.amount.saturating_add(amount);
            t.before = t.before.saturating_add(before.unwrap_or(0));
        }
        let Some(before) = before.filter(|b| *b != amount) else { return };
        self.changes.push((r.account, before, amount));
        if self.changes.len() >= 4 * SHOWN_CHANGES {
            self.cut();
        }
    }

    /// Keeps the greatest differences only.
    pub fn cut(&mut self) {
        let by = |(account, before, now): &(AccountId, i64, i64)| {
            (std::cmp::Reverse(before.abs_diff(*now)), *account)
        };
        self.changes.sort_unstable_by_key(by);
        self.changes.truncate(SHOWN_CHANGES);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::VariantArray as _;

    #[test]
    fn an_opening_is_posted_only_after_it_was_looked_at() {
        for state in OpeningState::VARIANTS {
            let may = state.step(OpeningStep::Post).is_some();
            assert_eq!(may, *state == OpeningState::Ready, "{state:?}");
        }
        assert_eq!(OpeningState::Posting.step(OpeningStep::Withdraw), None);
        assert_eq!(OpeningState::Posted.step(OpeningStep::Finish), None);
    }
}
