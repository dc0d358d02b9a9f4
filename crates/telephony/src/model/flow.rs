//! A voice menu is data: a graph of nodes. What it says and where it leads is decided here.

use kernel::error::Fault;
use std::collections::{BTreeMap, BTreeSet};

/// The most nodes that one flow may have.
const MAX_NODES: usize = 200;

/// A flow: where it starts, and its nodes by name.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Graph {
    /// Name of the first node.
    pub start: String,
    /// The nodes.
    pub nodes: BTreeMap<String, Node>,
}

/// One stop of a caller's way.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Node {
    /// Says something and goes on.
    Play {
        /// Names of the recordings.
        prompts: Vec<String>,
        /// The node after it.
        next: String,
    },
    /// Says something and waits for a key.
    Menu {
        /// Names of the recordings.
        prompts: Vec<String>,
        /// Where each key leads.
        choices: BTreeMap<String, String>,
        /// Seconds of silence that count as no answer.
        timeout_s: u16,
        /// How often the caller may be silent or press a wrong key.
        tries: u16,
        /// Said before the menu again after a wrong key.
        #[serde(default)]
        invalid_prompt: Option<String>,
        /// Where a caller goes who used up the tries.
        fallback: String,
    },
    /// Hands the caller to people.
    Queue {
        /// Key of the queue.
        queue: String,
    },
    /// Says something and ends the call.
    Hangup {
        /// Names of the recordings.
        prompts: Vec<String>,
    },
}

/// What came from the caller's side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// Everything was said.
    Played,
    /// A key was pressed.
    Key(char),
    /// Nothing came in time.
    Silence,
}

/// What follows from it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Next {
    /// Nothing changes.
    Stay,
    /// Wait so many seconds for a key.
    Wait(u16),
    /// Say this again; one try is used.
    Again(Vec<String>),
    /// Go to the node of this name.
    Go(String),
    /// The flow ends the call.
    End,
}

impl Node {
    /// What is said on arrival.
    pub fn prompts(&self) -> &[String] {
        match self {
            Self::Play { prompts, .. } | Self::Menu { prompts, .. } | Self::Hangup { prompts } => {
                prompts
            }
            Self::Queue { .. } => &[],
        }
    }

    /// What follows when the caller, with `tries` used here already, is heard.
    pub fn step(&self, tries: i32, heard: Heard) -> Next {
        match (self, heard) {
            (Self::Play { next, .. }, Heard::Played | Heard::Silence) => Next::Go(next.clone()),
            (Self::Hangup { .. }, Heard::Played | Heard::Silence) => Next::End,
            (Self::Menu { timeout_s, .. }, Heard::Played) => Next::Wait(*timeout_s),
            (Self::Menu { choices, .. }, Heard::Key(key)) => match choices.get(key_name(key)) {
                Some(to) => Next::Go(to.clone()),
                None => self.missed(tries, true),
            },
            (Self::Menu { .. }, Heard::Silence) => self.missed(tries, false),
            _ => Next::Stay,
        }
    }

    fn missed(&self, used: i32, wrong_key: bool) -> Next {
        let Self::Menu { prompts, tries, invalid_prompt, fallback, .. } = self else {
            return Next::Stay;
        };
        if used + 1 >= i32::from(*tries) {
            return Next::Go(fallback.clone());
        }
        let complaint = invalid_prompt.iter().filter(|_| wrong_key);
        Next::Again(complaint.chain(prompts).cloned().collect())
    }

    /// Where a caller who does nothing goes from here.
    fn unprompted(&self) -> Option<&str> {
        match self {
            Self::Play { next, .. } => Some(next),
            Self::Menu { fallback, .. } => Some(fallback),
            Self::Queue { .. } | Self::Hangup { .. } => None,
        }
    }

    fn targets(&self) -> impl Iterator<Item = &str> {
        let choices = match self {
            Self::Menu { choices, .. } => Some(choices.values().map(String::as_str)),
            _ => None,
        };
        self.unprompted().into_iter().chain(choices.into_iter().flatten())
    }
}

/// The name under which a key stands in `choices`; empty for what is no key.
fn key_name(key: char) -> &'static str {
    const KEYS: [&str; 12] = ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#"];
    KEYS.into_iter().find(|k| k.starts_with(key)).unwrap_or_default()
}

impl Graph {
    /// Every mistake in the graph; none means that whoever calls ends with people or a goodbye.
    pub fn faults(&self, queues: &BTreeSet<String>) -> Vec<Fault> {
        let mut faults = Vec::new();
        if self.nodes.len() > MAX_NODES {
            faults.push(fault("nodes", "节点过多", "too many nodes"));
        }
        if !self.nodes.contains_key(&self.start) {
            faults.push(fault("start", "起始节点不存在", "the start is no node"));
        }
        for (name, node) in &self.nodes {
            self.node_faults(name, node, queues, &mut faults);
        }
        // Only a graph whose every arrow ends somewhere can be walked.
        if faults.is_empty() {
            self.loop_faults(&mut faults);
        }
        faults
    }

    fn node_faults(
        &self,
        name: &str,
        node: &Node,
        queues: &BTreeSet<String>,
        faults: &mut Vec<Fault>,
    ) {
        let field = |part: &str| format!("nodes.{name}.{part}");
        for target in node.targets().filter(|t| !self.nodes.contains_key(*t)) {
            faults.push(fault(&field(target), "指向的节点不存在", "leads to no node"));
        }
        if !node.prompts().iter().all(|p| is_prompt(p)) {
            faults.push(fault(&field("prompts"), "提示音名称无效", "not a recording's name"));
        }
        match node {
            Node::Menu { choices, timeout_s, tries, invalid_prompt, .. } => {
                if choices.is_empty() || choices.keys().any(|k| !is_key(k)) {
                    faults.push(fault(&field("choices"), "按键无效", "keys are 0-9, * and #"));
                }
                if !(1..=60).contains(timeout_s) || !(1..=9).contains(tries) {
                    faults.push(fault(
                        &field("timeout_s"),
                        "等待须为1至60秒，次数须为1至9次",
                        "1 to 60 seconds and 1 to 9 tries",
                    ));
                }
                if invalid_prompt.as_deref().is_some_and(|p| !is_prompt(p)) {
                    let en = "not a recording's name";
                    faults.push(fault(&field("invalid_prompt"), "提示音名称无效", en));
                }
            }
            Node::Queue { queue } if !queues.contains(queue) => {
                faults.push(fault(&field("queue"), "队列不存在", "no such queue"));
            }
            Node::Play { .. } | Node::Queue { .. } | Node::Hangup { .. } => {}
        }
    }

    /// A caller who does nothing must arrive: the unprompted way may not come back to itself.
    fn loop_faults(&self, faults: &mut Vec<Fault>) {
        for start in self.nodes.keys() {
            let mut at = start.as_str();
            for _ in 0..=self.nodes.len() {
                match self.nodes.get(at).and_then(Node::unprompted) {
                    Some(next) => at = next,
                    None => break,
                }
            }
            if self.nodes.get(at).and_then(Node::unprompted).is_some() {
                let field = format!("nodes.{start}");
                let en = "a silent caller would never arrive";
                faults.push(fault(&field, "不按键的来电将无限循环", en));
            }
        }
    }
}

fn is_key(key: &str) -> bool {
    key.chars().next().is_some_and(|c| key_name(c) == key)
}

fn is_prompt(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    (1..=40).contains(&name.len()) && name.chars().all(plain)
}

fn fault(field: &str, zh: &str, en: &str) -> Fault {
    Fault { field: field.to_owned(), zh: zh.to_owned(), en: en.to_owned() }
}
