//! Every line is checked: by itself, against its file, and against the house.

use super::file_of;
use crate::permissions::STAGE;
use crate::{
    Batch, BatchFile, BatchStep, Fault, ImportRule, Kind, Line, LineFilter, Mapping, StagedLine,
    Total,
};
use crate::{mapping_faults, parse, store};
use chrono::NaiveDate;
use kernel::clock::local_date;
use kernel::{AccountId, Result, SeasonId, Tx};
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

/// Lines that are checked at a time.
const CHUNK: i64 = 5_000;

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
    check(tx, &mut batch).await?;
    file_of(tx, batch).await
}

/// Checks every line once more: the house may have changed.
pub async fn check_import(tx: &mut Tx, id: Uuid) -> Result<BatchFile> {
    let scope = tx.scope(STAGE)?;
    let mut batch = store::lock(tx, id, &scope).await?;
    check(tx, &mut batch).await?;
    file_of(tx, batch).await
}

pub(super) async fn check(tx: &mut Tx, batch: &mut Batch) -> Result<()> {
    let state = batch.state.step(BatchStep::Check)?;
    if !mapping_faults(batch.kind, &batch.mapping, batch.headers.len()).is_empty() {
        return Err(ImportRule::Unmapped.into());
    }
    store::forget_faults(tx, batch.id).await?;
    let mut checker = Checker::new(tx, batch).await?;
    let mut filter = LineFilter::default();
    let mut wrong = 0;
    loop {
        let lines = store::lines(tx, batch.id, &filter, CHUNK).await?;
        let Some(last) = lines.last() else { break };
        filter.after = last.no;
        let faults = checker.chunk(tx, batch, &lines).await?;
        wrong += faults.len();
        store::set_faults(tx, batch.id, &faults).await?;
    }
    batch.error_count = i32::try_from(wrong).unwrap_or(i32::MAX);
    batch.state = state;
    store::set_counts(tx, batch.id, batch.row_count, batch.error_count).await?;
    store::set_totals(tx, batch.id, &checker.totals()).await?;
    store::set_state(tx, batch.id, state).await?;
    Ok(())
}

/// What is known of the house and of the file so far.
struct Checker {
    today: NaiveDate,
    stations: HashMap<String, store::Station>,
    seasons: HashMap<String, SeasonId>,
    closed: Option<NaiveDate>,
    seen: HashSet<String>,
    totals: BTreeMap<(String, String, String), (i64, i64)>,
}

fn fault(field: &str, zh: &str, en: &str) -> Vec<Fault> {
    vec![Fault { field: field.to_owned(), zh: zh.to_owned(), en: en.to_owned() }]
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

    fn totals(self) -> Vec<Total> {
        let total =
            |((season, org_path, what), (lines, sum))| Total { season, org_path, what, lines, sum };
        self.totals.into_iter().map(total).collect()
    }

    async fn chunk(
        &mut self,
        tx: &mut Tx,
        batch: &Batch,
        lines: &[StagedLine],
    ) -> Result<Vec<(i32, Vec<Fault>)>> {
        let read = |l: &StagedLine| parse(batch.kind, &l.cells, &batch.mapping, self.today);
        let parsed: Vec<_> = lines.iter().map(|l| (l, read(l))).collect();
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
        if !self.seen.insert(h.account_no.clone()) {
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
        if !self.seen.insert(cells.join("\t")) {
            return Err(fault("account_no", "与前面某行完全相同", "The same line stands above"));
        }
        let key = (m.season.clone(), org_path.clone(), m.item.to_owned());
        let total = self.totals.entry(key).or_default();
        *total = (total.0 + 1, total.1.saturating_add(m.amount.get()));
        Ok(())
    }
}
