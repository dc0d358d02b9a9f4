//! Use cases of imports.

mod check;
mod commit;
mod export;
mod shadow;
mod stage;

pub use check::{check_import, map_import};
pub use commit::{commit_import, dry_run, undo_import};
pub(crate) use commit::{go_on, take_back};
pub use export::{export_households, export_lines};
pub use shadow::{certify, shadow_of};
pub use stage::{Upload, stage};

use crate::event::Told;
use crate::permissions::VIEW;
use crate::{Batch, BatchFile, Compared, Kind, LineFilter, StagedLine, Total};
use crate::{mapping_faults, store};
use kernel::{Result, Tx};
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

async fn file_of(tx: &mut Tx, batch: Batch) -> Result<BatchFile> {
    let totals = store::totals(tx, batch.id).await?;
    let within = match batch.kind {
        Kind::Households => {
            let rows = store::households_in(tx, batch.id).await?;
            let no_season = |(org, state, lines, sum)| (String::new(), org, state, lines, sum);
            rows.into_iter().map(no_season).collect()
        }
        Kind::Charges | Kind::Payments => store::money_in(tx, batch.id).await?,
    };
    let totals = compare(totals, within);
    let faults = mapping_faults(batch.kind, &batch.mapping, batch.headers.len());
    Ok(BatchFile { columns: batch.kind.columns().to_vec(), mapping_faults: faults, totals, batch })
}

/// Each total of the file beside what is in; what is in and was in no file is shown too.
fn compare(file: Vec<Total>, within: Vec<(String, String, String, i64, i64)>) -> Vec<Compared> {
    let mut all: BTreeMap<(String, String, String), Compared> = BTreeMap::new();
    let blank = |season: &str, org: &str, what: &str| Compared {
        file: Total {
            season: season.to_owned(),
            org_path: org.to_owned(),
            what: what.to_owned(),
            ..Total::default()
        },
        lines_in: 0,
        sum_in: 0,
    };
    for total in file {
        let key = (total.season.clone(), total.org_path.clone(), total.what.clone());
        all.insert(key, Compared { file: total, lines_in: 0, sum_in: 0 });
    }
    for (season, org, what, lines, sum) in within {
        let empty = blank(&season, &org, &what);
        let found = all.entry((season, org, what)).or_insert(empty);
        found.lines_in += lines;
        found.sum_in += sum;
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
