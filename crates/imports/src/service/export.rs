//! Files out: the lines with what is wrong beside them, and the households as they came in.

use crate::permissions::VIEW;
use crate::{Kind, LineFilter, ShadowFilter, store};
use kernel::{Error, Fen, Result, Tx};
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

/// Households whose charge differs, as a spreadsheet.
pub async fn export_shadow(
    tx: &mut Tx,
    id: Uuid,
    filter: ShadowFilter,
    english: bool,
) -> Result<Vec<u8>> {
    let scope = tx.scope(VIEW)?;
    store::shadow(tx, id, &scope).await?;
    let rows = store::shadow_rows(tx, id, &filter, MOST).await?;
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let bold = Format::new().set_bold();
    let money = Format::new().set_num_format("#,##0.00");
    let headings = match english {
        true => ["Account", "Station", "Class", "Cause", "Charged", "By the rules", "Difference"],
        false => ["户号", "维修站", "类别", "原因", "原应收", "按规则", "差额"],
    };
    for (n, heading) in (0_u16..).zip(headings) {
        sheet.write_with_format(0, n, heading, &bold).map_err(broken)?;
    }
    for (n, row) in (1_u32..).zip(&rows) {
        sheet.write(n, 0, row.account_no.as_str()).map_err(broken)?;
        sheet.write(n, 1, row.org_path.as_str()).map_err(broken)?;
        sheet.write(n, 2, row.user_class.as_str()).map_err(broken)?;
        sheet.write(n, 3, <&str>::from(row.cause)).map_err(broken)?;
        for (c, fen) in (4_u16..).zip([row.old_fen, row.new_fen, row.new_fen - row.old_fen]) {
            // Two decimals of a sum below ten billion yuan are exact enough to be read again.
            let yuan: f64 = Fen::new(fen).to_string().replace(',', "").parse().unwrap_or_default();
            sheet.write_with_format(n, c, yuan, &money).map_err(broken)?;
        }
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
