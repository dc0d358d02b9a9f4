//! Whether the warranty covers a line, and why. What a person decides otherwise, he says why.

use crate::{Part, Rule, ServiceClass, SheetId};
use chrono::{Days, NaiveDate};
use kernel::UserId;

/// Why a line is covered, or is not.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    sqlx::Type,
    serde::Serialize,
    strum::IntoStaticStr,
    strum::VariantArray,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[schema(as = WarrantyReason)]
pub enum Reason {
    /// The thing is the company's: risers, valves before the flat.
    PublicPart,
    /// The flat's installation is new.
    NewInstallation,
    /// The same was done here not long ago.
    Repaired,
    /// A service of the market has no warranty.
    ValueAdded,
    /// Nothing covers it.
    Out,
}

/// What the warranty depends on.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// What is done.
    pub class: ServiceClass,
    /// On whose thing.
    pub part: Part,
    /// Since when the flat has heat, if anybody knows.
    pub installed_on: Option<NaiveDate>,
    /// When the same was last done here.
    pub before: Option<Before>,
}

/// The same thing, done here before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Before {
    /// By which offer.
    pub sheet: SheetId,
    /// By whom.
    pub staff: UserId,
    /// When.
    pub on: NaiveDate,
    /// For how long it was warranted then.
    pub days: i32,
}

/// What the rule proposes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// Whether the household pays nothing.
    pub covered: bool,
    /// Why.
    pub reason: Reason,
    /// The last day of it, where it ends.
    pub until: Option<NaiveDate>,
    /// The earlier work that it stands on, and who did it.
    pub before: Option<Before>,
}

/// Whether the warranty covers it on that day. The reasons are asked in this order, so that the
/// same facts always give the same words.
pub fn propose(rule: &Rule, facts: &Facts, on: NaiveDate) -> Proposal {
    let plain = |covered, reason| Proposal { covered, reason, until: None, before: None };
    if facts.class == ServiceClass::ValueAdded {
        return plain(false, Reason::ValueAdded);
    }
    if facts.part == Part::Public && rule.public_free {
        return plain(true, Reason::PublicPart);
    }
    if let Some(before) = facts.before {
        let until = last_day(before.on, before.days);
        if on >= before.on && on <= until {
            let reason = Reason::Repaired;
            return Proposal { covered: true, reason, until: Some(until), before: Some(before) };
        }
    }
    if let Some(installed) = facts.installed_on {
        let until = last_day(installed, rule.installation_days);
        if on <= until {
            let reason = Reason::NewInstallation;
            return Proposal { covered: true, reason, until: Some(until), before: None };
        }
    }
    plain(false, Reason::Out)
}

/// The last of so many days that begin with the day after `from`.
fn last_day(from: NaiveDate, days: i32) -> NaiveDate {
    let days = Days::new(u64::try_from(days).unwrap_or(0));
    from.checked_add_days(days).unwrap_or(NaiveDate::MAX)
}

impl Proposal {
    /// Whether the work makes good what the same person did: that earns him nothing.
    pub fn is_own_rework(&self, staff: UserId) -> bool {
        self.reason == Reason::Repaired && self.before.is_some_and(|b| b.staff == staff)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn rule() -> Rule {
        Rule {
            id: Uuid::nil().into(),
            valid_from: day("2020-01-01"),
            public_free: true,
            installation_days: 730,
            repeat_days: 30,
            sample_percent: 5,
            citation: String::new(),
            recorded_at: chrono::DateTime::UNIX_EPOCH,
            recorded_by: String::new(),
        }
    }

    /// accepts BI-22: each reason for and against the warranty, and the last day of it
    #[test]
    fn the_warranty_names_its_reason_and_its_last_day() {
        use {Part::*, ServiceClass::*};
        let staff: UserId = Uuid::from_u128(7).into();
        let before =
            |on, days| Some(Before { sheet: Uuid::nil().into(), staff, on: day(on), days });
        let facts = |class, part, installed: Option<&str>, before| Facts {
            class,
            part,
            installed_on: installed.map(day),
            before,
        };
        let on = day("2026-11-22");
        for (facts, covered, reason, until) in [
            (facts(Repair, Public, None, None), true, Reason::PublicPart, None),
            (facts(ValueAdded, Public, Some("2026-10-01"), None), false, Reason::ValueAdded, None),
            (facts(Repair, Inside, None, None), false, Reason::Out, None),
            (
                facts(Repair, Inside, Some("2024-11-22"), None),
                true,
                Reason::NewInstallation,
                Some("2026-11-22"),
            ),
            (facts(Repair, Inside, Some("2024-11-21"), None), false, Reason::Out, None),
            (
                facts(Repair, Inside, None, before("2026-08-24", 90)),
                true,
                Reason::Repaired,
                Some("2026-11-22"),
            ),
            (facts(Repair, Inside, None, before("2026-08-23", 90)), false, Reason::Out, None),
        ] {
            let said = propose(&rule(), &facts, on);
            assert_eq!((said.covered, said.reason), (covered, reason), "{facts:?}");
            assert_eq!(said.until, until.map(day));
            assert_eq!(said.is_own_rework(staff), reason == Reason::Repaired);
            assert!(!said.is_own_rework(Uuid::from_u128(8).into()));
        }
        let strict = Rule { public_free: false, ..rule() };
        let public = facts(Repair, Public, None, None);
        assert_eq!(propose(&strict, &public, on).reason, Reason::Out);
    }
}
