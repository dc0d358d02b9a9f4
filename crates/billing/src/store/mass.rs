//! A season for everybody at once: read whole, written beside the book, attached in one commit.

use super::copy::{Fields, Malformed, Sheet, rows};
use crate::model::{ChargeAct, NewCharge, RoomRow, Unknown, UseRow, use_state, word};
use chrono::{DateTime, Utc};
use futures_util::StreamExt as _;
use kernel::{App, Error, Fen, OnConstraint as _, Result, SeasonId, Tx};
use sqlx::postgres::PgConnection;
use std::collections::HashMap;
use tariff::{Decimal, SeasonCalendar};

impl From<Malformed> for Error {
    fn from(e: Malformed) -> Self {
        Self::Internal(e.into())
    }
}

/// Everybody's use of heat in the season, and the stations that they count for.
pub(crate) struct Everybody {
    /// Its station's place, and its days.
    pub uses: Vec<(u32, UseRow)>,
    /// The stations' paths.
    pub stations: Vec<String>,
}

/// Reads everybody's use of heat.
pub(crate) async fn uses(app: &App, season: &SeasonCalendar) -> Result<Everybody> {
    let (first, end) = (season.first, season.end);
    let sql = format!(
        "copy (select v.account_id, a.org_path, greatest(v.valid_from, '{first}'),
                      least(v.valid_to, '{end}'), v.network_state, v.heat_use_state,
                      v.charge_type, v.low_income
               from directory.account_version v join directory.account a on a.id = v.account_id
               where a.utility = 'heat' and v.superseded_at = 'infinity'
                 and v.valid_from < '{end}' and v.valid_to > '{first}')
         to stdout (format binary)"
    );
    let (mut uses, mut stations) = (Vec::new(), Vec::<String>::new());
    let mut places: HashMap<String, u32> = HashMap::new();
    let mut last = 0_u32;
    read(app, sql, |f| {
        let account = f.uuid()?.into();
        let path = f.text()?;
        if stations.get(last as usize).is_none_or(|s| s != path) {
            last = match places.get(path) {
                Some(place) => *place,
                None => {
                    let place = u32::try_from(stations.len()).map_err(|_| Malformed)?;
                    stations.push(path.to_owned());
                    places.insert(path.to_owned(), place);
                    place
                }
            };
        }
        let (from, to) = (f.date()?, f.date()?);
        let state = use_state(f.text()?, f.text()?)?;
        let (charge_type, low_income) = (word(f.text()?)?, f.flag()?);
        uses.push((last, UseRow { account, from, to, state, charge_type, low_income }));
        Ok(())
    })
    .await?;
    Ok(Everybody { uses, stations })
}

/// Reads everybody's rooms.
pub(crate) async fn rooms(app: &App, season: &SeasonCalendar) -> Result<Vec<RoomRow>> {
    let (first, end) = (season.first, season.end);
    let sql = format!(
        "copy (select r.account_id, r.premise_id,
                      greatest(r.valid_from, p.valid_from, '{first}'),
                      least(r.valid_to, p.valid_to, '{end}'), p.user_class,
                      (p.building_area * 100)::bigint, (p.usable_area * 100)::bigint,
                      (p.heated_area * 100)::bigint, (p.charged_area * 100)::bigint,
                      (p.storey_height * 100)::bigint
               from directory.account_room r
               join directory.premise_version p on p.premise_id = r.premise_id
                 and p.superseded_at = 'infinity'
                 and p.valid_from < least(r.valid_to, '{end}')
                 and p.valid_to > greatest(r.valid_from, '{first}')
               where r.superseded_at = 'infinity'
                 and r.valid_from < '{end}' and r.valid_to > '{first}')
         to stdout (format binary)"
    );
    let mut out = Vec::new();
    read(app, sql, |f| {
        let area = |hundredths: Option<i64>| hundredths.map(Decimal::from_hundredths);
        out.push(RoomRow {
            account: f.uuid()?.into(),
            premise: f.uuid()?,
            from: f.date()?,
            to: f.date()?,
            user_class: word(f.text()?)?,
            building_area: area(f.number()?).ok_or(Malformed)?,
            usable_area: area(f.number()?),
            heated_area: area(f.number()?).ok_or(Malformed)?,
            charged_area: area(f.number()?).ok_or(Malformed)?,
            storey_height: area(f.number()?),
        });
        Ok(())
    })
    .await?;
    Ok(out)
}

pub(crate) enum Bad {
    Form(Malformed),
    Word(Unknown),
}

impl From<Malformed> for Bad {
    fn from(e: Malformed) -> Self {
        Self::Form(e)
    }
}

impl From<Unknown> for Bad {
    fn from(e: Unknown) -> Self {
        Self::Word(e)
    }
}

impl From<Bad> for Error {
    fn from(e: Bad) -> Self {
        match e {
            Bad::Form(e) => e.into(),
            Bad::Word(e) => e.into(),
        }
    }
}

/// More memory than everyday queries get, for one transaction.
async fn give_memory(db: &mut PgConnection) -> Result<()> {
    sqlx::query_scalar!("select set_config('work_mem', '128MB', true)").fetch_one(&mut *db).await?;
    sqlx::query_scalar!("select set_config('maintenance_work_mem', '256MB', true)")
        .fetch_one(db)
        .await?;
    Ok(())
}

async fn read(
    app: &App,
    sql: String,
    mut row: impl FnMut(&mut Fields<'_>) -> Result<(), Bad>,
) -> Result<()> {
    let mut db = app.pool.begin().await?;
    // Everybody's rows are joined once, in memory.
    give_memory(&mut db).await?;
    {
        let mut messages = db.copy_out_raw(&sql).await?;
        while let Some(message) = messages.next().await {
            rows(&message?, &mut row)?;
        }
    }
    Ok(db.commit().await?)
}

/// Makes the table beside the season's charges; what an earlier try left there is gone.
pub(crate) async fn stage_open(app: &App, season: SeasonId) -> Result<()> {
    sqlx::query_scalar!("select billing.stage_open($1)", *season).fetch_one(&app.pool).await?;
    Ok(())
}

/// Drops it.
pub(crate) async fn stage_drop(app: &App, season: SeasonId) -> Result<()> {
    sqlx::query_scalar!("select billing.stage_drop($1)::text", *season)
        .fetch_one(&app.pool)
        .await?;
    Ok(())
}

/// The columns of a charge, in the order in which they are written.
const CHARGE: &str = "account_id, season_id, pack_version_id, posting_id, charged_at, amount_fen, \
    heat_fen, basic_fen, metered_fen, height_fen, version, segment_id, reason, cause_id, facts";

/// Puts a charge on a sheet.
pub(crate) fn put_charge(sheet: &mut Sheet, act: &ChargeAct, at: DateTime<Utc>, c: &NewCharge) {
    let fen = |f: Option<Fen>| f.map(Fen::get);
    let items = &c.booked.items;
    sheet.row(15).uuid(Some(*c.account)).uuid(Some(*act.season)).uuid(Some(*act.pack_version_id));
    sheet.uuid(c.posting_id.map(|p| *p)).instant(at).big(Some(c.amount.get()));
    sheet.big(fen(items.heat_fen)).big(fen(items.basic_fen));
    sheet.big(fen(items.metered_fen)).big(fen(items.height_fen));
    sheet.int(c.version).int(c.booked.segment.0).text(act.reason.into());
    sheet.uuid(act.cause_id).text(&c.facts);
}

/// Writes charges that come through the channel, in one COPY; how many it was.
pub(crate) async fn stage_write(
    app: &App,
    season: SeasonId,
    mut pieces: tokio::sync::mpsc::Receiver<Vec<u8>>,
) -> Result<u64> {
    let stage = sqlx::query_scalar!(r#"select billing.stage_of($1) as "stage!""#, *season)
        .fetch_one(&app.pool)
        .await?;
    let sql = format!("copy billing.{stage} ({CHARGE}) from stdin (format binary)");
    // A connection of its own: who gives up half-way drops it, and the COPY ends with it.
    let mut db = app.pool.acquire().await?.detach();
    let mut copy = db.copy_in_raw(&sql).await?;
    while let Some(bytes) = pieces.recv().await {
        copy.send(bytes).await?;
    }
    Ok(copy.finish().await?)
}

/// Indexes and keys of the charges, before they are attached.
pub(crate) async fn stage_index(app: &App, season: SeasonId) -> Result<()> {
    let mut db = app.pool.begin().await?;
    give_memory(&mut db).await?;
    sqlx::query_scalar!("select billing.stage_index($1)::text", *season)
        .fetch_one(&mut *db)
        .await?;
    db.commit().await?;
    let mut db = app.pool.begin().await?;
    give_memory(&mut db).await?;
    sqlx::query_scalar!("select billing.stage_validate($1)::text", *season)
        .fetch_one(&mut *db)
        .await?;
    Ok(db.commit().await?)
}

/// What attaching builds, it builds in memory.
pub(crate) async fn prepare_attach(tx: &mut Tx) -> Result<()> {
    give_memory(tx.db()).await
}

/// Makes the staged charges the season's; refused when it has any.
pub(crate) async fn stage_attach(tx: &mut Tx, season: SeasonId) -> Result<()> {
    sqlx::query_scalar!("select billing.stage_attach($1)::text", *season)
        .fetch_one(tx.db())
        .await
        .on_constraint("charge_once", Error::Stale)?;
    Ok(())
}
