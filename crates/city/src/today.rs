//! What lies over the town now: station readings, notices, territories.

use crate::Plan;
use crate::company::Company;
use crate::random::{Ids, Rng};
use crate::sheet::Sheet;
use crate::town::Town;
use chrono::{DateTime, TimeDelta, Timelike, Utc};
use kernel::{Result, Tx};

/// Minutes between two readings, and how many there are.
const EVERY: i64 = 10;
const READINGS: i64 = 24 * 60 / EVERY;
/// Great cities get readings for so many stations only: they serve benches.
const STATIONS: usize = 200;

/// Writes all of it and says how many rows that were.
pub(crate) async fn lay(tx: &mut Tx, plan: &Plan, company: &Company, town: &Town) -> Result<u64> {
    let territories = territories(tx, company, town).await?;
    let readings = readings(tx, plan, town).await?;
    Ok(territories + readings + notices(tx, plan, company, town).await?)
}

/// Every community has two or three of its station's repairers.
async fn territories(tx: &mut Tx, company: &Company, town: &Town) -> Result<u64> {
    let mut sheet = Sheet::new("dispatch.territory (place_id, staff_id)");
    for (n, community) in town.communities.iter().enumerate() {
        let local = company.repairers().filter(|s| s.station == Some(community.station));
        for (i, repairer) in local.enumerate() {
            if (i + n) % 2 == 0 {
                sheet.row(&[&community.id, &repairer.id]);
            }
        }
    }
    sheet.flush(tx.db()).await
}

async fn readings(tx: &mut Tx, plan: &Plan, town: &Town) -> Result<u64> {
    let mut rng = Rng::new(plan.seed, "readings");
    let mut sheet = Sheet::new(
        "notices.reading (node_id, at, supply_decidegrees, return_decidegrees, supply_kpa,
                          return_kpa, flow_lph)",
    );
    let grid = plan.now.timestamp() / (EVERY * 60) * (EVERY * 60);
    for (node, _) in town.exchanges.iter().take(STATIONS) {
        let (warm, flow) = (rng.between(470, 520), rng.between(38_000, 90_000));
        let mut drift = 0;
        for n in (0..READINGS).rev() {
            let at = DateTime::from_timestamp(grid - n * EVERY * 60, 0).unwrap_or(plan.now);
            drift = (drift + rng.between(-4, 4)).clamp(-25, 25);
            let supply = warm + night(at) + drift;
            let back = supply - rng.between(78, 96);
            let (up, down) = (rng.between(405, 425), rng.between(288, 302));
            sheet.row(&[node, &at, &supply, &back, &up, &down, &(flow + drift * 60)]);
        }
    }
    sheet.flush(tx.db()).await
}

/// Tenths of a degree more when it is cold outside.
fn night(at: DateTime<Utc>) -> i64 {
    match at.with_timezone(&kernel::clock::SHANGHAI).hour() {
        0..=6 => 30,
        7..=9 | 20..=23 => 15,
        _ => 0,
    }
}

async fn notices(tx: &mut Tx, plan: &Plan, company: &Company, town: &Town) -> Result<u64> {
    let mut ids = Ids::new(plan.seed, "notices", plan.now);
    let head = company.of_station("station_head", 0).map(|s| s.id);
    let (works, incident) = (town.communities.first(), town.communities.get(1));
    let mut sheet = Sheet::new(
        "notices.notice (id, kind, title, body, place_id, node_id, org_path, starts_at,
                         expected_end_at, ended_at, created_by)",
    );
    let hours = |h: i64| plan.now + TimeDelta::hours(h);
    let none = None::<uuid::Uuid>;
    let open = None::<DateTime<Utc>>;
    if let Some(c) = works {
        let (title, path) = (format!("{}阀门井检修", c.name), &company.stations[c.station].path);
        let body = "检修期间室温可能下降 1 至 2 度，完工后恢复。";
        sheet.row(&[
            &ids.next(),
            &"works",
            &title,
            &body,
            &c.id,
            &none,
            path,
            &hours(-3),
            &hours(5),
            &open,
            &head,
        ]);
    }
    if let Some(c) = incident {
        let (title, path) =
            (format!("{}换热站循环泵故障", c.name), &company.stations[c.station].path);
        let body = "循环泵跳停，已启用备用泵，供水温度正在回升。";
        sheet.row(&[
            &ids.next(),
            &"incident",
            &title,
            &body,
            &none,
            &c.exchange,
            path,
            &hours(-2),
            &hours(2),
            &open,
            &head,
        ]);
    }
    let (title, body) = ("收费大厅周末照常营业", "采暖季内平城营业厅周末 8:30 至 17:30 营业。");
    sheet.row(&[
        &ids.next(),
        &"announcement",
        &title,
        &body,
        &none,
        &none,
        &"/hq/",
        &hours(-24 * 6),
        &hours(24 * 90),
        &open,
        &none,
    ]);
    sheet.flush(tx.db()).await
}
