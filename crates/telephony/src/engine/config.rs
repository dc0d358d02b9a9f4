//! What people set up, as the engine holds it: read at the start and after each change.

use crate::model::call::Call;
use crate::model::decide::{QueueRule, World};
use crate::model::flow::Graph;
use crate::model::queue::Line;
use crate::store::setup::{self, QueueRow};
use kernel::{App, QueueId, Result};
use std::collections::HashMap;

/// The flow that answers a number which names none.
const MAIN_FLOW: &str = "main";

/// Queues, members, flows, numbers.
#[derive(Clone, Debug, Default)]
pub struct Config {
    queues: HashMap<QueueId, QueueRow>,
    keys: HashMap<String, QueueId>,
    lines: Vec<Line>,
    graphs: HashMap<(String, i32), Graph>,
    newest: HashMap<String, i32>,
    numbers: HashMap<String, String>,
    /// The company's place in the organisation.
    pub root: String,
}

impl Config {
    /// Reads it all.
    pub async fn load(app: &App) -> Result<Self> {
        let mut db = app.pool.acquire().await?;
        let queues = setup::queues(&mut db).await?;
        let members = setup::members(&mut db).await?;
        let flows = setup::flows(&mut db).await?;
        let numbers = setup::service_numbers(&mut db).await?.into_iter().collect();
        let root = setup::root_path(&mut db).await?;
        let lines = queues.iter().map(|q| {
            let of_queue = members.iter().filter(|m| m.queue_id == q.id);
            let members = of_queue.map(|m| m.staff_id).collect();
            Line { queue: q.id, strategy: q.strategy, members, last_rung: None }
        });
        let mut newest: HashMap<String, i32> = HashMap::new();
        for flow in &flows {
            let known = newest.entry(flow.key.clone()).or_default();
            *known = flow.version.max(*known);
        }
        Ok(Self {
            lines: lines.collect(),
            keys: queues.iter().map(|q| (q.key.clone(), q.id)).collect(),
            queues: queues.into_iter().map(|q| (q.id, q)).collect(),
            graphs: flows.into_iter().map(|f| ((f.key, f.version), f.graph)).collect(),
            newest,
            numbers,
            root,
        })
    }

    /// The flow that answers a number, and its newest version.
    pub fn flow_of(&self, number: &str) -> Option<(String, i32)> {
        let key = self.numbers.get(number).map_or(MAIN_FLOW, String::as_str);
        self.newest.get(key).map(|version| (key.to_owned(), *version))
    }

    /// One of our numbers, to be shown when we call.
    pub fn own_number(&self) -> String {
        self.numbers.keys().min().cloned().unwrap_or_default()
    }

    /// The queues as the choice of an agent needs them.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The first queue that an agent is a member of.
    pub fn queue_of(&self, agent: kernel::UserId) -> Option<QueueId> {
        self.lines.iter().find(|l| l.members.contains(&agent)).map(|l| l.queue)
    }
}

impl World for Config {
    fn graph(&self, call: &Call) -> Option<&Graph> {
        self.graphs.get(&(call.flow.clone()?, call.flow_version?))
    }

    fn queue_by_key(&self, key: &str) -> Option<QueueId> {
        self.keys.get(key).copied()
    }

    fn queue(&self, id: QueueId) -> Option<QueueRule> {
        self.queues.get(&id).map(|q| QueueRule {
            ring_s: q.ring_s,
            wrap_up_s: q.wrap_up_s,
            comfort_s: q.comfort_s,
        })
    }
}
