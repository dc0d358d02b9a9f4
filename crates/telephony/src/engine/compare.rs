//! What a call's task does after a restart and every few seconds: it compares what the row says
//! with what lives in the switch.

use super::actor::{Actor, Wanted};
use crate::model::align::{Actual, LegState};
use crate::model::call::{Call, CallState};
use crate::model::decide::{Gone, Input};
use switch::Snapshot;

impl Actor {
    /// Takes over what lives in the switch, and makes up for what was not heard.
    pub(super) async fn compare(&mut self, picture: &Snapshot, fresh: bool) {
        let call = match self.engine.load(self.id).await {
            Ok(Some(call)) => call,
            Ok(None) => return self.known = Some(CallState::Ended),
            Err(e) => {
                return tracing::warn!(call.id = %self.id, error = ?e, "a call could not be read");
            }
        };
        self.known = Some(call.state);
        self.actual.see(&call, picture, fresh);
        if fresh && self.engine.still_says(&call).await {
            // Said twice, it would be heard twice, and the room would wait for its end.
            (self.actual.said, self.actual.saying) = (call.turn, Some(call.turn));
        }
        let differences = self.differences(&call, fresh);
        if differences.is_empty() {
            return self.align(call).await;
        }
        for input in differences {
            tracing::info!(call.id = %self.id, ?input, "the switch differs");
            self.engine.healed();
            self.step(&Wanted::Input(input)).await;
        }
    }

    /// What must have happened unheard, judging by the channels that live.
    fn differences(&mut self, call: &Call, fresh: bool) -> Vec<Input> {
        let mut out = Vec::new();
        let patience = if fresh { 1 } else { 2 };
        let (peer, agent) = (call.peer_channel.as_deref(), call.agent_channel.as_deref());
        self.absent.retain(|leg, _| [peer, agent].contains(&Some(leg)));
        let mut gone = |actual: &Actual, leg: Option<&str>| match leg {
            Some(leg) if !actual.legs.contains_key(leg) => {
                let times = self.absent.entry(leg.to_owned()).or_default();
                *times += 1;
                *times >= patience
            }
            Some(leg) => {
                self.absent.remove(leg);
                false
            }
            None => false,
        };
        if call.state == CallState::Ended {
            return out;
        }
        let undialed = |leg: &Option<String>| {
            fresh && leg.as_ref().is_some_and(|l| !self.actual.dialed.contains(l))
        };
        let rings_first = matches!(call.state, CallState::Ringing) || peer.is_none();
        if gone(&self.actual, peer) {
            out.push(Input::PeerGone(if fresh { Gone::HungUp } else { Gone::Lost }));
        } else if gone(&self.actual, agent) && !(rings_first && undialed(&call.agent_channel)) {
            out.push(Input::AgentGone(Gone::Lost));
        }
        let up = |leg: Option<&str>| {
            let leg = leg.and_then(|l| self.actual.legs.get(l));
            leg.is_some_and(|l| l.state == LegState::Up)
        };
        match call.state {
            CallState::Ringing if up(agent) => out.push(Input::AgentUp),
            CallState::Dialing if peer.is_none() && up(agent) => out.push(Input::AgentUp),
            CallState::Dialing if up(peer) => out.push(Input::PeerUp),
            _ => {}
        }
        out
    }
}
