//! What the households of one step come to, by the rules or the meters of one season.

use crate::model::{Looked, Refused};
use crate::service::late::{late_fee_of, post_late_fee};
use crate::service::recalc::{Cause, recalculate};
use crate::service::reckon::{facts_of_all, reckon};
use crate::service::{rules, settlement};
use crate::store::{charge, fees, pack as packs, run as store};
use crate::{ChargeReason, MeterRule, RunKind};
use chrono::NaiveDate;
use kernel::{AccountId, Error, Fen, Result, Rule as _, SeasonId, Tx};
use std::collections::HashMap;
use std::sync::Arc;
use tariff::{Pack, SeasonCalendar};
use uuid::Uuid;

/// Where a run is, and by what it reckons there.
pub(super) struct Look {
    pub season: SeasonId,
    pub after: Option<AccountId>,
    pub next: Option<SeasonId>,
    by: By,
}

enum By {
    Rules { pack: Arc<Pack>, calendar: SeasonCalendar, year: i32, org_path: String },
    Meters,
    Late { on: NaiveDate },
}

impl Look {
    /// Where the run has come to; nothing when there is no season for it.
    pub async fn of(tx: &mut Tx, held: &store::Held) -> Result<Option<Self>> {
        match (held.kind, held.pack, held.season) {
            (RunKind::Settlement, _, Some(season)) => {
                Ok(Some(Self { season, after: held.at_account, next: None, by: By::Meters }))
            }
            (RunKind::Late, _, Some(season)) => {
                let by = By::Late { on: held.on.ok_or(Error::NotFound("run"))? };
                Ok(Some(Self { season, after: held.at_account, next: None, by }))
            }
            (RunKind::Rules, Some(version), _) => {
                let head = packs::head(tx, version).await?;
                let seasons = store::seasons_since(tx, head.first_season).await?;
                let at = held.at_season.and_then(|s| seasons.iter().position(|(id, _)| *id == s));
                let at = at.unwrap_or(0);
                let Some((season, code)) = seasons.get(at) else { return Ok(None) };
                let pack = Arc::new(packs::pack(tx, version).await?);
                let calendar = rules::calendar(&pack, code)?;
                let year = packs::year_of(tx, *season).await?;
                let by = By::Rules { pack, calendar, year, org_path: head.org_path };
                let next = seasons.get(at + 1).map(|(id, _)| *id);
                Ok(Some(Self { season: *season, after: held.at_account, next, by }))
            }
            _ => Ok(None),
        }
    }

    /// What these households come to; writes nothing.
    pub async fn reckon(&self, tx: &mut Tx, page: &[AccountId]) -> Result<Vec<Looked>> {
        match &self.by {
            By::Rules { pack, calendar, year, org_path } => {
                self.by_rules(tx, page, (pack, calendar), (*year, org_path)).await
            }
            By::Late { on } => self.by_day(tx, page, *on).await,
            By::Meters => {
                let mut looked = Vec::with_capacity(page.len());
                for account in page {
                    looked.push(self.by_meter(tx, *account).await?);
                }
                Ok(looked)
            }
        }
    }

    async fn by_rules(
        &self,
        tx: &mut Tx,
        page: &[AccountId],
        (pack, calendar): (&Pack, &SeasonCalendar),
        (year, org_path): (i32, &str),
    ) -> Result<Vec<Looked>> {
        let last = store::last_charges(tx, self.season, page).await?;
        let mut ours: HashMap<String, bool> = HashMap::new();
        let mut looked = Vec::with_capacity(page.len());
        for (home, facts) in facts_of_all(tx, calendar, page).await? {
            let applies = match ours.get(&home.org_path) {
                Some(known) => *known,
                None => {
                    let nearest = packs::nearest(tx, year, &home.org_path).await?;
                    let applies = nearest.is_none_or(|path| path.len() <= org_path.len());
                    ours.insert(home.org_path.clone(), applies);
                    applies
                }
            };
            let Some(before) = last.get(&home.account).filter(|_| applies) else { continue };
            looked.push(match reckon(pack, calendar, home.account, 0, &facts) {
                Ok(new) if new.items == before.items => Looked::Same,
                Ok(new) => Looked::Differs {
                    account: home.account,
                    org_path: home.org_path,
                    user_class: <&str>::from(new.user_class).to_owned(),
                    from: before.items.total().unwrap_or(Fen::ZERO),
                    to: new.amount,
                },
                Err(Refused { account, code, zh, en }) => Looked::Refused { account, code, zh, en },
            });
        }
        Ok(looked)
    }

    /// What the late debts of this season have grown by until a day: posted so far, and then.
    async fn by_day(&self, tx: &mut Tx, page: &[AccountId], on: NaiveDate) -> Result<Vec<Looked>> {
        let mut due: HashMap<AccountId, (Fen, Fen)> = HashMap::new();
        for fee in late_fee_of(tx, page, on).await? {
            if fee.season_id == self.season && fee.due_fen > Fen::ZERO {
                let to = fee.posted_fen.checked_add(fee.due_fen);
                let to = to.ok_or(tariff::TariffRule::TooMuch)?;
                due.insert(fee.account_id, (fee.posted_fen, to));
            }
        }
        let mut looked = Vec::with_capacity(due.len());
        for (account, org_path, user_class, _) in fees::terms(tx, page).await? {
            if let Some((from, to)) = due.remove(&account) {
                looked.push(Looked::Differs { account, org_path, user_class, from, to });
            }
        }
        Ok(looked)
    }

    async fn by_meter(&self, tx: &mut Tx, account: AccountId) -> Result<Looked> {
        let (new, before) = match settlement::reckoned(tx, account, self.season).await {
            Ok(found) => found,
            Err(Error::Rule { code, zh, en }) => {
                return Ok(Looked::Refused { account, code, zh, en });
            }
            // Who is gone has nothing to settle.
            Err(Error::NotFound(_)) => return Ok(Looked::Same),
            Err(e) => return Err(e),
        };
        let after = |r: &tariff::MeteredSettlement, prepaid: Fen| {
            let less = r.refund.checked_add(r.carry)?.checked_neg()?;
            prepaid.checked_add(r.collect)?.checked_add(less)
        };
        let prepaid = new.inputs.used.prepaid;
        let from = match &before {
            Some(b) => after(&b.result, b.inputs.used.prepaid),
            None => Some(prepaid),
        };
        let (from, to) =
            from.zip(after(&new.result, prepaid)).ok_or(tariff::TariffRule::TooMuch)?;
        if before.is_some_and(|b| b.result == new.result && b.inputs == new.inputs) {
            return Ok(Looked::Same);
        }
        let org_path = charge::org_of(tx, account, &["/".to_owned()]).await?;
        let user_class = <&str>::from(new.inputs.used.user_class).to_owned();
        Ok(Looked::Differs { account, org_path, user_class, from, to })
    }

    /// Posts what differs; who cannot be is told and left as he was.
    pub async fn post(
        &self,
        tx: &mut Tx,
        run: Uuid,
        page: &[AccountId],
    ) -> Result<(Vec<Looked>, i32)> {
        let looked = self.reckon(tx, page).await?;
        let mut corrected = 0;
        let mut told = Vec::new();
        for l in looked {
            let Looked::Differs { account, .. } = l else {
                told.push(l);
                continue;
            };
            let done = match self.by {
                By::Rules { .. } => {
                    let cause = Cause { reason: ChargeReason::Rules, id: Some(run), from: None };
                    recalculate(tx, account, self.season, cause).await.map(|v| v.is_some())
                }
                By::Late { on } => {
                    post_late_fee(tx, account, self.season, on).await.map(|p| p.is_some())
                }
                By::Meters => {
                    let settled = settlement::settle(tx, account, self.season, "批量结算").await;
                    settled.map(|_| true)
                }
            };
            match done {
                Ok(done) => corrected += i32::from(done),
                Err(Error::Rule { code, .. }) if code == MeterRule::NothingNew.code() => {}
                Err(Error::Rule { code, zh, en }) => {
                    told.push(Looked::Refused { account, code, zh, en });
                }
                Err(e) => return Err(e),
            }
        }
        Ok((told, corrected))
    }
}
