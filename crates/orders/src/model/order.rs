//! An order as its rules see it. Each step is a method: it asks the table, sets the facts that
//! the new state implies, and starts the limit that runs next.

use super::{Action, Limits, Next, OrderRule, Policy, Satisfaction, State, Urgency, at_risk};
use chrono::{DateTime, Utc};
use kernel::{AccountId, MatterId, OrderId, OrgId, Point, UserId};

type Instant = DateTime<Utc>;
type Step = Result<(), OrderRule>;

/// An order, locked and about to be changed. The instants are those of the present round:
/// earlier rounds stand in the events and in the field's visits.
#[derive(Clone, Debug)]
pub struct WorkOrder {
    /// Its id.
    pub id: OrderId,
    /// Its number, as people say it.
    pub no: String,
    /// The matter that it belongs to.
    pub matter_id: MatterId,
    /// Its kind's key.
    pub kind: String,
    /// Its kind's promises.
    pub policy: Policy,
    /// How much it presses.
    pub urgency: Urgency,
    /// How it stands.
    pub state: State,
    /// 1 for the first visit; each rework adds one.
    pub round: i32,
    /// The household.
    pub account_id: Option<AccountId>,
    /// Whom to ring, unmasked.
    pub contact_phone: String,
    /// The station that is responsible.
    pub org_id: OrgId,
    /// Its path.
    pub org_path: String,
    /// The repairer who has it.
    pub assignee_id: Option<UserId>,
    /// Who answers for it.
    pub supervisor_id: Option<UserId>,
    /// Start of the appointment.
    pub appointment_from: Option<Instant>,
    /// End of the appointment.
    pub appointment_to: Option<Instant>,
    /// Limit for accepting.
    pub accept_due: Instant,
    /// Limit for arriving.
    pub arrive_due: Instant,
    /// Limit for finishing.
    pub finish_due: Instant,
    /// Limit for auditing and asking the customer.
    pub revisit_due: Option<Instant>,
    /// The limit that runs now.
    pub next_due: Option<Instant>,
    /// When the next warning about it is due.
    pub warn_at: Option<Instant>,
    /// How often the customer pressed for it.
    pub chases: i32,
    /// What the repairer found.
    pub cause: Option<String>,
    /// How it was settled.
    pub resolution: String,
    /// What the customer said last.
    pub satisfaction: Option<Satisfaction>,
    /// When it was filed.
    pub opened_at: Instant,
    /// When it was given to the repairer.
    pub dispatched_at: Option<Instant>,
    /// When he confirmed.
    pub accepted_at: Option<Instant>,
    /// When he left.
    pub set_out_at: Option<Instant>,
    /// When he arrived.
    pub arrived_at: Option<Instant>,
    /// When he was done.
    pub finished_at: Option<Instant>,
    /// When all was settled.
    pub closed_at: Option<Instant>,
    /// Counts changes.
    pub version: i32,
}

/// What a repairer does with the order that he has.
#[derive(Clone, Debug)]
pub enum FieldStep {
    /// Confirms it.
    Accept,
    /// Leaves for it.
    SetOut,
    /// Is there.
    Arrive {
        /// Where he stood, if his phone knew.
        point: Option<Point>,
        /// How sure the phone was, metres.
        accuracy_m: Option<f64>,
    },
    /// Is done.
    Finish {
        /// What he found: a cause's key.
        cause: String,
        /// What he did.
        note: String,
        /// Whether everything that the kind asks for was handed in.
        evidence_complete: bool,
    },
    /// Gives it back.
    Return {
        /// Why.
        reason: String,
    },
}

impl WorkOrder {
    /// What must happen next.
    pub fn next_step(&self) -> Option<Next> {
        Next::of(self.state, self.policy.needs_visit)
    }

    /// Who goes, or goes instead; a change of hands needs a reason.
    pub fn dispatch(&mut self, to: UserId, reason: &str, now: Instant) -> Step {
        let state = self.state.step(Action::Dispatch, State::Dispatched)?;
        if self.assignee_id == Some(to) {
            return Err(OrderRule::AlreadyTheirs);
        }
        if self.assignee_id.is_some() && reason.trim().is_empty() {
            return Err(OrderRule::ReasonNeeded);
        }
        self.forget_visit();
        self.assignee_id = Some(to);
        self.dispatched_at = Some(now);
        self.enter(state, now);
        Ok(())
    }

    /// A step of the repairer `who`, made at `at`: a phone without a signal tells of it later.
    /// Gives the instant that counts: never in the future, never before the step before it.
    pub fn advance(
        &mut self,
        who: UserId,
        step: &FieldStep,
        at: Instant,
        now: Instant,
    ) -> Result<Instant, OrderRule> {
        if self.assignee_id != Some(who) {
            return Err(OrderRule::NotYours);
        }
        let at = at.min(now).max(self.last_step_at());
        match step {
            FieldStep::Accept => {
                let state = self.state.step(Action::Accept, State::Accepted)?;
                self.accepted_at = Some(at);
                self.enter(state, at);
            }
            FieldStep::SetOut => {
                let state = self.state.step(Action::SetOut, State::EnRoute)?;
                self.set_out_at = Some(at);
                self.go_on(state);
            }
            FieldStep::Arrive { .. } => {
                let state = self.state.step(Action::Arrive, State::OnSite)?;
                self.arrived_at = Some(at);
                self.enter(state, at);
            }
            FieldStep::Finish { cause, note, .. } => {
                let state = self.state.step(Action::Finish, State::Finished)?;
                self.finished_at = Some(at);
                self.revisit_due = Some(self.policy.revisit_due(at));
                self.cause = Some(cause.clone());
                self.resolution.clone_from(note);
                self.enter(state, at);
            }
            FieldStep::Return { .. } => {
                let state = self.state.step(Action::Return, State::Filed)?;
                self.forget_visit();
                self.enter(state, at);
            }
        }
        Ok(at)
    }

    /// Settles it with words.
    pub fn answer(&mut self, words: &str, now: Instant) -> Step {
        if self.policy.needs_visit {
            return Err(OrderRule::NeedsVisit);
        }
        let state = self.state.step(Action::Answer, self.after_work())?;
        words.clone_into(&mut self.resolution);
        self.finished_at = Some(now);
        self.revisit_due = Some(self.policy.revisit_due(now));
        self.enter(state, now);
        Ok(())
    }

    /// Judges the work good.
    pub fn pass(&mut self, now: Instant) -> Step {
        let state = self.state.step(Action::Pass, self.after_work())?;
        self.enter(state, now);
        Ok(())
    }

    /// Judges the work bad: somebody goes again.
    pub fn fail(&mut self, now: Instant) -> Step {
        let state = self.state.step(Action::Fail, State::Filed)?;
        self.begin_round(state, now);
        Ok(())
    }

    /// Takes the customer's word: closed, or somebody goes again.
    pub fn revisited(&mut self, result: Satisfaction, now: Instant) -> Step {
        if result == Satisfaction::Unsatisfied {
            let state = self.state.step(Action::Unsatisfied, State::Filed)?;
            self.begin_round(state, now);
        } else {
            let state = self.state.step(Action::Satisfied, State::Closed)?;
            self.enter(state, now);
        }
        self.satisfaction = Some(result);
        Ok(())
    }

    /// Takes it out of the world.
    pub fn void(&mut self, now: Instant) -> Step {
        let state = self.state.step(Action::Void, State::Voided)?;
        self.enter(state, now);
        Ok(())
    }

    /// Sets the limits of the present round, and runs the one that counts now.
    pub fn set_limits(&mut self, limits: Limits, now: Instant) {
        self.accept_due = limits.accept;
        self.arrive_due = limits.arrive;
        self.finish_due = limits.finish;
        self.run_limit(now);
    }

    /// Changes how much it presses; what is promised counts from the filing, as ever.
    pub fn set_urgency(&mut self, urgency: Urgency, now: Instant) -> Step {
        self.still_open()?;
        self.urgency = urgency;
        let from = if self.round == 1 { self.opened_at } else { now };
        self.set_limits(self.policy.limits(urgency, from, self.appointment_to), now);
        Ok(())
    }

    /// Moves the end of the work; what comes before it cannot be due later.
    pub fn set_finish_due(&mut self, due: Instant, now: Instant) -> Step {
        self.still_open()?;
        let (accept, arrive) = (self.accept_due, self.arrive_due);
        let limits = Limits { accept, arrive, finish: self.finish_due };
        self.set_limits(limits.finish_by(due), now);
        Ok(())
    }

    /// Counts that the customer pressed for it, and says how often he has.
    pub fn chase(&mut self) -> Result<i32, OrderRule> {
        self.still_open()?;
        self.chases += 1;
        Ok(self.chases)
    }

    /// Names who answers for it.
    pub fn supervise(&mut self, supervisor: UserId) -> Step {
        self.still_open()?;
        self.supervisor_id = Some(supervisor);
        Ok(())
    }

    fn still_open(&self) -> Step {
        if self.state.is_over() { Err(OrderRule::Over(self.state)) } else { Ok(()) }
    }

    fn after_work(&self) -> State {
        if self.policy.needs_revisit { State::Revisit } else { State::Closed }
    }

    fn last_step_at(&self) -> Instant {
        let steps = [self.dispatched_at, self.accepted_at, self.set_out_at, self.arrived_at];
        steps.into_iter().flatten().max().unwrap_or(self.opened_at)
    }

    fn forget_visit(&mut self) {
        self.assignee_id = None;
        self.dispatched_at = None;
        self.accepted_at = None;
        self.set_out_at = None;
        self.arrived_at = None;
    }

    /// A new round promises anew; the old appointment was for the old visit.
    fn begin_round(&mut self, state: State, now: Instant) {
        self.forget_visit();
        self.round += 1;
        self.finished_at = None;
        self.revisit_due = None;
        self.cause = None;
        self.resolution.clear();
        self.appointment_from = None;
        self.appointment_to = None;
        let limits = self.policy.limits(self.urgency, now, None);
        self.enter(state, now);
        self.set_limits(limits, now);
    }

    /// Enters a state in which the same limit runs on.
    fn go_on(&mut self, state: State) {
        self.state = state;
    }

    fn enter(&mut self, state: State, at: Instant) {
        self.state = state;
        self.closed_at = state.is_over().then_some(at);
        self.run_limit(at);
    }

    fn run_limit(&mut self, from: Instant) {
        self.next_due = self.next_step().map(|next| match next {
            Next::Dispatch | Next::Accept => self.accept_due,
            Next::Arrive => self.arrive_due,
            Next::Finish => self.finish_due,
            Next::Audit | Next::Revisit => self.revisit_due.unwrap_or(self.finish_due),
        });
        self.warn_at = self.next_due.map(|due| at_risk(from, due));
    }
}

#[cfg(test)]
#[path = "order_tests.rs"]
mod tests;
