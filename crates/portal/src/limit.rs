//! A brake on one link: a page that is open in a loop must not cost the house anything.

use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Error, Result};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use uuid::Uuid;

const WINDOW: TimeDelta = TimeDelta::minutes(1);
const MOST: u32 = 60;
/// Above this many remembered links, those whose minute is over are forgotten.
const REMEMBERED: usize = 10_000;

/// Counts requests of each link by the minute.
#[derive(Clone, Debug, Default)]
pub(crate) struct Limiter(Arc<Mutex<HashMap<Uuid, Minute>>>);

/// When it began, and how many requests it saw.
type Minute = (DateTime<Utc>, u32);

impl Limiter {
    /// Refuses the request that is one too many in its minute.
    pub fn admit(&self, link: Uuid, now: DateTime<Utc>) -> Result<()> {
        let mut seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.len() > REMEMBERED {
            seen.retain(|_, (since, _)| now - *since < WINDOW);
        }
        let (since, count) = seen.entry(link).or_insert((now, 0));
        if now - *since >= WINDOW {
            (*since, *count) = (now, 0);
        }
        *count += 1;
        if *count <= MOST {
            return Ok(());
        }
        let left = (*since + WINDOW - now).num_seconds().max(1);
        Err(Error::TooMany(u64::try_from(left).unwrap_or(1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_link_cannot_slow_another() {
        let (limiter, now) = (Limiter::default(), DateTime::UNIX_EPOCH);
        let (a, b) = (Uuid::from_u128(1), Uuid::from_u128(2));
        for _ in 0..MOST {
            limiter.admit(a, now).unwrap();
        }
        assert_eq!(limiter.admit(a, now).unwrap_err().problem().status, 429);
        limiter.admit(b, now).unwrap();
        limiter.admit(a, now + WINDOW).unwrap();
    }
}
