//! Which debts a sum of money pays.

use crate::{Bucket, Item, Pack, TariffRule, Within};
use chrono::NaiveDate;
use kernel::Fen;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What sort of open item it is. What is paid ahead is known by this, never by a name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OpenKind {
    /// A charge (ledger `receivable`); less than nothing when too much was paid or corrected.
    #[default]
    Charge,
    /// Money paid ahead (ledger `advance`); less than nothing, as the household's debts are more.
    Advance,
}

/// One account's open item: owed when positive, with us when negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TariffOpenItem)]
pub struct OpenItem {
    /// Its sort.
    #[serde(default)]
    pub kind: OpenKind,
    /// What for.
    pub item: Item,
    /// The year in which its season begins; none for what belongs to no season.
    #[schema(required)]
    pub season: Option<i32>,
    /// What is owed.
    pub owed: Fen,
    /// When it fell due, to tell older from newer where seasons do not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due_on: Option<NaiveDate>,
}

/// What one open item gets; negative where a credit is used up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Part {
    /// Which item of the input.
    pub index: usize,
    /// How much.
    pub amount: Fen,
}

/// Where money goes. The parts and the advance sum to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Apportioned {
    /// What the items get, credits first, then debts in their order; none of them nothing.
    pub parts: Vec<Part>,
    /// What is left over.
    pub advance: Fen,
}

impl Pack {
    /// What an open item counts as.
    pub fn bucket(&self, item: &OpenItem, current_season: i32) -> Bucket {
        match item.item {
            Item::Violation => Bucket::Violation,
            Item::Overage => Bucket::Overage,
            Item::Late => Bucket::Late,
            _ if item.season.is_some_and(|s| s < current_season) => Bucket::Arrears,
            _ => Bucket::Current,
        }
    }
}

/// Spreads `amount` over what is open. Credits and advances are used before money, only as far as
/// there are debts; what remains of the money is an advance. `current_season` is the year in
/// which the season begins that is current.
pub fn apportion(
    pack: &Pack,
    current_season: i32,
    amount: Fen,
    items: &[OpenItem],
) -> Result<Apportioned, TariffRule> {
    let backwards = |i: &OpenItem| i.kind == OpenKind::Advance && i.owed > Fen::ZERO;
    if amount < Fen::ZERO || items.iter().any(backwards) {
        return Err(TariffRule::Input("amount"));
    }
    let wide = |f: Fen| i128::from(f.get());
    let of = |sign: i128| items.iter().enumerate().filter(move |(_, i)| wide(i.owed) * sign > 0);
    let need: i128 = of(1).map(|(_, i)| wide(i.owed)).sum();
    let credit: i128 = of(-1).map(|(_, i)| -wide(i.owed)).sum();
    let from_credit = credit.min(need);
    let from_money = wide(amount).min(need - from_credit);

    let mut parts = Vec::with_capacity(items.len());
    let mut credits: Vec<_> = of(-1).collect();
    credits.sort_by_key(|(n, i)| (i.kind == OpenKind::Advance, i.season, i.due_on, *n));
    spread(&mut parts, credits.into_iter().map(|(n, i)| (n, i.owed)), from_credit)?;
    let mut debts: Vec<_> = of(1).collect();
    debts.sort_by_key(|(n, i)| rank(pack, current_season, i, *n));
    let debts = debts.into_iter().map(|(n, i)| (n, i.owed));
    spread(&mut parts, debts, from_credit + from_money)?;

    let left = i64::try_from(wide(amount) - from_money).map_err(|_| TariffRule::TooMuch)?;
    Ok(Apportioned { parts, advance: Fen::new(left) })
}

/// Takes from each in turn until `left` is used up.
fn spread(
    parts: &mut Vec<Part>,
    items: impl Iterator<Item = (usize, Fen)>,
    mut left: i128,
) -> Result<(), TariffRule> {
    for (index, owed) in items {
        let owed = i128::from(owed.get());
        let used = owed.abs().min(left);
        if used > 0 {
            left -= used;
            let amount = i64::try_from(used * owed.signum()).map_err(|_| TariffRule::TooMuch)?;
            parts.push(Part { index, amount: Fen::new(amount) });
        }
    }
    Ok(())
}

type Rank = (usize, i64, usize, Option<NaiveDate>, usize);

fn rank(pack: &Pack, current: i32, item: &OpenItem, index: usize) -> Rank {
    let place = |at: Option<usize>| at.unwrap_or(usize::MAX);
    let bucket = pack.bucket(item, current);
    let bucket = place(pack.money.order.value.iter().position(|b| *b == bucket));
    let age = i64::from(item.season.unwrap_or(current));
    let age = match pack.money.within.value {
        Within::OldestFirst => age,
        Within::NewestFirst => -age,
    };
    let kind = place(pack.money.item_order.value.iter().position(|i| *i == item.item));
    (bucket, age, kind, item.due_on, index)
}
