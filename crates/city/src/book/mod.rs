//! Seven seasons in the book: what was charged by the rules, and what came in.
//!
//! Each season's entries and charges go into a bare table that becomes the season's part at the
//! end, so nothing is indexed, checked or locked row by row on the way.

mod household;
mod months;
mod post;
mod till;

use crate::Plan;
use crate::company::{Company, Station};
use crate::life::SEASONS;
use crate::random::{Ids, Rng};
use crate::sheet::{Parcel, Sheet};
use crate::totals::{Control, ControlKey, Totals};
use chrono::{DateTime, Datelike as _, NaiveDate, TimeDelta, Utc};
use kernel::clock::{local_date, start_of_day};
use kernel::{Error, Result, Tx};
use ledger::{Segment, SegmentId};
use months::Months;
use sqlx::AssertSqlSafe;
use std::collections::{BTreeMap, HashMap};
use tariff::{ChargeType, Pack, SeasonCalendar, UserClass};
use till::{ORDERED_SEASONS, Paid, Till, Way};
use uuid::Uuid;

pub(crate) use household::Account;

/// The year in which the season began for which bills were sent last.
pub(crate) fn season_year(now: DateTime<Utc>) -> i32 {
    let today = local_date(now);
    if today >= day(today.year(), 10, 10) { today.year() } else { today.year() - 1 }
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}

/// A season under construction.
struct Season {
    id: Uuid,
    calendar: SeasonCalendar,
    /// When its bills were made.
    opened_at: DateTime<Utc>,
    entries: Months,
    charges: Sheet,
    /// The opening's posting of each station.
    openings: BTreeMap<usize, Mass>,
    /// The bank's list of each day.
    lists: BTreeMap<NaiveDate, List>,
}

/// A day's list of the bank: one order that many households share.
struct List {
    mass: Mass,
    order: Uuid,
    /// Whose line was the last: nobody is on a list twice.
    last: Option<Uuid>,
    fen: i64,
}

/// A posting with the lines of many households; the house's own lines come at the end.
struct Mass {
    id: Uuid,
    at: DateTime<Utc>,
    lines: i32,
    /// By ledger, item and segment.
    house: BTreeMap<(&'static str, &'static str, Option<i32>), i64>,
}

/// The book of the city.
pub(crate) struct Book {
    rng: Rng,
    ids: Ids,
    now: DateTime<Utc>,
    pack: Pack,
    pack_version: Uuid,
    seasons: Vec<Season>,
    stations: Vec<(String, String)>,
    segments: HashMap<(usize, UserClass, ChargeType), i32>,
    till: Till,
    postings: Months,
    count: u64,
}

impl Book {
    /// Makes the seasons and the bare tables that wait for their rows.
    pub(crate) async fn open(tx: &mut Tx, plan: &Plan, company: &Company) -> Result<Self> {
        let mut ids = Ids::new(plan.seed, "book ids", crate::base());
        let pack = tariff::demonstration_pack();
        let year = season_year(plan.now);
        let mut seasons = Vec::new();
        for back in (0..SEASONS).rev() {
            let begun = year - i32::try_from(back).unwrap_or_default();
            seasons.push(open_season(tx, &pack, begun, ids.next()).await?);
        }
        let last = seasons.last().map(|s: &Season| s.id).unwrap_or_default();
        let pack_version = crate::rules::publish(tx, last).await?;
        sqlx::query("select ledger.bulk_begin()").execute(tx.db()).await?;
        let named = |s: &Station| (s.path.clone(), s.code().to_owned());
        Ok(Self {
            rng: Rng::new(plan.seed, "money"),
            ids,
            now: plan.now,
            pack,
            pack_version,
            seasons,
            stations: company.stations.iter().map(named).collect(),
            segments: segments(tx, company).await?,
            till: Till::new(plan.seed, plan.now, company),
            postings: Months::new(
                "ledger.posting (id, source, source_id, corrects_id, memo, channel, valid_on,
                                 recorded_at, recorded_by)",
            ),
            count: 0,
        })
    }

    /// Takes the rows that wait.
    pub(crate) fn take(&mut self, parcels: &mut Vec<Parcel>) {
        self.postings.take(parcels);
        self.till.take(parcels);
        for season in &mut self.seasons {
            season.entries.take(parcels);
            parcels.extend(season.charges.take());
        }
    }

    /// Writes the house's own lines of the postings of many.
    pub(crate) fn close(&mut self, totals: &mut Totals) {
        for n in 0..self.seasons.len() {
            let Some(season) = self.seasons.get_mut(n) else { continue };
            let code = season.calendar.code.clone();
            let openings = std::mem::take(&mut season.openings);
            let lists = std::mem::take(&mut season.lists);
            for (station, mass) in openings {
                let place = self.stations.get(station).map_or("", |(_, code)| code.as_str());
                let source = ("season_opening", format!("{code}/{place}"));
                self.close_mass(n, mass, source, None, &format!("{code}采暖季开栏"));
            }
            for (_, list) in lists {
                self.close_list(n, list);
            }
        }
        self.postings.end();
        self.seasons.iter_mut().for_each(|s| s.entries.end());
        totals.postings = self.count;
    }

    /// A list of the bank, as a posting and as an order.
    fn close_list(&mut self, season: usize, list: List) {
        let List { mass, order, fen, .. } = list;
        let (posting, at) = (mass.id, mass.at);
        let source = ("payment", order.to_string());
        if !self.has_orders(season) {
            return self.close_mass(season, mass, source, Some("bank"), "银行代收");
        }
        let no = self.till.number(at);
        self.close_mass(season, mass, source, Some("bank"), &format!("银行代收 {no}"));
        let (way, org_path, no) = (Way::BANK, "/hq/", no.as_str());
        let (late, cashier) = (None, None);
        let paid = Paid { order, at, way, fen, org_path, posting, late, no, cashier };
        self.till.order(&paid, "银行批量代收");
    }

    /// Whether payments of that season have orders.
    fn has_orders(&self, season: usize) -> bool {
        season + ORDERED_SEASONS >= self.seasons.len()
    }

    /// Writes what the tills came to: turns, receipts, closes of days.
    pub(crate) async fn close_tills(&mut self, tx: &mut Tx, business: bool) -> Result<u64> {
        if business {
            self.till.expect_suspense();
        }
        self.till.close(tx).await
    }

    /// Makes the bare tables the seasons' parts.
    pub(crate) async fn attach(self, tx: &mut Tx, say: &dyn Fn(&str)) -> Result<()> {
        for season in &self.seasons {
            for call in ["ledger.stage_attach", "billing.stage_index", "billing.stage_attach"] {
                let sql = format!("select {call}($1)::text");
                sqlx::query(AssertSqlSafe(sql)).bind(season.id).execute(tx.db()).await?;
            }
            say(&format!("season {}", season.calendar.code));
        }
        Ok(())
    }

    /// Control totals under their names.
    pub(crate) fn controls(&self, totals: &Totals) -> BTreeMap<ControlKey, Control> {
        let key = |(season, station, item): (usize, usize, &'static str)| {
            let season = self.season(season)?.calendar.code.clone();
            let org_path = self.stations.get(station)?.0.clone();
            Some(ControlKey { season, org_path, item })
        };
        totals.controls.iter().filter_map(|(k, c)| Some((key(*k)?, *c))).collect()
    }

    fn season(&self, n: usize) -> Option<&Season> {
        self.seasons.get(n)
    }
}

async fn open_season(tx: &mut Tx, pack: &Pack, year: i32, id: Uuid) -> Result<Season> {
    let calendar = pack.season(year).map_err(Error::from)?;
    sqlx::query("insert into ledger.season (id, code, starts_at, ends_at) values ($1, $2, $3, $4)")
        .bind(id)
        .bind(&calendar.code)
        .bind(calendar.starts_at)
        .bind(calendar.ends_at)
        .execute(tx.db())
        .await?;
    let stage = |schema: &str| format!("select {schema}.stage_open($1)");
    let mut tables = Vec::new();
    for schema in ["ledger", "billing"] {
        let name: String =
            sqlx::query_scalar(AssertSqlSafe(stage(schema))).bind(id).fetch_one(tx.db()).await?;
        tables.push(name);
    }
    let [entries, charges] = tables.as_slice() else { return Err(Error::Stale) };
    Ok(Season {
        id,
        opened_at: start_of_day(day(year, 10, 8)) + TimeDelta::hours(10),
        calendar,
        entries: Months::new(format!(
            "{entries} (posting_id, account_id, season_id, amount_fen, recorded_at, valid_on,
                        line, segment_id, ledger, item)"
        )),
        charges: Sheet::binary(format!(
            "{charges} (account_id, season_id, pack_version_id, posting_id, charged_at,
                        amount_fen, heat_fen, basic_fen, metered_fen, height_fen, version,
                        segment_id, reason, cause_id, facts)"
        )),
        openings: BTreeMap::new(),
        lists: BTreeMap::new(),
    })
}

const CLASSES: [UserClass; 3] = [UserClass::Resident, UserClass::Shop, UserClass::Public];
const TYPES: [ChargeType; 2] = [ChargeType::Area, ChargeType::TwoPart];

async fn segments(
    tx: &mut Tx,
    company: &Company,
) -> Result<HashMap<(usize, UserClass, ChargeType), i32>> {
    let mut keys = Vec::new();
    for station in 0..company.stations.len() {
        for class in CLASSES {
            keys.extend(TYPES.map(|charge_type| (station, class, charge_type)));
        }
    }
    let segment = |(station, class, charge_type): &(usize, UserClass, ChargeType)| Segment {
        org_path: company.stations[*station].path.clone(),
        user_class: <&str>::from(*class).to_owned(),
        charge_type: <&str>::from(*charge_type).to_owned(),
    };
    let wanted: Vec<Segment> = keys.iter().map(segment).collect();
    let ids = ledger::segment_ids(tx, &wanted).await?;
    Ok(keys.into_iter().zip(ids.into_iter().map(|SegmentId(id)| id)).collect())
}
