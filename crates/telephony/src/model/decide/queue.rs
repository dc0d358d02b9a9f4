//! A caller who waits, and the offers that are made.

use super::*;

impl Step<'_> {
    pub(super) fn wait_in(&mut self, queue: QueueId, prompt: &str) {
        self.call.state = CallState::Queued;
        self.call.queue_id = Some(queue);
        self.call.agent_channel = None;
        let now = self.now;
        self.call.queued_at.get_or_insert(now);
        self.say(&[prompt.to_owned()]);
        let comfort = self.rule().map_or(30, |q| q.comfort_s);
        self.due_in(seconds(comfort));
        self.tell(Happened::Queued);
    }

    pub(super) fn offer(&mut self, agent: UserId) {
        if self.call.state != CallState::Queued {
            return;
        }
        self.call.state = CallState::Ringing;
        self.call.agent_id = Some(agent);
        self.call.agent_channel = Some(self.out.call.next_leg());
        self.call.offered_at = Some(self.now);
        let ring = self.rule().map_or(20, |q| q.ring_s);
        self.due_in(seconds(ring));
        self.tell(Happened::Offered(agent));
    }

    pub(super) fn offer_ended(&mut self, result: OfferResult) {
        if let Some(agent) = self.call.agent_id {
            self.tell(Happened::OfferEnded(agent, result));
        }
    }

    pub(super) fn no_taker(&mut self, result: OfferResult) {
        let Some(queue) = self.call.queue_id else {
            return self.end(Outcome::Failed, Party::System);
        };
        match result {
            OfferResult::Declined => self.seat(SeatAct::Miss, "declined"),
            OfferResult::Unreachable => self.seat(SeatAct::Fail, "phone_unreachable"),
            _ => self.seat(SeatAct::Miss, "missed"),
        }
        self.offer_ended(result);
        self.call.agent_id = None;
        self.wait_in(queue, "sorry_hangup");
    }
}
