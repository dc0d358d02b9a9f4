//! An opening as a spreadsheet: by station and class, differences, refusals.

use crate::permissions::VIEW;
use crate::store::opening as store;
use crate::{OpeningReport, OpeningSum};
use anyhow::Context as _;
use kernel::{Fen, OpeningId, Result, Tx};
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};

/// Media type of a spreadsheet.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The most refusals that one export holds.
const MOST: i64 = 50_000;

/// The opening's report as a spreadsheet.
pub async fn export_opening(tx: &mut Tx, id: OpeningId, english: bool) -> Result<Vec<u8>> {
    tx.require(VIEW)?;
    let mut report = super::opening(tx, id).await?;
    report.refusals = store::refusals(tx, id, MOST).await?;
    let written = tokio::task::spawn_blocking(move || write(&report, english));
    let sheet = written.await.context("the writer of a spreadsheet panicked")?;
    Ok(sheet.context("a spreadsheet could not be written")?)
}

fn write(report: &OpeningReport, english: bool) -> Result<Vec<u8>, XlsxError> {
    let say = |zh: &'static str, en: &'static str| if english { en } else { zh };
    let mut book = Workbook::new();
    let sheet = book.add_worksheet().set_name(say("汇总", "Sums"))?;
    let heads = [
        (say("单位", "Organisation"), 24),
        (say("类别", "Class"), 12),
        (say("户数", "Households"), 12),
        (say("本季应收（元）", "Charged (yuan)"), 16),
        (say("上季应收（元）", "Season before (yuan)"), 16),
        (say("差额（元）", "Difference (yuan)"), 16),
    ];
    head(sheet, &heads)?;
    for (row, s) in (1..).zip(&report.sums) {
        sum(sheet, row, s)?;
    }
    let sheet = book.add_worksheet().set_name(say("差异", "Differences"))?;
    let heads = [
        (say("户号", "Account"), 14),
        (say("地址", "Address"), 32),
        (say("上季（元）", "Before (yuan)"), 14),
        (say("本季（元）", "Now (yuan)"), 14),
    ];
    head(sheet, &heads)?;
    for (row, c) in (1..).zip(&report.changes) {
        sheet.write_string(row, 0, &c.account_no)?.write_string(row, 1, &c.address)?;
        sheet.write_number(row, 2, yuan(c.before_fen))?;
        sheet.write_number(row, 3, yuan(c.amount_fen))?;
    }
    let sheet = book.add_worksheet().set_name(say("未计费", "Refused"))?;
    let heads =
        [(say("户号", "Account"), 14), (say("地址", "Address"), 32), (say("原因", "Reason"), 40)];
    head(sheet, &heads)?;
    for (row, r) in (1..).zip(&report.refusals) {
        sheet.write_string(row, 0, &r.account_no)?.write_string(row, 1, &r.address)?;
        sheet.write_string(row, 2, if english { &r.en } else { &r.zh })?;
    }
    book.save_to_buffer()
}

fn sum(sheet: &mut Worksheet, row: u32, s: &OpeningSum) -> Result<(), XlsxError> {
    sheet.write_string(row, 0, &s.org_name)?.write_string(row, 1, &s.user_class)?;
    sheet.write_number(row, 2, s.households)?;
    sheet.write_number(row, 3, yuan(s.amount_fen))?;
    sheet.write_number(row, 4, yuan(s.before_fen))?;
    let row_no = row + 1;
    let formula = format!("=D{row_no}-E{row_no}");
    let difference = s.amount_fen.get().saturating_sub(s.before_fen.get());
    let result = Fen::new(difference).to_string();
    let formula = rust_xlsxwriter::Formula::new(formula).set_result(result);
    sheet.write_formula(row, 5, formula)?;
    Ok(())
}

fn head(sheet: &mut Worksheet, heads: &[(&str, u16)]) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    sheet.set_freeze_panes(1, 0)?;
    for (column, (name, width)) in (0..).zip(heads) {
        sheet.set_column_width(column, *width)?;
        sheet.write_string_with_format(0, column, *name, &bold)?;
    }
    Ok(())
}

/// A spreadsheet's number has no other form; 2⁵³ fen are beyond any company's books.
#[expect(clippy::cast_precision_loss, reason = "below 2^53 fen every value is exact")]
fn yuan(amount: Fen) -> f64 {
    amount.get() as f64 / 100.0
}
