//! Files out: the lines with what is wrong beside them, and the households as they came in.

use crate::permissions::VIEW;
use crate::{Kind, LineFilter, store};
use kernel::{Error, Result, Tx};
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use uuid::Uuid;

/// Lines of one sheet.
const MOST: i64 = 100_000;

fn broken(e: XlsxError) -> Error {
    Error::Internal(e.into())
}

/// The lines of a file, all or those with faults, with what is wrong beside each.
pub async fn export_lines(
    tx: &mut Tx,
    id: Uuid,
    filter: LineFilter,
    english: bool,
) -> Result<Vec<u8>> {
    let scope = tx.scope(VIEW)?;
    let batch = store::batch(tx, id, &scope).await?;
    let lines = store::lines(tx, id, &filter, MOST).await?;
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let bold = Format::new().set_bold();
    let said = if english { "What is wrong" } else { "错误" };
    for (n, heading) in (0_u16..).zip(batch.headers.iter().map(String::as_str).chain([said])) {
        sheet.write_with_format(0, n, heading, &bold).map_err(broken)?;
    }
    let wide = u16::try_from(batch.headers.len()).unwrap_or(u16::MAX);
    for (row, line) in (1_u32..).zip(&lines) {
        for (n, cell) in (0_u16..wide).zip(&line.cells) {
            sheet.write(row, n, cell.as_str()).map_err(broken)?;
        }
        let word = |f: &crate::Fault| if english { f.en.clone() } else { f.zh.clone() };
        let words: Vec<String> = line.faults.iter().map(word).collect();
        sheet.write(row, wide, words.join("；")).map_err(broken)?;
    }
    book.save_to_buffer().map_err(broken)
}

/// The households in sight, in the shape in which they can come in elsewhere.
pub async fn export_households(tx: &mut Tx) -> Result<Vec<u8>> {
    let scope = tx.scope(VIEW)?;
    let rows = store::households(tx, &scope).await?;
    let mut out = csv::Writer::from_writer(b"\xef\xbb\xbf".to_vec());
    let internal = |e: csv::Error| Error::Internal(e.into());
    out.write_record(Kind::Households.columns().iter().map(|c| c.zh)).map_err(internal)?;
    for row in rows {
        out.write_record(row).map_err(internal)?;
    }
    out.into_inner().map_err(|e| Error::Internal(anyhow::anyhow!("{e}")))
}
