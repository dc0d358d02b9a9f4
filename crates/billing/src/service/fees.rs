//! What one household owes and why.

use super::{late, rules};
use crate::model::seasons_of;
use crate::permissions::VIEW;
use crate::{AccountFees, ChargeRule, ChargeVersion, ExplainedCharge, Moment, store};
use kernel::clock::local_date;
use kernel::{AccountId, Error, Fen, Result, SeasonId, Tx};
use ledger::AsOf;
use tariff::{Explained, Facts, explain};

/// Postings that are shown.
const SHOWN: i64 = 300;

/// A household's fees as of a moment: whatever is posted later, the answer stays. Late fees are
/// reckoned for now only; a past moment shows those that were posted.
pub async fn account_fees(tx: &mut Tx, account: AccountId, at: Moment) -> Result<AccountFees> {
    let scope = tx.scope(VIEW)?;
    store::charge::org_of(tx, account, &scope.paths).await?;
    let moment = match at.known_at {
        // Now is what the book holds; a moment that was named must answer the same for ever.
        None => AsOf {
            valid_on: at.valid_on.unwrap_or_else(|| local_date(tx.now())),
            known_at: tx.now(),
        },
        Some(_) => AsOf::settled(tx, at.valid_on, at.known_at).await?,
    };
    let AsOf { valid_on, known_at } = moment;
    let sums = store::fees::sums(tx, account, valid_on, known_at).await?;
    let (mut seasons, advance_fen) = seasons_of(sums).ok_or(ChargeRule::TooMuch)?;
    if at.known_at.is_none() {
        for fee in late::late_fee_of(tx, &[account], valid_on).await? {
            let season = seasons.iter_mut().find(|s| s.season_id == Some(fee.season_id));
            if let Some(season) = season {
                season.late = Some(fee);
            }
        }
    }
    let total = |of: &dyn Fn(&crate::SeasonFees) -> Fen| ledger::sum(seasons.iter().map(of));
    let owed = total(&|s| s.owed_fen).ok_or(ChargeRule::TooMuch)?;
    let late = total(&|s| s.late.as_ref().map_or(Fen::ZERO, |l| l.due_fen));
    let versions = store::charge::versions(tx, account, known_at).await?;
    Ok(AccountFees {
        account_id: account,
        valid_on,
        known_at,
        owed_fen: owed,
        late_fen: late.ok_or(ChargeRule::TooMuch)?,
        advance_fen,
        seasons,
        charges: versions.into_iter().map(|(v, _)| v).collect(),
        movements: store::fees::movements(tx, account, valid_on, known_at, SHOWN).await?,
    })
}

/// A version of a charge, made again from its inputs, line by line. What comes out is what was
/// charged, or the fault is ours and is told.
pub async fn explain_charge(
    tx: &mut Tx,
    account: AccountId,
    season: SeasonId,
    version: i32,
) -> Result<ExplainedCharge> {
    let scope = tx.scope(VIEW)?;
    store::charge::org_of(tx, account, &scope.paths).await?;
    let now = tx.now();
    let found = store::charge::versions(tx, account, now).await?.into_iter();
    let (charge, facts) = found
        .filter(|(c, _)| c.season_id == season)
        .find(|(c, _)| c.version == version)
        .ok_or(ChargeRule::NotCharged)?;
    remake(tx, charge, &facts).await
}

async fn remake(tx: &mut Tx, charge: ChargeVersion, facts: &str) -> Result<ExplainedCharge> {
    let facts: Facts = serde_json::from_str(facts).map_err(|e| Error::Internal(e.into()))?;
    let pack = rules::pack_version(tx, charge.pack_version_id).await?;
    let season = rules::calendar(&pack, &charge.season)?;
    let lines = explain(&pack, &season, &facts)?;
    let total = ledger::sum(lines.iter().map(|l| l.amount)).ok_or(ChargeRule::TooMuch)?;
    if total != charge.amount_fen {
        let (was, is) = (charge.amount_fen, total);
        let what = format!("a charge of {was} is explained as {is}: {charge:?}");
        return Err(Error::Internal(anyhow::Error::msg(what)));
    }
    let last = season.end.pred_opt().unwrap_or(season.end);
    Ok(ExplainedCharge {
        charge,
        pack: pack.names.zh.clone(),
        facts,
        first: season.first,
        last,
        lines: lines.into_iter().map(Explained::from).collect(),
    })
}
