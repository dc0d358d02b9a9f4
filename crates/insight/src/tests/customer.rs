use super::house::{AGENT, House};
use crate::{customer, pop_of_household, repairs};
use chrono::TimeDelta;
use kernel::{AccountId, Error, OrderId};
use uuid::Uuid;

impl House {
    /// A water account at `a`'s address, with a company of its own.
    async fn water(&self) -> AccountId {
        let id: AccountId = self.t.app.new_id();
        self.run(
            sqlx::query(
                "with org as (
                   insert into identity.org (id, parent_id, kind, code, name, path)
                   select $1, id, 'branch', 'water', 'water', '/hq/water/' from identity.org
                   where path = '/hq/')
                 insert into directory.account
                   (id, account_no, utility, premise_id, person_id, heat_use_state, org_path,
                    grams, opened_on)
                 select $1, 'W1', 'water', premise_id, person_id, 'using', '/hq/water/', '{}',
                        '2020-10-15'
                 from directory.account where id = $2",
            )
            .bind(*id)
            .bind(*self.a),
        )
        .await;
        id
    }

    /// Work that was done, with a picture and a paid part.
    async fn worked(&self, order: OrderId) {
        let (id, now) = (Uuid::new_v4(), self.t.now());
        for sql in [
            "update orders.work_order set cause = 'air_lock', resolution = '已排气',
               finished_at = $3, assignee_id = $4, satisfaction = 'unsatisfied', round = 2,
               chases = 3 where id = $1 and $2::uuid is not null",
            "insert into files.file (id, sha256, size, media_type, name, purpose, created_at)
             select $2, decode(repeat('ab', 32), 'hex'), 3, 'image/png', 'a.png', 'photo', $3
             where $1::uuid is not null and $4::uuid is not null",
            "insert into field.visit (id, order_id, round, staff_id, accepted_at)
             values ($2, $1, 1, $4, $3)",
            "insert into field.evidence (id, visit_id, kind, file_id, taken_at, received_at)
             select $2, $2, 'photo_after', $2, $3, $3
             where $1::uuid is not null and $4::uuid is not null",
        ] {
            let done = sqlx::query(sql).bind(*order).bind(id).bind(now).bind(*self.agent);
            done.execute(&self.t.owner).await.expect("the statement runs");
        }
    }
}

/// accepts ME-03 BI-33: the agent sees what the household's meter showed while it rings
#[tokio::test]
async fn the_pop_shows_what_the_meter_showed() {
    let h = House::new().await;
    for sql in [
        "insert into directory.meter (id, number, premise_id, kind, unit, valid_from)
         values ($1, 'R-1', $1, 'heat', 'kWh', '2020-10-15')",
        "insert into billing.reading
           (id, meter_id, read_on, value_milli, source, recorded_at, recorded_by_name)
         select gen_random_uuid(), $1, day, value, 'manual', '2026-11-20T00:00:00Z', 'x'
         from (values (date '2026-11-15', 1000000), ('2026-11-18', 1400000)) as x (day, value)",
    ] {
        sqlx::query(sql).bind(*h.a).execute(&h.t.owner).await.expect("the statement runs");
    }
    let mut tx = h.t.tx(&h.agent()).await;
    let shown = pop_of_household(&mut tx, h.a).await.unwrap().readings;
    assert_eq!(shown.iter().map(|r| r.value_milli).collect::<Vec<_>>(), [1_400_000, 1_000_000]);
    assert_eq!((shown[0].used_milli, shown[0].unit.as_str()), (Some(400_000), "kWh"));
    assert!(
        pop_of_household(&mut tx, h.b).await.unwrap().readings.is_empty(),
        "not the neighbour's"
    );
}

/// accepts CU-07 CU-09 MU-04: one page knows a customer over all companies, and what was ever
/// repaired at his address: cause, work, who, how it was judged, and the pictures
#[tokio::test]
async fn a_customer_is_known_across_utilities_with_his_repair_file() {
    let h = House::new().await;
    let water = h.water().await;
    let first = h.order(h.a, None).await;
    h.worked(first).await;
    h.t.advance(TimeDelta::minutes(1));
    let tap = h.order(water, None).await;
    h.order(h.b, None).await;
    let mut tx = h.t.tx(&h.agent()).await;
    for asked in [h.a, water] {
        let c = customer(&mut tx, asked).await.unwrap();
        let of = |u: &crate::UtilityStanding| (u.account.utility.clone(), u.open_orders, u.orders);
        let stand: Vec<_> = c.utilities.iter().map(of).collect();
        assert_eq!(stand, [("heat".to_owned(), 1, 1), ("water".to_owned(), 1, 1)]);
        let y = &c.year;
        assert_eq!((y.repairs, y.complaints, y.chases, y.reworks, y.unsatisfied), (2, 0, 3, 1, 1));
    }
    let file = repairs(&mut tx, h.a).await.unwrap();
    let shown: Vec<_> = file.iter().map(|r| (r.order_id, r.utility.as_str())).collect();
    assert_eq!(shown, [(tap, "water"), (first, "heat")], "newest first, whichever company");
    let done = &file[1];
    assert_eq!((done.cause_name.as_deref(), done.side.as_deref()), (Some("气堵"), Some("user")));
    assert_eq!((done.resolution.as_str(), done.round), ("已排气", 2));
    assert_eq!(done.assignee_name.as_deref(), Some("agent"));
    assert_eq!(done.proofs.0.len(), 1);
    assert_eq!(done.proofs.0[0].kind, "photo_after");
    let pop = pop_of_household(&mut tx, h.a).await.unwrap();
    let offered: Vec<_> = pop.utilities.iter().map(|u| u.account_id).collect();
    assert_eq!(offered, [h.a, water], "filing offers each company");
    drop(tx);

    let east = testing::actor(h.agent, AGENT, "/hq/east/");
    let mut tx = h.t.tx(&east).await;
    let c = customer(&mut tx, h.a).await.unwrap();
    assert_eq!(c.utilities.len(), 1, "the other company's account is out of sight");
    assert_eq!(repairs(&mut tx, h.a).await.unwrap().len(), 1);
    assert!(matches!(customer(&mut tx, h.west).await, Err(Error::NotFound(_))));
    drop(tx);
    let keys: Vec<_> = AGENT.iter().copied().filter(|k| *k != ledger::permissions::VIEW).collect();
    let mut tx = h.t.tx(&testing::actor(h.agent, &keys, "/hq/")).await;
    let c = customer(&mut tx, h.a).await.unwrap();
    assert!(c.seasons.is_empty() && c.utilities.iter().all(|u| u.owed_fen.is_none()));
}
