//! From a file of unknown goodness to lines of text, in one pass and bounded memory.

use crate::ImportRule;
use calamine::{DataRef, Reader as _, Xlsx};
use std::fs::File;
use std::io::{BufReader, Read as _, Seek as _};
use std::path::Path;
use tokio::sync::mpsc::Sender;

/// The most bytes of a file.
pub const MOST_BYTES: u64 = if cfg!(test) { 4 } else { 256 } * 1024 * 1024;
/// The most bytes of a spreadsheet when unpacked: what is packed denser is no table.
const MOST_UNPACKED: u64 = if cfg!(test) { 64 } else { 1024 } * 1024 * 1024;
const MOST_LINES: usize = 1_000_000;
const MOST_COLUMNS: usize = 100;
const MOST_CELL: usize = 1000;
const CHUNK: usize = 5_000;
/// From here on not every whole number is one of a spreadsheet's.
const LOST: f64 = 9_007_199_254_740_992.0;

/// Stands between cells on their way into the database.
pub(crate) const SEPARATOR: char = '\u{1f}';

/// Lines on their way; the first are the headings.
pub(crate) type Lines = Vec<Vec<String>>;

/// Whether the first bytes may be a table's.
pub(crate) fn look(path: &Path) -> Result<(), ImportRule> {
    let file = File::open(path).map_err(|_| ImportRule::Unreadable)?;
    let mut head = Vec::new();
    file.take(4096).read_to_end(&mut head).map_err(|_| ImportRule::Unreadable)?;
    let packed = head.starts_with(b"PK\x03\x04");
    if head.contains(&0) && !packed { Err(ImportRule::Unreadable) } else { Ok(()) }
}

/// Reads a file and hands its lines over as they come.
pub(crate) fn read(path: &Path, to: &Sender<Lines>) -> Result<(), ImportRule> {
    let mut file = File::open(path).map_err(|_| ImportRule::Unreadable)?;
    let mut head = Vec::new();
    let took = file.by_ref().take(4096).read_to_end(&mut head);
    took.and_then(|_| file.rewind()).map_err(|_| ImportRule::Unreadable)?;
    let mut out = Out { to, waiting: Vec::new(), lines: 0 };
    if head.starts_with(b"PK\x03\x04") {
        spreadsheet(file, &mut out)?;
    } else if head.contains(&0) {
        return Err(ImportRule::Unreadable);
    } else {
        text(file, &head, &mut out)?;
    }
    out.flush()?;
    if out.lines < 2 { Err(ImportRule::Empty) } else { Ok(()) }
}

struct Out<'a> {
    to: &'a Sender<Lines>,
    waiting: Lines,
    lines: usize,
}

impl Out<'_> {
    fn line(&mut self, mut cells: Vec<String>) -> Result<(), ImportRule> {
        while cells.last().is_some_and(|c| c.is_empty()) {
            cells.pop();
        }
        if cells.is_empty() {
            return Ok(());
        }
        self.lines += 1;
        if self.lines > MOST_LINES + 1 || cells.len() > MOST_COLUMNS {
            return Err(ImportRule::TooMuch);
        }
        self.waiting.push(cells);
        if self.waiting.len() >= CHUNK { self.flush() } else { Ok(()) }
    }

    fn flush(&mut self) -> Result<(), ImportRule> {
        let lines = std::mem::take(&mut self.waiting);
        if lines.is_empty() {
            return Ok(());
        }
        // Who does not listen any more has given up.
        self.to.blocking_send(lines).map_err(|_| ImportRule::Unreadable)
    }
}

/// Without characters that no database keeps, and not endless.
pub(crate) fn clean(cell: &str) -> String {
    cell.trim().chars().filter(|c| !matches!(*c, '\0' | SEPARATOR)).take(MOST_CELL).collect()
}

fn text(file: File, head: &[u8], out: &mut Out<'_>) -> Result<(), ImportRule> {
    let first = head.split(|b| *b == b'\n').next().unwrap_or_default();
    let many = |by: u8| first.iter().filter(|b| **b == by).count();
    let delimiter = [b',', b'\t', b';'].into_iter().max_by_key(|by| many(*by)).unwrap_or(b',');
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter)
        .from_reader(BufReader::new(file));
    let mut record = csv::ByteRecord::new();
    while reader.read_byte_record(&mut record).map_err(|_| ImportRule::Unreadable)? {
        out.line(record.iter().map(|cell| clean(&decoded(cell))).collect())?;
    }
    Ok(())
}

/// UTF-8, or else what spreadsheets in China write.
fn decoded(cell: &[u8]) -> std::borrow::Cow<'_, str> {
    let cell = cell.strip_prefix(b"\xef\xbb\xbf").unwrap_or(cell);
    match std::str::from_utf8(cell) {
        Ok(text) => text.into(),
        Err(_) => encoding_rs::GB18030.decode_without_bom_handling(cell).0,
    }
}

fn spreadsheet(file: File, out: &mut Out<'_>) -> Result<(), ImportRule> {
    unpacks(&file)?;
    let broken = |_| ImportRule::Unreadable;
    let mut book: Xlsx<_> = Xlsx::new(BufReader::new(file)).map_err(broken)?;
    let name = book.sheet_names().first().cloned().ok_or(ImportRule::Empty)?;
    let mut cells = book.worksheet_cells_reader(&name).map_err(broken)?;
    let (mut line, mut at): (Vec<String>, Option<u32>) = (Vec::new(), None);
    while let Some(cell) = cells.next_cell().map_err(broken)? {
        let (row, column) = cell.get_position();
        if at != Some(row) {
            out.line(std::mem::take(&mut line))?;
            at = Some(row);
        }
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        if column >= MOST_COLUMNS {
            // A stray format far to the right is no column.
            continue;
        }
        if line.len() <= column {
            line.resize(column + 1, String::new());
        }
        if let Some(place) = line.get_mut(column) {
            *place = shown(cell.get_value());
        }
    }
    out.line(line)
}

fn shown(value: &DataRef<'_>) -> String {
    match value {
        DataRef::String(text) => clean(text),
        DataRef::SharedString(text) => clean(text),
        DataRef::Int(n) => n.to_string(),
        // Of a number this long the spreadsheet has lost digits: nobody shall take it for whole.
        DataRef::Float(n) if n.abs() >= LOST => format!("≈{n}"),
        DataRef::Float(n) => n.to_string(),
        DataRef::Bool(b) => b.to_string(),
        DataRef::DateTime(at) => {
            at.as_datetime().map_or_else(String::new, |at| at.format("%Y-%m-%d").to_string())
        }
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => clean(text),
        DataRef::Error(_) | DataRef::Empty => String::new(),
    }
}

/// Unpacks everything into nowhere first: a small file may hold an endless one.
fn unpacks(file: &File) -> Result<(), ImportRule> {
    let broken = |_| ImportRule::Unreadable;
    let copy = file.try_clone().map_err(|_| ImportRule::Unreadable)?;
    let mut archive = zip::ZipArchive::new(BufReader::new(copy)).map_err(broken)?;
    let mut left = MOST_UNPACKED;
    for n in 0..archive.len() {
        let entry = archive.by_index(n).map_err(broken)?;
        let took = std::io::copy(&mut entry.take(left + 1), &mut std::io::sink());
        let took = took.map_err(|_| ImportRule::Unreadable)?;
        left = left.checked_sub(took).ok_or(ImportRule::TooLarge)?;
    }
    let mut file = file;
    file.rewind().map_err(|_| ImportRule::Unreadable)
}
