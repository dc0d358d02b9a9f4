//! Who is rung for whom.

use super::hall::Hall;
use crate::model::queue::{Free, Line, Strategy, Waiting, pair};
use crate::{CallState, SeatState};
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{CallId, QueueId, UserId};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

fn at(second: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(second)
}

fn id<T: From<Uuid>>(n: u128) -> T {
    Uuid::from_u128(n).into()
}

fn line(strategy: Strategy, members: &[u128], last_rung: Option<u128>) -> Line {
    let members = members.iter().map(|m| id(*m)).collect();
    Line { queue: id(1), strategy, members, last_rung: last_rung.map(id) }
}

fn first(line: Line, free: &[(u128, i64)]) -> Option<u128> {
    let waiting = [Waiting { call: id(100), queue: id(1), arrived_at: at(0) }];
    let free: Vec<_> =
        free.iter().map(|(n, s)| Free { agent: id(*n), idle_since: at(*s) }).collect();
    pair(&waiting, &[line], &free, 7).first().map(|(_, agent)| agent.as_u128())
}

/// accepts AC-06 AC-07 AC-10
#[test]
fn each_order_names_its_agent() {
    let free = [(11, 30), (12, 10), (13, 20)];
    let all = [11, 12, 13];
    for (line, expected) in [
        (line(Strategy::LongestIdle, &all, None), Some(12)),
        (line(Strategy::LongestIdle, &[11, 13], None), Some(13)),
        (line(Strategy::Sequential, &all, Some(11)), Some(11)),
        (line(Strategy::RoundRobin, &all, Some(11)), Some(12)),
        (line(Strategy::RoundRobin, &all, Some(13)), Some(11)),
        (line(Strategy::RoundRobin, &all, Some(99)), Some(11)),
        (line(Strategy::RoundRobin, &[10, 12], Some(12)), Some(12)),
        (line(Strategy::Sequential, &[98, 99], None), None),
    ] {
        assert_eq!(first(line.clone(), &free), expected, "{line:?}");
    }
}

/// accepts AC-08
#[test]
fn by_lot_everybody_has_a_turn() {
    let members = [11, 12, 13, 14];
    let mut turns: BTreeMap<u128, u32> = BTreeMap::new();
    for seed in 0..400 {
        let waiting = [Waiting { call: id(100), queue: id(1), arrived_at: at(0) }];
        let free: Vec<_> =
            members.iter().map(|m| Free { agent: id(*m), idle_since: at(0) }).collect();
        let pairs = pair(&waiting, &[line(Strategy::Random, &members, None)], &free, seed);
        *turns.entry(pairs[0].1.as_u128()).or_default() += 1;
    }
    assert!(turns.len() == 4 && turns.values().all(|n| (60..140).contains(n)), "{turns:?}");
}

proptest! {
    /// accepts AC-02 AC-13
    #[test]
    fn nobody_is_given_twice_and_nobody_is_overtaken(
        waiting in prop::collection::btree_map(0..60u128, (1..4u128, 0..100i64), 0..20),
        members in prop::collection::vec(prop::collection::vec(100..110u128, 0..8), 3),
        free in prop::collection::btree_map(100..110u128, 0..100i64, 0..10),
        seed: u64,
    ) {
        let strategies = [Strategy::LongestIdle, Strategy::RoundRobin, Strategy::Random];
        let waiting: Vec<Waiting> = waiting
            .into_iter()
            .map(|(c, (q, s))| Waiting { call: id(c), queue: id(q), arrived_at: at(s) })
            .collect();
        let lines: Vec<Line> = (1..4u128)
            .zip(strategies)
            .zip(&members)
            .map(|((q, strategy), m)| {
                let members = m.iter().map(|m| id(*m)).collect();
                Line { queue: id(q), strategy, members, last_rung: None }
            })
            .collect();
        let free: Vec<Free> =
            free.into_iter().map(|(a, s)| Free { agent: id(a), idle_since: at(s) }).collect();
        let pairs = pair(&waiting, &lines, &free, seed);
        let calls: BTreeSet<CallId> = pairs.iter().map(|p| p.0).collect();
        let agents: BTreeSet<UserId> = pairs.iter().map(|p| p.1).collect();
        prop_assert_eq!((calls.len(), agents.len()), (pairs.len(), pairs.len()));
        let served = |w: &Waiting| calls.contains(&w.call);
        for w in &waiting {
            let members = |q: QueueId| lines.iter().find(|l| l.queue == q).map(|l| &l.members);
            let of_queue = members(w.queue).unwrap();
            if let Some((_, agent)) = pairs.iter().find(|p| p.0 == w.call) {
                prop_assert!(of_queue.contains(agent));
            } else {
                // whoever is left has no free agent left, and was not overtaken in the queue
                let idle = free.iter().filter(|f| !agents.contains(&f.agent));
                prop_assert!(!idle.into_iter().any(|f| of_queue.contains(&f.agent)));
                let later = |o: &&Waiting| {
                    o.queue == w.queue && (o.arrived_at, o.call) > (w.arrived_at, w.call)
                };
                prop_assert!(!waiting.iter().filter(later).any(served));
            }
        }
    }
}

/// Two queues never ring one agent twice.
#[tokio::test]
async fn many_callers_of_two_queues_share_one_agent_one_at_a_time() {
    let hall = Hall::open().await;
    let mut calls = Vec::new();
    for n in 0..12 {
        let key = if n % 2 == 0 { '1' } else { '2' };
        calls.push(hall.choose(&format!("138000000{n:02}"), key).await);
        hall.advance(1);
    }
    let agent = hall.ready_agent("anna", &["repair", "fee"]).await;
    for (caller, id) in &calls {
        // in the order of arrival
        hall.call_is(*id, CallState::Ringing).await;
        hall.rung(&agent).await;
        assert_eq!(hall.ringing(&agent).len(), 1);
        let held = "select count(*) from telephony.call where state = 'ringing'";
        assert_eq!(hall.count(held).await, 1);
        hall.sim.other_hangs_up(caller);
        hall.call_is(*id, CallState::Ended).await;
    }
    hall.seat_is(&agent, SeatState::Idle).await;
    let overlap = "select count(*) from telephony.offer a join telephony.offer b
                   on a.agent_id = b.agent_id and a.call_id < b.call_id
                   and a.offered_at < b.ended_at and b.offered_at < a.ended_at";
    assert_eq!(hall.count(overlap).await, 0);
}

/// Claims race on the database itself: of many at once, one wins.
#[tokio::test]
async fn an_agent_is_claimed_once_however_many_try() {
    let hall = Hall::open().await;
    let agent = hall.ready_agent("anna", &[]).await;
    let mut calls = Vec::new();
    for n in 0..8 {
        calls.push(hall.choose(&format!("1380000000{n}"), '1').await.1);
    }
    let claims = calls.into_iter().map(|call| {
        let (app, agent) = (hall.t.app.clone(), agent.id);
        async move {
            let mut tx = app.begin(kernel::Actor::system("race")).await.unwrap();
            let won = crate::engine::apply::claim(&mut tx, agent, call, &["idle"]).await.unwrap();
            if won {
                tx.commit().await.unwrap();
            }
            won
        }
    });
    let won = futures_util::future::join_all(claims).await;
    assert_eq!(won.into_iter().filter(|w| *w).count(), 1);
}
