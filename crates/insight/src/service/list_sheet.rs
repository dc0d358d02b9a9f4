//! Any list of the desk as a spreadsheet: one way for all, with a limit and a trace.

use super::fee_sheets::{Field, Sheet};
use crate::permissions::EXPORT;
use crate::{ListCell, ListSheet};
use kernel::{Error, Event, Fen, Result, Subject, Tx};
use serde::Serialize;
use uuid::Uuid;

/// The most rows of one list.
const MOST_ROWS: usize = 5_000;
/// The most columns of one list.
const MOST_COLUMNS: usize = 40;
/// What a sheet's name may not have, and how long it may be.
const NOT_IN_NAMES: &[char] = &['[', ']', ':', '*', '?', '/', '\\', '\''];
const LONGEST_NAME: usize = 31;

/// A list left the house.
#[derive(Debug, Serialize)]
struct ListTaken {
    #[serde(skip)]
    id: Uuid,
    title: String,
    page: String,
    rows: usize,
    printed: bool,
}

impl Event for ListTaken {
    fn kind(&self) -> &'static str {
        "insight.list_taken"
    }
    fn subject(&self) -> Subject {
        Subject { kind: "list", id: self.id }
    }
}

/// What somebody sees as a list becomes a spreadsheet, and history keeps who took which list of
/// how many rows. A list that is printed is only kept in history.
pub async fn list_sheet(tx: &mut Tx, list: ListSheet) -> Result<Sheet> {
    tx.require(EXPORT)?;
    if list.columns.is_empty() || list.columns.len() > MOST_COLUMNS {
        return Err(Error::invalid("columns", "列数应为 1 至 40", "1 to 40 columns"));
    }
    if list.rows.len() > MOST_ROWS {
        return Err(Error::invalid("rows", "超过五千行，请缩小范围", "over 5,000 rows"));
    }
    let title: String = list.title.trim().replace(NOT_IN_NAMES, " ");
    let title: String = title.chars().take(LONGEST_NAME).collect();
    if title.trim().is_empty() {
        return Err(Error::invalid("title", "请填写名称", "must not be empty"));
    }
    let taken = ListTaken {
        id: tx.new_id(),
        title: title.clone(),
        page: list.page.chars().take(200).collect(),
        rows: list.rows.len(),
        printed: list.printed,
    };
    tx.emit(&taken)?;
    let width = |column: usize| {
        let texts = list.rows.iter().filter_map(|r| r.get(column)).map(ListCell::width);
        let head = list.columns.get(column).map_or(0, |c| wide(c));
        u16::try_from(texts.chain([head]).max().unwrap_or_default().clamp(6, 48)).unwrap_or(48) + 2
    };
    let heads = (0..).zip(&list.columns).map(|(n, head)| (head.clone(), width(n))).collect();
    let rows = list.rows.into_iter().map(|row| row.into_iter().map(field).collect()).collect();
    Ok(Sheet { title, moment: None, heads, rows })
}

fn field(cell: ListCell) -> Field {
    match cell {
        ListCell::Fen { fen } => Field::Yuan(Fen::new(fen)),
        ListCell::Count(n) => Field::Count(n),
        ListCell::Text(text) => Field::Text(text.chars().take(2_000).collect()),
    }
}

/// How many places a text takes: Chinese takes two.
pub(crate) fn wide(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}
