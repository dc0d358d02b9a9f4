//! The agent's side: answered, lost, back, on hold, handed on.

use super::*;

impl Step<'_> {
    pub(super) fn agent_ringing(&mut self) {
        if matches!(self.call.state, CallState::Ringing | CallState::Dialing) {
            self.seat(SeatAct::Ring, "");
        }
    }

    pub(super) fn agent_up(&mut self) {
        match self.call.state {
            CallState::Ringing => {
                self.seat(SeatAct::Answer, "");
                self.offer_ended(OfferResult::Answered);
                self.connected();
            }
            CallState::Dialing if self.call.peer_channel.is_none() => {
                self.seat(SeatAct::Answer, "");
                self.offer_ended(OfferResult::Answered);
                self.call.peer_channel = Some(self.out.call.next_leg());
                self.due_in(PEER_RING);
            }
            // the reloaded page is back
            CallState::Talking | CallState::Held if self.call.agent_channel.is_some() => {
                self.call.due_at = None;
            }
            _ => {}
        }
    }

    pub(super) fn connected(&mut self) {
        self.call.state = CallState::Talking;
        let now = self.now;
        self.call.answered_at.get_or_insert(now);
        self.call.due_at = None;
        self.call.prompts.clear();
        self.tell(Happened::Answered);
    }

    pub(super) fn agent_gone(&mut self, how: Gone) {
        match (self.call.state, how) {
            (CallState::Ringing, Gone::Declined | Gone::Busy | Gone::HungUp) => {
                self.no_taker(OfferResult::Declined);
            }
            (CallState::Ringing, Gone::NoAnswer) => self.no_taker(OfferResult::Missed),
            (CallState::Ringing, Gone::Unreachable | Gone::Lost) => {
                self.no_taker(OfferResult::Unreachable);
            }
            (CallState::Talking | CallState::Held, Gone::HungUp) if self.call.due_at.is_none() => {
                self.end(Outcome::Answered, Party::Agent);
            }
            (CallState::Talking | CallState::Held, _) => self.agent_lost(),
            (CallState::Dialing, how) => self.dialing_agent_gone(how),
            _ => {}
        }
    }

    pub(super) fn dialing_agent_gone(&mut self, how: Gone) {
        let unanswered = self.call.peer_channel.is_none();
        match how {
            Gone::Unreachable | Gone::Lost if unanswered => {
                self.offer_ended(OfferResult::Unreachable);
                self.seat(SeatAct::Fail, "phone_unreachable");
                self.end_only(Outcome::Failed, Party::System);
            }
            _ if unanswered => self.end(Outcome::Failed, Party::Agent),
            Gone::HungUp => self.end(Outcome::NoAnswer, Party::Agent),
            _ => self.end(Outcome::Failed, Party::System),
        }
    }

    /// A talk waits while the agent's page comes back; a ring that nobody can answer any more is
    /// over, and the caller is offered anew.
    pub(super) fn agent_lost(&mut self) {
        match self.call.state {
            CallState::Ringing => self.no_taker(OfferResult::Unreachable),
            CallState::Dialing => self.dialing_agent_gone(Gone::Lost),
            CallState::Talking | CallState::Held if self.call.agent_channel.is_some() => {
                self.call.agent_channel = None;
                self.due_in(RELOAD_GRACE);
                self.tell(Happened::AgentLost);
            }
            _ => {}
        }
    }

    pub(super) fn agent_back(&mut self) {
        if self.call.in_conversation() && self.call.agent_channel.is_none() {
            self.call.agent_channel = Some(self.out.call.next_leg());
            self.due_in(RELOAD_GRACE);
        }
    }

    pub(super) fn hold(&mut self, from: CallState, to: CallState, what: Happened) {
        if self.call.state == from {
            self.call.state = to;
            self.tell(what);
        }
    }

    pub(super) fn hang_up(&mut self) {
        match self.call.state {
            CallState::Dialing if self.call.peer_channel.is_none() => {
                self.end(Outcome::Failed, Party::Agent);
            }
            CallState::Dialing => self.end(Outcome::NoAnswer, Party::Agent),
            CallState::Ringing => self.no_taker(OfferResult::Declined),
            CallState::Talking | CallState::Held => self.end(Outcome::Answered, Party::Agent),
            _ => {}
        }
    }

    pub(super) fn hand_to_queue(&mut self, queue: QueueId) {
        if self.call.in_conversation() {
            self.seat(SeatAct::WrapUp, "transferred");
            self.tell(Happened::Transferred);
            self.wait_in(queue, "queue_wait");
        }
    }

    pub(super) fn hand_to_agent(&mut self, agent: UserId, queue: QueueId) {
        if self.call.in_conversation() {
            self.hand_to_queue(queue);
            self.offer(agent);
        }
    }
}
