//! Use cases of imports.

mod check;
mod commit;
mod export;
mod shadow;
mod stage;

pub(crate) use check::check_behind;
pub use check::{check_import, decide_line, map_import};
pub use commit::{commit_import, dry_run, undo_import};
pub(crate) use commit::{go_on, take_back, try_behind};
pub use export::{export_households, export_lines, export_shadow};
pub(crate) use shadow::go_on_shading;
pub use shadow::{
    begin_shadow, certificate, certificates, certify, shadow_found, shadow_rows, shadows,
};
pub(crate) use stage::bring_in;
pub use stage::{Upload, stage};

use crate::event::Told;
use crate::permissions::{STAGE, VIEW};
use crate::{
    Assignment, Batch, BatchFile, BatchState, Compared, Kind, LineFilter, StagedLine, Total,
};
use crate::{mapping_faults, store};
use kernel::{Actor, Result, Tx};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Lines of one page.
const PAGE: i64 = 100;

/// The imports, newest first.
pub async fn imports(tx: &mut Tx) -> Result<Vec<Batch>> {
    let scope = tx.scope(VIEW)?;
    store::batches(tx, &scope).await
}

/// One import with its control totals, in the file and in the house.
pub async fn import(tx: &mut Tx, id: Uuid) -> Result<BatchFile> {
    let scope = tx.scope(VIEW)?;
    let batch = store::batch(tx, id, &scope).await?;
    file_of(tx, batch).await
}

/// Lines of a file.
pub async fn import_lines(tx: &mut Tx, id: Uuid, filter: LineFilter) -> Result<Vec<StagedLine>> {
    let scope = tx.scope(VIEW)?;
    store::batch(tx, id, &scope).await?;
    store::lines(tx, id, &filter, PAGE).await
}

/// The file as it came. Who may see its lines may have it.
pub async fn import_file(tx: &mut Tx, id: Uuid) -> Result<files::File> {
    let scope = tx.scope(VIEW)?;
    let batch = store::batch(tx, id, &scope).await?;
    files::get(tx, batch.file_id.into()).await
}

/// Gives wrong lines to somebody to look after; how many it was.
pub async fn assign_lines(tx: &mut Tx, id: Uuid, what: Assignment) -> Result<u64> {
    let scope = tx.scope(STAGE)?;
    let batch = store::lock(tx, id, &scope).await?;
    let many = store::assign(tx, id, &what).await?;
    tell(tx, "imports.lines_assigned", &batch)?;
    Ok(many)
}

/// Puts down what the old system states as control totals, as people paste it.
pub async fn state_totals(tx: &mut Tx, id: Uuid, text: &str) -> Result<BatchFile> {
    let scope = tx.scope(STAGE)?;
    let batch = store::lock(tx, id, &scope).await?;
    let stations = store::stations(tx, &batch.org_path).await?;
    let path = |name: &str| stations.get(name).map(|s| s.path.clone());
    let stated = crate::model::stated(batch.kind, text, path)?;
    store::set_stated(tx, id, &stated).await?;
    tell(tx, "imports.totals_stated", &batch)?;
    file_of(tx, batch).await
}

fn system() -> Actor {
    Actor::system("import")
}

async fn file_of(tx: &mut Tx, batch: Batch) -> Result<BatchFile> {
    let (totals, stated) = store::totals(tx, batch.id).await?;
    use BatchState::{Committing, Undoing};
    let within = match batch.kind {
        // While lines are on their way there is nothing to compare yet.
        _ if matches!(batch.state, Committing | Undoing) => Vec::new(),
        Kind::Households => {
            let rows = store::households_in(tx, batch.id).await?;
            let no_season = |(org, state, lines, sum)| (String::new(), org, state, lines, sum);
            rows.into_iter().map(no_season).collect()
        }
        Kind::Charges | Kind::Payments => store::money_in(tx, batch.id).await?,
    };
    let totals = compare(totals, within, stated);
    let columns = batch.kind.columns().to_vec();
    let mapping_faults = match batch.headers.is_empty() {
        true => Vec::new(),
        false => mapping_faults(batch.kind, &batch.mapping, batch.headers.len()),
    };
    let faults = store::fault_counts(tx, batch.id).await?;
    Ok(BatchFile { columns, mapping_faults, totals, faults, batch })
}

type Within = (String, String, String, i64, i64);

/// Each total of the file beside what is in and what the old system states; what is in only one of
/// them is shown too.
fn compare(file: Vec<Total>, within: Vec<Within>, stated: Vec<Total>) -> Vec<Compared> {
    let mut all: BTreeMap<(String, String, String), Compared> = BTreeMap::new();
    let any_stated = !stated.is_empty();
    let mut at =
        |season: String, org_path: String, what: String, change: &dyn Fn(&mut Compared)| {
            let key = (season.clone(), org_path.clone(), what.clone());
            change(all.entry(key).or_insert_with(|| Compared {
                file: Total { season, org_path, what, ..Total::default() },
                lines_in: 0,
                sum_in: 0,
                lines_stated: any_stated.then_some(0),
                sum_stated: any_stated.then_some(0),
            }));
        };
    for t in file {
        at(t.season, t.org_path, t.what, &|c| {
            c.file.lines += t.lines;
            c.file.sum += t.sum;
        });
    }
    for (season, org_path, what, lines, sum) in within {
        at(season, org_path, what, &|c| {
            c.lines_in += lines;
            c.sum_in += sum;
        });
    }
    for t in stated {
        at(t.season, t.org_path, t.what, &|c| {
            c.lines_stated = c.lines_stated.map(|n| n + t.lines);
            c.sum_stated = c.sum_stated.map(|n| n + t.sum);
        });
    }
    all.into_values().collect()
}

fn tell(tx: &mut Tx, kind: &'static str, batch: &Batch) -> Result<()> {
    tx.emit(&Told {
        kind,
        id: batch.id,
        org_path: batch.org_path.clone(),
        of: batch.kind,
        file: batch.file_name.clone(),
        lines: batch.row_count,
    })
}
