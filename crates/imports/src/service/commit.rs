//! Lines go in, in small steps that are whole or not at all; and out again.

use super::{file_of, system, tell};
use crate::permissions::COMMIT;
use crate::{
    Batch, BatchFile, BatchState, BatchStep, DryRun, ImportRule, Kind, Line, Money, parse, store,
};
use chrono::NaiveDate;
use kernel::clock::local_date;
use kernel::error::OnConstraint as _;
use kernel::{AccountId, App, Error, Fen, Result, Scope, SeasonId, Tx};
use ledger::{Ledger, Line as Entry, Posting};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// Lines of one step.
const STEP: i64 = if cfg!(test) { 500 } else { 4_000 };
/// Postings that are taken back in one step.
const BACK: i64 = if cfg!(test) { 2 } else { 500 };
/// Up to here a dry run is made while somebody waits.
const AT_ONCE: i32 = 10_000;

/// Lets all lines in: a job does it. Refused while a line is wrong.
pub async fn commit_import(tx: &mut Tx, id: Uuid) -> Result<BatchFile> {
    let scope = tx.scope(COMMIT)?;
    let mut batch = store::lock(tx, id, &scope).await?;
    batch.state = ready(&batch)?;
    let set = store::set_state(tx, id, batch.state).await;
    set.on_constraint("batch_once", ImportRule::Twice)?;
    tell(tx, "imports.commit_wanted", &batch)?;
    file_of(tx, batch).await
}

/// A batch that may go in, and where that leads.
fn ready(batch: &Batch) -> Result<BatchState> {
    let to = batch.state.step(BatchStep::Commit)?;
    if batch.error_count > 0 {
        return Err(ImportRule::Faults(batch.error_count).into());
    }
    Ok(to)
}

/// Takes all lines out again: a job does it. Refused once somebody did business with a household
/// that it made, or paid what it charged; the refusal says what business, with how many.
pub async fn undo_import(tx: &mut Tx, id: Uuid) -> Result<BatchFile> {
    let scope = tx.scope(COMMIT)?;
    let mut batch = store::lock(tx, id, &scope).await?;
    batch.state = batch.state.step(BatchStep::Undo)?;
    let used = match batch.kind {
        Kind::Households => store::in_use(tx, id).await?,
        Kind::Charges => store::paid_since(tx, id).await?,
        Kind::Payments => Vec::new(),
    };
    if !used.is_empty() {
        return Err(ImportRule::InUse(used).into());
    }
    store::set_state(tx, id, batch.state).await?;
    tell(tx, "imports.undo_wanted", &batch)?;
    file_of(tx, batch).await
}

/// Lets all lines in and forgets it: what the rules of the house say of them all. Many lines are
/// tried by a job.
pub async fn dry_run(tx: &mut Tx, app: &App, id: Uuid) -> Result<DryRun> {
    let scope = tx.scope(COMMIT)?;
    // Not locked: the trial writes what refers to it, over a connection of its own.
    let batch = store::batch(tx, id, &scope).await?;
    ready(&batch)?;
    let run = if batch.row_count > AT_ONCE {
        tell(tx, "imports.trial_wanted", &batch)?;
        DryRun { running: true, ..DryRun::default() }
    } else {
        trial(app, &batch).await?
    };
    store::set_trial(tx, id, Some(&run)).await?;
    Ok(run)
}

/// The same of a large file.
pub(crate) async fn try_behind(app: &App, id: Uuid) -> Result<()> {
    let mut tx = app.begin(system()).await?;
    let batch = store::batch(&mut tx, id, &Scope::all()).await?;
    drop(tx);
    if batch.state != BatchState::Checked || !batch.trial.as_ref().is_some_and(|t| t.running) {
        return Ok(());
    }
    let run = trial(app, &batch).await?;
    let mut tx = app.begin(system()).await?;
    store::set_trial(&mut tx, id, Some(&run)).await?;
    tx.commit().await
}

async fn trial(app: &App, batch: &Batch) -> Result<DryRun> {
    let mut trial = app.begin(system()).await?;
    let mut batch = batch.clone();
    // As if it went in: postings of the last time are others.
    (batch.at_line, batch.attempt) = (0, batch.attempt + 1);
    let mut run = DryRun { at: Some(trial.now()), ..DryRun::default() };
    loop {
        match put(&mut trial, &mut batch).await {
            Ok(Some(step)) => {
                run.lines += step.lines;
                run.postings += step.postings;
            }
            Ok(None) => break,
            Err(Error::Rule { zh, en, .. }) => {
                (run.problem_zh, run.problem_en) = (Some(zh), Some(en));
                break;
            }
            Err(other) => return Err(other),
        }
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
        match put(&mut tx, &mut batch).await? {
            Some(step) => store::set_at(&mut tx, id, batch.at_line, step.lines).await?,
            None => {
                batch.state = batch.state.step(BatchStep::Finish)?;
                store::set_state(&mut tx, id, batch.state).await?;
                tell(&mut tx, "imports.committed", &batch)?;
            }
        }
        tx.commit().await?;
    }
}

/// Goes on with an undo, step by step, until the last line is out. Who did business in the
/// meantime stays, and so does what came before him.
pub(crate) async fn take_back(app: &App, id: Uuid) -> Result<()> {
    loop {
        let mut tx = app.begin(system()).await?;
        let mut batch = store::lock(&mut tx, id, &Scope::all()).await?;
        if batch.state != BatchState::Undoing {
            return Ok(());
        }
        let out = match take_out(&mut tx, &batch).await {
            Ok(out) => out,
            Err(Error::Rule { code: "imports.in_use", .. }) => {
                drop(tx);
                return stop(app, id).await;
            }
            Err(other) => return Err(other),
        };
        if out == 0 {
            batch.state = batch.state.step(BatchStep::Leave)?;
            store::set_state(&mut tx, id, batch.state).await?;
            tell(&mut tx, "imports.undone", &batch)?;
        } else {
            store::set_at(&mut tx, id, batch.at_line + out, -out).await?;
        }
        tx.commit().await?;
    }
}

async fn stop(app: &App, id: Uuid) -> Result<()> {
    let mut tx = app.begin(system()).await?;
    let mut batch = store::lock(&mut tx, id, &Scope::all()).await?;
    batch.state = batch.state.step(BatchStep::Stop)?;
    store::set_state(&mut tx, id, batch.state).await?;
    tell(&mut tx, "imports.undo_stopped", &batch)?;
    tx.commit().await
}

/// What a step did.
struct Put {
    lines: i32,
    postings: i64,
}

/// One step in, after line `at_line`; nothing when there is no further line.
async fn put(tx: &mut Tx, batch: &mut Batch) -> Result<Option<Put>> {
    let lines = store::next(tx, batch.id, batch.at_line, STEP).await?;
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else { return Ok(None) };
    let (first, last) = (first.no, last.no);
    let today = local_date(tx.now());
    let mut parsed = Vec::with_capacity(lines.len());
    for line in lines.iter().filter(|l| !l.left_out) {
        let meant = parse(batch.kind, &line.cells, &batch.mapping, today);
        parsed.push((line.no, meant.map_err(crate::model::invalid)?));
    }
    let lines = i32::try_from(parsed.len()).unwrap_or(i32::MAX);
    let postings = match batch.kind {
        Kind::Households => {
            make(tx, batch, &parsed).await?;
            0
        }
        Kind::Charges | Kind::Payments => {
            let money = parsed.into_iter().filter_map(|(_, line)| match line {
                Line::Money(m) => Some(m),
                Line::Household(_) => None,
            });
            book(tx, batch, first, money.collect()).await?
        }
    };
    batch.at_line = last;
    Ok(Some(Put { lines, postings }))
}

async fn make(tx: &mut Tx, batch: &Batch, lines: &[(i32, Line)]) -> Result<()> {
    let stations = store::stations(tx, &batch.org_path).await?;
    let mut homes = Vec::with_capacity(lines.len());
    for (no, line) in lines {
        let Line::Household(home) = line else { continue };
        let station = stations.get(&home.station).ok_or(Error::NotFound("station"))?;
        homes.push(store::Coming { no: *no, station, home });
    }
    store::make(tx, batch.id, &homes).await
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
    let (mut count, mut postings) = (0, Vec::with_capacity(groups.len()));
    for ((season, on, channel), money) in groups {
        let season = *seasons.get(&season).ok_or(Error::NotFound("season"))?;
        count += 1;
        postings.push(Posting {
            source: "import".to_owned(),
            source_id: format!("{}/{}/{first}/{count}", batch.id, batch.attempt),
            corrects_id: None,
            memo: format!("导入 {}", batch.file_name),
            channel: channel.map(str::to_owned),
            valid_on: on,
            lines: entries(season, channel, &money, &accounts)?,
        });
    }
    let made = ledger::post_all(tx, postings).await?;
    store::remember(tx, batch.id, &made).await?;
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

/// One step out: says how many lines.
async fn take_out(tx: &mut Tx, batch: &Batch) -> Result<i32> {
    if batch.kind == Kind::Households {
        let most = i32::try_from(STEP).unwrap_or(i32::MAX);
        return store::unmake(tx, batch.id, most).await.map_err(in_the_way);
    }
    let postings = store::postings(tx, batch.id, BACK).await?;
    if postings.is_empty() {
        return Ok(0);
    }
    ledger::reverse_all(tx, &postings, &format!("撤销导入 {}", batch.file_name)).await?;
    store::forget(tx, batch.id, &postings).await
}

/// What refers to a household keeps it, by its key; a changed fact by the guard of history.
fn in_the_way(e: sqlx::Error) -> Error {
    let db = e.as_database_error();
    let kept = db.and_then(|d| d.code()).is_some_and(|c| matches!(&*c, "23503" | "23001"));
    if !kept {
        return e.into();
    }
    let what = db.and_then(|d| d.table()).unwrap_or("directory.change");
    ImportRule::InUse(vec![(what.to_owned(), 1)]).into()
}
