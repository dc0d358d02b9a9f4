//! What the household's meter showed.

use super::*;

impl House {
    /// Makes the order one of a household with a heat meter that was read on three days.
    async fn metered(&self, order: OrderId) {
        let id = Uuid::new_v4();
        let mut up: Option<Uuid> = None;
        for kind in ["community", "building", "unit"] {
            let place = Uuid::new_v4();
            sqlx::query(
                "insert into directory.place (id, parent_id, kind, code, name, org_path, lng, lat)
                 values ($1, $2, $3, $3, $3, '/hq/east/s1/', 113.3, 40.1)",
            )
            .bind(place)
            .bind(up)
            .bind(kind)
            .execute(&self.t.app.pool)
            .await
            .unwrap();
            up = Some(place);
        }
        for sql in [
            "insert into directory.premise
               (id, unit_id, code, floor, room, address, building_area, heated_area, user_class,
                heating_manner, valve_state, org_path, lng, lat)
             select $1, id, 'x', 1, '101', 'x', 90, 80, 'resident', 'floor', 'open',
                    '/hq/east/s1/', 113.3, 40.1 from directory.place where kind = 'unit'",
            "insert into directory.person (id, name) values ($1, '王建国')",
            "insert into directory.account
               (id, account_no, premise_id, person_id, heat_use_state, org_path, grams, opened_on)
             values ($1, '1001', $1, $1, 'using', '/hq/east/s1/', '{}', '2020-10-15')",
            "insert into directory.meter (id, number, premise_id, kind, unit, valid_from)
             values ($1, 'R-1', $1, 'heat', 'kWh', '2020-10-15')",
            "insert into billing.reading
               (id, meter_id, read_on, value_milli, source, recorded_at, recorded_by_name)
             select gen_random_uuid(), $1, day, value, 'manual', '2026-11-20T00:00:00Z', 'x'
             from (values (date '2026-11-15', 1000000), ('2026-11-18', 1400000),
                          ('2026-11-20', 1650500)) as x (day, value)",
        ] {
            sqlx::query(sql).bind(id).execute(&self.t.owner).await.unwrap();
        }
        sqlx::query("update orders.work_order set account_id = $2 where id = $1")
            .bind(*order)
            .bind(id)
            .execute(&self.t.owner)
            .await
            .unwrap();
    }
}

/// accepts ME-03: at the door the repairer sees what the household's meter showed, newest first,
/// as long as the order is his
#[tokio::test]
async fn readings_of_the_household_are_seen_at_the_door() {
    let h = House::new().await;
    let (li, wu) = (h.t.staff("li", h.orgs.s1).await, h.t.staff("wu", h.orgs.s1).await);
    let id = h.order_for(li).await;
    let mut tx = h.t.tx(&phone(li)).await;
    assert!(crate::task(&mut tx, id).await.unwrap().readings.is_empty());
    drop(tx);
    h.metered(id).await;
    let mut tx = h.t.tx(&phone(li)).await;
    let shown = crate::task(&mut tx, id).await.unwrap().readings;
    let shown: Vec<_> = shown.iter().map(|r| (r.value_milli, r.used_milli)).collect();
    assert_eq!(shown[..2], [(1_650_500, Some(250_500)), (1_400_000, Some(400_000))]);
    assert_eq!(shown.len(), 3);
    drop(tx);
    h.give(id, wu, "换人").await;
    let mut tx = h.t.tx(&phone(li)).await;
    assert!(crate::task(&mut tx, id).await.is_err(), "it is another's now");
}
