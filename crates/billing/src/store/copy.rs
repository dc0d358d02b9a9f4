//! PostgreSQL's binary COPY, both ways: what a mass run reads and writes.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use uuid::Uuid;

const SIGNATURE: &[u8] = b"PGCOPY\n\xff\r\n\0";

/// The day that PostgreSQL counts from.
const EPOCH: NaiveDate = match NaiveDate::from_ymd_opt(2000, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// What came does not look like the format.
#[derive(Debug, thiserror::Error)]
#[error("a binary COPY is not as it should be")]
pub(crate) struct Malformed;

/// The fields of one row, taken one after the other.
pub(crate) struct Fields<'a>(&'a [u8]);

impl<'a> Fields<'a> {
    fn take(&mut self, n: usize) -> Result<&'a [u8], Malformed> {
        let (head, rest) = self.0.split_at_checked(n).ok_or(Malformed)?;
        self.0 = rest;
        Ok(head)
    }

    fn fixed<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        self.take(N)?.try_into().map_err(|_| Malformed)
    }

    fn field(&mut self) -> Result<Option<&'a [u8]>, Malformed> {
        let length = i32::from_be_bytes(self.fixed()?);
        match usize::try_from(length) {
            Ok(n) => self.take(n).map(Some),
            Err(_) => Ok(None),
        }
    }

    fn value<const N: usize>(&mut self) -> Result<[u8; N], Malformed> {
        self.field()?.ok_or(Malformed)?.try_into().map_err(|_| Malformed)
    }

    pub fn uuid(&mut self) -> Result<Uuid, Malformed> {
        Ok(Uuid::from_bytes(self.value()?))
    }

    pub fn text(&mut self) -> Result<&'a str, Malformed> {
        std::str::from_utf8(self.field()?.ok_or(Malformed)?).map_err(|_| Malformed)
    }

    pub fn flag(&mut self) -> Result<bool, Malformed> {
        Ok(self.value::<1>()? != [0])
    }

    pub fn date(&mut self) -> Result<NaiveDate, Malformed> {
        let days = i32::from_be_bytes(self.value()?);
        EPOCH.checked_add_signed(TimeDelta::days(days.into())).ok_or(Malformed)
    }

    pub fn number(&mut self) -> Result<Option<i64>, Malformed> {
        let Some(bytes) = self.field()? else { return Ok(None) };
        Ok(Some(i64::from_be_bytes(bytes.try_into().map_err(|_| Malformed)?)))
    }
}

/// Calls `row` for each row of one message of a COPY; PostgreSQL never splits a row.
pub(crate) fn rows<E: From<Malformed>>(
    message: &[u8],
    mut row: impl FnMut(&mut Fields<'_>) -> Result<(), E>,
) -> Result<(), E> {
    let mut fields = Fields(message);
    if message.starts_with(SIGNATURE) {
        fields.take(SIGNATURE.len() + 8)?;
    }
    while !fields.0.is_empty() {
        if i16::from_be_bytes(fields.fixed()?) < 0 {
            break;
        }
        row(&mut fields)?;
    }
    Ok(())
}

/// Rows on their way into a table.
#[derive(Default)]
pub(crate) struct Sheet(Vec<u8>);

impl Sheet {
    /// With the head that every COPY begins with.
    pub fn new() -> Self {
        let mut sheet = Self::default();
        sheet.0.extend_from_slice(SIGNATURE);
        sheet.0.extend_from_slice(&[0; 8]);
        sheet
    }

    /// The bytes so far, if they are many enough to be sent.
    pub fn ripe(&mut self) -> Option<Vec<u8>> {
        (self.0.len() >= 1 << 18).then(|| {
            let next = Vec::with_capacity(self.0.len() + (1 << 12));
            std::mem::replace(&mut self.0, next)
        })
    }

    /// All bytes, with the mark that nothing follows.
    pub fn end(mut self) -> Vec<u8> {
        self.0.extend_from_slice(&(-1_i16).to_be_bytes());
        self.0
    }

    pub fn row(&mut self, fields: i16) -> &mut Self {
        self.0.extend_from_slice(&fields.to_be_bytes());
        self
    }

    fn put(&mut self, bytes: &[u8]) -> &mut Self {
        // A row of ours is far below two gigabytes.
        let length = i32::try_from(bytes.len()).unwrap_or(i32::MAX);
        self.0.extend_from_slice(&length.to_be_bytes());
        self.0.extend_from_slice(bytes);
        self
    }

    pub fn nothing(&mut self) -> &mut Self {
        self.0.extend_from_slice(&(-1_i32).to_be_bytes());
        self
    }

    pub fn uuid(&mut self, id: Option<Uuid>) -> &mut Self {
        match id {
            Some(id) => self.put(id.as_bytes()),
            None => self.nothing(),
        }
    }

    pub fn text(&mut self, text: &str) -> &mut Self {
        self.put(text.as_bytes())
    }

    pub fn int(&mut self, number: i32) -> &mut Self {
        self.put(&number.to_be_bytes())
    }

    pub fn big(&mut self, number: Option<i64>) -> &mut Self {
        match number {
            Some(n) => self.put(&n.to_be_bytes()),
            None => self.nothing(),
        }
    }

    pub fn date(&mut self, day: NaiveDate) -> &mut Self {
        let days = (day - EPOCH).num_days();
        self.put(&i32::try_from(days).unwrap_or(i32::MAX).to_be_bytes())
    }

    pub fn instant(&mut self, at: DateTime<Utc>) -> &mut Self {
        let epoch = EPOCH.and_time(chrono::NaiveTime::MIN).and_utc();
        let micros = (at - epoch).num_microseconds().unwrap_or(i64::MAX);
        self.put(&micros.to_be_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let mut sheet = Sheet::new();
        let (id, day) = (Uuid::new_v4(), "2026-11-22".parse().unwrap());
        sheet.row(5).uuid(Some(id)).text("热").date(day).big(Some(-5)).big(None);
        let mut seen = 0;
        rows::<Malformed>(&sheet.end(), |f| {
            assert_eq!((f.uuid()?, f.text()?, f.date()?), (id, "热", day));
            assert_eq!((f.number()?, f.number()?), (Some(-5), None));
            seen += 1;
            Ok(())
        })
        .unwrap();
        assert_eq!(seen, 1);
    }

    #[test]
    fn a_row_that_was_cut_is_refused() {
        let mut sheet = Sheet::new();
        sheet.row(1).text("heat");
        let bytes = sheet.end();
        let cut = &bytes[..bytes.len() - 4];
        assert!(rows::<Malformed>(cut, |f| f.text().map(drop)).is_err());
    }
}
