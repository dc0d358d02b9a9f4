//! Late fees, reckoned from the book whenever somebody asks, posted when paid or at a close.

mod everybody;

pub use everybody::{close_late_sheets, late_fees};

use super::rules;
use crate::model::{Grown, Move, Movement, grown, word};
use crate::{ChargeRule, LateFeeOf, store};
use chrono::NaiveDate;
use kernel::{AccountId, Fen, PostingId, Result, SeasonId, Tx};
use ledger::{Ledger, Line, Posting};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;
use tariff::{Item, Pack, SeasonCalendar};

/// What the late debts of these households have grown by until `on`; season by season, who owes
/// none is not shown. For a room above that has asked whether the caller may see them.
pub async fn late_fee_of(
    tx: &mut Tx,
    accounts: &[AccountId],
    on: NaiveDate,
) -> Result<Vec<LateFeeOf>> {
    let moves = store::fees::debts(tx, accounts).await?;
    let pauses = store::pause::of(tx, accounts).await?;
    let mut fees = Vec::new();
    // Four hundred flats of one company have one pack: it is asked for once.
    let mut known: HashMap<(SeasonId, String), Option<Rules>> = HashMap::new();
    for (account, org_path, class, charge_type) in store::fees::terms(tx, accounts).await? {
        let mine: Vec<&Movement> = moves.iter().filter(|m| m.account == account).collect();
        for season_moves in mine.chunk_by(|a, b| a.season == b.season) {
            let Some(season) = season_moves.first().map(|m| m.season) else { continue };
            let key = (season, org_path.clone());
            let rules = match known.entry(key) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(new) => new.insert(rules_of(tx, season, &org_path).await?),
            };
            let Some(rules) = rules else { continue };
            let terms = (word(&class)?, word(&charge_type)?);
            let changes: Vec<Move> = season_moves.iter().map(|m| m.change).collect();
            let pauses = pauses.get(&account).map_or(&[][..], Vec::as_slice);
            let grown = grown((&rules.pack, &rules.season), terms, (&changes, pauses), on)?;
            fees.extend(grown.map(|g| rules.fee(account, &g)));
        }
    }
    Ok(fees)
}

/// What applies to one season in one organisation.
struct Rules {
    id: SeasonId,
    code: String,
    pack: Arc<Pack>,
    season: SeasonCalendar,
}

async fn rules_of(tx: &mut Tx, id: SeasonId, org_path: &str) -> Result<Option<Rules>> {
    let code = store::charge::season_code(tx, id).await?;
    let (_, pack) = rules::pack_for(tx, id, org_path).await?;
    let season = rules::calendar(&pack, &code).ok();
    Ok(season.map(|season| Rules { id, code, pack, season }))
}

impl Rules {
    fn fee(&self, account_id: AccountId, grown: &Grown) -> LateFeeOf {
        LateFeeOf {
            account_id,
            season_id: self.id,
            season: self.code.clone(),
            amount_fen: grown.amount,
            posted_fen: grown.posted,
            due_fen: grown.due,
            starts_on: grown.starts_on,
            days: grown.days,
            daily_rate: grown.daily_rate,
            capped: grown.capped,
        }
    }
}

/// Writes a household's late fee of a season to the book, as it stands on a day: what is there
/// already is not written again, so that a second run does nothing. For the payment that pays it
/// and for the close of a season.
pub async fn post_late_fee(
    tx: &mut Tx,
    account: AccountId,
    season: SeasonId,
    on: NaiveDate,
) -> Result<Option<(PostingId, Fen)>> {
    store::charge::lock(tx, account).await?;
    let fees = late_fee_of(tx, &[account], on).await?.into_iter();
    let fee = fees.filter(|f| f.season_id == season).find(|f| f.due_fen > Fen::ZERO);
    let Some(fee) = fee else { return Ok(None) };
    let less = fee.due_fen.checked_neg().ok_or(ChargeRule::TooMuch)?;
    let item = Item::Late.name();
    let owed = Line::customer(Ledger::Receivable, account, item, fee.due_fen).of_season(season);
    let earned = Line::house(Ledger::Revenue, item, less).of_season(season);
    let posting = Posting {
        source: "late_fee".to_owned(),
        // What the book held before names it: the same fee is not posted twice.
        source_id: format!("{account}/{}/{on}/{}", fee.season, fee.posted_fen.get()),
        corrects_id: None,
        memo: format!("{}采暖季滞纳金 {} 天", fee.season, fee.days),
        channel: None,
        valid_on: ledger::open_day(tx, on).await?,
        lines: vec![owed, earned],
    };
    let id = ledger::post(tx, posting).await?;
    Ok(Some((id, fee.due_fen)))
}

/// The close of a season: the late fees of these households go to the book, as they stand on a
/// day. Run twice, it writes once.
pub async fn close_late_fees(
    tx: &mut Tx,
    accounts: &[AccountId],
    season: SeasonId,
    on: NaiveDate,
) -> Result<usize> {
    let mut posted = 0;
    for account in accounts {
        posted += usize::from(post_late_fee(tx, *account, season, on).await?.is_some());
    }
    Ok(posted)
}
