//! What an installation begins with: four queues, one flow, one number.

use crate::model::flow::{Graph, Node};
use crate::store::setup;
use kernel::{QueueId, Result, Tx, UserId};
use std::collections::BTreeMap;

/// The number that customers call in a new installation.
pub const SERVICE_NUMBER: &str = "95700";

const QUEUES: [(&str, &str, &str, &str); 4] = [
    ("repair", "报修", "Repairs", "1"),
    ("fee", "收费与用热咨询", "Charges and heat use", "2"),
    ("complaint", "投诉建议", "Complaints", "3"),
    ("general", "人工服务", "General", "0"),
];

/// Writes the defaults; what is there already stays. Gives the queues by their keys.
pub async fn seed_defaults(tx: &mut Tx) -> Result<BTreeMap<String, QueueId>> {
    for (key, name, name_en, _) in QUEUES {
        let id: QueueId = tx.new_id();
        setup::seed_queue(tx, id, key, name, name_en).await?;
    }
    let queues = setup::queues(tx.db()).await?;
    if setup::flows(tx.db()).await?.is_empty() {
        setup::publish(tx, "main", &main_flow(), None).await?;
    }
    setup::seed_number(tx, SERVICE_NUMBER, "main", "暖线供热客服热线").await?;
    Ok(queues.into_iter().map(|q| (q.key, q.id)).collect())
}

/// Greeting, notice of the recording, one menu; who stays silent comes to a person.
pub fn main_flow() -> Graph {
    let names = |prompts: &[&str]| prompts.iter().map(|p| (*p).to_owned()).collect();
    let mut nodes = BTreeMap::from([
        (
            "welcome".to_owned(),
            Node::Play {
                prompts: names(&["welcome", "recording_notice"]),
                next: "menu".to_owned(),
            },
        ),
        (
            "menu".to_owned(),
            Node::Menu {
                prompts: names(&["menu_main"]),
                choices: QUEUES.iter().map(|q| (q.3.to_owned(), q.0.to_owned())).collect(),
                timeout_s: 6,
                tries: 3,
                invalid_prompt: Some("menu_invalid".to_owned()),
                fallback: "silent".to_owned(),
            },
        ),
        (
            "silent".to_owned(),
            Node::Play { prompts: names(&["menu_timeout"]), next: "general".to_owned() },
        ),
    ]);
    for (key, ..) in QUEUES {
        nodes.insert(key.to_owned(), Node::Queue { queue: key.to_owned() });
    }
    Graph { start: "welcome".to_owned(), nodes }
}

/// Brings a member of staff into a queue, and gives the person a seat.
pub async fn join_queue(tx: &mut Tx, queue: QueueId, staff: UserId, sort: i32) -> Result<()> {
    setup::seed_member(tx, queue, staff, sort).await
}
