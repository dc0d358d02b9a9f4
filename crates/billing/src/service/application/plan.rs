//! What an application would change and what stands against it: the same for the preview, the
//! check and the decision.

use crate::model::{Rows, hypothesise};
use crate::permissions::APPLY;
use crate::service::rules;
use crate::store::standing::{self, Household, SeasonRow};
use crate::store::{facts, hold};
use crate::{
    ActiveHold, ApplicationFee, ApplicationForm, ApplicationPreview, ApplicationRule, Effect,
    HoldKind, HoldReason, NewApplication, Objection, PreviewSummary, PreviewedAccount,
};
use chrono::NaiveDate;
use kernel::clock::{local_date, start_of_day};
use kernel::{AccountId, Error, Fen, PackVersionId, Permission, PremiseId, Result, Scope, Tx};
use std::sync::Arc;
use tariff::{Circumstances, Decimal, Explained, Facts, Item, Pack, Period, SeasonCalendar};

/// An application against the rules of its day.
pub(super) struct Plan {
    pub season: SeasonRow,
    pub calendar: SeasonCalendar,
    pub pack_version_id: PackVersionId,
    pub pack: Arc<Pack>,
    pub org_path: String,
    pub home: Household,
    pub objections: Vec<Objection>,
    pub fees: Vec<ApplicationFee>,
    accounts: Vec<PreviewedAccount>,
    rooms_of_other: Vec<PremiseId>,
    form: ApplicationForm,
    account: AccountId,
    on: NaiveDate,
}

impl Plan {
    /// What changes when it counts from `from` on.
    pub fn effects(&self, from: NaiveDate) -> Vec<Effect> {
        let wanted_end = match &self.form {
            ApplicationForm::Stop { to, .. } => *to,
            _ => None,
        };
        let end = wanted_end.unwrap_or(self.calendar.heat_end);
        let lasts = self.pack.stop_lasts(&self.calendar, Period::new(from, end));
        self.form.effects(self.account, from, lasts.to, &self.rooms_of_other)
    }

    /// Whether a second person must decide.
    pub fn needs_approval(&self) -> bool {
        match self.form.asked(self.calendar.heat_end) {
            tariff::Application::Change { change } => {
                self.pack.changes.rule(change).is_some_and(|r| r.approval)
            }
            _ => false,
        }
    }

    /// The day by which it is answered.
    pub fn answer_by(&self) -> NaiveDate {
        self.pack.answer_by(self.on)
    }

    fn sums(&self) -> Result<(Fen, Fen)> {
        let too_much = || Error::from(tariff::TariffRule::TooMuch);
        let before = ledger::sum(self.accounts.iter().map(|a| a.before_fen));
        let after = ledger::sum(self.accounts.iter().map(|a| a.after_fen));
        Ok((before.ok_or_else(too_much)?, after.ok_or_else(too_much)?))
    }

    /// What is kept of the preview.
    pub fn summary(&self) -> PreviewSummary {
        let (before_fen, after_fen) = self.sums().unwrap_or_default();
        PreviewSummary { before_fen, after_fen, fees: self.fees.clone() }
    }

    fn preview(self) -> Result<ApplicationPreview> {
        let (before_fen, after_fen) = self.sums()?;
        let minus = before_fen.checked_neg().and_then(|b| after_fen.checked_add(b));
        let valve =
            matches!(self.form, ApplicationForm::Stop { .. } | ApplicationForm::Restore { .. });
        let needs_approval = self.needs_approval();
        Ok(ApplicationPreview {
            season_id: self.season.id,
            season: self.season.code.clone(),
            before_fen,
            after_fen,
            difference_fen: minus.ok_or(tariff::TariffRule::TooMuch)?,
            needs_approval,
            counts_from_valve: valve && self.pack.effective_on(self.on, None).is_none(),
            answer_by: self.answer_by(),
            fees: self.fees,
            accounts: self.accounts,
            objections: self.objections,
        })
    }
}

/// What an application would change and what stands against it, before it is taken in.
pub async fn preview_application(tx: &mut Tx, new: &NewApplication) -> Result<ApplicationPreview> {
    tx.require(APPLY)?;
    let today = local_date(tx.now());
    plan(tx, APPLY, new, today).await?.preview()
}

/// Holds an application that was made on `on` against the rules.
pub(super) async fn plan(
    tx: &mut Tx,
    key: Permission,
    new: &NewApplication,
    on: NaiveDate,
) -> Result<Plan> {
    let scope = tx.scope(key)?;
    let home = standing::household(tx, new.account_id, &scope).await?;
    let from = new.form.from();
    let season = standing::season_at(tx, start_of_day(from)).await?;
    let season = season.ok_or(ApplicationRule::NoSeason)?;
    let (pack_version_id, pack) = rules::pack_for(tx, season.id, &home.org_path).await?;
    let calendar = rules::calendar(&pack, &season.code)?;
    let rooms_of_other = parties(tx, new, &scope).await?;
    let mut plan = Plan {
        org_path: home.org_path.clone(),
        season,
        calendar,
        pack_version_id,
        pack,
        home,
        objections: Vec::new(),
        fees: Vec::new(),
        accounts: Vec::new(),
        rooms_of_other,
        form: new.form.clone(),
        account: new.account_id,
        on,
    };
    let by = circumstances(tx, new, &plan).await?;
    let asked = new.form.asked(plan.calendar.heat_end);
    let reasons = plan.pack.gate(&plan.calendar, on, &asked, &by);
    plan.objections = reasons.iter().map(Objection::of).collect();
    reckon(tx, &mut plan).await?;
    Ok(plan)
}

/// The other account and the rooms that a form names, all in sight and as they should be.
async fn parties(tx: &mut Tx, new: &NewApplication, scope: &Scope) -> Result<Vec<PremiseId>> {
    let from = new.form.from();
    let mine = standing::rooms_on(tx, new.account_id, from).await?;
    if new.form.rooms().iter().any(|r| !mine.contains(r)) {
        return Err(ApplicationRule::NotItsRoom.into());
    }
    if let ApplicationForm::Transfer { person_id, .. } = &new.form
        && !standing::person_exists(tx, *person_id).await?
    {
        return Err(Error::NotFound("person"));
    }
    let Some(other) = new.form.other() else { return Ok(Vec::new()) };
    if other == new.account_id {
        return Err(ApplicationRule::SameHousehold.into());
    }
    standing::household(tx, other, scope).await?;
    standing::rooms_on(tx, other, from).await
}

async fn circumstances(tx: &mut Tx, new: &NewApplication, plan: &Plan) -> Result<Circumstances> {
    let mut parties = vec![new.account_id];
    parties.extend(new.form.other());
    let today = local_date(tx.now());
    let holds = hold::active(tx, &parties, today).await?;
    let is = |test: fn(&ActiveHold) -> bool| holds.iter().any(test);
    let items = ledger::open_items(tx, &parties).await?;
    let season = plan.season.id;
    // What the season itself costs is what the application is about; arrears are earlier.
    let earlier = items.iter().filter(|i| {
        i.season_id != Some(season) && i.starts_at.is_none_or(|at| at < plan.season.starts_at)
    });
    let earlier: Vec<_> = earlier.filter(|i| i.owed_fen > Fen::ZERO).collect();
    let arrears = ledger::sum(earlier.iter().map(|i| i.owed_fen));
    let (all, stopped) = standing::unit_shares(tx, new.account_id).await?;
    let share = (stopped + 1).saturating_mul(1_000_000) / all.max(1);
    let stops = standing::stops_in(tx, new.account_id, season).await?;
    Ok(Circumstances {
        arrears: arrears.ok_or(tariff::TariffRule::TooMuch)?,
        shut_off: plan.home.valve_state != "none",
        in_warranty: new.declared.in_warranty,
        violation: is(|h| h.reason_class == HoldReason::Inspection),
        whole_contract: new.declared.whole_contract,
        last_basic_paid: !earlier.iter().any(|i| i.item == Item::Basic.name()),
        pipes_drained: new.declared.pipes_drained,
        hold: is(|h| h.kind != HoldKind::Warn),
        papers_shown: new.declared.papers_shown,
        unit_share_stopped: Decimal::from_micro(share.min(1_000_000)),
        stops_this_season: u8::try_from(stops).unwrap_or(u8::MAX),
    })
}

/// The season's charges as they are and as they would be.
async fn reckon(tx: &mut Tx, plan: &mut Plan) -> Result<()> {
    let mut accounts = vec![plan.account];
    accounts.extend(plan.form.other());
    let rows = Rows {
        uses: facts::uses(tx, &plan.calendar, &accounts).await?,
        rooms: facts::rooms(tx, &plan.calendar, &accounts).await?,
    };
    let after = hypothesise(rows.clone(), &plan.effects(plan.form.from()));
    for account in accounts {
        let then = assembled(tx, plan, account, &after).await?;
        if account == plan.account {
            plan.fees = fees(plan, &then)?;
        }
        let now = assembled(tx, plan, account, &rows).await?;
        let home = standing::household(tx, account, &Scope::all()).await?;
        plan.accounts.push(PreviewedAccount {
            account_id: account,
            account_no: home.account_no,
            before_fen: total(plan, &now)?,
            after_fen: total(plan, &then)?,
            before: explained(plan, &now)?,
            after: explained(plan, &then)?,
        });
    }
    Ok(())
}

async fn assembled(tx: &mut Tx, plan: &Plan, account: AccountId, rows: &Rows) -> Result<Facts> {
    let uses: Vec<_> = rows.uses.iter().filter(|r| r.account == account).cloned().collect();
    let rooms: Vec<_> = rows.rooms.iter().filter(|r| r.account == account).cloned().collect();
    let named: Vec<_> = rooms.iter().map(|r| r.premise).collect();
    let names = if crate::model::several(&rooms) {
        facts::room_names(tx, &named).await?
    } else {
        std::collections::HashMap::new()
    };
    Ok(crate::model::assemble(&plan.calendar, &uses, &rooms, &names))
}

fn total(plan: &Plan, facts: &Facts) -> Result<Fen> {
    let charge = tariff::season_charge(&plan.pack, &plan.calendar, facts)?;
    Ok(charge.total().ok_or(tariff::TariffRule::TooMuch)?)
}

fn explained(plan: &Plan, facts: &Facts) -> Result<Vec<Explained>> {
    let lines = tariff::explain(&plan.pack, &plan.calendar, facts)?;
    Ok(lines.into_iter().map(Explained::from).collect())
}

/// Connection for who enters, opening the valve for who was stopped.
fn fees(plan: &Plan, then: &Facts) -> Result<Vec<ApplicationFee>> {
    let (item, amount_fen) = match plan.form {
        ApplicationForm::Restore { .. } => (Item::Reconnect, tariff::reconnect_fee(&plan.pack)),
        ApplicationForm::Entry { .. } => {
            let price = |r: &tariff::Room| {
                let area = r.building_area.unwrap_or_default();
                tariff::connection_fee(&plan.pack, r.user_class, area)
            };
            let all: Option<Vec<Fen>> = then.rooms.iter().map(price).collect();
            let sum = all.and_then(ledger::sum);
            (Item::Connection, sum.ok_or(tariff::TariffRule::TooMuch)?)
        }
        _ => return Ok(Vec::new()),
    };
    let fee = ApplicationFee { item: item.name().to_owned(), amount_fen };
    Ok(Some(fee).into_iter().filter(|f| f.amount_fen != Fen::ZERO).collect())
}
