//! Click to call.

use super::hall::{Agent, Hall};
use crate::model::call::Party;
use crate::service::dial::{Called, Dial, Numbers, Purpose, dial};
use crate::{CallState, Outcome, SeatState};
use async_trait::async_trait;
use kernel::{CallId, Result, RevisitId, Tx};
use switch::{Cause, ChannelId, Endpoint, Prompt};
use uuid::Uuid;

struct Revisits;

#[async_trait]
impl Numbers for Revisits {
    async fn find(&self, tx: &mut Tx, _: Purpose) -> Result<Called> {
        let number = "13812345678".to_owned();
        Ok(Called { number, matter_id: tx.new_id(), account_id: None })
    }
}

async fn click(hall: &Hall, agent: &Agent, click: &Dial) -> CallId {
    let mut tx = hall.tx(agent).await;
    let call = dial(&mut tx, &hall.config(), &Revisits, click).await.unwrap();
    tx.commit().await.unwrap();
    hall.engine.touch(call.id);
    call.id
}

fn revisit() -> Dial {
    let revisit_id = Some(RevisitId::from(Uuid::new_v4()));
    Dial { number: None, order_id: None, revisit_id, purpose: String::new() }
}

async fn peer(hall: &Hall) -> ChannelId {
    let at = Endpoint::External("13812345678".to_owned());
    hall.until("the customer's phone rings", async || !hall.sim.ringing_at(&at).is_empty()).await;
    hall.sim.ringing_at(&at).remove(0)
}

/// accepts RV-01
#[tokio::test]
async fn the_agents_phone_rings_first_then_the_customers() {
    let hall = Hall::open().await;
    let agent = hall.ready_agent("anna", &["repair"]).await;
    let call = revisit();
    let id = click(&hall, &agent, &call).await;
    let leg = hall.rung(&agent).await;
    let at = Endpoint::External("13812345678".to_owned());
    assert!(hall.sim.ringing_at(&at).is_empty(), "nobody is called before the agent is there");
    hall.sim.other_answers(&leg);
    let peer = peer(&hall).await;
    assert_eq!(hall.seat(&agent).await, SeatState::Talking);
    hall.advance(6);
    hall.sim.other_answers(&peer);
    hall.together(&leg, &peer).await;
    hall.advance(40);
    hall.sim.other_hangs_up(&peer);
    let row = hall.call_is(id, CallState::Ended).await;
    assert_eq!((row.outcome, row.hung_up_by), (Some(Outcome::Answered), Some(Party::Peer)));
    assert_eq!(row.seconds(), 40);
    assert_eq!(row.purpose, format!("revisit/{}", call.revisit_id.unwrap()));
    hall.stored(id).await;
    hall.seat_is(&agent, SeatState::WrapUp).await;
    hall.quiet().await;
}

#[tokio::test]
async fn what_the_customers_phone_says_is_the_outcome() {
    let hall = Hall::open().await;
    let agent = hall.ready_agent("anna", &["repair"]).await;
    for (cause, outcome) in [
        (Cause::Busy, Outcome::Busy),
        (Cause::NoAnswer, Outcome::NoAnswer),
        (Cause::Rejected, Outcome::Rejected),
        (Cause::Unallocated, Outcome::Failed),
    ] {
        let id = click(&hall, &agent, &revisit()).await;
        let leg = hall.rung(&agent).await;
        hall.sim.other_answers(&leg);
        let peer = peer(&hall).await;
        hall.sim.other_refuses(&peer, cause);
        let row = hall.call_is(id, CallState::Ended).await;
        assert_eq!((row.outcome, row.answered_at), (Some(outcome), None));
        hall.seat_is(&agent, SeatState::Idle).await;
        hall.quiet().await;
    }
    let sql = "select count(*) from telephony.recording";
    assert_eq!(hall.count(sql).await, 0, "nobody spoke");
}

#[tokio::test]
async fn a_customer_who_never_answers_is_let_go() {
    let hall = Hall::open().await;
    let agent = hall.ready_agent("anna", &["repair"]).await;
    let id = click(&hall, &agent, &revisit()).await;
    let leg = hall.rung(&agent).await;
    hall.sim.other_answers(&leg);
    peer(&hall).await;
    hall.advance(61);
    let row = hall.call_is(id, CallState::Ended).await;
    assert_eq!((row.outcome, row.hung_up_by), (Some(Outcome::NoAnswer), Some(Party::System)));
    hall.seat_is(&agent, SeatState::Idle).await;
    hall.quiet().await;
}

#[tokio::test]
async fn an_agent_who_does_not_pick_up_calls_nobody() {
    let hall = Hall::open().await;
    let agent = hall.ready_agent("anna", &["repair"]).await;
    let id = click(&hall, &agent, &revisit()).await;
    hall.rung(&agent).await;
    hall.advance(31);
    let row = hall.call_is(id, CallState::Ended).await;
    assert_eq!((row.outcome, row.peer_channel), (Some(Outcome::Failed), None));
    hall.seat_is(&agent, SeatState::Away).await;
    hall.quiet().await;
}

#[tokio::test]
async fn an_agent_on_a_call_cannot_begin_another() {
    let hall = Hall::open().await;
    let agent = hall.ready_agent("anna", &["repair"]).await;
    let (caller, ..) = hall.conversation(&agent).await;
    let mut tx = hall.tx(&agent).await;
    let refused = dial(&mut tx, &hall.config(), &Revisits, &revisit()).await;
    assert_eq!(refused.unwrap_err().problem().code, "telephony.seat_busy");
    drop(tx);
    assert_eq!(hall.sim.playing(&caller), Vec::<Prompt>::new());
    assert_eq!(hall.count("select count(*) from telephony.call").await, 1);
}

/// A customer must not be called twice because our memory was lost.
#[tokio::test]
async fn a_restarted_server_does_not_dial_the_customer_again() {
    let mut hall = Hall::open().await;
    let agent = hall.ready_agent("anna", &["repair"]).await;
    let id = click(&hall, &agent, &revisit()).await;
    let leg = hall.rung(&agent).await;
    hall.sim.other_answers(&leg);
    let peer = peer(&hall).await;
    hall.kill().await;
    hall.sim.other_refuses(&peer, Cause::Busy);
    hall.restart().await;
    let row = hall.call_is(id, CallState::Ended).await;
    assert_eq!(row.answered_at, None);
    hall.quiet().await;
    let at = Endpoint::External("13812345678".to_owned());
    assert!(hall.sim.ringing_at(&at).is_empty());
}
