//! Debts of one season, many at once, and how they are kept with a close.

use super::Move;
use chrono::{NaiveDate, TimeDelta};
use kernel::Fen;
use ledger::SegmentId;
use tariff::Item;
use uuid::Uuid;

/// Debts that one row of a sheet holds.
pub(crate) const PART: usize = 8_192;

/// The day that days are counted from.
const EPOCH: NaiveDate = match NaiveDate::from_ymd_opt(2000, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// A sheet is not as it was written.
#[derive(Debug, thiserror::Error)]
#[error("a sheet of debts is not as it should be")]
pub(crate) struct Torn;

/// What one household owed for a season, and what became of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Debt {
    pub account: Uuid,
    /// What it was charged under last.
    pub segment: Option<SegmentId>,
    /// Where its changes begin and end among all.
    from: u32,
    to: u32,
}

/// Debts in order of households, each with its changes item by item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Debts {
    debts: Vec<Debt>,
    moves: Vec<Move>,
}

/// A change as the book tells it: whose, and under which segment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Told {
    pub account: Uuid,
    pub segment: Option<SegmentId>,
    pub change: Move,
}

fn place(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

impl Debts {
    /// From the book's changes, in any order.
    pub fn of(mut told: Vec<Told>) -> Self {
        told.sort_unstable_by_key(|t| (t.account, t.change.item, t.change.on));
        let mut all = Self::default();
        for mine in told.chunk_by(|a, b| a.account == b.account) {
            if let Some(first) = mine.first() {
                let moves = mine.iter().map(|t| t.change);
                all.push(first.account, segment_of(mine), moves);
            }
        }
        all
    }

    pub fn push(
        &mut self,
        account: Uuid,
        segment: Option<SegmentId>,
        moves: impl IntoIterator<Item = Move>,
    ) {
        let from = place(self.moves.len());
        self.moves.extend(moves);
        self.debts.push(Debt { account, segment, from, to: place(self.moves.len()) });
    }

    pub fn len(&self) -> usize {
        self.debts.len()
    }

    pub fn iter(&self) -> impl Iterator<Item = (&Debt, &[Move])> {
        self.debts.iter().map(|d| (d, self.moves_of(d)))
    }

    /// The `n`th of `of` parts.
    pub fn share(&self, n: usize, of: usize) -> impl Iterator<Item = (&Debt, &[Move])> {
        let cut = |n: usize| self.debts.len() * n / of.max(1);
        let mine = self.debts.get(cut(n)..cut(n + 1)).unwrap_or_default();
        mine.iter().map(|d| (d, self.moves_of(d)))
    }

    fn moves_of(&self, debt: &Debt) -> &[Move] {
        self.moves.get(debt.from as usize..debt.to as usize).unwrap_or_default()
    }

    /// Which households of `other` are not among these.
    pub fn strangers<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = Uuid> + 'a {
        other.debts.iter().map(|d| d.account).filter(|a| !self.holds(a))
    }

    /// Whether a household is among these.
    pub fn holds(&self, account: &Uuid) -> bool {
        self.debts.binary_search_by_key(account, |d| d.account).is_ok()
    }

    /// These, and what was told since.
    pub fn and(&self, since: &Self) -> Self {
        let mut all = Self::default();
        all.debts.reserve(self.debts.len() + since.debts.len());
        all.moves.reserve(self.moves.len() + since.moves.len());
        let (mut old, mut new) = (self.iter().peekable(), since.iter().peekable());
        loop {
            let (a, b) = (old.peek().map(|o| o.0.account), new.peek().map(|n| n.0.account));
            let (first, second) = match (a, b) {
                (None, None) => return all,
                (Some(a), Some(b)) if a == b => (old.next(), new.next()),
                (Some(a), b) if b.is_none_or(|b| a < b) => (old.next(), None),
                _ => (None, new.next()),
            };
            match (first, second) {
                (Some((debt, moves)), None) | (None, Some((debt, moves))) => {
                    all.push(debt.account, debt.segment, moves.iter().copied());
                }
                (Some((debt, before)), Some((later, after))) => {
                    let mut moves = before.to_vec();
                    moves.extend_from_slice(after);
                    moves.sort_by_key(|m| m.item);
                    all.push(debt.account, later.segment.or(debt.segment), moves);
                }
                (None, None) => {}
            }
        }
    }

    /// Those of them that are to be kept.
    pub fn keep(&self, mut wanted: impl FnMut(&Debt, &[Move]) -> bool) -> Self {
        let mut kept = Self::default();
        for (debt, moves) in self.iter().filter(|(d, m)| wanted(d, m)) {
            kept.push(debt.account, debt.segment, moves.iter().copied());
        }
        kept
    }

    /// As bytes, [`PART`] debts each.
    pub fn parts(&self) -> Vec<Vec<u8>> {
        self.debts.chunks(PART).map(|part| self.written(part)).collect()
    }

    fn written(&self, part: &[Debt]) -> Vec<u8> {
        let mut to = Vec::with_capacity(part.len() * 48);
        for debt in part {
            let moves = self.moves_of(debt);
            to.extend_from_slice(debt.account.as_bytes());
            to.extend_from_slice(&debt.segment.map_or(-1, |s| s.0).to_be_bytes());
            to.extend_from_slice(&place(moves.len()).to_be_bytes());
            for m in moves {
                let days = i32::try_from((m.on - EPOCH).num_days()).unwrap_or(i32::MAX);
                to.push(m.item as u8 * 2 + u8::from(m.charges));
                to.extend_from_slice(&days.to_be_bytes());
                to.extend_from_slice(&m.amount.get().to_be_bytes());
            }
        }
        to
    }

    /// Reads a part back; the parts come in their order.
    pub fn read(&mut self, mut part: &[u8]) -> Result<(), Torn> {
        fn take<const N: usize>(from: &mut &[u8]) -> Result<[u8; N], Torn> {
            let (head, rest) = from.split_first_chunk().ok_or(Torn)?;
            *from = rest;
            Ok(*head)
        }
        while !part.is_empty() {
            let account = Uuid::from_bytes(take(&mut part)?);
            let segment = i32::from_be_bytes(take(&mut part)?);
            let many = u32::from_be_bytes(take(&mut part)?);
            let from = place(self.moves.len());
            for _ in 0..many {
                let [kind] = take(&mut part)?;
                let days = TimeDelta::days(i32::from_be_bytes(take(&mut part)?).into());
                self.moves.push(Move {
                    item: item(kind / 2)?,
                    charges: kind % 2 == 1,
                    on: EPOCH.checked_add_signed(days).ok_or(Torn)?,
                    amount: Fen::new(i64::from_be_bytes(take(&mut part)?)),
                });
            }
            let segment = (segment >= 0).then_some(SegmentId(segment));
            self.debts.push(Debt { account, segment, from, to: place(self.moves.len()) });
        }
        Ok(())
    }
}

fn item(n: u8) -> Result<Item, Torn> {
    use strum::VariantArray as _;
    Item::VARIANTS.get(usize::from(n)).copied().ok_or(Torn)
}

/// Under what a household was charged last; a payment does not say.
fn segment_of(told: &[Told]) -> Option<SegmentId> {
    let named = told.iter().filter(|t| t.change.charges && t.segment.is_some());
    named.max_by_key(|t| t.change.on).and_then(|t| t.segment)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(account: u128, on: &str, fen: i64, charges: bool) -> Told {
        let change =
            Move { item: Item::Heat, on: on.parse().unwrap(), amount: Fen::new(fen), charges };
        let segment = charges.then_some(SegmentId(7));
        Told { account: Uuid::from_u128(account), segment, change }
    }

    #[test]
    fn debts_are_read_back_as_they_were_written() {
        let many = (1..=20_000).map(|n| told(n, "2026-10-08", 198_000, true));
        let paid = told(3, "2026-11-01", -98_000, false);
        let debts = Debts::of(many.chain([paid]).collect());
        let parts = debts.parts();
        assert_eq!((debts.len(), parts.len()), (20_000, 3));
        let mut back = Debts::default();
        for part in &parts {
            back.read(part).unwrap();
        }
        assert_eq!(back, debts);
        let torn = &parts[0][..parts[0].len() - 1];
        assert!(Debts::default().read(torn).is_err());
    }

    #[test]
    fn what_was_told_in_two_parts_is_what_was_told_at_once() {
        let first = vec![told(1, "2026-10-08", 100, true), told(4, "2026-10-08", 50, true)];
        let then = vec![
            told(1, "2026-12-01", -30, false),
            told(2, "2026-11-03", 70, true),
            told(9, "2026-11-03", 10, true),
        ];
        let (old, since) = (Debts::of(first.clone()), Debts::of(then.clone()));
        assert_eq!(old.and(&since), Debts::of([first, then].concat()));
        assert_eq!(old.strangers(&since).map(|a| a.as_u128()).collect::<Vec<_>>(), [2, 9]);
        let shares: usize = (0..3).map(|n| since.share(n, 3).count()).sum();
        assert_eq!(shares, since.len(), "every debt is in one share");
    }
}
