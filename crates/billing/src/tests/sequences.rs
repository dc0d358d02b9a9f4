//! Business in any order: the book stays balanced, and what is charged is what the facts say.

use super::business::{Office, stop};
use super::ground::day;
use crate::permissions::{ADJUST, DECIDE, VIEW};
use crate::{
    AdjustmentKind, ApplicationForm as Form, ApplicationState as State, NewAdjustment,
    RefundReason, approve_adjustment, propose_adjustment,
};
use chrono::{Days, TimeDelta};
use kernel::Fen;
use testing::{actor, nobody};

/// A small source of chance, the same for the same seed.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % n
    }
}

async fn apply(o: &Office, home: usize, chance: &mut Chance) {
    let from = day("2026-11-15") + Days::new(chance.below(110));
    let room = (*o.homes[home]).into();
    let form = match chance.below(5) {
        0 | 1 => stop(&from.to_string(), &(from + Days::new(20 + chance.below(60))).to_string()),
        2 => Form::Restore { from },
        3 => Form::Area {
            from,
            premise_id: room,
            building_area: Some(format!("{}.5", 60 + chance.below(80)).parse().unwrap()),
            usable_area: None,
            heated_area: None,
            charged_area: None,
        },
        _ => {
            let classes = [directory::UserClass::Resident, directory::UserClass::Shop];
            let user_class = classes[usize::try_from(chance.below(2)).unwrap()];
            Form::Class { from, premise_id: room, user_class }
        }
    };
    let Ok(file) = o.submit(o.asks(home, form)).await else { return };
    let id = file.application.id;
    match file.application.state {
        State::Submitted => {
            let _ = o.check(&o.boss, id, Some("特批")).await;
        }
        State::Checked => {
            o.approve(&o.boss, id).await.unwrap();
        }
        _ => {}
    }
    if o.file(id).await.application.state == State::Approved {
        let moved = from + Days::new(chance.below(6));
        o.valve(id, &format!("{moved}T02:00:00Z")).await;
    }
}

async fn adjust(o: &Office, home: usize, chance: &mut Chance) {
    use AdjustmentKind::{CarryForward, Correction, Reduction, Refund};
    let kinds = [Reduction, Correction, CarryForward, Refund];
    let kind = kinds[usize::try_from(chance.below(4)).unwrap()];
    let fen = i64::try_from(chance.below(30_000)).unwrap() - 5_000;
    let keys = [VIEW, ADJUST, DECIDE, ledger::permissions::POST];
    let (clerk, boss) = (actor(nobody(), &keys, "/hq/"), actor(nobody(), &keys, "/hq/"));
    let wanted = NewAdjustment {
        kind,
        account_id: o.homes[home],
        season_id: Some(o.g.season),
        item: "heat".to_owned(),
        amount_fen: Fen::new(fen),
        reason_class: (kind == Refund).then_some(RefundReason::Policy),
        reason: "随机".to_owned(),
    };
    let mut tx = o.g.t.tx(&clerk).await;
    let Ok(proposed) = propose_adjustment(&mut tx, wanted).await else { return };
    tx.commit().await.unwrap();
    if proposed.posting_id.is_none() {
        let mut tx = o.g.t.tx(&boss).await;
        if approve_adjustment(&mut tx, proposed.id, "").await.is_ok() {
            tx.commit().await.unwrap();
        }
    }
}

/// accepts BI-06 BI-10 BI-12: any sequence of applications and adjustments, in any order, keeps
/// the book balanced; and what was charged, all corrections summed, is what the rules make of the
/// facts as they are believed at the end.
#[tokio::test]
async fn any_sequence_of_business_keeps_the_book_balanced() {
    for seed in [7, 2026] {
        let o = Office::new().await;
        o.g.t.advance(TimeDelta::days(-60));
        o.g.opened().await;
        let mut chance = Chance(seed);
        for _ in 0..24 {
            let home = usize::try_from(chance.below(2)).unwrap();
            if chance.below(3) == 0 {
                adjust(&o, home, &mut chance).await;
            } else {
                apply(&o, home, &mut chance).await;
            }
            o.g.t.advance(TimeDelta::minutes(7));
        }
        o.g.follow_facts().await;
        let sum = "select coalesce(sum(amount_fen), 0)::bigint from ledger.entry";
        assert_eq!(o.g.count(sum).await, 0);
        let done = o.g.count("select count(*) from billing.application where state = 'done'").await;
        assert!(done > 3, "{done} applications count: the test must have something to prove");
        let pack = tariff::demonstration_pack();
        let season = pack.season(2026).unwrap();
        for home in &o.homes[..2] {
            let mut tx = o.g.system().await;
            let facts = crate::facts_of(&mut tx, &season, *home).await.unwrap();
            let charge = tariff::season_charge(&pack, &season, &facts).unwrap();
            let charged: i64 = sqlx::query_scalar(
                "select coalesce(sum(e.amount_fen), 0)::bigint
                 from ledger.entry e join ledger.posting p on p.id = e.posting_id
                 where e.account_id = $1 and e.ledger = 'receivable'
                   and p.source not in ('adjustment', 'application')",
            )
            .bind(**home)
            .fetch_one(&o.g.t.app.pool)
            .await
            .unwrap();
            assert_eq!(charged, charge.total().unwrap().get(), "seed {seed}");
        }
    }
}
