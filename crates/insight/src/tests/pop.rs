//! The screen that pops while it rings.

use super::house::{AGENT, Call, House};
use crate::permissions::POP;
use crate::{pop, pop_of_household};
use chrono::TimeDelta;
use directory::Match;
use kernel::{Actor, Error, Fen};
use notices::{Kind, NewNotice, Reading};

const RINGING: Call = Call {
    number: "13812345678",
    account: None,
    state: "ringing",
    outcome: None,
    ago: [Some(1), Some(1), None, None],
    agent: true,
    path: "/hq/",
};

async fn surroundings(h: &House) {
    let mut tx = h.t.app.begin(Actor::system("test")).await.unwrap();
    let reading = Reading {
        node_id: h.station.into(),
        at: h.t.now() - TimeDelta::minutes(5),
        supply_decidegrees: 452,
        return_decidegrees: 361,
        supply_kpa: 380,
        return_kpa: 260,
        flow_lph: 21_000,
    };
    notices::record(&mut tx, &[reading]).await.unwrap();
    let new = NewNotice {
        kind: Kind::Works,
        title: "换热站检修".to_owned(),
        body: String::new(),
        place_id: None,
        node_id: Some(h.station.into()),
        starts_at: None,
        expected_end_at: None,
    };
    notices::publish(&mut tx, new).await.unwrap();
    let line = |ledger, account_id, fen| ledger::Line {
        account_id,
        ..ledger::Line::house(ledger, "heat", Fen::new(fen))
    };
    let bill = ledger::Posting {
        source: "bill".to_owned(),
        source_id: "1".to_owned(),
        corrects_id: None,
        memo: String::new(),
        channel: None,
        valid_on: "2026-10-15".parse().unwrap(),
        lines: vec![
            line(ledger::Ledger::Receivable, Some(h.a), 180_000),
            line(ledger::Ledger::Revenue, None, -180_000),
        ],
    };
    ledger::post(&mut tx, bill).await.unwrap();
    tx.commit().await.unwrap();
}

/// accepts AD-01 AD-02 AD-03 AD-04 AD-05 AD-06 AD-07 AD-09 AD-10 CH-01: who, where, in what
/// state, what owed, what before, what next door, what of the station, in one request.
#[tokio::test]
async fn a_known_number_pops_everything_at_once() {
    let h = House::new().await;
    surroundings(&h).await;
    let (earlier, _) = h.call(Call { account: Some(h.a), ..Call::default() }).await;
    let settled = h.order(h.a, Some(earlier)).await;
    let close = "update orders.work_order set state = 'closed', closed_at = $2, next_due = null,
                   warn_at = null where id = $1";
    h.set(settled, close, h.t.now()).await;
    let open = h.order(h.a, None).await;
    let next_door = h.order(h.b, None).await;
    let same_riser = h.order(h.c, None).await;
    h.order(h.west, None).await;
    let (ringing, _) = h.call(RINGING).await;

    let mut tx = h.t.tx(&h.agent()).await;
    let p = pop(&mut tx, ringing).await.unwrap();
    assert_eq!((p.matched, p.candidates.len()), (Match::One, 1));
    let account = p.account.unwrap();
    assert_eq!((account.id, account.name.as_str()), (h.a, "a"));
    assert_eq!((account.heat_use_state.as_str(), account.valve_state.as_str()), ("using", "open"));
    assert_eq!(p.balance.unwrap().arrears_fen, Fen::new(180_000));
    assert_eq!(p.past_calls.iter().map(|c| c.id).collect::<Vec<_>>(), [earlier]);
    let ids = |orders: &[orders::Order]| orders.iter().map(|o| o.id).collect::<Vec<_>>();
    assert_eq!(ids(&p.past_orders), [settled]);
    assert_eq!(ids(&p.open_orders), [open]);
    assert_eq!(ids(&p.same_unit), [next_door]);
    assert_eq!(ids(&p.same_riser), [same_riser]);
    let station = p.station.unwrap();
    assert_eq!((station.now.supply_decidegrees, station.recent.len()), (452, 1));
    assert_eq!(p.notices[0].title, "换热站检修");
    let call = p.call.unwrap();
    assert_eq!((call.id, call.peer_number.as_str()), (ringing, "13812345678"), "my live call");

    let same = pop_of_household(&mut tx, h.a).await.unwrap();
    assert!(same.call.is_none());
    assert_eq!(ids(&same.open_orders), [open]);
    assert_eq!(same.past_calls.iter().map(|c| c.id).collect::<Vec<_>>(), [earlier]);
}

/// accepts AD-01: an unknown number, a number of several, and a call that was identified.
#[tokio::test]
async fn an_unknown_number_pops_its_own_history_and_several_wait_for_a_choice() {
    let h = House::new().await;
    let unknown = Call { number: "18800000000", ..RINGING };
    let (before, _) = h.call(Call { number: "18800000000", ..Call::default() }).await;
    let (ringing, _) = h.call(Call { agent: false, ..unknown }).await;
    let mut tx = h.t.tx(&h.agent()).await;
    let p = pop(&mut tx, ringing).await.unwrap();
    assert_eq!(p.matched, Match::Unknown);
    assert!(p.account.is_none() && p.candidates.is_empty() && p.balance.is_none());
    assert_eq!(p.past_calls.iter().map(|c| c.id).collect::<Vec<_>>(), [before]);
    drop(tx);

    let bind = "insert into directory.phone_binding (number, account_id, bound_at)
                values ('13812345678', $1, $2)";
    h.run(sqlx::query(bind).bind(*h.b).bind(h.t.now())).await;
    let (several, _) = h.call(Call { agent: false, ..RINGING }).await;
    let mut tx = h.t.tx(&h.agent()).await;
    let p = pop(&mut tx, several).await.unwrap();
    assert_eq!((p.matched, p.candidates.len()), (Match::Several, 2));
    assert!(p.account.is_none(), "a person chooses");
    assert!(p.candidates[0].bound && p.candidates[0].hit.account_id == h.b);
    drop(tx);
    let (identified, _) = h.call(Call { account: Some(h.b), ..RINGING }).await;
    let mut tx = h.t.tx(&h.agent()).await;
    let p = pop(&mut tx, identified).await.unwrap();
    assert_eq!(p.account.map(|a| a.id), Some(h.b));
}

/// A part for which the key is missing stays empty; without the pop's own key there is no pop.
#[tokio::test]
async fn who_may_not_see_money_gets_the_pop_without_it() {
    let h = House::new().await;
    let (ringing, _) = h.call(RINGING).await;
    let keys: Vec<_> = AGENT.iter().copied().filter(|k| *k != ledger::permissions::VIEW).collect();
    let mut tx = h.t.tx(&testing::actor(h.agent, &keys, "/hq/")).await;
    let p = pop(&mut tx, ringing).await.unwrap();
    assert!(p.balance.is_none() && p.account.is_some());
    drop(tx);
    let keys: Vec<_> = AGENT.iter().copied().filter(|k| *k != POP).collect();
    let mut tx = h.t.tx(&testing::actor(h.agent, &keys, "/hq/")).await;
    assert!(matches!(pop(&mut tx, ringing).await, Err(Error::Forbidden(p)) if p == POP));
    drop(tx);
    let stranger = testing::actor(testing::nobody(), AGENT, "/hq/west/");
    let mut tx = h.t.tx(&stranger).await;
    assert!(matches!(pop(&mut tx, ringing).await, Err(Error::NotFound(_))));
    assert!(matches!(pop_of_household(&mut tx, h.a).await, Err(Error::NotFound(_))));
}
