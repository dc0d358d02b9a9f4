//! Readings: taken with a look at what is odd, corrected by another one, shown to who needs them.

use super::hold::said;
use crate::permissions::{READ_METERS, VIEW};
use crate::store::metering::{self as store, Fresh, Meter, Wanted};
use crate::{
    MeterReading, MeterRule, MeterTold, NewReading, ReadingContext, ReadingRefused, ReadingSource,
    ReadingsTaken, kwh_milli, oddities,
};
use chrono::{Datelike as _, NaiveDate};
use kernel::clock::local_date;
use kernel::{AccountId, Cursor, Error, Page, Result, Scope, Subject, Tx, page};
use uuid::Uuid;

/// The most lines of one list.
const MOST_LINES: usize = 5_000;
/// The most that a dial shows, thousandths.
const MOST: i64 = 10_000_000_000_000;

/// Writes a reading down. What is odd about it must be confirmed in words; a correction names
/// the reading that was wrong and says why.
pub async fn take_reading(
    tx: &mut Tx,
    new: &NewReading,
    source: ReadingSource,
) -> Result<MeterReading> {
    let scope = tx.scope(READ_METERS)?;
    let id = taken(tx, &scope, new, source).await?;
    shown(tx, id).await
}

/// Takes a list: lines that cannot be are handed back, odd ones wait on the worklist.
pub async fn take_readings(tx: &mut Tx, lines: &[NewReading]) -> Result<ReadingsTaken> {
    let scope = tx.scope(READ_METERS)?;
    if lines.is_empty() || lines.len() > MOST_LINES {
        return Err(Error::invalid("lines", "每次 1 至 5000 行", "1 to 5,000 lines at a time"));
    }
    let mut done = ReadingsTaken { taken: 0, odd: 0, refused: Vec::new() };
    for (place, line) in (1..).zip(lines) {
        match checked(tx, &scope, line, ReadingSource::Import).await {
            Ok((meter, value, odd)) => {
                let note = line.note.trim();
                let names: Vec<String> = odd.iter().map(|o| <&str>::from(*o).into()).collect();
                done.odd += usize::from(!names.is_empty());
                let id: Uuid = tx.new_id();
                let fresh = Fresh {
                    id,
                    meter: meter.id,
                    read_on: line.read_on,
                    value_milli: value,
                    source: ReadingSource::Import,
                    oddities: names,
                    note,
                    corrects_id: None,
                };
                store::insert(tx, fresh).await?;
                done.taken += 1;
            }
            Err(Error::Internal(e)) => return Err(Error::Internal(e)),
            Err(refused) => {
                let problem = refused.problem();
                done.refused.push(ReadingRefused {
                    line: place,
                    meter_number: line.meter_number.clone(),
                    zh: problem.title,
                    en: problem.title_en,
                });
            }
        }
    }
    tx.emit(&MeterTold {
        event: "billing.readings_imported",
        subject: Subject { kind: "readings", id: tx.new_id() },
        org_path: scope.paths.first().cloned().unwrap_or_else(|| "/".to_owned()),
        from: None,
        to: done.taken.to_string(),
        note: format!("{} refused", done.refused.len()),
    })?;
    Ok(done)
}

type Checked = (Meter, i64, Vec<crate::Oddity>);

async fn checked(
    tx: &mut Tx,
    scope: &Scope,
    new: &NewReading,
    source: ReadingSource,
) -> Result<Checked> {
    let micro = new.value.micro();
    let value = micro / 1_000;
    let whole = micro % 1_000 == 0 && (0..=MOST).contains(&value);
    if !whole || new.read_on > local_date(tx.now()) {
        return Err(MeterRule::Absurd.into());
    }
    if source == ReadingSource::Import && new.corrects_id.is_some() {
        return Err(MeterRule::NotCorrectable.into());
    }
    let meter = store::meter(tx, &new.meter_number, new.read_on, scope).await?;
    let meter = meter.ok_or_else(|| MeterRule::NoMeter(new.meter_number.clone()))?;
    let before = store::before(tx, meter.id, new.read_on, new.corrects_id).await?;
    let fitted = (meter.fitted_on <= new.read_on).then_some((meter.fitted_on, meter.start_milli));
    let context = ReadingContext {
        before: before.or(fitted),
        area: meter.area,
        kwh_milli: kwh_milli(&meter.unit).unwrap_or(1_000),
        stopped: meter.stopped,
        in_season: heart_of_winter(new.read_on),
    };
    let odd = oddities(new.read_on, value, &context);
    Ok((meter, value, odd))
}

/// December to February: there is heat everywhere.
fn heart_of_winter(day: NaiveDate) -> bool {
    matches!(day.month(), 12 | 1 | 2)
}

async fn taken(
    tx: &mut Tx,
    scope: &Scope,
    new: &NewReading,
    source: ReadingSource,
) -> Result<Uuid> {
    let (meter, value, odd) = checked(tx, scope, new, source).await?;
    let explained = new.confirmed && !new.note.trim().is_empty();
    if !odd.is_empty() && !explained {
        return Err(MeterRule::Odd(odd).into());
    }
    let wrong = match new.corrects_id {
        Some(id) => {
            said("note", &new.note)?;
            let value = store::correctable(tx, id, meter.id).await?;
            Some(value.ok_or(MeterRule::NotCorrectable)?)
        }
        None => None,
    };
    let id: Uuid = tx.new_id();
    let fresh = Fresh {
        id,
        meter: meter.id,
        read_on: new.read_on,
        value_milli: value,
        source,
        oddities: odd.iter().map(|o| <&str>::from(*o).into()).collect(),
        note: new.note.trim(),
        corrects_id: new.corrects_id,
    };
    store::insert(tx, fresh).await?;
    tx.emit(&MeterTold {
        event: if wrong.is_some() { "billing.reading_corrected" } else { "billing.reading_taken" },
        subject: Subject { kind: "meter", id: meter.id },
        org_path: meter.org_path,
        from: wrong.map(|v| v.to_string()),
        to: value.to_string(),
        note: new.note.trim().to_owned(),
    })?;
    Ok(id)
}

async fn shown(tx: &mut Tx, id: Uuid) -> Result<MeterReading> {
    let everywhere = Scope::all();
    let wanted = Wanted {
        id: Some(id),
        account: None,
        meter_number: None,
        odd_only: false,
        limit: 1,
        after: None,
        paths: &everywhere.paths,
    };
    store::list(tx, wanted).await?.pop().ok_or(Error::NotFound("reading"))
}

/// Readings of a household, of a meter, or those that are odd and unexplained; newest first.
pub async fn list_readings(
    tx: &mut Tx,
    account: Option<AccountId>,
    meter_number: Option<&str>,
    odd_only: bool,
    limit: Option<i64>,
    after: Option<&str>,
) -> Result<Page<MeterReading>> {
    let scope = tx.scope(VIEW)?;
    let limit = page::limit(limit);
    let after: Option<(NaiveDate, Uuid)> = Cursor::decode(after)?;
    let wanted = Wanted {
        id: None,
        account,
        meter_number,
        odd_only,
        limit: limit + 1,
        after,
        paths: &scope.paths,
    };
    let rows = store::list(tx, wanted).await?;
    Ok(Page::cut(rows, limit, |r| (r.read_on, r.id)))
}

/// A household's last readings, for a room above that has asked whether the caller may see it:
/// the agent's pop and the repairer's task.
pub async fn readings_of(tx: &mut Tx, account: AccountId, limit: i64) -> Result<Vec<MeterReading>> {
    let everywhere = Scope::all();
    let wanted = Wanted {
        id: None,
        account: Some(account),
        meter_number: None,
        odd_only: false,
        limit,
        after: None,
        paths: &everywhere.paths,
    };
    store::list(tx, wanted).await
}
