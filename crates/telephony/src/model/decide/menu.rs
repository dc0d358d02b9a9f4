//! A caller in the voice menu.

use super::*;

impl Step<'_> {
    pub(super) fn node(&self) -> Option<Node> {
        let name = self.call.node.as_ref()?;
        self.world.graph(&self.call)?.nodes.get(name).cloned()
    }

    pub(super) fn enter(&mut self, mut name: String) {
        // A published graph has no loop of silent nodes; the bound guards against any other.
        for _ in 0..100 {
            self.call.node = Some(name.clone());
            self.call.tries = 0;
            match self.node() {
                Some(Node::Play { prompts, next }) if prompts.is_empty() => name = next,
                Some(Node::Hangup { prompts }) if prompts.is_empty() => {
                    return self.end(Outcome::SelfService, Party::System);
                }
                Some(Node::Queue { queue }) => match self.world.queue_by_key(&queue) {
                    Some(queue) => return self.wait_in(queue, "queue_wait"),
                    None => break,
                },
                Some(node) => {
                    self.say(node.prompts());
                    return self.due_in(PROMPT_LIMIT);
                }
                None => break,
            }
        }
        self.end(Outcome::Failed, Party::System);
    }

    pub(super) fn heard(&mut self, heard: Heard) {
        if self.call.state != CallState::Ivr {
            return;
        }
        let Some(node) = self.node() else {
            return self.end(Outcome::Failed, Party::System);
        };
        match node.step(self.call.tries, heard) {
            Next::Stay => {}
            Next::Wait(s) => self.due_in(TimeDelta::seconds(i64::from(s))),
            Next::Again(prompts) => {
                self.call.tries += 1;
                self.say(&prompts);
                self.due_in(PROMPT_LIMIT);
            }
            Next::Go(to) => {
                if let Heard::Key(key) = heard {
                    self.tell(Happened::MenuChosen { key, node: to.clone() });
                }
                self.enter(to);
            }
            Next::End => self.end(Outcome::SelfService, Party::System),
        }
    }

    pub(super) fn key(&mut self, key: char) {
        if self.call.state == CallState::Ivr && self.call.digits.len() < 100 {
            self.call.digits.push(key);
            self.heard(Heard::Key(key));
        }
    }
}
