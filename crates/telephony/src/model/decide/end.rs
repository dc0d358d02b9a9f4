//! The other side, time, and the end of a call.

use super::*;

impl Step<'_> {
    pub(super) fn peer_up(&mut self) {
        if self.call.state == CallState::Dialing && self.call.peer_channel.is_some() {
            self.connected();
        }
    }

    pub(super) fn peer_gone(&mut self, how: Gone) {
        let menu = !self.call.digits.is_empty() || matches!(self.node(), Some(Node::Menu { .. }));
        let by = if how == Gone::Lost { Party::System } else { Party::Peer };
        let outcome = match self.call.state {
            _ if self.call.answered_at.is_some() => Outcome::Answered,
            CallState::Ivr if matches!(self.node(), Some(Node::Hangup { .. })) => {
                Outcome::SelfService
            }
            CallState::Ivr if menu => Outcome::AbandonedMenu,
            CallState::Ivr => Outcome::AbandonedGreeting,
            CallState::Queued => Outcome::AbandonedQueue,
            CallState::Ringing => Outcome::AbandonedRinging,
            CallState::Dialing => match how {
                Gone::Busy => Outcome::Busy,
                Gone::NoAnswer => Outcome::NoAnswer,
                Gone::Declined => Outcome::Rejected,
                _ => Outcome::Failed,
            },
            CallState::Talking | CallState::Held => Outcome::Answered,
            CallState::Ended => return,
        };
        self.end(outcome, by);
    }

    pub(super) fn due(&mut self) {
        if self.call.due_at.is_none_or(|due| due > self.now) {
            return;
        }
        match self.call.state {
            CallState::Ivr => self.heard(Heard::Silence),
            CallState::Queued => {
                self.say(&["queue_busy".to_owned()]);
                let comfort = self.rule().map_or(30, |q| q.comfort_s);
                self.due_in(seconds(comfort));
            }
            CallState::Ringing => self.no_taker(OfferResult::Missed),
            CallState::Talking | CallState::Held => self.grace_over(),
            CallState::Dialing if self.call.peer_channel.is_none() => {
                self.offer_ended(OfferResult::Missed);
                self.seat(SeatAct::Miss, "missed");
                self.end_only(Outcome::Failed, Party::System);
            }
            CallState::Dialing => self.end(Outcome::NoAnswer, Party::System),
            CallState::Ended => {}
        }
    }

    pub(super) fn grace_over(&mut self) {
        match self.call.queue_id {
            Some(queue) => {
                self.seat(SeatAct::Fail, "phone_unreachable");
                self.wait_in(queue, "sorry_hangup");
            }
            None => self.end(Outcome::Answered, Party::System),
        }
    }

    pub(super) fn end(&mut self, outcome: Outcome, by: Party) {
        match self.call.state {
            CallState::Ringing => {
                self.offer_ended(OfferResult::CallerGone);
                self.seat(SeatAct::Release, "");
            }
            CallState::Dialing if self.call.peer_channel.is_none() => {
                let declined = by == Party::Agent;
                let result = if declined { OfferResult::Declined } else { OfferResult::CallerGone };
                self.offer_ended(result);
                self.seat(SeatAct::Release, "");
            }
            CallState::Dialing => self.seat(SeatAct::Finish, ""),
            CallState::Talking | CallState::Held => self.seat(SeatAct::WrapUp, ""),
            _ => {}
        }
        self.end_only(outcome, by);
    }

    pub(super) fn end_only(&mut self, outcome: Outcome, by: Party) {
        self.call.state = CallState::Ended;
        self.call.outcome = Some(outcome);
        self.call.hung_up_by = Some(by);
        self.call.ended_at = Some(self.now.max(self.call.arrived_at));
        self.call.due_at = None;
        self.tell(Happened::Ended);
    }
}
