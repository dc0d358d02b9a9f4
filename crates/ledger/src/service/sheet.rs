//! The trial balance as a spreadsheet.

use crate::TrialBalance;
use anyhow::Context as _;
use kernel::Result;
use kernel::clock::SHANGHAI;
use rust_xlsxwriter::{Format, FormatAlign, Workbook, XlsxError};

/// Media type of a spreadsheet.
pub(crate) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

const COLUMNS: [(&str, &str, u16); 5] = [
    ("科目", "Ledger", 16),
    ("采暖季", "Season", 14),
    ("项目", "Item", 14),
    ("借方余额", "Debit", 18),
    ("贷方余额", "Credit", 18),
];

/// Debits and credits by ledger, season and item, with their sums and the moment that they are of.
pub(crate) fn trial_sheet(trial: &TrialBalance, english: bool) -> Result<Vec<u8>> {
    Ok(write(trial, english).context("a spreadsheet could not be written")?)
}

fn write(trial: &TrialBalance, english: bool) -> Result<Vec<u8>, XlsxError> {
    let say = |zh: &'static str, en: &'static str| if english { en } else { zh };
    let (bold, money) = (
        Format::new().set_bold(),
        Format::new().set_num_format("#,##0.00").set_align(FormatAlign::Right),
    );
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    sheet.set_freeze_panes(2, 0)?;
    let known = trial.as_of.known_at.with_timezone(&SHANGHAI).format("%Y-%m-%d %H:%M:%S");
    let of = say("截止日 ", "State of ");
    let at = say("，查询时点 ", ", as known at ");
    sheet.write_string(0, 0, format!("{of}{}{at}{known}", trial.as_of.valid_on))?;
    for (column, (zh, en, width)) in (0..).zip(COLUMNS) {
        sheet.set_column_width(column, width)?;
        sheet.write_string_with_format(1, column, say(zh, en), &bold)?;
    }
    let mut row = 2;
    for r in &trial.items {
        sheet.write_string(row, 0, <&str>::from(r.ledger))?;
        sheet.write_string(row, 1, &r.season)?;
        sheet.write_string(row, 2, &r.item)?;
        let fen = r.amount_fen.get();
        let column = if fen > 0 { 3 } else { 4 };
        sheet.write_number_with_format(row, column, yuan(fen), &money)?;
        row += 1;
    }
    sheet.write_string_with_format(row, 0, say("合计", "Total"), &bold)?;
    for (column, letter) in [(3, 'D'), (4, 'E')] {
        let sum = format!("=SUM({letter}3:{letter}{row})");
        sheet.write_formula_with_format(row, column, sum.as_str(), &money)?;
    }
    book.save_to_buffer()
}

/// A spreadsheet knows no other number: exact to the fen below 90 trillion yuan.
fn yuan(fen: i64) -> f64 {
    fen.unsigned_abs() as f64 / 100.0
}
