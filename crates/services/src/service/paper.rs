//! A statement as a spreadsheet, to be signed and filed.

use crate::{Earning, StatementDetail};
use anyhow::Context as _;
use kernel::{Fen, Result};
use rust_xlsxwriter::{Format, FormatAlign, Workbook, XlsxError};

/// Media type of a spreadsheet.
pub(crate) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

const COLUMNS: [(&str, &str, u16); 7] = [
    ("完工日期", "Done", 12),
    ("服务单", "Sheet", 20),
    ("工单", "Order", 20),
    ("地址", "Address", 34),
    ("服务内容", "Work", 30),
    ("用户应付（元）", "Charged (yuan)", 14),
    ("结算金额（元）", "Settled (yuan)", 14),
];

/// One statement: head, a line for each sheet, the sum as a formula, places to sign.
pub(crate) fn statement_sheet(s: &StatementDetail, english: bool) -> Result<Vec<u8>> {
    Ok(write(s, english).context("a spreadsheet could not be written")?)
}

fn write(detail: &StatementDetail, english: bool) -> Result<Vec<u8>, XlsxError> {
    let say = |zh: &'static str, en: &'static str| if english { en } else { zh };
    let (bold, money) = (
        Format::new().set_bold(),
        Format::new().set_num_format("#,##0.00").set_align(FormatAlign::Right),
    );
    let s = &detail.statement;
    let mut book = Workbook::new();
    let sheet = book.add_worksheet();
    let title = say("维修结算单", "Repair settlement");
    sheet.write_string_with_format(0, 0, format!("{title} {}", s.no), &bold)?;
    let whose = format!("{} · {} · {} – {}", s.org_name, s.staff_name, s.from_day, s.through);
    sheet.write_string(1, 0, whose)?;
    for (column, (zh, en, width)) in (0..).zip(COLUMNS) {
        sheet.set_column_width(column, width)?;
        sheet.write_string_with_format(2, column, say(zh, en), &bold)?;
    }
    sheet.set_freeze_panes(3, 0)?;
    let mut row = 3;
    for line in &detail.lines {
        let sign = if line.kind == Earning::Deducted { -1.0 } else { 1.0 };
        sheet.write_string(row, 0, line.charged_on.to_string())?;
        for (column, text) in (1..).zip([&line.sheet_no, &line.order_no, &line.address, &line.what])
        {
            sheet.write_string(row, column, text)?;
        }
        sheet.write_number_with_format(row, 5, yuan(line.total_fen), &money)?;
        sheet.write_number_with_format(row, 6, sign * yuan(line.amount_fen), &money)?;
        row += 1;
    }
    sheet.write_string_with_format(row, 0, say("合计", "Total"), &bold)?;
    let sum = format!("=SUM(G4:G{row})");
    sheet.write_formula_with_format(row, 6, sum.as_str(), &money)?;
    let signed = say("编制：", "Prepared by: ").to_owned() + &s.made_by_name;
    sheet.write_string(row + 2, 0, signed)?;
    let signed = say("审批：", "Approved by: ").to_owned() + &s.decided_by_name;
    sheet.write_string(row + 2, 3, signed)?;
    sheet.write_string(row + 2, 5, say("领款人签字：", "Received: "))?;
    book.save_to_buffer()
}

/// A spreadsheet knows no other number: exact to the fen below 90 trillion yuan.
fn yuan(fen: Fen) -> f64 {
    fen.get() as f64 / 100.0
}
