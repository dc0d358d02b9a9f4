//! What processes cost, from `/proc`: the figure that a neighbour's load moves least.

use std::collections::{HashMap, HashSet};
use std::fs;

/// A tick of `/proc/PID/stat` (USER_HZ is 100 on Linux), in milliseconds.
const TICK_MS: f64 = 10.0;

/// Processor time and parent of every process at one instant.
struct Table(HashMap<u32, Row>);

struct Row {
    parent: u32,
    own_ms: f64,
    /// Of children that ended and were waited for.
    reaped_ms: f64,
}

impl Table {
    fn read() -> Self {
        let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
        Self(entries.filter_map(|e| row(e.file_name().to_str()?.parse().ok()?)).collect())
    }

    fn is_below(&self, mut pid: u32, root: u32) -> bool {
        while let Some(row) = self.0.get(&pid) {
            if pid == root {
                return true;
            }
            pid = row.parent;
        }
        false
    }

    fn tree(&self, root: u32) -> impl Iterator<Item = (u32, &Row)> {
        self.0.iter().filter(move |(pid, _)| self.is_below(**pid, root)).map(|(p, r)| (*p, r))
    }
}

fn row(pid: u32) -> Option<(u32, Row)> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let fields: Vec<&str> = stat.rsplit_once(") ")?.1.split(' ').collect();
    let ticks = |n: usize| fields.get(n).and_then(|f| f.parse::<f64>().ok());
    let own_ms = (ticks(11)? + ticks(12)?) * TICK_MS;
    let reaped_ms = (ticks(13)? + ticks(14)?) * TICK_MS;
    Some((pid, Row { parent: fields.get(1)?.parse().ok()?, own_ms, reaped_ms }))
}

/// Milliseconds of processor time that one process has used.
pub fn of_process(pid: u32) -> f64 {
    row(pid).map_or(0.0, |(_, row)| row.own_ms)
}

/// Milliseconds that a process and all below it have used, but for the processes in `without`.
pub fn of_tree(root: u32, without: &HashSet<u32>) -> f64 {
    let table = Table::read();
    let cost = |(pid, row): (u32, &Row)| {
        let reaped = if pid == root { row.reaped_ms } else { 0.0 };
        if without.contains(&pid) { 0.0 } else { row.own_ms + reaped }
    };
    table.tree(root).map(cost).sum()
}

/// Megabytes that a process and all below it hold, shared pages counted once.
pub fn memory_mb(root: u32) -> f64 {
    let table = Table::read();
    table.tree(root).map(|(pid, _)| pss_kb(pid)).sum::<f64>() / 1024.0
}

/// The process whose command line holds `word`, below `root`.
pub fn find_below(root: u32, word: &str) -> Option<u32> {
    let table = Table::read();
    let mut pids = table.tree(root).map(|(pid, _)| pid);
    pids.find(|pid| {
        let line = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
        *pid != root && String::from_utf8_lossy(&line).contains(word)
    })
}

fn pss_kb(pid: u32) -> f64 {
    let text = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).unwrap_or_default();
    let line = text.lines().find_map(|l| l.strip_prefix("Pss:"));
    line.and_then(|l| l.trim().trim_end_matches("kB").trim().parse().ok()).unwrap_or(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_costs_something_and_is_below_itself() {
        let me = std::process::id();
        let mut n = 0_u64;
        while of_process(me) < 20.0 {
            n = std::hint::black_box(n.wrapping_add(1));
        }
        assert!(of_tree(me, &HashSet::new()) >= 20.0);
        assert_eq!(of_tree(me, &[me].into()), 0.0);
        assert!(memory_mb(me) > 0.0);
    }
}
