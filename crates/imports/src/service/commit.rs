//! Lines go in, in small steps that are whole or not at all; and out again.

use super::{file_of, tell};
use crate::permissions::COMMIT;
use crate::store::Made;
use crate::{
    Batch, BatchFile, BatchState, BatchStep, DryRun, ImportRule, Kind, Line, Money, parse, store,
};
use chrono::NaiveDate;
use kernel::clock::local_date;
use kernel::error::OnConstraint as _;
use kernel::{AccountId, Actor, App, Error, Fen, Result, Scope, SeasonId, Tx};
use ledger::{Ledger, Line as Entry, Posting};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// Lines of one step.
const STEP: i64 = 1_000;

fn system() -> Actor {
    Actor::system("import")
}

/// Lets all lines in: a job does it. Refused while a line is wrong.
pub async fn commit_import(tx: &mut Tx, id: Uuid) -> Result<BatchFile> {
    let scope = tx.scope(COMMIT)?;
    let mut batch = store::lock(tx, id, &scope).await?;
    batch.state = batch.state.step(BatchStep::Commit)?;
    if batch.error_count > 0 {
        return Err(ImportRule::Faults(batch.error_count).into());
    }
    let set = store::set_state(tx, id, batch.state).await;
    set.on_constraint("batch_once", ImportRule::Twice)?;
    tell(tx, "imports.commit_wanted", &batch)?;
    file_of(tx, batch).await
}

/// Takes all lines out again: a job does it. Refused once somebody has done business with a
/// household that it made.
pub async fn undo_import(tx: &mut Tx, id: Uuid) -> Result<BatchFile> {
    let scope = tx.scope(COMMIT)?;
    let mut batch = store::lock(tx, id, &scope).await?;
    batch.state = batch.state.step(BatchStep::Undo)?;
    if batch.kind == Kind::Households {
        let used = store::in_use(tx, id).await?;
        if used > 0 {
            return Err(ImportRule::InUse(used).into());
        }
    }
    store::set_state(tx, id, batch.state).await?;
    tell(tx, "imports.undo_wanted", &batch)?;
    file_of(tx, batch).await
}

/// Lets all lines in and forgets it: what the rules of the house say of them all. `tx` only asks
/// whether the caller may.
pub async fn dry_run(tx: &mut Tx, app: &App, id: Uuid) -> Result<DryRun> {
    let scope = tx.scope(COMMIT)?;
    let batch = store::batch(tx, id, &scope).await?;
    batch.state.step(BatchStep::Commit)?;
    if batch.error_count > 0 {
        return Err(ImportRule::Faults(batch.error_count).into());
    }
    let mut trial = app.begin(system()).await?;
    let mut run = DryRun { lines: 0, postings: 0, households: 0 };
    loop {
        let (lines, postings) = put(&mut trial, &batch).await?;
        if lines == 0 {
            break;
        }
        run.lines += lines;
        run.postings += postings;
    }
    if batch.kind == Kind::Households {
        run.households = i64::from(run.lines);
    }
    Ok(run)
}

/// Goes on with a commit, step by step, until the last line is in.
pub(crate) async fn go_on(app: &App, id: Uuid) -> Result<()> {
    loop {
        let mut tx = app.begin(system()).await?;
        let mut batch = store::lock(&mut tx, id, &Scope::all()).await?;
        if batch.state != BatchState::Committing {
            return Ok(());
        }
        if put(&mut tx, &batch).await?.0 == 0 {
            batch.state = batch.state.step(BatchStep::Finish)?;
            store::set_state(&mut tx, id, batch.state).await?;
            tell(&mut tx, "imports.committed", &batch)?;
        }
        tx.commit().await?;
    }
}

/// Goes on with an undo, step by step, until the last line is out.
pub(crate) async fn take_back(app: &App, id: Uuid) -> Result<()> {
    loop {
        let mut tx = app.begin(system()).await?;
        let mut batch = store::lock(&mut tx, id, &Scope::all()).await?;
        if batch.state != BatchState::Undoing {
            return Ok(());
        }
        if take_out(&mut tx, &batch).await? == 0 {
            batch.state = batch.state.step(BatchStep::Leave)?;
            store::set_state(&mut tx, id, batch.state).await?;
            tell(&mut tx, "imports.undone", &batch)?;
        }
        tx.commit().await?;
    }
}

/// One step in: says how many lines and postings.
async fn put(tx: &mut Tx, batch: &Batch) -> Result<(i32, i64)> {
    let lines = store::next(tx, batch.id, false, STEP).await?;
    let Some((first, ..)) = lines.first() else { return Ok((0, 0)) };
    let first = *first;
    let today = local_date(tx.now());
    let mut parsed = Vec::with_capacity(lines.len());
    for (no, cells, _) in &lines {
        let line =
            parse(batch.kind, cells, &batch.mapping, today).map_err(crate::model::invalid)?;
        parsed.push((*no, line));
    }
    let (mut made, mut postings) = (Vec::with_capacity(parsed.len()), 0);
    match batch.kind {
        Kind::Households => {
            let stations = store::stations(tx, &batch.org_path).await?;
            for (no, line) in parsed {
                let Line::Household(h) = line else { continue };
                let station = stations.get(&h.station).ok_or(Error::NotFound("station"))?;
                let one = store::insert_household(tx, station, &h).await?;
                made.push((no, Some(store::json(&one))));
            }
        }
        Kind::Charges | Kind::Payments => {
            made = parsed.iter().map(|(no, _)| (*no, None)).collect();
            let money = parsed.into_iter().filter_map(|(_, line)| match line {
                Line::Money(m) => Some(m),
                Line::Household(_) => None,
            });
            postings = book(tx, batch, first, money.collect()).await?;
        }
    }
    store::mark(tx, batch.id, true, &made).await?;
    Ok((i32::try_from(lines.len()).unwrap_or(i32::MAX), postings))
}

/// Lines of one season, day and channel are one posting.
async fn book(tx: &mut Tx, batch: &Batch, first: i32, money: Vec<Money>) -> Result<i64> {
    let seasons = store::seasons(tx).await?;
    let numbers: Vec<String> = money.iter().map(|m| m.account_no.clone()).collect();
    let accounts = store::accounts(tx, &numbers, &batch.org_path).await?;
    let mut groups: BTreeMap<(String, NaiveDate, Option<&str>), Vec<Money>> = BTreeMap::new();
    for m in money {
        groups.entry((m.season.clone(), m.on, m.channel)).or_default().push(m);
    }
    let mut count = 0;
    for ((season, on, channel), money) in groups {
        let season = *seasons.get(&season).ok_or(Error::NotFound("season"))?;
        count += 1;
        let posting = Posting {
            source: "import".to_owned(),
            source_id: format!("{}/{first}/{count}", batch.id),
            corrects_id: None,
            memo: format!("导入 {}", batch.file_name),
            channel: channel.map(str::to_owned),
            valid_on: on,
            lines: entries(season, channel, &money, &accounts)?,
        };
        ledger::post(tx, posting).await?;
    }
    Ok(count)
}

fn entries(
    season: SeasonId,
    channel: Option<&str>,
    money: &[Money],
    accounts: &HashMap<String, (AccountId, String)>,
) -> Result<Vec<Entry>> {
    let ledger = match channel {
        None => Ledger::Revenue,
        Some(channel) => channel.parse().map_err(|_| Error::NotFound("channel"))?,
    };
    let mut lines = Vec::with_capacity(money.len() + 4);
    let mut house: BTreeMap<&str, i64> = BTreeMap::new();
    for m in money {
        let (account, _) = accounts.get(&m.account_no).ok_or(Error::NotFound("household"))?;
        let fen = if channel.is_some() { -m.amount.get() } else { m.amount.get() };
        let line = Entry::customer(Ledger::Receivable, *account, m.item, Fen::new(fen));
        lines.push(line.of_season(season));
        let item = if channel.is_some() { "payment" } else { m.item };
        *house.entry(item).or_default() -= fen;
    }
    for (item, fen) in house.into_iter().filter(|(_, fen)| *fen != 0) {
        lines.push(Entry::house(ledger, item, Fen::new(fen)).of_season(season));
    }
    Ok(lines)
}

/// One step out: says how many lines or postings.
async fn take_out(tx: &mut Tx, batch: &Batch) -> Result<usize> {
    if batch.kind != Kind::Households {
        let postings = store::postings(tx, batch.id, 20).await?;
        for posting in &postings {
            ledger::reverse(tx, *posting, &format!("撤销导入 {}", batch.file_name)).await?;
        }
        if !postings.is_empty() {
            return Ok(postings.len());
        }
    }
    let lines = store::next(tx, batch.id, true, STEP).await?;
    let made: Vec<Made> = lines
        .iter()
        .filter_map(|(_, _, made)| serde_json::from_value(made.clone()?).ok())
        .collect();
    if !made.is_empty() {
        store::delete_households(tx, &made).await?;
    }
    let out: Vec<(i32, Option<Value>)> = lines.into_iter().map(|(no, ..)| (no, None)).collect();
    if !out.is_empty() {
        store::mark(tx, batch.id, false, &out).await?;
    }
    Ok(out.len())
}
