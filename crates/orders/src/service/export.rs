//! Taking a list out of the house: in a spreadsheet, with masked phones, a limit and a trace.

use crate::event::Exported;
use crate::{Filter, Order, permissions};
use anyhow::Context as _;
use chrono::{DateTime, Utc};
use kernel::{Error, Result, Tx, clock::SHANGHAI, page::MAX_PAGE};
use rust_xlsxwriter::{Format, Workbook, Worksheet, XlsxError};
use tokio::sync::mpsc;

/// Media type of a spreadsheet.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The most rows that one export holds.
const MOST: usize = 50_000;

/// Name in Chinese and English, width in characters, content in one of the languages.
type Column = (&'static str, &'static str, u16, fn(&Order, bool) -> String);

const COLUMNS: &[Column] = &[
    ("工单号", "No.", 18, |o, _| o.no.clone()),
    ("业务", "Kind", 12, |o, _| o.kind_name.clone()),
    ("现象", "Symptom", 12, |o, _| o.symptom_name.clone().unwrap_or_default()),
    ("紧急程度", "Urgency", 8, |o, _| i16::from(o.urgency).to_string()),
    ("状态", "State", 10, |o, english| o.state.named(english).to_owned()),
    ("次数", "Round", 6, |o, _| o.round.to_string()),
    ("地址", "Address", 32, |o, _| o.address.clone()),
    ("联系人", "Contact", 10, |o, _| o.contact_name.clone()),
    ("联系电话", "Phone", 14, |o, _| o.contact_phone.clone()),
    ("诉求", "Description", 40, |o, _| o.description.clone()),
    ("责任单位", "Organisation", 16, |o, _| o.org_name.clone()),
    ("维修员", "Repairer", 10, |o, _| o.assignee_name.clone().unwrap_or_default()),
    ("受理时间", "Opened", 17, |o, _| local(Some(o.opened_at))),
    ("接单时限", "Accept by", 17, |o, _| local(Some(o.accept_due))),
    ("到场时限", "Arrive by", 17, |o, _| local(Some(o.arrive_due))),
    ("完工时限", "Finish by", 17, |o, _| local(Some(o.finish_due))),
    ("派单时间", "Dispatched", 17, |o, _| local(o.dispatched_at)),
    ("到场时间", "Arrived", 17, |o, _| local(o.arrived_at)),
    ("完工时间", "Finished", 17, |o, _| local(o.finished_at)),
    ("办结时间", "Closed", 17, |o, _| local(o.closed_at)),
    ("原因", "Cause", 14, |o, _| o.cause_name.clone().unwrap_or_default()),
    ("处理结果", "Resolution", 40, |o, _| o.resolution.clone()),
    ("满意度", "Satisfaction", 10, |o, _| {
        o.satisfaction.map_or(String::new(), |s| <&str>::from(s).to_owned())
    }),
    ("催办", "Chases", 6, |o, _| o.chases.to_string()),
];

/// The orders that match, as a spreadsheet. Pages go to the writer as they are read, so that a
/// long list never stands in memory twice.
pub async fn export(tx: &mut Tx, mut filter: Filter, english: bool) -> Result<Vec<u8>> {
    let scope = tx.scope(permissions::EXPORT)?;
    let asked = filter.clone();
    filter.limit = Some(MAX_PAGE);
    let (pages, read) = mpsc::channel(2);
    let writer = tokio::task::spawn_blocking(move || write(read, english));
    let mut rows = 0;
    loop {
        let page = super::read::page_of(tx, &scope, &filter).await?;
        rows += page.items.len();
        if rows > MOST {
            return Err(Error::invalid("filter", "超过五万条，请缩小范围", "over 50,000 rows"));
        }
        filter.after = page.next;
        // A writer that is gone says why when it is awaited.
        if pages.send(page.items).await.is_err() || filter.after.is_none() {
            break;
        }
    }
    drop(pages);
    let written = writer.await.context("the writer of a spreadsheet panicked")?;
    let sheet = written.context("a spreadsheet could not be written")?;
    tx.emit(&Exported { id: tx.new_id(), filter: asked, rows })?;
    Ok(sheet)
}

fn write(mut pages: mpsc::Receiver<Vec<Order>>, english: bool) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    let sheet = book.add_worksheet_with_constant_memory()?;
    head(sheet, english)?;
    let mut row = 1;
    while let Some(page) = pages.blocking_recv() {
        for order in page {
            for (column, (.., content)) in (0..).zip(COLUMNS) {
                sheet.write_string(row, column, content(&order, english))?;
            }
            row += 1;
        }
    }
    book.save_to_buffer()
}

fn head(sheet: &mut Worksheet, english: bool) -> Result<(), XlsxError> {
    let bold = Format::new().set_bold();
    sheet.set_freeze_panes(1, 1)?;
    for (column, (zh, en, width, _)) in (0..).zip(COLUMNS) {
        sheet.set_column_width(column, *width)?;
        sheet.write_string_with_format(0, column, if english { *en } else { *zh }, &bold)?;
    }
    Ok(())
}

fn local(at: Option<DateTime<Utc>>) -> String {
    let shown = |at: DateTime<Utc>| at.with_timezone(&SHANGHAI).format("%Y-%m-%d %H:%M");
    at.map_or(String::new(), |at| shown(at).to_string())
}
