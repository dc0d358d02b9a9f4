//! One matter, one chain.

use super::house::{Call, House};
use crate::{Chain, ChainEnd, NodeKind, chain};
use kernel::Error;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Everything that can be reached from `start`, along edges in either direction.
fn reached(chain: &Chain, start: ChainEnd) -> BTreeSet<ChainEnd> {
    let mut seen = BTreeSet::from([start]);
    let mut left = vec![start];
    while let Some(here) = left.pop() {
        for e in &chain.edges {
            for (a, b) in [(e.from, e.to), (e.to, e.from)] {
                if a == here && seen.insert(b) {
                    left.push(b);
                }
            }
        }
    }
    seen
}

fn nodes(chain: &Chain) -> BTreeSet<ChainEnd> {
    let of = |kind, list: &[crate::ChainNode]| {
        list.iter().map(move |n| ChainEnd { kind, id: n.id }).collect::<Vec<_>>()
    };
    [
        of(NodeKind::Call, &chain.calls),
        of(NodeKind::Recording, &chain.recordings),
        of(NodeKind::Order, &chain.orders),
        of(NodeKind::Visit, &chain.visits),
        of(NodeKind::Evidence, &chain.evidence),
        of(NodeKind::Temperature, &chain.temperatures),
        of(NodeKind::Revisit, &chain.revisits),
        of(NodeKind::Message, &chain.messages),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// accepts XB-01: from any node every other one is reached, whichever way one walks.
#[tokio::test]
async fn a_matter_is_one_chain_that_can_be_walked_from_any_node() {
    let h = House::new().await;
    let (filing, matter) = h.call(Call { account: Some(h.a), ..Call::default() }).await;
    let order = h.order(h.a, Some(filing)).await;
    let (revisit_call, _) = h.call(Call { account: Some(h.a), ..Call::default() }).await;
    let now = h.t.now();
    let link = "insert into orders.order_call values ($1, $2, 'revisit', $3)";
    h.run(sqlx::query(link).bind(*order).bind(*revisit_call).bind(now)).await;
    let file = "insert into files.file (id, name, media_type, size, sha256, purpose, created_at)
                values ($1, 'x', 'image/jpeg', 1, sha256('x'), 'evidence', $2)";
    let (photo, sound) = (Uuid::new_v4(), Uuid::new_v4());
    for id in [photo, sound] {
        h.run(sqlx::query(file).bind(id).bind(now)).await;
    }
    let recording = "insert into telephony.recording (call_id, name, state, started_at, file_id)
                     values ($1, 'r', 'stored', $2, $3)";
    h.run(sqlx::query(recording).bind(*filing).bind(now).bind(sound)).await;
    let (visit, id) = (Uuid::new_v4(), Uuid::new_v4());
    for (sql, ids) in [
        (
            "insert into field.visit (id, order_id, round, staff_id, accepted_at)
             values ($2, $3, 1, $4, $1)",
            [visit, *order, *h.agent],
        ),
        (
            "insert into field.evidence (id, visit_id, kind, file_id, taken_at, received_at)
             values ($2, $3, 'photo_before', $4, $1, $1)",
            [id, visit, photo],
        ),
        (
            "insert into field.temperature (id, visit_id, room, decidegrees, taken_at)
             select $2, $3, 'living', 185, $1 where $4::uuid is not null",
            [id, visit, id],
        ),
        (
            "insert into orders.revisit (id, order_id, round, state, due_at)
             select $2, $3, 1, 'open', $1 where $4::uuid is not null",
            [id, *order, id],
        ),
        (
            "insert into channels.message (id, reason, medium, receiver, template, body, matter_id,
               org_path, state, made_at, sent_at)
             select $2, 'r', 'sms', '13812345678', 'order_filed', '', $3, '/hq/', 'sent', $1, $1
             where $4::uuid is not null",
            [id, *matter, id],
        ),
    ] {
        h.run(sqlx::query(sql).bind(now).bind(ids[0]).bind(ids[1]).bind(ids[2])).await;
    }

    let mut tx = h.t.tx(&h.agent()).await;
    let c = chain(&mut tx, matter).await.unwrap();
    let all = nodes(&c);
    assert_eq!(all.len(), 9, "two calls, a recording, an order, and one of each other sort");
    for start in &all {
        assert_eq!(reached(&c, *start), all, "from {start:?}");
    }
    let whys: BTreeMap<&str, usize> = c.edges.iter().fold(BTreeMap::new(), |mut m, e| {
        *m.entry(e.why.as_str()).or_default() += 1;
        m
    });
    let expected =
        ["asked", "filing", "measured", "proved", "recorded", "revisit", "told", "visited"];
    assert_eq!(whys.into_iter().collect::<Vec<_>>(), expected.map(|w| (w, 1)));
    assert_eq!(c.temperatures[0].label, "living 18.5 ℃");
    assert_eq!(c.visits[0].label, "1 · agent");
}

#[tokio::test]
async fn a_matter_out_of_sight_is_not_there() {
    let h = House::new().await;
    let (call, matter) = h.call(Call { account: Some(h.a), ..Call::default() }).await;
    h.order(h.a, Some(call)).await;
    let keys = &[orders::permissions::VIEW];
    let mut tx = h.t.tx(&testing::actor(testing::nobody(), keys, "/hq/west/")).await;
    assert!(matches!(chain(&mut tx, matter).await, Err(Error::NotFound(_))));
    let unknown = h.t.app.new_id();
    let mut tx = h.t.tx(&h.agent()).await;
    assert!(matches!(chain(&mut tx, unknown).await, Err(Error::NotFound(_))));
    let alone = chain(&mut tx, matter).await.unwrap();
    assert_eq!((alone.calls.len(), alone.orders.len(), alone.edges.len()), (1, 1, 1));
}
