//! The yearly reminder to renew a stop, and by when a season is paid.

use super::{reckon, rules};
use crate::permissions::{APPLY, VIEW};
use crate::store::{charge, renewal as store, standing};
use crate::{ApplicationRule, ChargeRule, PaymentTerms, Renewals, model};
use kernel::clock::local_date;
use kernel::{AccountId, Fen, Result, SeasonId, Tx};
use tariff::{Charge, ChargeItem};

/// The most households of one list.
const MOST: i64 = 5_000;

/// Who was stopped when the last season ended and would be heated, and charged, in this one,
/// because a stop ends with its season and nobody asked again.
pub async fn stop_renewals(tx: &mut Tx, season: Option<SeasonId>) -> Result<Renewals> {
    let scope = tx.scope(APPLY)?;
    let season = match season {
        Some(id) => standing::season(tx, id).await?,
        None => standing::season_at(tx, tx.now()).await?.ok_or(ApplicationRule::NoSeason)?,
    };
    let org_path = scope.paths.first().cloned().unwrap_or_else(|| "/".to_owned());
    let root = charge::any_org(tx).await?.unwrap_or_else(|| org_path.clone());
    let path = if root.starts_with(&org_path) { root } else { org_path };
    let (_, pack) = rules::pack_for(tx, season.id, &path).await?;
    let calendar = rules::calendar(&pack, &season.code)?;
    let window = pack.stop.stop_window.value;
    let then = store::day_before(tx, season.id).await?;
    let (count, items) = match then.filter(|_| pack.stop.yearly_renewal.value) {
        Some(then) => {
            let days = (then, calendar.heat_first);
            store::unrenewed(tx, season.id, days, &scope, MOST).await?
        }
        None => (0, Vec::new()),
    };
    Ok(Renewals {
        season_id: season.id,
        season: season.code,
        opens: window.opens,
        closes: window.closes,
        count,
        items,
    })
}

/// By when a household's seasons are paid, in which parts, and what is saved by paying early;
/// newest first.
pub async fn payment_terms(tx: &mut Tx, account: AccountId) -> Result<Vec<PaymentTerms>> {
    let scope = tx.scope(VIEW)?;
    let org_path = charge::org_of(tx, account, &scope.paths).await?;
    let (now, today) = (tx.now(), local_date(tx.now()));
    let open = ledger::open_items(tx, &[account]).await?;
    let mut terms: Vec<PaymentTerms> = Vec::new();
    for (version, _) in charge::versions(tx, account, now).await? {
        // Newest first: the others of a season were corrected.
        if terms.iter().any(|t| t.season_id == version.season_id) {
            continue;
        }
        let (_, pack) = rules::pack_for(tx, version.season_id, &org_path).await?;
        let season = rules::calendar(&pack, &version.season)?;
        let facts = reckon::facts_of(tx, &season, account).await?;
        let class = model::class_of(&facts);
        let items = version.items.each().into_iter().filter(|(_, amount)| *amount > Fen::ZERO);
        let items = items.map(|(item, amount)| ChargeItem { item, amount }).collect();
        let earlier = open.iter().filter(|i| {
            i.season_id != Some(version.season_id)
                && i.starts_at.is_none_or(|at| at < season.starts_at)
                && i.owed_fen > Fen::ZERO
        });
        let arrears = ledger::sum(earlier.map(|i| i.owed_fen)).ok_or(ChargeRule::TooMuch)?;
        let owes =
            open.iter().any(|i| i.season_id == Some(version.season_id) && i.owed_fen > Fen::ZERO);
        let charge = Charge { items };
        let rebate = tariff::early_discount(&pack, &season, class, &charge, arrears, today);
        let rebate = rebate.filter(|_| owes);
        let total = version.amount_fen;
        let (first, all_by) = pack.instalments(&season, total).ok_or(ChargeRule::TooMuch)?;
        terms.push(PaymentTerms {
            season_id: version.season_id,
            season: version.season,
            charged_fen: total,
            pay_by: pack.pay_by(&season, class, facts.charge_type),
            late_from: pack.late_from(&season, class, facts.charge_type),
            first_part_fen: first,
            all_by,
            rebate_fen: rebate.as_ref().map_or(Fen::ZERO, |r| r.amount),
            rebate_by: rebate.map(|r| r.by),
        });
    }
    Ok(terms)
}
