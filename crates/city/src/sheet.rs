//! Rows on their way into a table, in the binary or the text format of `copy`.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::Result;
use sqlx::PgConnection;
use std::fmt::Write as _;
use uuid::Uuid;

/// A value as `copy` reads it: as text, and as the bytes that its type has on the wire.
pub(crate) trait Field {
    fn put(&self, to: &mut String);

    /// Appends the bytes; false stands for null.
    fn wire(&self, to: &mut Vec<u8>) -> bool;
}

impl Field for str {
    fn put(&self, to: &mut String) {
        for c in self.chars() {
            match c {
                '\\' => to.push_str("\\\\"),
                '\t' => to.push_str("\\t"),
                '\n' => to.push_str("\\n"),
                '\r' => to.push_str("\\r"),
                c => to.push(c),
            }
        }
    }

    fn wire(&self, to: &mut Vec<u8>) -> bool {
        to.extend_from_slice(self.as_bytes());
        true
    }
}

impl Field for String {
    fn put(&self, to: &mut String) {
        self.as_str().put(to);
    }

    fn wire(&self, to: &mut Vec<u8>) -> bool {
        self.as_str().wire(to)
    }
}

impl Field for Uuid {
    fn put(&self, to: &mut String) {
        to.push_str(self.hyphenated().encode_lower(&mut Uuid::encode_buffer()));
    }

    fn wire(&self, to: &mut Vec<u8>) -> bool {
        to.extend_from_slice(self.as_bytes());
        true
    }
}

macro_rules! shown {
    ($($of:ty => $form:literal, $wire:expr;)+) => {$(
        impl Field for $of {
            fn put(&self, to: &mut String) {
                // Writing to a String cannot fail.
                let _ = write!(to, $form, self);
            }

            fn wire(&self, to: &mut Vec<u8>) -> bool {
                let bytes = ($wire)(*self);
                to.extend_from_slice(&bytes);
                true
            }
        }
    )+};
}
shown! {
    i16 => "{}", i16::to_be_bytes;
    i32 => "{}", i32::to_be_bytes;
    i64 => "{}", i64::to_be_bytes;
    f64 => "{:.6}", |v: f64| ((v * 1e6).round() / 1e6).to_be_bytes();
    bool => "{}", |v: bool| [u8::from(v)];
    NaiveDate => "{}", |v: NaiveDate| days(v).to_be_bytes();
}

fn days(day: NaiveDate) -> i32 {
    let since = day.signed_duration_since(NaiveDate::from_ymd_opt(2000, 1, 1).unwrap_or_default());
    i32::try_from(since.num_days()).unwrap_or(i32::MAX)
}

impl Field for DateTime<Utc> {
    fn put(&self, to: &mut String) {
        let _ = write!(to, "{}", self.format("%Y-%m-%d %H:%M:%S%.6f+00"));
    }

    fn wire(&self, to: &mut Vec<u8>) -> bool {
        let micros = self.timestamp_micros() - 946_684_800_000_000;
        to.extend_from_slice(&micros.to_be_bytes());
        true
    }
}

/// A day or an instant that may never come: `infinity` where there is none.
pub(crate) struct Until<T>(pub(crate) Option<T>);

impl Field for Until<NaiveDate> {
    fn put(&self, to: &mut String) {
        match &self.0 {
            Some(day) => day.put(to),
            None => to.push_str("infinity"),
        }
    }

    fn wire(&self, to: &mut Vec<u8>) -> bool {
        to.extend_from_slice(&self.0.map_or(i32::MAX, days).to_be_bytes());
        true
    }
}

impl Field for Until<DateTime<Utc>> {
    fn put(&self, to: &mut String) {
        match &self.0 {
            Some(at) => at.put(to),
            None => to.push_str("infinity"),
        }
    }

    fn wire(&self, to: &mut Vec<u8>) -> bool {
        match &self.0 {
            Some(at) => return at.wire(to),
            None => to.extend_from_slice(&i64::MAX.to_be_bytes()),
        }
        true
    }
}

/// Hundredths, as `numeric` with two places: areas and heights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Hundredths(pub(crate) i64);

impl Field for Hundredths {
    fn put(&self, to: &mut String) {
        let _ = write!(to, "{}.{:02}", self.0 / 100, self.0 % 100);
    }

    fn wire(&self, to: &mut Vec<u8>) -> bool {
        // Digits of base 10,000, the highest first, without zeros at either end.
        let (whole, rest) = (self.0 / 100, self.0 % 100);
        let all = [whole / 10_000, whole % 10_000, rest * 100];
        let first = all.iter().position(|d| *d != 0).unwrap_or(all.len());
        let last = all.iter().rposition(|d| *d != 0).map_or(first, |n| n + 1);
        let digits = all.get(first..last).unwrap_or_default();
        let short = |n: usize| i16::try_from(n).unwrap_or_default();
        let weight = if digits.is_empty() { 0 } else { 1 - short(first) };
        for head in [short(digits.len()), weight, 0, 2] {
            to.extend_from_slice(&head.to_be_bytes());
        }
        for digit in digits {
            to.extend_from_slice(&i16::try_from(*digit).unwrap_or_default().to_be_bytes());
        }
        true
    }
}

impl<T: Field> Field for Option<T> {
    fn put(&self, to: &mut String) {
        match self {
            Some(value) => value.put(to),
            None => to.push_str("\\N"),
        }
    }

    fn wire(&self, to: &mut Vec<u8>) -> bool {
        self.as_ref().is_some_and(|value| value.wire(to))
    }
}

impl<T: Field + ?Sized> Field for &T {
    fn put(&self, to: &mut String) {
        (**self).put(to);
    }

    fn wire(&self, to: &mut Vec<u8>) -> bool {
        (**self).wire(to)
    }
}

/// Words without quotes, commas or backslashes.
impl<T: AsRef<str>> Field for Vec<T> {
    fn put(&self, to: &mut String) {
        to.push('{');
        for (i, word) in self.iter().enumerate() {
            to.push_str(if i == 0 { "\"" } else { ",\"" });
            to.push_str(word.as_ref());
            to.push('"');
        }
        to.push('}');
    }

    fn wire(&self, to: &mut Vec<u8>) -> bool {
        const TEXT: i32 = 25;
        let long = |n: usize| i32::try_from(n).unwrap_or_default();
        let mut head = vec![i32::from(!self.is_empty()), 0, TEXT];
        if !self.is_empty() {
            head.extend([long(self.len()), 1]);
        }
        for part in head {
            to.extend_from_slice(&part.to_be_bytes());
        }
        for word in self {
            let word = word.as_ref().as_bytes();
            to.extend_from_slice(&long(word.len()).to_be_bytes());
            to.extend_from_slice(word);
        }
        true
    }
}

/// JSON, whose backslashes `copy` must not eat.
pub(crate) struct Json(pub(crate) serde_json::Value);

impl Field for Json {
    fn put(&self, to: &mut String) {
        self.0.to_string().put(to);
    }

    fn wire(&self, to: &mut Vec<u8>) -> bool {
        to.push(1);
        self.0.to_string().wire(to)
    }
}

/// Rows for one table.
pub(crate) struct Sheet {
    into: String,
    text: String,
    wire: Vec<u8>,
    binary: bool,
    rows: u64,
}

/// Rows that are ready to be sent.
pub(crate) struct Parcel {
    /// What `copy` is told.
    pub statement: String,
    pub bytes: Vec<u8>,
    pub rows: u64,
}

const SIGNATURE: &[u8] = b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0";
const TRAILER: [u8; 2] = [0xff, 0xff];

impl Sheet {
    /// For `table (columns)`.
    pub(crate) fn new(into: impl Into<String>) -> Self {
        let into = into.into();
        Self { into, text: String::new(), wire: Vec::new(), binary: false, rows: 0 }
    }

    /// The same as bytes: every field has exactly its column's type.
    pub(crate) fn binary(into: impl Into<String>) -> Self {
        Self { binary: true, ..Self::new(into) }
    }

    /// One more row, in the order of the columns.
    pub(crate) fn row(&mut self, fields: &[&dyn Field]) {
        self.rows += 1;
        if self.binary {
            return self.wire_row(fields);
        }
        for (i, field) in fields.iter().enumerate() {
            if i > 0 {
                self.text.push('\t');
            }
            field.put(&mut self.text);
        }
        self.text.push('\n');
    }

    fn wire_row(&mut self, fields: &[&dyn Field]) {
        if self.wire.is_empty() {
            self.wire.extend_from_slice(SIGNATURE);
        }
        let many = i16::try_from(fields.len()).unwrap_or_default();
        self.wire.extend_from_slice(&many.to_be_bytes());
        for field in fields {
            let at = self.wire.len();
            self.wire.extend_from_slice(&[0xff; 4]);
            if field.wire(&mut self.wire) {
                let long = i32::try_from(self.wire.len() - at - 4).unwrap_or_default();
                if let Some(head) = self.wire.get_mut(at..at + 4) {
                    head.copy_from_slice(&long.to_be_bytes());
                }
            }
        }
    }

    /// Bytes that wait.
    pub(crate) fn weight(&self) -> usize {
        self.text.len() + self.wire.len()
    }

    /// Takes the rows that wait.
    pub(crate) fn take(&mut self) -> Option<Parcel> {
        let rows = std::mem::take(&mut self.rows);
        if rows == 0 {
            return None;
        }
        let (bytes, form) = if self.binary {
            self.wire.extend_from_slice(&TRAILER);
            (std::mem::take(&mut self.wire), " (format binary)")
        } else {
            (std::mem::take(&mut self.text).into_bytes(), "")
        };
        Some(Parcel { statement: format!("copy {} from stdin{form}", self.into), bytes, rows })
    }

    /// Sends the rows, forgets them, and says how many they were.
    pub(crate) async fn flush(&mut self, db: &mut PgConnection) -> Result<u64> {
        match self.take() {
            Some(parcel) => parcel.send(db).await,
            None => Ok(0),
        }
    }
}

impl Parcel {
    /// Sends the rows, and says how many they were.
    pub(crate) async fn send(self, db: &mut PgConnection) -> Result<u64> {
        let mut copy = db.copy_in_raw(&self.statement).await?;
        copy.send(self.bytes).await?;
        copy.finish().await?;
        Ok(self.rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_written_as_copy_reads_it() {
        let mut sheet = Sheet::new("t (a)");
        let json = Json(serde_json::json!({ "say": "a\"b" }));
        sheet.row(&[&"a\tb\\", &None::<i64>, &true, &vec!["x", "y"], &json]);
        let text = String::from_utf8(sheet.take().unwrap().bytes).unwrap();
        assert_eq!(text, "a\\tb\\\\\t\\N\ttrue\t{\"x\",\"y\"}\t{\"say\":\"a\\\\\"b\"}\n");
        assert!(sheet.take().is_none());
    }

    #[test]
    fn a_binary_row_has_lengths_and_nulls() {
        let mut sheet = Sheet::binary("t (a)");
        sheet.row(&[&7_i32, &None::<i64>, &"ab", &Hundredths(12_345)]);
        let bytes = sheet.take().unwrap().bytes;
        let row = &bytes[SIGNATURE.len()..bytes.len() - 2];
        let wanted: &[u8] = &[
            0, 4, 0, 0, 0, 4, 0, 0, 0, 7, 0xff, 0xff, 0xff, 0xff, 0, 0, 0, 2, b'a', b'b', 0, 0, 0,
            12, 0, 2, 0, 0, 0, 0, 0, 2, 0, 123, 0x11, 0x94,
        ];
        assert_eq!(row, wanted);
    }
}
