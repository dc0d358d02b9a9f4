//! Proposing and giving.

use crate::model::{DispatchRule, Facts, NobodyFree, Proposal, judge};
use crate::permissions::{ASSIGN, VIEW};
use crate::store;
use chrono::TimeDelta;
use kernel::{Error, OrderId, ProposalId, Result, Scope, Tx, UserId};
use orders::{DispatchTo, Manner, Order, State, WorkOrder};
use serde_json::Value;

/// A dispatcher's choice.
#[derive(Clone, Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AssignOrder)]
pub struct Assign {
    /// The repairer.
    pub staff_id: UserId,
    /// The proposal that the choice was made from.
    pub proposal_id: Option<ProposalId>,
    /// Why: needed when he is not the first of the ranking, and when the order changes hands.
    pub reason: Option<String>,
}

/// How long a repairer may leave an order untouched beyond its limit for accepting.
pub(crate) const PATIENCE: TimeDelta = TimeDelta::minutes(10);

/// Who should go, by the facts of this moment; kept, whatever is decided.
pub async fn propose(tx: &mut Tx, id: OrderId) -> Result<Proposal> {
    let scope = tx.scope(VIEW)?;
    let facts = store::facts(tx, &scope, id).await?;
    if !to_be_dispatched(facts.state) {
        return Err(DispatchRule::NotToBeDispatched.into());
    }
    let proposal = weigh(tx, &facts).await?;
    store::keep(tx, &facts, &proposal).await?;
    Ok(proposal)
}

/// Gives the order to the repairer that a person chose. A choice made before somebody else gave
/// the order is stale: two dispatchers do not overrule each other unawares.
pub async fn assign(tx: &mut Tx, id: OrderId, choice: Assign) -> Result<Order> {
    let order = orders::lock(tx, ASSIGN, id).await?;
    if !to_be_dispatched(order.state) {
        return Err(DispatchRule::NotToBeDispatched.into());
    }
    let proposal_id = match choice.proposal_id {
        Some(id) => id,
        None => propose_locked(tx, id).await?,
    };
    let stored = store::find(tx, proposal_id).await?;
    if stored.order_id != id {
        return Err(Error::NotFound("proposal"));
    }
    if stored.decided || stored.round != order.round || stored.assigned_to != order.assignee_id {
        return Err(Error::Stale);
    }
    if !stored.considered(choice.staff_id) {
        return Err(DispatchRule::NotACandidate.into());
    }
    let reason = choice.reason.unwrap_or_default().trim().to_owned();
    let first = stored.first() == Some(choice.staff_id);
    if reason.is_empty() && (!first || order.assignee_id.is_some()) {
        return Err(DispatchRule::ReasonNeeded.into());
    }
    let manner = if first { Manner::Proposed } else { Manner::Other };
    let given = Given { proposal_id, to: choice.staff_id, manner, reason };
    hand_over(tx, id, given, &stored.ranking).await
}

/// Gives the order to the first of a fresh ranking.
pub async fn auto(tx: &mut Tx, id: OrderId) -> Result<Order> {
    let order = orders::lock(tx, ASSIGN, id).await?;
    match order.state {
        State::Filed => {}
        state if state.is_in_hand() => return Err(DispatchRule::AlreadyDispatched.into()),
        _ => return Err(DispatchRule::NotToBeDispatched.into()),
    }
    let facts = store::facts(tx, &Scope::all(), id).await?;
    let proposal = weigh(tx, &facts).await?;
    let first = proposal.ranked.first().ok_or(DispatchRule::NobodyFree)?.staff_id;
    take(tx, &facts, &proposal, first, String::new()).await
}

/// Gives an order that was filed, returned or reopened, where the house wants that done without
/// a person. One that is given already, or not wanted, is left alone: run it as often as you like.
pub(crate) async fn give_if_automatic(tx: &mut Tx, id: OrderId) -> Result<()> {
    let order = orders::lock(tx, ASSIGN, id).await?;
    if order.state != State::Filed || !wanted(tx, &order).await? {
        return Ok(());
    }
    let facts = store::facts(tx, &Scope::all(), id).await?;
    let proposal = weigh(tx, &facts).await?;
    if let Some(first) = proposal.ranked.first() {
        take(tx, &facts, &proposal, first.staff_id, String::new()).await?;
    } else if !store::was_proposed(tx, id, order.round).await? {
        store::keep(tx, &facts, &proposal).await?;
        tx.emit(&NobodyFree {
            order_id: id,
            matter_id: facts.matter_id,
            org_path: facts.org_path,
            proposal_id: proposal.id,
            considered: proposal.excluded.len(),
        })?;
    }
    Ok(())
}

/// Gives an order to somebody else when its repairer has not touched it in time.
pub(crate) async fn take_back_if_untouched(tx: &mut Tx, id: OrderId) -> Result<()> {
    let order = orders::lock(tx, ASSIGN, id).await?;
    let now = tx.now();
    let untouched = order.state == State::Dispatched
        && order.accept_due < now
        && order.dispatched_at.is_some_and(|at| at < now - PATIENCE);
    if !untouched || !wanted(tx, &order).await? {
        return Ok(());
    }
    let facts = store::facts(tx, &Scope::all(), id).await?;
    let proposal = weigh(tx, &facts).await?;
    let other = proposal.ranked.iter().find(|r| Some(r.staff_id) != order.assignee_id);
    if let Some(other) = other {
        let reason = "超时未接单，自动改派".to_owned();
        take(tx, &facts, &proposal, other.staff_id, reason).await?;
    }
    Ok(())
}

struct Given {
    proposal_id: ProposalId,
    to: UserId,
    manner: Manner,
    reason: String,
}

async fn take(
    tx: &mut Tx,
    facts: &Facts,
    proposal: &Proposal,
    to: UserId,
    reason: String,
) -> Result<Order> {
    store::keep(tx, facts, proposal).await?;
    let given = Given { proposal_id: proposal.id, to, manner: Manner::Automatic, reason };
    hand_over(tx, facts.order_id, given, &proposal.to_stored()).await
}

async fn hand_over(tx: &mut Tx, id: OrderId, given: Given, ranking: &Value) -> Result<Order> {
    let Given { proposal_id, to, manner, reason } = given;
    store::decide(tx, proposal_id, to, manner).await?;
    let ranking = Some(Proposal::to_told(ranking, proposal_id));
    orders::dispatch_to(tx, id, DispatchTo { staff_id: to, reason, ranking, manner }).await
}

async fn propose_locked(tx: &mut Tx, id: OrderId) -> Result<ProposalId> {
    let facts = store::facts(tx, &Scope::all(), id).await?;
    let proposal = weigh(tx, &facts).await?;
    store::keep(tx, &facts, &proposal).await?;
    Ok(proposal.id)
}

async fn weigh(tx: &mut Tx, facts: &Facts) -> Result<Proposal> {
    let workers = store::workers_for(tx, facts).await?;
    Ok(judge(tx.new_id(), facts, &workers, tx.now()))
}

async fn wanted(tx: &mut Tx, order: &WorkOrder) -> Result<bool> {
    Ok(order.policy.needs_visit && store::automatic(tx, &order.org_path).await?)
}

fn to_be_dispatched(state: State) -> bool {
    state == State::Filed || state.is_in_hand()
}
