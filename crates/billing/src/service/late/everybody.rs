//! Late fees over everybody, as of any moment: what a close kept, and what came after it.

use super::rules;
use crate::LateSum;
use crate::model::sheet::{Debt, Debts};
use crate::model::{Move, grown, word};
use crate::store::late as store;
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Actor, App, Error, Fen, PackVersionId, Result, Scope, SeasonId, Tx};
use ledger::{AsOf, SegmentId};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use tariff::{ChargeType, Item, Pack, Pause, SeasonCalendar, UserClass};
use uuid::Uuid;

/// Parts in which a season's debts are reckoned at the same time.
const CORES: usize = 2;
/// So many households are looked up one by one; for more, the season is read whole.
const STRANGERS: usize = 50_000;

/// One organisation's rules for one season.
struct Rules {
    pack: Arc<Pack>,
    season: SeasonCalendar,
    in_sight: bool,
}

/// What a debt of a segment grows by.
#[derive(Clone, Copy)]
struct Terms {
    rules: usize,
    class: UserClass,
    charge_type: ChargeType,
}

type Pauses = HashMap<Uuid, Vec<Pause>>;

/// How the debts of one season grow.
struct Season {
    id: SeasonId,
    pauses: Arc<Pauses>,
    rules: Vec<Rules>,
    terms: HashMap<Option<SegmentId>, Terms>,
    /// The versions of the rules, in order.
    packs: Vec<Uuid>,
}

impl Season {
    /// The first day on which any debt of it grows.
    fn starts_on(&self) -> Option<NaiveDate> {
        let starts = self.terms.values().filter_map(|t| {
            let rules = self.rules.get(t.rules)?;
            Some(rules.pack.late_from(&rules.season, t.class, t.charge_type))
        });
        starts.min()
    }

    fn terms_of(&self, debt: &Debt) -> Option<(&Rules, Terms)> {
        let terms = self.terms.get(&debt.segment).or_else(|| self.terms.get(&None))?;
        Some((self.rules.get(terms.rules)?, *terms))
    }

    fn grown(&self, debt: &Debt, moves: &[Move], on: NaiveDate) -> Result<Option<LateSum>> {
        let Some((rules, terms)) = self.terms_of(debt) else { return Ok(None) };
        if !rules.in_sight {
            return Ok(None);
        }
        let of = (&*rules.pack, &rules.season);
        let pauses = self.pauses.get(&debt.account).map_or(&[][..], Vec::as_slice);
        let terms = (terms.class, terms.charge_type);
        let Some(grown) = grown(of, terms, (moves, pauses), on)? else { return Ok(None) };
        Ok((grown.due > Fen::ZERO).then_some(LateSum {
            season_id: self.id,
            segment_id: debt.segment,
            households: 1,
            amount_fen: grown.amount,
            posted_fen: grown.posted,
            due_fen: grown.due,
        }))
    }

    /// Whether a debt may still grow, or has grown and is not in the book.
    fn is_open(&self, debt: &Debt, moves: &[Move], on: NaiveDate) -> Result<bool> {
        let open = moves.chunk_by(|a, b| a.item == b.item).any(|item| {
            let grows = item.first().is_some_and(|m| m.item != Item::Late);
            grows && item.iter().map(|m| i128::from(m.amount.get())).sum::<i128>() != 0
        });
        Ok(open || self.grown(debt, moves, on)?.is_some())
    }
}

/// What the late debts of everybody in sight have grown by as of a moment, by season and segment,
/// for a room above that has asked what the caller may see. A past moment's rules are those that
/// were in force then; before there were any, the first ones.
pub async fn late_fees(tx: &mut Tx, as_of: AsOf, scope: &Scope) -> Result<Vec<LateSum>> {
    let base = Base::of(tx, as_of).await?;
    let mut growing = seasons(tx, as_of.known_at, &ledger::sight(scope)).await?;
    growing.retain(|s| s.starts_on().is_some_and(|first| first <= as_of.valid_on));
    let debts = debts(tx, &growing, base.as_ref(), as_of).await?;
    let mut reckoning = Vec::new();
    for (season, debts) in growing.into_iter().zip(debts) {
        let (season, debts) = (Arc::new(season), Arc::new(debts));
        for part in 0..CORES {
            let (season, debts) = (Arc::clone(&season), Arc::clone(&debts));
            let on = as_of.valid_on;
            reckoning.push(tokio::task::spawn_blocking(move || {
                sums(&season, debts.share(part, CORES), on)
            }));
        }
    }
    let mut all = BTreeMap::new();
    for sums in reckoning {
        for sum in sums.await.map_err(|e| Error::Internal(e.into()))?? {
            add(&mut all, sum)?;
        }
    }
    Ok(all.into_values().collect())
}

type Sums = BTreeMap<(SeasonId, Option<SegmentId>), LateSum>;

fn sums<'a>(
    season: &Season,
    debts: impl Iterator<Item = (&'a Debt, &'a [Move])>,
    on: NaiveDate,
) -> Result<Vec<LateSum>> {
    let mut sums = BTreeMap::new();
    for (debt, moves) in debts {
        if let Some(sum) = season.grown(debt, moves, on)? {
            add(&mut sums, sum)?;
        }
    }
    Ok(sums.into_values().collect())
}

fn add(sums: &mut Sums, more: LateSum) -> Result<()> {
    let key = (more.season_id, more.segment_id);
    let Some(sum) = sums.get_mut(&key) else {
        sums.insert(key, more);
        return Ok(());
    };
    let both = |a: Fen, b: Fen| a.checked_add(b).ok_or(crate::ChargeRule::TooMuch);
    sum.households += more.households;
    sum.amount_fen = both(sum.amount_fen, more.amount_fen)?;
    sum.posted_fen = both(sum.posted_fen, more.posted_fen)?;
    sum.due_fen = both(sum.due_fen, more.due_fen)?;
    Ok(())
}

/// Every season with the rules that were in force at an instant.
async fn seasons(tx: &mut Tx, known_at: DateTime<Utc>, paths: &[String]) -> Result<Vec<Season>> {
    let segments = ledger::segments(tx).await?;
    let pauses = Arc::new(store::pauses(tx, known_at).await?);
    let mut seasons: Vec<Season> = Vec::new();
    let mut places: HashMap<(SeasonId, String), usize> = HashMap::new();
    let mut read: HashMap<PackVersionId, Arc<Pack>> = HashMap::new();
    for found in store::in_force(tx, known_at).await? {
        let pack = match read.get(&found.pack) {
            Some(pack) => Arc::clone(pack),
            None => {
                let pack = rules::pack_version(tx, found.pack).await?;
                Arc::clone(read.entry(found.pack).or_insert(pack))
            }
        };
        // A season that is none of the rules' has no days on which anything grows.
        let Ok(calendar) = rules::calendar(&pack, &found.code) else { continue };
        if seasons.last().is_none_or(|s| s.id != found.season) {
            let (id, pauses) = (found.season, Arc::clone(&pauses));
            let (rules, terms, packs) = (Vec::new(), HashMap::new(), Vec::new());
            seasons.push(Season { id, pauses, rules, terms, packs });
        }
        let Some(season) = seasons.last_mut() else { continue };
        let in_sight = paths.iter().any(|p| found.org_path.starts_with(p.as_str()));
        season.packs.push(*found.pack);
        season.rules.push(Rules { pack, season: calendar, in_sight });
        places.insert((found.season, found.org_path), season.rules.len() - 1);
    }
    for season in &mut seasons {
        season.packs.sort_unstable();
        season.packs.dedup();
        for (id, segment) in &segments {
            let Some(rules) = places.get(&(season.id, segment.org_path.clone())) else { continue };
            let class = word(&segment.user_class)?;
            let charge_type = word(&segment.charge_type)?;
            season.terms.insert(Some(*id), Terms { rules: *rules, class, charge_type });
        }
        // What was charged under no segment grows by the company's own rules.
        let (class, charge_type) = (UserClass::Resident, ChargeType::Area);
        if !season.rules.is_empty() {
            season.terms.insert(None, Terms { rules: 0, class, charge_type });
        }
    }
    Ok(seasons)
}

/// The close from which a moment is reckoned on.
struct Base {
    through: NaiveDate,
    /// Households of whose rests something else is known since.
    unrested: Vec<Uuid>,
}

impl Base {
    async fn of(tx: &mut Tx, as_of: AsOf) -> Result<Option<Self>> {
        let Some(through) = store::base(tx, as_of).await? else { return Ok(None) };
        Ok(Some(Self { through, unrested: store::unrested(tx, through).await? }))
    }
}

/// The debts of these seasons as of a moment. What is not in the close's sheet was done with then;
/// where something came after, the whole of it is read, and all of a season without a sheet.
async fn debts(
    tx: &mut Tx,
    seasons: &[Season],
    base: Option<&Base>,
    as_of: AsOf,
) -> Result<Vec<Debts>> {
    let mut sheets = Vec::with_capacity(seasons.len());
    for season in seasons {
        sheets.push(match base {
            Some(base) => sheet(tx, season, base).await?,
            None => None,
        });
    }
    let both = || seasons.iter().zip(&sheets);
    let kept: Vec<SeasonId> = both().filter(|(_, k)| k.is_some()).map(|(s, _)| s.id).collect();
    let mut since = store::told(tx, &kept, base.map(|b| b.through), as_of).await?.into_iter();
    let mut all = Vec::with_capacity(seasons.len());
    for (season, sheet) in seasons.iter().zip(sheets) {
        all.push(match (sheet, base) {
            (Some(sheet), Some(base)) => {
                let since = Debts::of(since.next().unwrap_or_default());
                follow(tx, season.id, (base, sheet, since), as_of).await?
            }
            _ => whole(tx, season.id, as_of).await?,
        });
    }
    Ok(all)
}

async fn whole(tx: &mut Tx, season: SeasonId, as_of: AsOf) -> Result<Debts> {
    let told = store::told(tx, &[season], None, as_of).await?;
    Ok(Debts::of(told.into_iter().flatten().collect()))
}

/// What a close kept of a season.
enum Kept {
    /// Nothing: its first line came after the close.
    Fresh,
    /// What was not done with.
    Open(Debts),
}

/// What a close kept of a season; nothing when it was kept by other rules.
async fn sheet(tx: &mut Tx, season: &Season, base: &Base) -> Result<Option<Kept>> {
    let Some(packs) = store::packs(tx, base.through, season.id).await? else {
        return Ok(Some(Kept::Fresh));
    };
    if packs != season.packs {
        return Ok(None);
    }
    let mut sheet = Debts::default();
    for part in store::sheet(tx, base.through, season.id).await? {
        sheet.read(&part).map_err(|e| Error::Internal(e.into()))?;
    }
    Ok(Some(Kept::Open(sheet)))
}

/// A sheet and what came after it.
async fn follow(
    tx: &mut Tx,
    season: SeasonId,
    (base, kept, since): (&Base, Kept, Debts),
    as_of: AsOf,
) -> Result<Debts> {
    let Kept::Open(sheet) = kept else { return Ok(since) };
    let mut strangers: Vec<Uuid> = sheet.strangers(&since).collect();
    strangers.extend(base.unrested.iter().filter(|a| !sheet.holds(a)));
    strangers.sort_unstable();
    strangers.dedup();
    if strangers.is_empty() {
        return Ok(sheet.and(&since));
    }
    if strangers.len() > STRANGERS {
        return whole(tx, season, as_of).await;
    }
    let theirs = Debts::of(store::told_of(tx, season, &strangers, as_of).await?);
    let since = since.keep(|d, _| strangers.binary_search(&d.account).is_err());
    Ok(sheet.and(&since).and(&theirs))
}

/// Keeps with each close what late fees are reckoned from, where it was not kept yet; what a
/// crash left undone is done here. Returns how many closes.
pub async fn close_late_sheets(app: &App) -> Result<usize> {
    let mut tx = app.begin(Actor::system("billing.late_sheets")).await?;
    let closes = store::unsheeted(&mut tx).await?;
    drop(tx);
    for as_of in &closes {
        let mut tx = app.begin(Actor::system("billing.late_sheets")).await?;
        let base = Base::of(&mut tx, *as_of).await?;
        let seasons = seasons(&mut tx, as_of.known_at, &Scope::all().paths).await?;
        let debts = debts(&mut tx, &seasons, base.as_ref(), *as_of).await?;
        for (season, debts) in seasons.iter().zip(debts) {
            let begun = match &base {
                Some(base) => store::packs(&mut tx, base.through, season.id).await?.is_some(),
                None => false,
            };
            // A season without a line has no sheet: whoever comes later is read whole.
            if debts.len() == 0 && !begun {
                continue;
            }
            let open = debts.keep(|d, m| season.is_open(d, m, as_of.valid_on).unwrap_or(true));
            let many = i64::try_from(open.len()).unwrap_or(i64::MAX);
            let (through, parts) = (as_of.valid_on, open.parts());
            store::keep(&mut tx, through, season.id, &season.packs, (many, &parts)).await?;
        }
        tx.commit().await?;
    }
    Ok(closes.len())
}
