//! Holds: what may not be taken from a household now, in every channel.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{AccountId, Event, HoldId, Rule, Subject};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How much a hold forbids.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    ToSchema,
    sqlx::Type,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum HoldKind {
    /// It is only told.
    Warn,
    /// Everything but arrears of earlier seasons.
    BlockCurrent,
    /// Everything.
    BlockAll,
}

/// Why there is a hold.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    sqlx::Type,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum HoldReason {
    /// An inspection found something (稽查).
    Inspection,
    /// The customer disputes the bill.
    Dispute,
    /// A court has it.
    Legal,
    /// A cheque bounced.
    BouncedCheque,
    /// The household's data are being put right.
    Data,
    /// Something else.
    Other,
}

/// What somebody wants to pay for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paying {
    /// An earlier season.
    Arrears,
    /// The running season, or ahead.
    Current,
}

impl HoldKind {
    /// Whether this hold forbids to take money for it.
    pub fn forbids(self, what: Paying) -> bool {
        match self {
            Self::BlockAll => true,
            Self::BlockCurrent => what == Paying::Current,
            Self::Warn => false,
        }
    }
}

/// A hold on a household.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Hold {
    /// The hold.
    pub id: HoldId,
    /// The household.
    pub account_id: AccountId,
    /// Its number.
    pub account_no: String,
    /// Who holds it.
    pub name: String,
    /// Where.
    pub address: String,
    /// How much it forbids.
    pub kind: HoldKind,
    /// Why, by class.
    pub reason_class: HoldReason,
    /// Why, in words; for the house.
    pub reason: String,
    /// What the customer is told.
    pub words: String,
    /// What placed it: `desk`, or an event's name.
    pub source: String,
    /// First day.
    pub from_on: NaiveDate,
    /// Last day.
    #[schema(required)]
    pub until_on: Option<NaiveDate>,
    /// When it was placed.
    pub made_at: DateTime<Utc>,
    /// By whom.
    pub made_by_name: String,
    /// When it was released.
    #[schema(required)]
    pub released_at: Option<DateTime<Utc>>,
    /// By whom.
    #[schema(required)]
    pub released_by_name: Option<String>,
    /// Why.
    #[schema(required)]
    pub release_reason: Option<String>,
    /// Whether it binds today.
    pub active: bool,
}

/// A hold as the channels ask for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActiveHold {
    /// The hold.
    pub id: HoldId,
    /// The household.
    pub account_id: AccountId,
    /// How much it forbids.
    pub kind: HoldKind,
    /// Why, by class.
    pub reason_class: HoldReason,
    /// What the customer is told.
    pub words: String,
    /// Last day.
    pub until_on: Option<NaiveDate>,
}

/// The first word that forbids this payment, the strictest hold first.
pub fn forbids(holds: &[ActiveHold], what: Paying) -> Option<&ActiveHold> {
    holds.iter().filter(|h| h.kind.forbids(what)).max_by_key(|h| h.kind)
}

/// A hold to be placed.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceHold {
    /// On which household.
    pub account_id: AccountId,
    /// How much it forbids.
    pub kind: HoldKind,
    /// Why, by class.
    pub reason_class: HoldReason,
    /// Why, in words; for the house.
    pub reason: String,
    /// What the customer is told.
    pub words: String,
    /// First day; today without it.
    pub from_on: Option<NaiveDate>,
    /// Last day; until it is released without it.
    pub until_on: Option<NaiveDate>,
}

/// Why a hold is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HoldRule {
    /// It is released already.
    Released,
    /// It ends before it begins.
    Backwards,
}

impl Rule for HoldRule {
    fn code(&self) -> &'static str {
        match self {
            Self::Released => "billing.hold_released",
            Self::Backwards => "billing.hold_backwards",
        }
    }
    fn zh(&self) -> String {
        match self {
            Self::Released => "该锁定已解除".to_owned(),
            Self::Backwards => "锁定的截止日期不能早于开始日期或今天".to_owned(),
        }
    }
    fn en(&self) -> String {
        match self {
            Self::Released => "The hold is released already".to_owned(),
            Self::Backwards => "A hold ends neither before it begins nor before today".to_owned(),
        }
    }
}

/// A hold was placed or released.
#[derive(Debug, Serialize)]
pub(crate) struct HoldTold {
    #[serde(skip)]
    pub id: HoldId,
    #[serde(skip)]
    pub kind_of_event: &'static str,
    #[serde(skip)]
    pub org_path: String,
    pub account_id: AccountId,
    pub kind: HoldKind,
    pub reason: String,
    pub from: Option<&'static str>,
    pub to: &'static str,
}

impl Event for HoldTold {
    fn kind(&self) -> &'static str {
        self.kind_of_event
    }
    fn subject(&self) -> Subject {
        Subject { kind: "hold", id: *self.id }
    }
    fn org_path(&self) -> Option<&str> {
        Some(&self.org_path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_each_hold_forbids() {
        use Paying::{Arrears, Current};
        for (kind, arrears, current) in [
            (HoldKind::BlockAll, true, true),
            (HoldKind::BlockCurrent, false, true),
            (HoldKind::Warn, false, false),
        ] {
            assert_eq!(kind.forbids(Arrears), arrears, "{kind:?}");
            assert_eq!(kind.forbids(Current), current, "{kind:?}");
        }
    }

    #[test]
    fn the_strictest_hold_speaks() {
        let hold = |kind| ActiveHold {
            id: uuid::Uuid::nil().into(),
            account_id: uuid::Uuid::nil().into(),
            kind,
            reason_class: HoldReason::Other,
            words: format!("{kind:?}"),
            until_on: None,
        };
        let holds = [hold(HoldKind::Warn), hold(HoldKind::BlockAll), hold(HoldKind::BlockCurrent)];
        assert_eq!(forbids(&holds, Paying::Current).unwrap().words, "BlockAll");
        assert!(forbids(&holds[..1], Paying::Current).is_none());
        assert!(forbids(&holds[2..], Paying::Arrears).is_none());
    }
}
