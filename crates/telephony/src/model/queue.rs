//! Who is rung next for whom. Pure: the same facts and the same seed give the same pairs.

use chrono::{DateTime, Utc};
use kernel::{CallId, QueueId, UserId};
use std::collections::{BTreeMap, BTreeSet};

/// In which order the free agents of a queue are rung.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    serde::Serialize,
    serde::Deserialize,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::VariantArray,
    sqlx::Type,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum Strategy {
    /// Who has been idle longest.
    LongestIdle,
    /// By the members' order, always from the first.
    Sequential,
    /// By the members' order, from the one after who was rung last.
    RoundRobin,
    /// By lot.
    Random,
    /// All at once.
    RingAll,
    /// By skill.
    Skill,
}

impl Strategy {
    /// Whether calls can be given out this way yet.
    pub fn is_supported(self) -> bool {
        !matches!(self, Self::RingAll | Self::Skill)
    }
}

/// A caller who waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// The call.
    pub call: CallId,
    /// Where it waits.
    pub queue: QueueId,
    /// When the caller came first, however often the call was queued again.
    pub arrived_at: DateTime<Utc>,
}

/// A queue as far as the choice needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The queue.
    pub queue: QueueId,
    /// Its order.
    pub strategy: Strategy,
    /// Its members, in their order.
    pub members: Vec<UserId>,
    /// Who was rung last.
    pub last_rung: Option<UserId>,
}

/// A free agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Free {
    /// Who.
    pub agent: UserId,
    /// Since when.
    pub idle_since: DateTime<Utc>,
}

/// Gives each caller, longest waiting first, the agent whom the queue's order names. Nobody is
/// given twice.
pub fn pair(
    waiting: &[Waiting],
    lines: &[Line],
    free: &[Free],
    seed: u64,
) -> Vec<(CallId, UserId)> {
    let mut waiting: Vec<_> = waiting.iter().collect();
    waiting.sort_by_key(|w| (w.arrived_at, w.call));
    let lines: BTreeMap<QueueId, &Line> = lines.iter().map(|l| (l.queue, l)).collect();
    let mut free: BTreeMap<UserId, &Free> = free.iter().map(|f| (f.agent, f)).collect();
    let mut last: BTreeMap<QueueId, UserId> = BTreeMap::new();
    let mut pairs = Vec::new();
    for caller in waiting {
        let Some(line) = lines.get(&caller.queue) else { continue };
        let rung = last.get(&line.queue).copied().or(line.last_rung);
        let salt = seed ^ caller.call.as_u128() as u64;
        if let Some(agent) = choose(line, rung, &free, salt) {
            free.remove(&agent);
            last.insert(line.queue, agent);
            pairs.push((caller.call, agent));
        }
    }
    pairs
}

fn choose(
    line: &Line,
    last_rung: Option<UserId>,
    free: &BTreeMap<UserId, &Free>,
    salt: u64,
) -> Option<UserId> {
    let mut seen = BTreeSet::new();
    let members: Vec<UserId> =
        line.members.iter().copied().filter(|m| free.contains_key(m) && seen.insert(*m)).collect();
    match line.strategy {
        Strategy::LongestIdle | Strategy::Skill | Strategy::RingAll => {
            members.into_iter().min_by_key(|m| (free.get(m).map(|f| f.idle_since), *m))
        }
        Strategy::Sequential => members.first().copied(),
        Strategy::RoundRobin => {
            let place = |who| line.members.iter().position(|m| *m == who);
            let from = last_rung.and_then(place).map_or(0, |p| p + 1);
            let later = members.iter().find(|m| place(**m).is_some_and(|p| p >= from));
            later.or(members.first()).copied()
        }
        Strategy::Random => members.into_iter().min_by_key(|m| lot(salt ^ m.as_u128() as u64)),
    }
}

/// Scatters a number (SplitMix64), so that each agent draws an independent lot.
fn lot(seed: u64) -> u64 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
