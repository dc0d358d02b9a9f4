//! What the switch's news mean for a call, and patience while the database is away.

use super::Engine;
use super::actor::News;
use crate::model::call::Call;
use crate::model::decide::{Gone, Input};
use std::time::Duration;
use switch::Cause;

/// How often a step is tried again while the database is away.
const TRIES: u32 = 60;

/// What news of a channel mean for the call, by the part that the channel plays in it.
pub fn meaning(call: &Call, channel: &str, news: News) -> Option<Input> {
    let is = |leg: &Option<String>| leg.as_deref() == Some(channel);
    let (peer, agent) = (is(&call.peer_channel), is(&call.agent_channel));
    match news {
        News::Ringing if agent => Some(Input::AgentRinging),
        News::Up if agent => Some(Input::AgentUp),
        News::Up if peer => Some(Input::PeerUp),
        News::Gone(cause) if agent => Some(Input::AgentGone(how(cause))),
        News::Gone(cause) if peer => Some(Input::PeerGone(how(cause))),
        News::Key(key) if peer => Some(Input::Key(key)),
        News::Played(turn) if peer => Some(Input::Played(turn)),
        News::Held if agent => Some(Input::Hold),
        News::Unheld if agent => Some(Input::Unhold),
        _ => None,
    }
}

fn how(cause: Cause) -> Gone {
    match cause {
        Cause::Normal | Cause::AnsweredElsewhere => Gone::HungUp,
        Cause::Busy => Gone::Busy,
        Cause::NoAnswer => Gone::NoAnswer,
        Cause::Rejected => Gone::Declined,
        Cause::Unallocated | Cause::Unreachable | Cause::Congestion => Gone::Unreachable,
        Cause::Lost | Cause::Other(_) => Gone::Lost,
    }
}

/// Waits longer each time, as the database may be restarting.
pub struct Backoff {
    tries: u32,
}

impl Backoff {
    /// Before the first try.
    pub fn new() -> Self {
        Self { tries: 0 }
    }

    /// Waits; false when there have been enough tries or the engine stops.
    pub async fn next(&mut self, engine: &Engine, error: &kernel::Error) -> bool {
        self.tries += 1;
        tracing::warn!(error = ?error, tries = self.tries, "a step of a call failed");
        if self.tries > TRIES {
            return false;
        }
        let pause = Duration::from_millis(u64::from(50 * self.tries.min(20)));
        tokio::select! {
            () = engine.stop.cancelled() => false,
            () = tokio::time::sleep(pause) => true,
        }
    }
}
