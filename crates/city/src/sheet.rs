//! Rows on their way into a table, in the text format of `copy`.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::Result;
use sqlx::PgConnection;
use std::fmt::Write as _;
use uuid::Uuid;

/// A value as `copy` reads it.
pub(crate) trait Field {
    fn put(&self, to: &mut String);
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
}

impl Field for String {
    fn put(&self, to: &mut String) {
        self.as_str().put(to);
    }
}

impl Field for Uuid {
    fn put(&self, to: &mut String) {
        to.push_str(self.hyphenated().encode_lower(&mut Uuid::encode_buffer()));
    }
}

macro_rules! shown {
    ($($of:ty => $form:literal),+) => {$(
        impl Field for $of {
            fn put(&self, to: &mut String) {
                // Writing to a String cannot fail.
                let _ = write!(to, $form, self);
            }
        }
    )+};
}
shown!(i16 => "{}", i32 => "{}", i64 => "{}", bool => "{}", NaiveDate => "{}", f64 => "{:.6}");

impl Field for DateTime<Utc> {
    fn put(&self, to: &mut String) {
        let _ = write!(to, "{}", self.format("%Y-%m-%d %H:%M:%S%.6f+00"));
    }
}

impl<T: Field> Field for Option<T> {
    fn put(&self, to: &mut String) {
        match self {
            Some(value) => value.put(to),
            None => to.push_str("\\N"),
        }
    }
}

impl<T: Field + ?Sized> Field for &T {
    fn put(&self, to: &mut String) {
        (**self).put(to);
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
}

/// JSON, whose backslashes `copy` must not eat.
pub(crate) struct Json(pub(crate) serde_json::Value);

impl Field for Json {
    fn put(&self, to: &mut String) {
        self.0.to_string().put(to);
    }
}

/// Rows for one table.
pub(crate) struct Sheet {
    into: &'static str,
    text: String,
    rows: u64,
}

impl Sheet {
    /// For `table (columns)`.
    pub(crate) fn new(into: &'static str) -> Self {
        Self { into, text: String::new(), rows: 0 }
    }

    /// One more row, in the order of the columns.
    pub(crate) fn row(&mut self, fields: &[&dyn Field]) {
        for (i, field) in fields.iter().enumerate() {
            if i > 0 {
                self.text.push('\t');
            }
            field.put(&mut self.text);
        }
        self.text.push('\n');
        self.rows += 1;
    }

    /// Sends the rows, forgets them, and says how many they were.
    pub(crate) async fn flush(&mut self, db: &mut PgConnection) -> Result<u64> {
        if self.rows > 0 {
            let statement = format!("copy {} from stdin", self.into);
            let mut copy = db.copy_in_raw(&statement).await?;
            copy.send(self.text.as_bytes()).await?;
            copy.finish().await?;
            self.text.clear();
        }
        Ok(std::mem::take(&mut self.rows))
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
        assert_eq!(sheet.text, "a\\tb\\\\\t\\N\ttrue\t{\"x\",\"y\"}\t{\"say\":\"a\\\\\"b\"}\n");
    }
}
