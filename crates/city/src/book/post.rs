//! Lines of the book.

use super::{Book, Mass};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::clock::local_date;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A line; without an account it is the house's own.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    pub ledger: &'static str,
    pub account: Option<Uuid>,
    pub segment: Option<i32>,
    pub item: &'static str,
    pub fen: i64,
}

impl Line {
    pub(super) fn house(ledger: &'static str, item: &'static str, fen: i64) -> Self {
        Self { ledger, account: None, segment: None, item, fen }
    }
}

/// A posting of many households.
#[derive(Clone, Copy)]
pub(super) enum Among {
    /// The season's opening of a station.
    Opening(usize),
    /// The bank's list of a day.
    List(NaiveDate),
}

/// What a posting's head says.
pub(super) struct Head<'a> {
    pub season: usize,
    pub at: DateTime<Utc>,
    pub source: (&'static str, &'a str),
    pub memo: &'a str,
    pub channel: Option<&'static str>,
    pub corrects: Option<Uuid>,
    pub by: Option<Uuid>,
}

impl Book {
    /// One posting of one season. Its lines sum to nothing, or it is not written.
    pub(super) fn post(&mut self, head: &Head<'_>, lines: &[Line]) -> Option<Uuid> {
        if lines.len() < 2 || lines.iter().map(|l| l.fen).sum::<i64>() != 0 {
            return None;
        }
        let id = self.ids.next();
        self.head(id, head);
        for (n, line) in (1_i32..).zip(lines) {
            self.entry(head.season, (id, n), line, head.at);
        }
        Some(id)
    }

    fn head(&mut self, id: Uuid, head: &Head<'_>) {
        let (source, source_id) = head.source;
        let on = local_date(head.at);
        self.postings.of(on).row(&[
            &id,
            &source,
            &source_id,
            &head.corrects,
            &head.memo,
            &head.channel,
            &on,
            &head.at,
            &head.by,
        ]);
        self.count += 1;
    }

    fn entry(&mut self, season: usize, (id, n): (Uuid, i32), line: &Line, at: DateTime<Utc>) {
        let Some(season) = self.seasons.get_mut(season) else { return };
        let on = local_date(at);
        season.entries.of(on).row(&[
            &id,
            &line.account,
            &season.id,
            &line.fen,
            &at,
            &on,
            &n,
            &line.segment,
            &line.ledger,
            &line.item,
        ]);
    }

    /// A household's lines in a posting of many; the house's are summed by `against`: a ledger,
    /// and one item for all, or each line's own with its segment.
    pub(super) fn post_among(
        &mut self,
        season: usize,
        among: Among,
        lines: &[Line],
        against: (&'static str, Option<&'static str>),
    ) -> Option<Uuid> {
        let whole = self.seasons.get_mut(season)?;
        let mass = match among {
            Among::Opening(station) => whole.openings.get_mut(&station)?,
            Among::List(date) => &mut whole.lists.get_mut(&date)?.mass,
        };
        let (id, at, first) = (mass.id, mass.at, mass.lines);
        for line in lines {
            let (item, segment) = match against.1 {
                Some(item) => (item, None),
                None => (line.item, line.segment),
            };
            *mass.house.entry((against.0, item, segment)).or_default() -= line.fen;
            mass.lines += 1;
        }
        for (n, line) in (first + 1..).zip(lines) {
            self.entry(season, (id, n), line, at);
        }
        Some(id)
    }

    pub(super) fn mass(&mut self, at: DateTime<Utc>) -> Mass {
        Mass { id: self.ids.next(), at, lines: 0, house: BTreeMap::new() }
    }

    pub(super) fn close_mass(
        &mut self,
        season: usize,
        mass: Mass,
        (source, source_id): (&'static str, String),
        channel: Option<&'static str>,
        memo: &str,
    ) {
        let Mass { id, at, mut lines, house } = mass;
        let source = (source, source_id.as_str());
        let head = Head { season, at, source, memo, channel, corrects: None, by: None };
        self.head(id, &head);
        for ((ledger, item, segment), fen) in house.into_iter().filter(|(_, fen)| *fen != 0) {
            lines += 1;
            let line = Line { segment, ..Line::house(ledger, item, fen) };
            self.entry(season, (id, lines), &line, at);
        }
    }
}
