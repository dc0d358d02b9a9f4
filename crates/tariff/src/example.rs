//! Worked examples: what a pack's author expects of it, run before a version can be published.

use crate::{
    Application, Charge, ChargeItem, Circumstances, Decimal, Facts, LateDebt, MeteredUse, Names,
    OpenItem, Pack, RefundBase, RefundClaim, SeasonCalendar, TariffRule, UserClass, apportion,
    connection_fee, early_discount, late_fee, reconnect_fee, refund, season_charge, settle_metered,
};
use chrono::NaiveDate;
use kernel::{Fen, Rule as _};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// What an example reckons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "case", deny_unknown_fields)]
pub enum Case {
    /// The season's days, the phase of one of them, and the pay-by date.
    Calendar {
        /// That day.
        day: NaiveDate,
    },
    /// A season's charge.
    Charge {
        /// The account's facts.
        facts: Facts,
    },
    /// The late fee of one debt.
    Late {
        /// The debt.
        debt: LateDebt,
        /// Until then.
        on: NaiveDate,
    },
    /// Who may waive so much.
    Waiver {
        /// So much.
        amount: Fen,
    },
    /// The rebate for early payment.
    Discount {
        /// Of this class.
        user_class: UserClass,
        /// What was charged.
        items: Vec<ChargeItem>,
        /// Owed for earlier seasons.
        arrears: Fen,
        /// Paid on that day.
        on: NaiveDate,
    },
    /// Payment in parts.
    Instalments {
        /// Of so much.
        total: Fen,
    },
    /// The settlement of a meter.
    Settle {
        /// What was drawn and charged.
        metered: MeteredUse,
    },
    /// A refund.
    Refund {
        /// What was charged.
        base: RefundBase,
        /// Why.
        claim: RefundClaim,
    },
    /// Where money goes.
    Apportion {
        /// So much.
        amount: Fen,
        /// What is open.
        items: Vec<OpenItem>,
    },
    /// Whether something is granted.
    Apply {
        /// Applied for on that day.
        on: NaiveDate,
        /// What.
        application: Application,
        /// How things stand.
        circumstances: Circumstances,
        /// The day on which the valve was seen to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        valve: Option<NaiveDate>,
    },
    /// Who decides on an adjustment.
    Approval {
        /// Of so much.
        amount: Fen,
        /// Whether it is a reduction or a correction.
        small: bool,
    },
    /// Fees for entry and for opening the valve.
    Fees {
        /// Of this class.
        user_class: UserClass,
        /// For so many square metres.
        area: Decimal,
    },
    /// How fast the company must come.
    Response {
        /// To this kind of request.
        kind: String,
        /// On that day.
        day: NaiveDate,
    },
    /// What is taken in cash.
    Cash {
        /// For so much.
        amount: Fen,
    },
}

/// What comes out, by name; amounts in yuan.
pub type Outcome = BTreeMap<String, String>;

/// A worked example.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// For people.
    pub names: Names,
    /// The year in which the season begins.
    pub season: i32,
    /// What is reckoned.
    pub case: Case,
    /// What comes out.
    pub expect: Outcome,
}

/// How an example came out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExampleResult {
    /// Which one.
    pub names: Names,
    /// Whether all came out as expected.
    pub passed: bool,
    /// What was expected.
    pub expect: Outcome,
    /// What came out.
    pub outcome: Outcome,
}

impl Pack {
    /// Runs all worked examples.
    pub fn run_examples(&self) -> Vec<ExampleResult> {
        let run = |e: &Example| {
            let outcome = self.outcome(e);
            let expect = e.expect.clone();
            ExampleResult { names: e.names.clone(), passed: outcome == expect, expect, outcome }
        };
        self.examples.iter().map(run).collect()
    }

    /// What comes out of one example.
    pub fn outcome(&self, example: &Example) -> Outcome {
        let pairs = self.season(example.season).and_then(|s| self.reckon(&s, &example.case));
        let pairs = pairs.unwrap_or_else(|e| vec![("refused", e.code().to_owned())]);
        pairs.into_iter().map(|(name, text)| (name.to_owned(), text)).collect()
    }

    fn reckon(&self, season: &SeasonCalendar, case: &Case) -> Result<Told, TariffRule> {
        Ok(match case {
            Case::Calendar { day } => self.calendar_told(season, *day),
            Case::Charge { facts } => charge_told(&season_charge(self, season, facts)?),
            Case::Late { debt, on } => {
                let fee = late_fee(self, season, debt, *on)?;
                vec![
                    ("amount", fee.amount.to_string()),
                    ("due", fee.due.to_string()),
                    ("starts_on", fee.starts_on.to_string()),
                    ("days", fee.days.to_string()),
                ]
            }
            Case::Waiver { amount } => {
                vec![("role", self.waiver_role(*amount).unwrap_or("nobody").to_owned())]
            }
            Case::Discount { user_class, items, arrears, on } => {
                let charge = Charge { items: items.clone() };
                let found = early_discount(self, season, *user_class, &charge, *arrears, *on);
                vec![("amount", found.map_or(Fen::ZERO, |d| d.amount).to_string())]
            }
            Case::Instalments { total } => {
                let (first, last) = self.instalments(season, *total).ok_or(TariffRule::TooMuch)?;
                vec![("first", first.to_string()), ("last_on", last.to_string())]
            }
            Case::Settle { metered } => self.settled(metered)?,
            Case::Refund { base, claim } => {
                let r = refund(self, season, base, claim)?;
                vec![
                    ("amount", r.amount.to_string()),
                    ("days", r.days.to_string()),
                    ("settle_by", r.settle_by.to_string()),
                ]
            }
            Case::Apportion { amount, items } => {
                let spread = apportion(self, season.year, *amount, items)?;
                let parts = spread.parts.iter().map(|p| format!("{}:{}", p.index, p.amount));
                let parts: Vec<_> = parts.collect();
                vec![("parts", parts.join(" ")), ("advance", spread.advance.to_string())]
            }
            Case::Apply { on, application, circumstances, valve } => {
                self.applied(season, *on, application, circumstances, *valve)
            }
            Case::Approval { amount, small } => {
                let decider = self.approvals.decider(*amount, *small);
                vec![("decides", decider.map_or("refused", <&str>::from).to_owned())]
            }
            Case::Fees { user_class, area } => {
                let fee = connection_fee(self, *user_class, *area).ok_or(TariffRule::TooMuch)?;
                let reconnect = reconnect_fee(self).to_string();
                vec![("connection", fee.to_string()), ("reconnect", reconnect)]
            }
            Case::Response { kind, day } => self.response_told(kind, *day, season),
            Case::Cash { amount } => {
                vec![("taken", self.money.cash_rounding.value.amount(*amount).to_string())]
            }
        })
    }

    fn calendar_told(&self, season: &SeasonCalendar, day: NaiveDate) -> Told {
        let local = |at: chrono::DateTime<chrono::Utc>| {
            at.with_timezone(&kernel::clock::SHANGHAI).format("%Y-%m-%dT%H").to_string()
        };
        let mut told = vec![
            ("starts", local(season.starts_at)),
            ("ends", local(season.ends_at)),
            ("days", season.days.to_string()),
            ("charged_days", season.charged_days().to_string()),
        ];
        told.extend(season.phase(day).map(|p| ("phase", <&str>::from(p).to_owned())));
        let by = self.money.pay_by.iter().map(|p| p.value);
        let by: Vec<_> =
            by.map(|p| self.pay_by(season, p.user_class, p.charge_type).to_string()).collect();
        told.push(("pay_by", by.join(" ")));
        told
    }

    fn settled(&self, metered: &MeteredUse) -> Result<Told, TariffRule> {
        let s = settle_metered(self, metered)?;
        let unit: &str = self.metering.unit.value.into();
        Ok(vec![
            ("cost", s.cost.to_string()),
            ("collect", s.collect.to_string()),
            ("refund", s.refund.to_string()),
            ("carry", s.carry.to_string()),
            ("price", format!("{} / {unit}", s.price)),
        ])
    }

    fn applied(
        &self,
        season: &SeasonCalendar,
        on: NaiveDate,
        application: &Application,
        by: &Circumstances,
        valve: Option<NaiveDate>,
    ) -> Told {
        let reasons = self.gate(season, on, application, by);
        let codes = reasons.iter().map(|r| match r {
            crate::Reason::Unmet { condition } => <&str>::from(*condition),
            other => other.code().trim_start_matches("tariff."),
        });
        let codes: Vec<_> = codes.collect();
        let mut told =
            vec![("against", codes.join(" ")), ("answer_by", self.answer_by(on).to_string())];
        let asked = match application {
            Application::Stop { during } => {
                let lasts = self.stop_lasts(season, *during);
                let until = lasts.to.map_or_else(|| "open".to_owned(), |to| to.to_string());
                told.push(("until", until));
                Some(during.from)
            }
            Application::Restore { from } => Some(*from),
            Application::Change { change } => {
                let approval = self.changes.rule(*change).is_some_and(|r| r.approval);
                told.push(("approval", approval.to_string()));
                None
            }
        };
        if let Some(asked) = asked {
            let day = self.effective_on(asked, valve);
            let day = day.map_or_else(|| "not yet".to_owned(), |d| d.to_string());
            told.push(("effective", day));
        }
        told
    }

    fn response_told(&self, kind: &str, day: NaiveDate, season: &SeasonCalendar) -> Told {
        let mut told = vec![("test_hours", self.service.test_hours.value.to_string())];
        if let Some(r) = self.service.response(kind, day, season) {
            let minutes = [r.answer_minutes, r.on_site_minutes, r.finish_minutes];
            told.push(("minutes", minutes.map(|m| m.to_string()).join(" ")));
        }
        told
    }
}

type Told = Vec<(&'static str, String)>;

fn charge_told(charge: &Charge) -> Told {
    let mut told: Told =
        charge.items.iter().map(|i| (i.item.name(), i.amount.to_string())).collect();
    told.push(("total", charge.total().map_or_else(String::new, |t| t.to_string())));
    told
}
