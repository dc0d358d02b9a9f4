//! Readings and settlements.

use super::ground::{Ground, day};
use crate::permissions::{READ_METERS, SETTLE, VIEW};
use crate::{
    MeterReading, NewReading, ReadingSource, list_readings, preview_settlement, readings_of,
    settle_season, take_reading, take_readings,
};
use chrono::TimeDelta;
use directory::{AccountPatch, Change, ChargeType};
use kernel::{AccountId, Actor, Result};
use testing::{actor, nobody};
use uuid::Uuid;

struct Meters {
    g: Ground,
    home: AccountId,
    reader: Actor,
}

fn code<T: std::fmt::Debug>(result: Result<T>) -> String {
    result.unwrap_err().problem().code
}

fn read(on: &str, value: &str) -> NewReading {
    NewReading {
        meter_number: "R-1".to_owned(),
        read_on: day(on),
        value: value.parse().unwrap(),
        note: String::new(),
        corrects_id: None,
        confirmed: false,
    }
}

impl Meters {
    /// A two-part household with a heat meter in kWh.
    async fn new() -> Self {
        let g = Ground::new().await;
        let home = g.household("1001", "/hq/east/s1/", "resident").await;
        let two_part =
            AccountPatch { charge_type: Some(ChargeType::TwoPart), ..AccountPatch::default() };
        let change = Change::Account { account_id: home, patch: two_part };
        g.amend(change, day("2020-10-15"), None).await;
        sqlx::query(
            "insert into directory.meter (id, number, premise_id, kind, unit, start_reading,
                                          valid_from)
             values ($1, 'R-1', $2, 'heat', 'kWh', 100, '2020-10-15')",
        )
        .bind(Uuid::new_v4())
        .bind(*home)
        .execute(&g.t.owner)
        .await
        .unwrap();
        g.opened().await;
        let keys = [VIEW, READ_METERS, SETTLE, ledger::permissions::POST];
        let reader = actor(nobody(), &keys, "/hq/");
        Self { g, home, reader }
    }

    async fn take(&self, new: NewReading) -> Result<MeterReading> {
        let mut tx = self.g.t.tx(&self.reader).await;
        let done = take_reading(&mut tx, &new, ReadingSource::Manual).await?;
        tx.commit().await?;
        Ok(done)
    }

    async fn settle(&self, why: &str) -> Result<crate::Settlement> {
        let mut tx = self.g.t.tx(&self.reader).await;
        let done = settle_season(&mut tx, self.home, self.g.season, why).await?;
        tx.commit().await?;
        Ok(done)
    }
}

/// accepts ME-01 ME-05 BI-11: an odd reading is confirmed in words or not taken; a wrong
/// one is not edited but stood in for, and both are there to be read.
#[tokio::test]
async fn readings_are_questioned_corrected_and_shown() {
    let m = Meters::new().await;
    let first = m.take(read("2026-11-15", "100")).await.unwrap();
    assert_eq!(first.used_milli, Some(0));
    m.g.t.advance(TimeDelta::days(30));
    assert_eq!(code(m.take(read("2026-12-15", "99")).await), "billing.reading_odd");
    assert_eq!(code(m.take(read("2026-12-15", "9999")).await), "billing.reading_odd");
    for (on, value) in [("2026-12-23", "500"), ("2026-12-15", "500.1234")] {
        assert_eq!(code(m.take(read(on, value)).await), "billing.reading_absurd");
    }
    let other = NewReading { meter_number: "R-2".to_owned(), ..read("2026-12-15", "500") };
    assert_eq!(code(m.take(other).await), "billing.no_meter");
    let wrong = m.take(read("2026-12-15", "1500")).await.unwrap();
    let right = NewReading { corrects_id: Some(wrong.id), ..read("2026-12-15", "1050.5") };
    assert_eq!(code(m.take(right.clone()).await), "invalid");
    let right = NewReading { note: "抄错位".to_owned(), ..right };
    let right = m.take(right.clone()).await.unwrap();
    assert_eq!((right.used_milli, right.corrects_milli), (Some(950_500), Some(1_500_000)));
    let again = NewReading {
        corrects_id: Some(wrong.id),
        note: "再改".to_owned(),
        ..read("2026-12-15", "1051")
    };
    assert_eq!(code(m.take(again).await), "billing.reading_not_correctable");

    let mut tx = m.g.t.tx(&m.reader).await;
    let seen = list_readings(&mut tx, Some(m.home), None, false, None, None).await.unwrap().items;
    assert_eq!(seen.len(), 3);
    assert_eq!(seen.iter().filter(|r| r.corrected).map(|r| r.id).collect::<Vec<_>>(), [wrong.id]);
    assert_eq!(readings_of(&mut tx, m.home, 2).await.unwrap().len(), 2);
    let west = actor(nobody(), &[VIEW], "/hq/west/");
    let mut tx = m.g.t.tx(&west).await;
    assert!(list_readings(&mut tx, None, None, false, None, None).await.unwrap().items.is_empty());
}

/// accepts ME-01: of an imported list what can be is taken, odd ones are marked, and the rest
/// comes back line by line.
#[tokio::test]
async fn a_list_of_readings_is_taken_line_by_line() {
    let m = Meters::new().await;
    let mut tx = m.g.t.tx(&m.reader).await;
    let unknown = NewReading { meter_number: "X".to_owned(), ..read("2026-11-20", "1") };
    let lines = [read("2026-11-15", "100"), unknown, read("2026-11-16", "99")];
    let done = take_readings(&mut tx, &lines).await.unwrap();
    assert_eq!((done.taken, done.odd, done.refused.len()), (2, 1, 1));
    assert_eq!((done.refused[0].line, done.refused[0].meter_number.as_str()), (2, "X"));
    let odd = list_readings(&mut tx, None, None, true, None, None).await.unwrap().items;
    assert_eq!(odd[0].oddities, ["backwards"]);
    assert_eq!(code(take_readings(&mut tx, &[]).await), "invalid");
}

/// accepts ME-01 ME-05 BI-11: the season is settled against what was charged ahead by the pack's
/// mode; settled again after a correction, only the difference is posted, and twice is once.
#[tokio::test]
async fn a_season_is_settled_and_settled_again_after_a_correction() {
    let m = Meters::new().await;
    m.take(read("2026-11-15", "100")).await.unwrap();
    assert_eq!(code(m.settle("").await), "billing.season_runs");
    m.g.t.advance(TimeDelta::days(130));
    assert_eq!(code(m.settle("").await), "billing.reading_missing");
    let last = m.take(read("2027-03-16", "9100")).await.unwrap();
    let mut tx = m.g.t.tx(&m.reader).await;
    let planned = preview_settlement(&mut tx, m.home, m.g.season).await.unwrap();
    drop(tx);
    let settled = m.settle("").await.unwrap();
    // 9,000 kWh at 0.16 yuan; 70 % of 1,980 yuan were charged ahead
    assert_eq!((settled.version, settled.result.cost.get()), (1, 144_000));
    assert_eq!(
        (settled.inputs.used.prepaid.get(), settled.inputs.used.base.get()),
        (138_600, 59_400)
    );
    assert_eq!((&planned.result, &planned.inputs), (&settled.result, &settled.inputs));
    assert_eq!(m.g.owed(m.home).await, 198_000 + 5_400);
    assert_eq!(code(m.settle("再结").await), "billing.nothing_to_settle");

    let corrected = NewReading {
        corrects_id: Some(last.id),
        note: "表底抄错".to_owned(),
        ..read("2027-03-16", "8100")
    };
    m.take(corrected).await.unwrap();
    assert_eq!(code(m.settle(" ").await), "invalid");
    let second = m.settle("表底更正").await.unwrap();
    // 8,000 kWh cost 10,600 fen less than was charged ahead
    assert_eq!((second.version, second.result.cost.get()), (2, 128_000));
    assert_eq!(m.g.owed(m.home).await, 198_000 - 10_600);
    assert_eq!(m.g.count("select coalesce(sum(amount_fen), 0)::bigint from ledger.entry").await, 0);
    let edit =
        sqlx::query("update billing.settlement set reason = 'x'").execute(&m.g.t.owner).await;
    assert!(edit.is_err());
}
