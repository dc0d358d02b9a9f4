//! Fee reports as of any moment.

use crate::model::{FeeAge, pivot};
use crate::permissions::FEES;
use crate::{
    FeeAgeRow, FeeAges, FeeChanges, FeeCurve, FeeDay, FeeDimension, FeeHousehold, FeeHouseholds,
    FeePivot, Journal, UseState, VoucherLine, Vouchers, store,
};
use chrono::{Days, NaiveDate};
use kernel::clock::{local_date, start_of_day};
use kernel::{AccountId, Error, Fen, OrgId, Result, Scope, SeasonId, Tx};
use ledger::{ArrearsRow, AsOf, Figure, Ledger, LedgerRule, Season, SegmentId, sight};
use std::collections::BTreeMap;

/// Households that a figure shows at once.
const SHOWN_HOUSEHOLDS: usize = 200;
/// Receipts that a journal shows at once.
const SHOWN_RECEIPTS: usize = 2_000;
/// The longest span of vouchers, in days.
const VOUCHER_DAYS: i64 = 400;

/// What may be seen of fees: the permission's scope, narrowed to one organisation.
async fn fees_in_sight(tx: &mut Tx, org: Option<OrgId>) -> Result<Scope> {
    let scope = tx.scope(FEES)?;
    store::within(tx, scope, org).await
}

fn too_much() -> Error {
    LedgerRule::TooMuch.into()
}

/// Charged, received and owed by rows and columns.
pub async fn fee_pivot(
    tx: &mut Tx,
    as_of: AsOf,
    org: Option<OrgId>,
    seasons: &[SeasonId],
    [rows, columns]: [FeeDimension; 2],
) -> Result<FeePivot> {
    let scope = fees_in_sight(tx, org).await?;
    let paths = sight(&scope);
    let cells = store::fee_cells(tx, as_of, seasons, &paths).await?;
    let [fields, row_totals, column_totals, total] =
        pivot(&cells, rows, columns).ok_or_else(too_much)?;
    let total = total.into_iter().next().unwrap_or_default();
    let mut names = BTreeMap::new();
    if [rows, columns].iter().any(|d| matches!(d, FeeDimension::Branch | FeeDimension::Station)) {
        names.extend(store::org_names(tx, &paths).await?);
    }
    Ok(FeePivot { as_of, rows, columns, names, fields, row_totals, column_totals, total })
}

/// Which figure is opened: what is left out is not narrowed.
#[derive(Clone, Debug, Default)]
pub struct FigureOf {
    /// One season.
    pub season: Option<SeasonId>,
    /// One item.
    pub item: Option<String>,
    /// One class of user.
    pub user_class: Option<String>,
    /// One age.
    pub age: Option<FeeAge>,
    /// What was paid ahead, instead of what is owed.
    pub advance: bool,
}

/// The households behind a figure.
pub async fn fee_households(
    tx: &mut Tx,
    as_of: AsOf,
    org: Option<OrgId>,
    of: FigureOf,
) -> Result<FeeHouseholds> {
    let scope = fees_in_sight(tx, org).await?;
    let Some(seasons) = seasons_of(tx, as_of, &of).await? else {
        return Ok(FeeHouseholds { as_of, items: Vec::new(), more: false });
    };
    let mut segments = Vec::new();
    if let Some(class) = &of.user_class {
        let known = ledger::segments(tx).await?;
        segments.extend(known.iter().filter(|(_, s)| s.user_class == *class).map(|(id, _)| *id));
        if segments.is_empty() {
            return Ok(FeeHouseholds { as_of, items: Vec::new(), more: false });
        }
    }
    let figure = Figure {
        ledger: if of.advance { Ledger::Advance } else { Ledger::Receivable },
        seasons,
        items: of.item.into_iter().collect(),
        segments,
        after: None,
        limit: i64::try_from(SHOWN_HOUSEHOLDS + 1).unwrap_or(i64::MAX),
    };
    let mut owing = ledger::arrears_households(tx, as_of, &figure, &scope).await?;
    let more = owing.len() > SHOWN_HOUSEHOLDS;
    owing.truncate(SHOWN_HOUSEHOLDS);
    Ok(FeeHouseholds { as_of, items: named(tx, &owing).await?, more })
}

/// The seasons that a figure is narrowed to (none: all); nothing when no season fits.
async fn seasons_of(tx: &mut Tx, as_of: AsOf, of: &FigureOf) -> Result<Option<Vec<SeasonId>>> {
    let Some(age) = of.age else { return Ok(Some(of.season.into_iter().collect())) };
    let all = ledger::seasons(tx).await?;
    let fits = |s: &&Season| {
        FeeAge::of(Some(s.ends_at), as_of.valid_on) == age && of.season.is_none_or(|o| o == s.id)
    };
    let fitting: Vec<_> = all.iter().filter(fits).map(|s| s.id).collect();
    Ok((!fitting.is_empty()).then_some(fitting))
}

async fn named(tx: &mut Tx, owing: &[(AccountId, Fen)]) -> Result<Vec<FeeHousehold>> {
    let mut households = store::fee_households(tx, owing).await?;
    for household in &mut households {
        household.name = directory::mask_name(&household.name);
    }
    Ok(households)
}

/// Arrears by age and class of user.
pub async fn fee_ages(tx: &mut Tx, as_of: AsOf, org: Option<OrgId>) -> Result<FeeAges> {
    let scope = fees_in_sight(tx, org).await?;
    let rows = ledger::arrears(tx, as_of, &scope).await?;
    let seasons = ledger::seasons(tx).await?;
    let segments = ledger::segments(tx).await?;
    let class = |id: Option<SegmentId>| {
        id.and_then(|id| segments.get(&id)).map_or(String::new(), |s| s.user_class.clone())
    };
    let mut sums: BTreeMap<(FeeAge, String), FeeAgeRow> = BTreeMap::new();
    let mut owed = Fen::ZERO;
    for row in rows.iter().filter(|r| r.ledger == Ledger::Receivable) {
        let ends = row.season_id.and_then(|id| seasons.iter().find(|s| s.id == id));
        let age = FeeAge::of(ends.map(|s| s.ends_at), as_of.valid_on);
        let user_class = class(row.segment_id);
        let sum = sums.entry((age, user_class.clone())).or_insert_with(|| FeeAgeRow {
            age,
            user_class,
            open_items: 0,
            owed_fen: Fen::ZERO,
            credit_fen: Fen::ZERO,
        });
        sum.open_items += row.households;
        sum.owed_fen = sum.owed_fen.checked_add(row.owed_fen).ok_or_else(too_much)?;
        sum.credit_fen = sum.credit_fen.checked_add(row.credit_fen).ok_or_else(too_much)?;
        owed = owed.checked_add(row.owed_fen).ok_or_else(too_much)?;
    }
    Ok(FeeAges { as_of, items: sums.into_values().collect(), owed_fen: owed })
}

/// How the fees of these seasons came in, day by day, as known at a moment.
pub async fn fee_curves(
    tx: &mut Tx,
    as_of: AsOf,
    org: Option<OrgId>,
    wanted: &[SeasonId],
) -> Result<Vec<FeeCurve>> {
    let scope = fees_in_sight(tx, org).await?;
    let paths = sight(&scope);
    let mut curves = Vec::new();
    for season in ledger::seasons(tx).await? {
        if !wanted.contains(&season.id) {
            continue;
        }
        let first = local_date(season.starts_at);
        let (mut charged, mut paid) = (Fen::ZERO, Fen::ZERO);
        let mut days = Vec::new();
        for (day, more_charged, more_paid) in store::fee_days(tx, as_of, season.id, &paths).await? {
            charged = charged.checked_add(more_charged).ok_or_else(too_much)?;
            paid = paid.checked_add(more_paid).ok_or_else(too_much)?;
            let since = i32::try_from((day - first).num_days()).unwrap_or(i32::MAX);
            days.push(FeeDay { day: since, charged_fen: charged, paid_fen: paid });
        }
        curves.push(FeeCurve { season_id: season.id, season: season.code, days });
    }
    Ok(curves)
}

/// Why what is owed changed between two moments.
pub async fn fee_changes(
    tx: &mut Tx,
    from: AsOf,
    to: AsOf,
    org: Option<OrgId>,
) -> Result<FeeChanges> {
    let scope = fees_in_sight(tx, org).await?;
    let before_fen = net(&ledger::arrears(tx, from, &scope).await?)?;
    let after_fen = net(&ledger::arrears(tx, to, &scope).await?)?;
    let items = store::fee_changes(tx, from, to, &sight(&scope)).await?;
    Ok(FeeChanges { from, to, before_fen, items, after_fen })
}

/// Owed less overpaid.
fn net(rows: &[ArrearsRow]) -> Result<Fen> {
    let receivable = rows.iter().filter(|r| r.ledger == Ledger::Receivable);
    let net: i128 =
        receivable.map(|r| i128::from(r.owed_fen.get()) - i128::from(r.credit_fen.get())).sum();
    i64::try_from(net).map(Fen::new).map_err(|_| too_much())
}

/// The cashiers' journal of one day in Shanghai.
pub async fn fee_journal(tx: &mut Tx, day: NaiveDate, org: Option<OrgId>) -> Result<Journal> {
    let scope = fees_in_sight(tx, org).await?;
    let paths = sight(&scope);
    let next = day.checked_add_days(Days::new(1)).ok_or(Error::NotFound("day"))?;
    let span = (start_of_day(day), start_of_day(next));
    let totals = store::journal_totals(tx, span, &paths).await?;
    let limit = i64::try_from(SHOWN_RECEIPTS + 1).unwrap_or(i64::MAX);
    let mut items = store::journal(tx, span, &paths, limit).await?;
    let more = items.len() > SHOWN_RECEIPTS;
    items.truncate(SHOWN_RECEIPTS);
    Ok(Journal { day, totals, items, more })
}

/// Vouchers of a span of days, for who sees the whole company: half a voucher does not balance.
pub async fn vouchers(tx: &mut Tx, from: NaiveDate, as_of: AsOf) -> Result<Vouchers> {
    let scope = tx.scope(FEES)?;
    if sight(&scope) != ["/"] {
        return Err(Error::Forbidden(FEES));
    }
    let days = (as_of.valid_on - from).num_days();
    if !(0..=VOUCHER_DAYS).contains(&days) {
        return Err(Error::invalid(
            "from",
            "起止日期应先后有序且不超过四百天",
            "the first day must not be after the last, nor more than 400 days before it",
        ));
    }
    let sums = store::day_sums(tx, from, as_of).await?;
    let (mut items, mut total) = (Vec::new(), Fen::ZERO);
    let (mut number, mut last) = (0, None);
    for sum in sums {
        let key = (sum.day, sum.source.clone());
        if last.as_ref() != Some(&key) {
            let same_day = last.as_ref().is_some_and(|(day, _)| *day == sum.day);
            number = if same_day { number + 1 } else { 1 };
            last = Some(key);
        }
        total = total.checked_add(sum.debit).ok_or_else(too_much)?;
        let line = |debit_fen, credit_fen| VoucherLine {
            day: sum.day,
            number,
            source: sum.source.clone(),
            ledger: sum.ledger.clone(),
            season: sum.season.clone(),
            item: sum.item.clone(),
            debit_fen,
            credit_fen,
        };
        items.extend((sum.debit != Fen::ZERO).then(|| line(sum.debit, Fen::ZERO)));
        items.extend((sum.credit != Fen::ZERO).then(|| line(Fen::ZERO, sum.credit)));
    }
    Ok(Vouchers { from, as_of, items, total_fen: total })
}

/// Households by station and use of heat, as of a moment.
pub async fn use_states(tx: &mut Tx, as_of: AsOf, org: Option<OrgId>) -> Result<Vec<UseState>> {
    let scope = fees_in_sight(tx, org).await?;
    store::use_states(tx, as_of, &scope.paths).await
}
