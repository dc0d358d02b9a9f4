//! Lists: `{items, next}` with a keyset cursor, so that a page neither skips nor repeats a row
//! while others write.

use crate::{Error, Result};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Serialize, de::DeserializeOwned};

/// The most rows that one page may hold.
pub const MAX_PAGE: i64 = 200;

/// One page of a list.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Page<T> {
    /// The rows.
    pub items: Vec<T>,
    /// Pass it as `after` to read on; absent on the last page.
    #[schema(required)]
    pub next: Option<String>,
}

/// A list that is read whole.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Items<T> {
    /// The rows.
    pub items: Vec<T>,
}

/// An answer with nothing more to say.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Done {}

impl<T> Page<T> {
    /// Cuts the extra row that was read to learn whether more follow.
    pub fn cut<K: Serialize>(mut items: Vec<T>, limit: i64, key: impl Fn(&T) -> K) -> Self {
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let more = items.len() > limit;
        items.truncate(limit);
        let next = if more { items.last().map(|row| Cursor::encode(&key(row))) } else { None };
        Self { items, next }
    }
}

/// An opaque position in a list.
pub struct Cursor;

impl Cursor {
    /// Packs the last row's key.
    pub fn encode(key: &impl Serialize) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(serde_json::to_vec(key).unwrap_or_default())
    }

    /// Unpacks a key that a client sent back.
    pub fn decode<K: DeserializeOwned>(after: Option<&str>) -> Result<Option<K>> {
        let bad = || Error::invalid("after", "翻页位置无效", "not a cursor of this list");
        let Some(after) = after else { return Ok(None) };
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(after).map_err(|_| bad())?;
        serde_json::from_slice(&bytes).map(Some).map_err(|_| bad())
    }
}

/// The page size that a client asked for, within bounds.
pub fn limit(asked: Option<i64>) -> i64 {
    asked.unwrap_or(20).clamp(1, MAX_PAGE)
}
