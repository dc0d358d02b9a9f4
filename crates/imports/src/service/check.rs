//! Every line is checked: by itself, against its file, and against the house.

use super::{file_of, system, tell};
use crate::permissions::STAGE;
use crate::{
    Batch, BatchFile, BatchState, BatchStep, Fault, ImportRule, Kind, Line, LineDecision, Mapping,
    Total,
};
use crate::{mapping_faults, parse, store};
use chrono::NaiveDate;
use kernel::clock::local_date;
use kernel::{AccountId, App, Result, Scope, SeasonId, Tx};
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

/// Lines that are checked at a time.
const CHUNK: i64 = 5_000;
/// Up to here the lines are checked while somebody waits.
const AT_ONCE: i32 = 10_000;

/// Says which column is what, remembers it for files of that shape, and checks every line.
pub async fn map_import(tx: &mut Tx, id: Uuid, mapping: Mapping) -> Result<BatchFile> {
    let scope = tx.scope(STAGE)?;
    let mut batch = store::lock(tx, id, &scope).await?;
    batch.state.step(BatchStep::Check)?;
    let faults = mapping_faults(batch.kind, &mapping, batch.headers.len());
    if !faults.is_empty() {
        return Err(crate::model::invalid(faults));
    }
    batch.mapping = mapping;
    store::set_mapping(tx, &batch).await?;
    check_soon(tx, batch).await
}

/// Checks every line once more: the house may have changed.
pub async fn check_import(tx: &mut Tx, id: Uuid) -> Result<BatchFile> {
    let scope = tx.scope(STAGE)?;
    let batch = store::lock(tx, id, &scope).await?;
    check_soon(tx, batch).await
}

/// Few lines at once, many by a job.
async fn check_soon(tx: &mut Tx, mut batch: Batch) -> Result<BatchFile> {
    if !mapping_faults(batch.kind, &batch.mapping, batch.headers.len()).is_empty() {
        return Err(ImportRule::Unmapped.into());
    }
    if batch.row_count > AT_ONCE {
        batch.state = batch.state.step(BatchStep::Recheck)?;
        store::set_state(tx, batch.id, batch.state).await?;
        tell(tx, "imports.check_wanted", &batch)?;
    } else {
        check(tx, &mut batch).await?;
    }
    let batch = store::batch(tx, batch.id, &Scope::all()).await?;
    file_of(tx, batch).await
}

pub(super) async fn check(tx: &mut Tx, batch: &mut Batch) -> Result<()> {
    batch.state.step(BatchStep::Check)?;
    store::forget_faults(tx, batch.id).await?;
    let mut checker = Checker::new(tx, batch).await?;
    let mut after = 0;
    while let Some(last) = checker.chunk(tx, batch, after).await? {
        after = last;
    }
    checker.finish(tx, batch).await
}

/// Checks the lines of a large file, step by step; killed, it begins anew.
pub(crate) async fn check_behind(app: &App, id: Uuid) -> Result<()> {
    let mut tx = app.begin(system()).await?;
    let mut batch = store::lock(&mut tx, id, &Scope::all()).await?;
    if batch.state != BatchState::Checking {
        return Ok(());
    }
    store::forget_faults(&mut tx, id).await?;
    let mut checker = Checker::new(&mut tx, &batch).await?;
    let mut after = 0;
    while let Some(last) = checker.chunk(&mut tx, &batch, after).await? {
        store::set_at(&mut tx, id, last, 0).await?;
        tx.commit().await?;
        tx = app.begin(system()).await?;
        batch = store::lock(&mut tx, id, &Scope::all()).await?;
        if batch.state != BatchState::Checking || batch.at_line != last {
            // Somebody else is at it.
            return Ok(());
        }
        after = last;
    }
    checker.finish(&mut tx, &mut batch).await?;
    tell(&mut tx, "imports.checked", &batch)?;
    tx.commit().await
}

/// People decide about a line: put right in place, left out, or taken back. The file is to be
/// checked once more before it goes in.
pub async fn decide_line(
    tx: &mut Tx,
    id: Uuid,
    no: i32,
    decision: LineDecision,
) -> Result<BatchFile> {
    let scope = tx.scope(STAGE)?;
    let mut batch = store::lock(tx, id, &scope).await?;
    batch.state = batch.state.step(BatchStep::Correct)?;
    let before = store::lock_line(tx, id, no).await?;
    match decision {
        LineDecision::Correct { cells } => {
            if cells.len() > batch.headers.len().max(before.len()) {
                return Err(ImportRule::LineFixed.into());
            }
            let cells: Vec<String> = cells.iter().map(|c| crate::read::clean(c)).collect();
            let mut checker = Checker::new(tx, &batch).await?;
            let line = store::Next { no, cells: cells.clone(), left_out: false };
            let faults = checker.lines(tx, &batch, &[line]).await?.pop().map(|(_, f)| f);
            store::correct(tx, id, no, &cells, faults.as_deref()).await?;
        }
        LineDecision::LeaveOut { note } => {
            let note: String = note.trim().chars().take(200).collect();
            if note.is_empty() {
                return Err(kernel::Error::invalid("note", "请说明原因", "say why"));
            }
            store::leave_out(tx, id, no, true, Some(&note)).await?;
        }
        LineDecision::TakeBack => store::leave_out(tx, id, no, false, None).await?,
    }
    store::recount(tx, id).await?;
    store::set_state(tx, id, batch.state).await?;
    tell(tx, "imports.line_decided", &batch)?;
    let batch = store::batch(tx, id, &scope).await?;
    file_of(tx, batch).await
}

/// What is known of the house and of the file so far.
struct Checker {
    today: NaiveDate,
    stations: HashMap<String, store::Station>,
    seasons: HashMap<String, SeasonId>,
    closed: Option<NaiveDate>,
    /// Hashes of what may stand once only: sixteen bytes a line, however long the lines.
    seen: HashSet<[u8; 16]>,
    totals: BTreeMap<(String, String, String), (i64, i64)>,
}

fn fault(field: &str, zh: &str, en: &str) -> Vec<Fault> {
    vec![Fault { field: field.to_owned(), zh: zh.to_owned(), en: en.to_owned() }]
}

fn short_hash(text: &str) -> [u8; 16] {
    let mut short = [0; 16];
    short.iter_mut().zip(Sha256::digest(text.as_bytes())).for_each(|(s, h)| *s = h);
    short
}

impl Checker {
    async fn new(tx: &mut Tx, batch: &Batch) -> Result<Self> {
        Ok(Self {
            today: local_date(tx.now()),
            stations: store::stations(tx, &batch.org_path).await?,
            seasons: store::seasons(tx).await?,
            closed: store::closed_through(tx).await?,
            seen: HashSet::new(),
            totals: BTreeMap::new(),
        })
    }

    /// The next lines: the number of the last one, or nothing when there are none.
    async fn chunk(&mut self, tx: &mut Tx, batch: &Batch, after: i32) -> Result<Option<i32>> {
        let lines = store::next(tx, batch.id, after, CHUNK).await?;
        let Some(last) = lines.last().map(|l| l.no) else { return Ok(None) };
        let faults = self.lines(tx, batch, &lines).await?;
        store::set_faults(tx, batch.id, &faults).await?;
        Ok(Some(last))
    }

    async fn finish(self, tx: &mut Tx, batch: &mut Batch) -> Result<()> {
        batch.state = batch.state.step(BatchStep::Check)?;
        let total =
            |((season, org_path, what), (lines, sum))| Total { season, org_path, what, lines, sum };
        let totals: Vec<Total> = self.totals.into_iter().map(total).collect();
        store::set_totals(tx, batch.id, &totals).await?;
        store::set_trial(tx, batch.id, None).await?;
        store::set_state(tx, batch.id, batch.state).await?;
        store::recount(tx, batch.id).await?;
        *batch = store::batch(tx, batch.id, &Scope::all()).await?;
        Ok(())
    }

    async fn lines(
        &mut self,
        tx: &mut Tx,
        batch: &Batch,
        lines: &[store::Next],
    ) -> Result<Vec<(i32, Vec<Fault>)>> {
        let going = lines.iter().filter(|l| !l.left_out);
        let read = |l: &store::Next| parse(batch.kind, &l.cells, &batch.mapping, self.today);
        let parsed: Vec<_> = going.map(|l| (l, read(l))).collect();
        let number = |line: &Line| match line {
            Line::Household(h) => h.account_no.clone(),
            Line::Money(m) => m.account_no.clone(),
        };
        let numbers: Vec<String> =
            parsed.iter().filter_map(|(_, p)| p.as_ref().ok().map(number)).collect();
        let (mut taken, mut accounts) = (HashSet::new(), HashMap::new());
        match batch.kind {
            Kind::Households => taken = store::taken(tx, &numbers).await?,
            Kind::Charges | Kind::Payments => {
                accounts = store::accounts(tx, &numbers, &batch.org_path).await?;
            }
        }
        let mut wrong = Vec::new();
        for (line, parsed) in parsed {
            let checked = match parsed {
                Ok(Line::Household(h)) => self.household(&h, &taken),
                Ok(Line::Money(m)) => self.money(&m, &line.cells, &accounts),
                Err(faults) => Err(faults),
            };
            if let Err(faults) = checked {
                wrong.push((line.no, faults));
            }
        }
        Ok(wrong)
    }

    fn household(
        &mut self,
        h: &crate::Household,
        taken: &HashSet<String>,
    ) -> Result<(), Vec<Fault>> {
        let Some(station) = self.stations.get(&h.station) else {
            return Err(fault("station", "没有这个维修站", "There is no such station"));
        };
        if taken.contains(&h.account_no) {
            return Err(fault("account_no", "户号已存在", "The number is taken"));
        }
        if !self.seen.insert(short_hash(&h.account_no)) {
            return Err(fault(
                "account_no",
                "文件中户号重复",
                "The number stands twice in the file",
            ));
        }
        let area = h.areas.first().copied().flatten().unwrap_or_default();
        let key = (String::new(), station.path.clone(), h.state.to_owned());
        let total = self.totals.entry(key).or_default();
        *total = (total.0 + 1, total.1 + area);
        Ok(())
    }

    fn money(
        &mut self,
        m: &crate::Money,
        cells: &[String],
        accounts: &HashMap<String, (AccountId, String)>,
    ) -> Result<(), Vec<Fault>> {
        let Some((_, org_path)) = accounts.get(&m.account_no) else {
            return Err(fault("account_no", "没有这个户号", "There is no such account"));
        };
        if !self.seasons.contains_key(&m.season) {
            return Err(fault("season", "没有这个采暖季", "There is no such season"));
        }
        if self.closed.is_some_and(|through| m.on <= through) {
            return Err(fault("on", "账期已结", "The period is closed"));
        }
        if !self.seen.insert(short_hash(&cells.join("\t"))) {
            return Err(fault("account_no", "与前面某行完全相同", "The same line stands above"));
        }
        let key = (m.season.clone(), org_path.clone(), m.item.to_owned());
        let total = self.totals.entry(key).or_default();
        *total = (total.0 + 1, total.1.saturating_add(m.amount.get()));
        Ok(())
    }
}
