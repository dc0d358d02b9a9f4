//! The jobs of an opening. Each may be killed at any instant and started again: what is in the
//! book stays, what is not is reckoned anew.

use super::{mass, tell};
use crate::model::{Booked, ChargeAct, NewCharge, Preview, Reckoned, Refused, correction};
use crate::service::reckon::{facts_of_all, reckon};
use crate::service::rules;
use crate::store::{charge, opening as store};
use crate::{ChargeReason, ChargeRule, Opening, OpeningState, OpeningStep};
use kernel::{AccountId, Actor, App, Error, OpeningId, PackVersionId, Result, Scope, Tx};
use ledger::{Line, Posting, Segment, SegmentId};
use std::collections::HashMap;
use std::sync::Arc;
use tariff::{Pack, SeasonCalendar};

/// Households that are reckoned at a time.
const PAGE: usize = 5_000;
/// Households of one posting: with four items and their revenue it stays within the ledger's
/// most lines.
const CHUNK: usize = 1_000;
/// From so many households on, an opening of a season without charges goes in by mass.
const MASS: usize = 50_000;

/// The stations of a run, by the order in which they were met, with the rules of each.
#[derive(Default)]
pub(super) struct Stations {
    pub paths: Vec<String>,
    places: HashMap<String, usize>,
    pub rules: Vec<(PackVersionId, Arc<Pack>, SeasonCalendar)>,
}

impl Stations {
    pub fn season(&self, place: usize) -> Result<SeasonCalendar> {
        let rules = self.rules.get(place).ok_or(ChargeRule::NotCharged)?;
        Ok(rules.2.clone())
    }

    pub async fn place(&mut self, tx: &mut Tx, opening: &Opening, path: &str) -> Result<usize> {
        if let Some(place) = self.places.get(path) {
            return Ok(*place);
        }
        let (id, pack) = rules::pack_for(tx, opening.season_id, path).await?;
        let season = rules::calendar(&pack, &opening.season)?;
        self.rules.push((id, pack, season));
        self.paths.push(path.to_owned());
        self.places.insert(path.to_owned(), self.paths.len() - 1);
        Ok(self.paths.len() - 1)
    }
}

pub(super) fn system() -> Actor {
    Actor::system("season opening")
}

/// Reckons what an opening would come to, and keeps it for people to look at.
pub async fn reckon_opening(app: &App, id: OpeningId) -> Result<()> {
    let mut tx = app.begin(system()).await?;
    let opening = store::lock(&mut tx, id, &Scope::all()).await?;
    if opening.state.step(OpeningStep::Reckon).is_none() {
        return Ok(());
    }
    let paths = store::paths(&mut tx, id).await?;
    let selected = store::selected(&mut tx, &opening.selection, &paths).await?;
    let before = store::season_before(&mut tx, opening.season_id).await?;
    let mut stations = Stations::default();
    let (mut preview, mut refused) = (Preview::default(), Vec::new());
    let mut skipped = 0;
    for page in selected.chunks(PAGE) {
        let charged = charge::charged(&mut tx, opening.season_id, page).await?;
        skipped += charged.len();
        let open: Vec<AccountId> = page.iter().copied().filter(|a| !charged.contains(a)).collect();
        let last = match &before {
            Some((season, _)) => charge::charged_before(&mut tx, *season, &open).await?,
            None => HashMap::new(),
        };
        let (good, bad) = reckon_page(&mut tx, &opening, &mut stations, &open).await?;
        for r in &good {
            preview.add(r, last.get(&r.account).copied());
        }
        refused.extend(bad);
    }
    preview.cut();
    store::keep_preview(&mut tx, id, &stations.paths, &preview, &refused, skipped).await?;
    let opening = store::lock(&mut tx, id, &Scope::all()).await?;
    tell(&mut tx, &opening, "billing.opening_reckoned")?;
    tx.commit().await
}

/// What households are charged, and who is not and why.
async fn reckon_page(
    tx: &mut Tx,
    opening: &Opening,
    stations: &mut Stations,
    accounts: &[AccountId],
) -> Result<(Vec<Reckoned>, Vec<Refused>)> {
    let (mut good, mut bad) = (Vec::with_capacity(accounts.len()), Vec::new());
    let Some(widest) = widest(tx, opening, stations, accounts).await? else {
        return Ok((good, bad));
    };
    for (home, facts) in facts_of_all(tx, &widest, accounts).await? {
        // Before its opening and after its end an account is no household of the season.
        if facts.uses.is_empty() {
            continue;
        }
        let place = stations.place(tx, opening, &home.org_path).await?;
        let Some((_, pack, season)) = stations.rules.get(place) else { continue };
        match reckon(pack, season, home.account, place, &facts) {
            Ok(r) => good.push(r),
            Err(r) => bad.push(r),
        }
    }
    Ok((good, bad))
}

/// The calendar that facts are cut to: one company has one calendar a season.
async fn widest(
    tx: &mut Tx,
    opening: &Opening,
    stations: &mut Stations,
    accounts: &[AccountId],
) -> Result<Option<SeasonCalendar>> {
    let Some(first) = accounts.first() else { return Ok(None) };
    let path = charge::org_of(tx, *first, &["/".to_owned()]).await?;
    let place = stations.place(tx, opening, &path).await?;
    Ok(stations.rules.get(place).map(|(.., season)| season.clone()))
}

/// Posts an opening that somebody said yes to: station by station, each part of it whole in one
/// transaction; what is there already is left alone.
pub async fn post_opening(app: &App, id: OpeningId) -> Result<()> {
    let mut tx = app.begin(system()).await?;
    let opening = store::lock(&mut tx, id, &Scope::all()).await?;
    if opening.state != OpeningState::Posting {
        return Ok(());
    }
    let paths = store::paths(&mut tx, id).await?;
    let selected = store::selected(&mut tx, &opening.selection, &paths).await?;
    let by_mass = selected.len() >= MASS && mass::fits(&mut tx, &opening).await?;
    tx.commit().await?;
    if by_mass {
        return mass::open_in_mass(app, id).await.map(drop);
    }
    let mut stations = Stations::default();
    for page in selected.chunks(PAGE) {
        post_page(app, &opening, &mut stations, page).await?;
    }
    finish(app, id).await
}

async fn finish(app: &App, id: OpeningId) -> Result<()> {
    let mut tx = app.begin(system()).await?;
    let opening = store::lock(&mut tx, id, &Scope::all()).await?;
    let Some(state) = opening.state.step(OpeningStep::Finish) else { return Ok(()) };
    store::finish(&mut tx, id, state).await?;
    tell(&mut tx, &opening, "billing.opening_posted")?;
    tx.commit().await
}

async fn post_page(
    app: &App,
    opening: &Opening,
    stations: &mut Stations,
    page: &[AccountId],
) -> Result<()> {
    let mut tx = app.begin(system()).await?;
    let charged = charge::charged(&mut tx, opening.season_id, page).await?;
    let open: Vec<AccountId> = page.iter().copied().filter(|a| !charged.contains(a)).collect();
    let (mut good, _) = reckon_page(&mut tx, opening, stations, &open).await?;
    good.sort_by_key(|r| (r.station, r.account));
    for station in good.chunk_by(|a, b| a.station == b.station) {
        for chunk in station.chunks(CHUNK) {
            post_chunk(&mut tx, opening, stations, chunk).await?;
        }
    }
    store::advance(&mut tx, opening.id, good.len()).await?;
    tx.commit().await
}

async fn post_chunk(
    tx: &mut Tx,
    opening: &Opening,
    stations: &Stations,
    chunk: &[Reckoned],
) -> Result<()> {
    let Some(first) = chunk.first() else { return Ok(()) };
    let (path, rules) = (stations.paths.get(first.station), stations.rules.get(first.station));
    let (path, (pack_version_id, ..)) = path.zip(rules).ok_or(ChargeRule::NotCharged)?;
    let segments = segments_of(tx, path, chunk).await?;
    let mut lines = Vec::new();
    for (r, segment) in chunk.iter().zip(&segments) {
        let booked = Booked { items: r.items, segment: *segment };
        let more = correction(r.account, opening.season_id, None, booked);
        lines.extend(more.ok_or(ChargeRule::TooMuch)?);
    }
    let posting_id = match gathered(lines).ok_or(ChargeRule::TooMuch)? {
        lines if lines.is_empty() => None,
        lines => Some(ledger::post(tx, posting(opening, path, first.account, lines)).await?),
    };
    let act = ChargeAct {
        season: opening.season_id,
        pack_version_id: *pack_version_id,
        reason: ChargeReason::Opening,
        cause_id: Some(*opening.id),
    };
    let charges = chunk.iter().zip(segments).map(|(r, segment)| NewCharge {
        account: r.account,
        version: 1,
        posting_id: posting_id.filter(|_| r.amount != kernel::Fen::ZERO),
        booked: Booked { items: r.items, segment },
        amount: r.amount,
        facts: r.facts.clone(),
    });
    charge::insert(tx, &act, &charges.collect::<Vec<_>>()).await
}

fn posting(opening: &Opening, path: &str, first: AccountId, lines: Vec<Line>) -> Posting {
    Posting {
        source: "season_opening".to_owned(),
        source_id: format!("{}{path}{first}", opening.id),
        corrects_id: None,
        memo: format!("{}采暖季应收", opening.season),
        channel: None,
        valid_on: opening.valid_on,
        lines,
    }
}

/// Households' lines as they are, and one line of revenue a segment and item.
fn gathered(lines: Vec<Line>) -> Option<Vec<Line>> {
    let (mut out, mut revenue): (Vec<Line>, Vec<Line>) = (Vec::new(), Vec::new());
    for line in lines {
        if line.account_id.is_some() {
            out.push(line);
            continue;
        }
        let same = |r: &&mut Line| r.segment_id == line.segment_id && r.item == line.item;
        match revenue.iter_mut().find(same) {
            Some(r) => r.amount = r.amount.checked_add(line.amount)?,
            None => revenue.push(line),
        }
    }
    out.extend(revenue.into_iter().filter(|r| r.amount != kernel::Fen::ZERO));
    Some(out)
}

/// The segment of each household of a station.
async fn segments_of(tx: &mut Tx, path: &str, chunk: &[Reckoned]) -> Result<Vec<SegmentId>> {
    let mut kinds: Vec<_> = chunk.iter().map(|r| (r.user_class, r.charge_type)).collect();
    kinds.sort_by_key(|(c, t)| (*c, <&str>::from(*t)));
    kinds.dedup();
    let wanted: Vec<Segment> = kinds
        .iter()
        .map(|(class, kind)| Segment {
            org_path: path.to_owned(),
            user_class: <&str>::from(*class).to_owned(),
            charge_type: <&str>::from(*kind).to_owned(),
        })
        .collect();
    let ids = ledger::segment_ids(tx, &wanted).await?;
    let of = |r: &Reckoned| {
        let at = kinds.iter().position(|k| *k == (r.user_class, r.charge_type));
        at.and_then(|i| ids.get(i).copied()).ok_or(Error::NotFound("segment"))
    };
    chunk.iter().map(of).collect()
}
