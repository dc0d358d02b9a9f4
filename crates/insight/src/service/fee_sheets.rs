//! Fee reports as papers: spreadsheets, and the plain journal that finance programs read.

use crate::model::word;
use crate::{FeeAges, FeeChanges, FeePivot, Journal, Vouchers};
use anyhow::Context as _;
use chrono::{DateTime, Utc};
use kernel::clock::SHANGHAI;
use kernel::{Fen, Result};
use ledger::AsOf;
use rust_xlsxwriter::{Format, Workbook, XlsxError};
use std::fmt::Write as _;

/// Media type of a spreadsheet.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// One field of a sheet.
pub(super) enum Field {
    Text(String),
    Yuan(Fen),
    Count(i64),
    Rate(Option<f64>),
}

/// A report as a sheet.
pub struct Sheet {
    pub(super) title: String,
    pub(super) moment: Option<AsOf>,
    pub(super) heads: Vec<(String, u16)>,
    pub(super) rows: Vec<Vec<Field>>,
}

fn heads(of: Vec<(&'static str, u16)>) -> Vec<(String, u16)> {
    of.into_iter().map(|(head, width)| (head.to_owned(), width)).collect()
}

fn text(key: &str, english: bool) -> Field {
    Field::Text(word(key, english).to_owned())
}

fn minute(at: DateTime<Utc>) -> String {
    at.with_timezone(&SHANGHAI).format("%Y-%m-%d %H:%M").to_string()
}

impl Sheet {
    /// Writes the sheet; money as numbers of yuan with two decimals.
    pub fn write(&self, english: bool) -> Result<Vec<u8>> {
        Ok(self.try_write(english).context("a spreadsheet could not be written")?)
    }

    fn try_write(&self, english: bool) -> Result<Vec<u8>, XlsxError> {
        let mut book = Workbook::new();
        let sheet = book.add_worksheet();
        sheet.set_name(&self.title)?;
        let bold = Format::new().set_bold();
        let yuan = Format::new().set_num_format("#,##0.00");
        let percent = Format::new().set_num_format("0.0%");
        let mut row = 0;
        if let Some(moment) = self.moment {
            let (day, at) = (moment.valid_on, minute(moment.known_at));
            let line = if english {
                format!("For {day} as known {at}")
            } else {
                format!("状态日期 {day}，数据截至 {at}")
            };
            sheet.write_string(row, 0, line)?;
            row += 1;
        }
        for (column, (head, width)) in (0..).zip(&self.heads) {
            sheet.set_column_width(column, *width)?;
            sheet.write_string_with_format(row, column, head, &bold)?;
        }
        sheet.set_freeze_panes(row + 1, 1)?;
        for fields in &self.rows {
            row += 1;
            for (column, field) in (0..).zip(fields) {
                match field {
                    Field::Text(text) => sheet.write_string(row, column, text)?,
                    Field::Count(n) => sheet.write_number(row, column, *n as f64)?,
                    // Excel knows floats only; two decimals of an amount below 2^53 fen are exact.
                    Field::Yuan(fen) => sheet.write_number_with_format(
                        row,
                        column,
                        fen.get() as f64 / 100.0,
                        &yuan,
                    )?,
                    Field::Rate(Some(rate)) => {
                        sheet.write_number_with_format(row, column, *rate, &percent)?
                    }
                    Field::Rate(None) => sheet.write_string(row, column, "")?,
                };
            }
        }
        book.save_to_buffer()
    }

    /// Charged and received, a line a field.
    pub fn of_pivot(report: &FeePivot, english: bool) -> Self {
        let name = |key: &str| {
            let name = report.names.get(key).map_or(word(key, english), String::as_str);
            Field::Text(if name.is_empty() { "—".to_owned() } else { name.to_owned() })
        };
        let all = report.fields.iter().chain([&report.total]).map(|f| {
            let money = [f.charged_fen, f.paid_fen, f.owed_fen].map(Field::Yuan);
            [name(&f.row), name(&f.column)]
                .into_iter()
                .chain(money)
                .chain([Field::Rate(f.rate)])
                .collect()
        });
        let columns = if english {
            vec![
                ("Row", 24),
                ("Column", 18),
                ("Charged", 16),
                ("Received", 16),
                ("Owed", 16),
                ("Rate", 9),
            ]
        } else {
            vec![("行", 24), ("列", 18), ("应收", 16), ("实收", 16), ("欠费", 16), ("收费率", 9)]
        };
        let title = if english { "Charged and received" } else { "应收实收" };
        Self {
            title: title.to_owned(),
            moment: Some(report.as_of),
            heads: heads(columns),
            rows: all.collect(),
        }
    }

    /// Arrears by age and class.
    pub fn of_ages(report: &FeeAges, english: bool) -> Self {
        let rows = report.items.iter().map(|r| {
            let age = serde_json::to_value(r.age).unwrap_or_default();
            vec![
                text(age.as_str().unwrap_or_default(), english),
                text(&r.user_class, english),
                Field::Count(r.open_items),
                Field::Yuan(r.owed_fen),
                Field::Yuan(r.credit_fen),
            ]
        });
        let columns = if english {
            vec![("Age", 14), ("Class", 14), ("Open items", 12), ("Owed", 16), ("Overpaid", 16)]
        } else {
            vec![("账龄", 14), ("用户类别", 14), ("笔数", 12), ("欠费", 16), ("多收", 16)]
        };
        let title = if english { "Arrears by age" } else { "欠费账龄" };
        Self {
            title: title.to_owned(),
            moment: Some(report.as_of),
            heads: heads(columns),
            rows: rows.collect(),
        }
    }

    /// Why what is owed changed.
    pub fn of_changes(report: &FeeChanges, english: bool) -> Self {
        let edge = |name: &'static str, fen| {
            vec![
                Field::Text(name.to_owned()),
                Field::Text(String::new()),
                Field::Count(0),
                Field::Yuan(fen),
            ]
        };
        let (first, last) = if english { ("Before", "After") } else { ("期初", "期末") };
        let mut rows = vec![edge(first, report.before_fen)];
        rows.extend(report.items.iter().map(|c| {
            vec![
                text(&c.source, english),
                text(c.channel.as_deref().unwrap_or_default(), english),
                Field::Count(c.postings),
                Field::Yuan(c.fen),
            ]
        }));
        rows.push(edge(last, report.after_fen));
        let columns = if english {
            vec![("Cause", 24), ("Channel", 12), ("Postings", 10), ("Amount", 16)]
        } else {
            vec![("原因", 24), ("渠道", 12), ("笔数", 10), ("金额", 16)]
        };
        let title = if english { "Changes of arrears" } else { "欠费变动" };
        Self { title: title.to_owned(), moment: Some(report.to), heads: heads(columns), rows }
    }

    /// The cashiers' journal.
    pub fn of_journal(report: &Journal, english: bool) -> Self {
        let rows = report.items.iter().map(|r| {
            vec![
                Field::Text(minute(r.at)),
                Field::Text(r.cashier.clone()),
                text(&r.channel, english),
                text(&r.ledger, english),
                Field::Yuan(r.fen),
                Field::Text(r.households.clone()),
                Field::Text(r.memo.clone()),
            ]
        });
        let columns = if english {
            vec![
                ("Time", 17),
                ("Cashier", 10),
                ("Channel", 10),
                ("Method", 12),
                ("Amount", 14),
                ("Household", 16),
                ("Memo", 36),
            ]
        } else {
            vec![
                ("时间", 17),
                ("收费员", 10),
                ("渠道", 10),
                ("方式", 12),
                ("金额", 14),
                ("户号", 16),
                ("摘要", 36),
            ]
        };
        let title = if english { "Cashiers' journal" } else { "收费日记账" };
        Self { title: title.to_owned(), moment: None, heads: heads(columns), rows: rows.collect() }
    }

    /// Vouchers for the finance office.
    pub fn of_vouchers(report: &Vouchers, english: bool) -> Self {
        let rows = report.items.iter().map(|v| {
            vec![
                Field::Text(v.day.to_string()),
                Field::Text(format!("{:03}", v.number)),
                text(&v.source, english),
                text(&v.ledger, english),
                Field::Text(v.season.clone()),
                text(&v.item, english),
                Field::Yuan(v.debit_fen),
                Field::Yuan(v.credit_fen),
            ]
        });
        let columns = if english {
            vec![
                ("Date", 12),
                ("No.", 6),
                ("Memo", 24),
                ("Account", 18),
                ("Season", 12),
                ("Item", 14),
                ("Debit", 16),
                ("Credit", 16),
            ]
        } else {
            vec![
                ("日期", 12),
                ("凭证号", 8),
                ("摘要", 24),
                ("科目", 18),
                ("采暖季", 12),
                ("项目", 14),
                ("借方", 16),
                ("贷方", 16),
            ]
        };
        let title = if english { "Vouchers" } else { "记账凭证" };
        Self {
            title: title.to_owned(),
            moment: Some(report.as_of),
            heads: heads(columns),
            rows: rows.collect(),
        }
    }
}

/// Vouchers as a plain journal, in the format that ledger, hledger and beancount's importers read.
pub fn plain_journal(report: &Vouchers) -> String {
    let mut out = String::new();
    let mut last = None;
    for v in &report.items {
        if last != Some((v.day, v.number)) {
            let gap = if last.is_some() { "\n" } else { "" };
            // Writing into a string cannot fail.
            let _ = writeln!(out, "{gap}{} ({:03}) {}", v.day, v.number, v.source);
            last = Some((v.day, v.number));
        }
        let account = [v.ledger.as_str(), v.season.as_str(), v.item.as_str()];
        let account: Vec<_> = account.into_iter().filter(|part| !part.is_empty()).collect();
        let amount = i128::from(v.debit_fen.get()) - i128::from(v.credit_fen.get());
        let sign = if amount < 0 { "-" } else { "" };
        let (yuan, fen) = (amount.unsigned_abs() / 100, amount.unsigned_abs() % 100);
        let _ = writeln!(out, "    {}  CNY {sign}{yuan}.{fen:02}", account.join(":"));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::VoucherLine;

    #[test]
    fn a_plain_journal_has_a_head_a_voucher_and_a_line_an_account() {
        let line = |number, ledger: &str, debit, credit| VoucherLine {
            day: "2026-11-22".parse().unwrap(),
            number,
            source: "payment".into(),
            ledger: ledger.into(),
            season: if ledger == "receivable" { "2026-2027".into() } else { String::new() },
            item: "heat".into(),
            debit_fen: Fen::new(debit),
            credit_fen: Fen::new(credit),
        };
        let report = Vouchers {
            from: "2026-11-22".parse().unwrap(),
            as_of: AsOf {
                valid_on: "2026-11-22".parse().unwrap(),
                known_at: "2026-11-22T10:00:00Z".parse().unwrap(),
            },
            items: vec![
                line(1, "cash", 12_345, 0),
                line(1, "receivable", 0, 12_345),
                line(2, "bank", 5, 0),
                line(2, "receivable", 0, 5),
            ],
            total_fen: Fen::new(12_350),
        };
        assert_eq!(
            plain_journal(&report),
            "2026-11-22 (001) payment\n    cash:heat  CNY 123.45\n    \
             receivable:2026-2027:heat  CNY -123.45\n\n\
             2026-11-22 (002) payment\n    bank:heat  CNY 0.05\n    \
             receivable:2026-2027:heat  CNY -0.05\n"
        );
        let sheet = Sheet::of_vouchers(&report, false).write(false).unwrap();
        assert!(sheet.starts_with(b"PK"), "a spreadsheet is a zip file");
    }
}
