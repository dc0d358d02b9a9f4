//! A season opened for everybody in one run: facts are read whole, charges reckoned on every
//! core, written beside the book and attached in one commit. Killed before it, the run is begun
//! anew; nothing of it shows until it is whole.

use super::run::{Stations, system};
use super::tell;
use crate::model::{self, Booked, ChargeAct, NewCharge, Reckoned, RoomRow, UseRow};
use crate::service::reckon::reckon;
use crate::store::copy::Sheet;
use crate::store::{charge, mass as store, opening};
use crate::{ChargeReason, ChargeRule, ChargedItems, Opening, OpeningStep};
use chrono::{DateTime, Utc};
use kernel::{AccountId, App, Error, Fen, OpeningId, PostingId, Result, Scope, Tx};
use ledger::{Segment, SegmentId, StagedHead};
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Instant;
use tariff::{ChargeType, SeasonCalendar, UserClass};
use tokio::sync::mpsc;
use uuid::Uuid;

/// What a mass run did, and how long each stage took.
#[derive(Clone, Debug, Default)]
pub struct MassRun {
    /// Charges.
    pub charges: u64,
    /// Lines of the book.
    pub entries: u64,
    /// Seconds of each stage, in order.
    pub stages: Vec<(&'static str, f64)>,
}

/// Where one household's rows are, among everybody's in order of households.
#[derive(Clone, Copy)]
struct Home {
    account: AccountId,
    station: u32,
    uses: (u32, u32),
    rooms: (u32, u32),
}

/// Everything that a run reckons from; shared by the cores.
struct Work {
    opening: Opening,
    at: DateTime<Utc>,
    stations: Stations,
    segments: HashMap<(u32, UserClass, ChargeType), SegmentId>,
    postings: Vec<PostingId>,
    names: HashMap<Uuid, String>,
    uses: Vec<(u32, UseRow)>,
    rooms: Vec<RoomRow>,
    /// In order of stations.
    homes: Vec<Home>,
}

struct Watch {
    began: Instant,
    run: MassRun,
}

impl Watch {
    fn stage(&mut self, name: &'static str) {
        self.run.stages.push((name, self.began.elapsed().as_secs_f64()));
        self.began = Instant::now();
    }
}

/// Whether an opening is for everybody and nobody was charged yet.
pub(super) async fn fits(tx: &mut Tx, o: &Opening) -> Result<bool> {
    let paths = opening::paths(tx, o.id).await?;
    Ok(o.selection.is_everybody()
        && opening::reach_everybody(tx, &paths).await?
        && !charge::any(tx, o.season_id).await?)
}

/// Posts an approved opening for everybody of a season without charges; refuses any other.
pub async fn open_in_mass(app: &App, id: OpeningId) -> Result<MassRun> {
    let mut watch = Watch { began: Instant::now(), run: MassRun::default() };
    // Its lines carry an instant from before the commit: no answer goes beyond it until then.
    let _announced = ledger::announce(app).await?;
    let mut tx = app.begin(system()).await?;
    let opening = opening::lock(&mut tx, id, &Scope::all()).await?;
    if opening.state.step(OpeningStep::Finish).is_none() {
        return Ok(watch.run);
    }
    if !fits(&mut tx, &opening).await? {
        return Err(Error::Stale);
    }
    let season_id = opening.season_id;
    let work = read(app, &mut tx, opening).await?;
    tx.commit().await?;
    watch.stage("read facts");

    tokio::try_join!(ledger::stage_open(app, season_id), store::stage_open(app, season_id))?;
    let work = Arc::new(work);
    let (entries, charges) = write(app, &work).await?;
    (watch.run.entries, watch.run.charges) = (entries, charges);
    watch.stage("reckon and write");
    tokio::try_join!(ledger::stage_index(app, season_id), store::stage_index(app, season_id))?;
    watch.stage("indexes and keys");

    let mut tx = app.begin(system()).await?;
    let opening = opening::lock(&mut tx, id, &Scope::all()).await?;
    let Some(state) = opening.state.step(OpeningStep::Finish) else {
        drop(tx);
        tokio::try_join!(ledger::stage_drop(app, season_id), store::stage_drop(app, season_id))?;
        return Ok(watch.run);
    };
    store::prepare_attach(&mut tx).await?;
    ledger::stage_attach(&mut tx, season_id, &heads(&work)).await?;
    store::stage_attach(&mut tx, season_id).await?;
    let done = usize::try_from(charges).unwrap_or(usize::MAX);
    opening::advance(&mut tx, id, done).await?;
    opening::finish(&mut tx, id, state).await?;
    tell(&mut tx, &opening, "billing.opening_posted")?;
    tx.commit().await?;
    watch.stage("attach");
    Ok(watch.run)
}

/// Reads everybody and puts the rows of each household together.
async fn read(app: &App, tx: &mut Tx, opening: Opening) -> Result<Work> {
    let mut stations = Stations::default();
    let root = charge::any_org(tx).await?.ok_or(ChargeRule::NobodySelected)?;
    stations.place(tx, &opening, &root).await?;
    let season = stations.season(0)?;
    let (everybody, mut rooms) =
        tokio::try_join!(store::uses(app, &season), store::rooms(app, &season))?;
    let store::Everybody { mut uses, stations: paths } = everybody;
    let mut stations = Stations::default();
    for path in &paths {
        stations.place(tx, &opening, path).await?;
    }
    uses.sort_by_key(|(_, u)| (u.account, u.from));
    rooms.sort_by_key(|r| (r.account, r.premise, r.from));
    let (mut homes, named) = together(&uses, &rooms);
    homes.sort_by_key(|h| h.station);
    let names = crate::store::facts::room_names(tx, &named).await?;
    let segments = segments(tx, &paths).await?;
    let postings = paths.iter().map(|_| tx.new_id()).collect();
    let at = tx.now();
    Ok(Work { opening, at, stations, segments, postings, names, uses, rooms, homes })
}

/// Households with the places of their rows, and the premises that need names.
fn together(uses: &[(u32, UseRow)], rooms: &[RoomRow]) -> (Vec<Home>, Vec<Uuid>) {
    let place = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    let (mut homes, mut named) = (Vec::with_capacity(rooms.len()), Vec::new());
    let (mut from, mut room) = (0, 0);
    for mine in uses.chunk_by(|a, b| a.1.account == b.1.account) {
        let Some((station, first)) = mine.first() else { continue };
        let account = first.account;
        while rooms.get(room).is_some_and(|r| r.account < account) {
            room += 1;
        }
        let begin = room;
        while rooms.get(room).is_some_and(|r| r.account == account) {
            room += 1;
        }
        let here = rooms.get(begin..room).unwrap_or_default();
        if model::several(here) {
            named.extend(here.iter().map(|r| r.premise));
        }
        homes.push(Home {
            account,
            station: *station,
            uses: (place(from), place(from + mine.len())),
            rooms: (place(begin), place(room)),
        });
        from += mine.len();
    }
    (homes, named)
}

/// Numbers for every segment that there may be.
async fn segments(
    tx: &mut Tx,
    paths: &[String],
) -> Result<HashMap<(u32, UserClass, ChargeType), SegmentId>> {
    use strum::VariantArray as _;
    let (mut keys, mut wanted) = (Vec::new(), Vec::new());
    for (station, path) in (0..).zip(paths) {
        for class in UserClass::VARIANTS {
            for kind in ChargeType::VARIANTS {
                keys.push((station, *class, *kind));
                wanted.push(Segment {
                    org_path: path.clone(),
                    user_class: <&str>::from(*class).to_owned(),
                    charge_type: <&str>::from(*kind).to_owned(),
                });
            }
        }
    }
    let ids = ledger::segment_ids(tx, &wanted).await?;
    Ok(keys.into_iter().zip(ids).collect())
}

fn heads(work: &Work) -> Vec<StagedHead> {
    let o = &work.opening;
    let used: std::collections::BTreeSet<u32> = work.homes.iter().map(|h| h.station).collect();
    let head = |station: u32| {
        let at = station as usize;
        let (id, path) = (work.postings.get(at)?, work.stations.paths.get(at)?);
        Some(StagedHead {
            id: *id,
            source: "season_opening",
            source_id: format!("{}{path}", o.id),
            memo: format!("{}采暖季应收", o.season),
            valid_on: o.valid_on,
            recorded_at: work.at,
        })
    };
    used.into_iter().filter_map(head).collect()
}

/// Reckons and writes: a core takes a run of whole stations.
async fn write(app: &App, work: &Arc<Work>) -> Result<(u64, u64)> {
    let half = work.homes.len() / 2;
    let middle = work.homes.get(half).map_or(0, |h| h.station);
    let cut = work.homes.partition_point(|h| h.station < middle);
    let (a, b) = tokio::try_join!(
        write_part(app, Arc::clone(work), 0, cut),
        write_part(app, Arc::clone(work), cut, work.homes.len()),
    )?;
    Ok((a.0 + b.0, a.1 + b.1))
}

async fn write_part(app: &App, work: Arc<Work>, from: usize, to: usize) -> Result<(u64, u64)> {
    let season = work.opening.season_id;
    let (entries, entry_pieces) = mpsc::channel(8);
    let (charges, charge_pieces) = mpsc::channel(8);
    let reckoned = tokio::task::spawn_blocking(move || {
        let part = Part {
            work: &work,
            entries: Stream { sheet: Sheet::new(), to: entries },
            charges: Stream { sheet: Sheet::new(), to: charges },
        };
        part.run(from, to)
    });
    let (entries, charges, reckoned) = tokio::join!(
        ledger::stage_write(app, season, entry_pieces),
        store::stage_write(app, season, charge_pieces),
        reckoned,
    );
    // A writer that failed says why; the reckoner only saw its channel close.
    let (entries, charges) = (entries?, charges?);
    reckoned.map_err(|e| Error::Internal(e.into()))??;
    Ok((entries, charges))
}

/// Rows on their way to one COPY.
struct Stream {
    sheet: Sheet,
    to: mpsc::Sender<Vec<u8>>,
}

impl Stream {
    fn send_ripe(&mut self) -> Result<()> {
        match self.sheet.ripe() {
            Some(piece) => self.send(piece),
            None => Ok(()),
        }
    }

    fn send(&self, piece: Vec<u8>) -> Result<()> {
        self.to.blocking_send(piece).map_err(|e| Error::Internal(e.into()))
    }

    fn end(mut self) -> Result<()> {
        let rest = std::mem::take(&mut self.sheet).end();
        self.send(rest)
    }
}

struct Part<'a> {
    work: &'a Work,
    entries: Stream,
    charges: Stream,
}

impl Part<'_> {
    fn run(mut self, from: usize, to: usize) -> Result<()> {
        let homes = self.work.homes.get(from..to).unwrap_or_default();
        for station in homes.chunk_by(|a, b| a.station == b.station) {
            self.station(station)?;
        }
        self.entries.end()?;
        self.charges.end()
    }

    /// One posting: a station's households, and its revenue by segment and item.
    fn station(&mut self, homes: &[Home]) -> Result<()> {
        let Some(first) = homes.first() else { return Ok(()) };
        let (work, station) = (self.work, first.station as usize);
        let posting = work.postings.get(station).copied().ok_or(ChargeRule::NotCharged)?;
        let rules = work.stations.rules.get(station).ok_or(ChargeRule::NotCharged)?;
        let act = ChargeAct {
            season: work.opening.season_id,
            pack_version_id: rules.0,
            reason: ChargeReason::Opening,
            cause_id: Some(*work.opening.id),
        };
        let mut revenue: BTreeMap<(SegmentId, &'static str), i64> = BTreeMap::new();
        let mut line = 0;
        for home in homes {
            let Some(r) = self.reckoned(home, &rules.1, &rules.2) else { continue };
            let key = (first.station, r.user_class, r.charge_type);
            let segment = *work.segments.get(&key).ok_or(ChargeRule::NotCharged)?;
            for (item, amount) in r.items.each() {
                if amount == Fen::ZERO {
                    continue;
                }
                let sum = revenue.entry((segment, item.name())).or_default();
                *sum = sum.checked_sub(amount.get()).ok_or(ChargeRule::TooMuch)?;
                line += 1;
                let owed = (Some(*r.account), amount.get(), "receivable", item.name());
                self.entry(posting, line, segment, owed);
            }
            self.charge(&act, posting, segment, r);
            self.entries.send_ripe()?;
            self.charges.send_ripe()?;
        }
        for ((segment, item), amount) in revenue.into_iter().filter(|(_, a)| *a != 0) {
            line += 1;
            self.entry(posting, line, segment, (None, amount, "revenue", item));
        }
        Ok(())
    }

    fn reckoned(
        &self,
        home: &Home,
        pack: &tariff::Pack,
        season: &SeasonCalendar,
    ) -> Option<Reckoned> {
        let work = self.work;
        let uses = work.uses.get(home.uses.0 as usize..home.uses.1 as usize)?;
        let rooms = work.rooms.get(home.rooms.0 as usize..home.rooms.1 as usize)?;
        let facts = model::assemble(season, uses.iter().map(|(_, u)| u), rooms, &work.names);
        // Whom nothing can be reckoned for was named when the opening was looked at.
        reckon(pack, season, home.account, home.station as usize, &facts).ok()
    }

    fn entry(
        &mut self,
        posting: PostingId,
        line: i32,
        segment: SegmentId,
        (account, amount, ledger, item): (Option<Uuid>, i64, &str, &str),
    ) {
        let o = &self.work.opening;
        let sheet = &mut self.entries.sheet;
        sheet.row(10).uuid(Some(*posting)).uuid(account).uuid(Some(*o.season_id));
        sheet.big(Some(amount)).instant(self.work.at).date(o.valid_on).int(line);
        sheet.int(segment.0).text(ledger).text(item);
    }

    fn charge(&mut self, act: &ChargeAct, posting: PostingId, segment: SegmentId, r: Reckoned) {
        let nothing = r.items == ChargedItems::default();
        let charge = NewCharge {
            account: r.account,
            version: 1,
            posting_id: (!nothing).then_some(posting),
            booked: Booked { items: r.items, segment },
            amount: r.amount,
            facts: r.facts,
        };
        store::put_charge(&mut self.charges.sheet, act, self.work.at, &charge);
    }
}
