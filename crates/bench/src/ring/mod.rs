//! From a caller's INVITE to an agent's: how long until a telephone rings, how long until the
//! screen is filled, and what it costs; beside the same Asterisk that dials at once by itself.

mod agents;
mod phones;
mod sipp;

use crate::cpu;
use crate::figures::{Times, figure, median};
use crate::ground::{City, Ground};
use crate::house::Product;
use agents::{Hall, Seen};
use anyhow::Result;
use phones::Phones;
use sipp::{Calls, Made};
use std::collections::{HashMap, HashSet};
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};
use tokio::sync::mpsc::unbounded_channel;
use uuid::Uuid;

/// The number that households call, and one that the dialplan answers without the platform.
const SERVICE: &str = "95700";
const FLOOR: &str = "95799";
/// From the answer to the end. The house answers at once and rings then; the floor's answer is
/// the agent's.
const TALK: Duration = Duration::from_millis(1200);
/// Calls a second, and for how many seconds in each of the two turns.
const RATES: [(u32, u32); 3] = [(5, 20), (20, 15), (50, 8)];
/// Calls of the warm-up.
const WARM: usize = 40;

/// Everything that a turn needs.
struct Stage {
    ground: Ground,
    product: Product,
    hall: Hall,
    numbers: Vec<String>,
    used: usize,
    peak_mb: AtomicU64,
}

/// One turn of calls.
struct Turn {
    ring: Vec<Duration>,
    pop: Vec<Duration>,
    calls: usize,
    failed: usize,
    cpu_ms: [f64; 3],
    seconds: f64,
}

/// `bench ring`.
pub async fn run() -> Result<()> {
    let ground = Ground::prepare(City::ORDERS).await?;
    let staff = agents::lay(&ground).await?;
    println!("· starting the house");
    let product = Product::start(&ground, true).await?;
    let (rings, mut rung) = unbounded_channel();
    let phones = Phones::open(rings).await?;
    for (_, login) in &staff {
        agents::provision(&product, login, phones).await?;
    }
    agents::provision(&product, "floor", phones).await?;
    product.tell_asterisk("module load app_dial.so")?;
    let dial = format!("dialplan add extension {FLOOR},1,Dial,PJSIP/floor into trunk");
    product.tell_asterisk(&dial)?;
    println!("· seating {} agents", staff.len());
    let hall = Hall::open(&ground, &product, staff).await?;
    let numbers = numbers(&ground).await?;
    let mut stage = Stage { ground, product, hall, numbers, used: 0, peak_mb: AtomicU64::new(0) };
    let (seen, bells) = (stage.hall.seen.clone(), stage.hall.bells());
    tokio::spawn(async move {
        while let Some(rang) = rung.recv().await {
            bells.ring(&seen, &rang);
        }
    });
    let figures = stage.measure().await?;
    report(&stage, &figures);
    stage.product.server.stop().await?;
    stage.ground.finish().await
}

/// Numbers that belong to one household each, scattered over the city.
async fn numbers(ground: &Ground) -> Result<Vec<String>> {
    let sql = "select f.number from directory.phone f
               join directory.account a on a.person_id = f.person_id
               group by f.number having count(*) = 1 order by md5(f.number) limit 20000";
    Ok(sqlx::query_scalar(sql).fetch_all(&ground.pool).await?)
}

/// What was measured at one rate.
struct AtRate {
    rate: u32,
    house: Vec<Turn>,
    floor: Vec<Turn>,
}

impl Stage {
    async fn measure(&mut self) -> Result<Vec<AtRate>> {
        println!("· warming up");
        self.turn(SERVICE, 10, WARM).await?;
        self.turn(FLOOR, 10, WARM).await?;
        let mut all = Vec::new();
        for (rate, seconds) in RATES {
            let calls = usize::try_from(rate * seconds)?;
            let mut at = AtRate { rate, house: Vec::new(), floor: Vec::new() };
            for _ in 0..2 {
                at.floor.push(self.turn(FLOOR, rate, calls / 2).await?);
                at.house.push(self.turn(SERVICE, rate, calls).await?);
            }
            at.print();
            all.push(at);
        }
        Ok(all)
    }

    async fn turn(&mut self, number: &str, rate: u32, calls: usize) -> Result<Turn> {
        self.ground.settle().await?;
        let from = self.used % (self.numbers.len() - calls);
        self.used = from + calls;
        let callers = &self.numbers[from..from + calls];
        let talk = TALK;
        let made = Calls { sip_port: self.product.sip_port, number, rate, callers, talk };
        let dir = self.ground.dir.join("ring");
        std::fs::create_dir_all(&dir)?;
        let (before, started) = (self.cost()?, Instant::now());
        let made = {
            let calling = made.make(&dir);
            let watching = self.watch_memory();
            tokio::select! { made = calling => made?, never = watching => never }
        };
        // What follows a call, such as keeping its recording, belongs to its cost.
        tokio::time::sleep(Duration::from_secs(2)).await;
        let (after, seconds) = (self.cost()?, started.elapsed().as_secs_f64());
        let cpu_ms = [0, 1, 2].map(|i| after[i] - before[i]);
        let calls_of = self.calls_since(&made).await?;
        Ok(self.turn_of(&made, &calls_of, cpu_ms, seconds))
    }

    fn turn_of(
        &self,
        made: &Made,
        calls: &HashMap<String, Uuid>,
        cpu_ms: [f64; 3],
        seconds: f64,
    ) -> Turn {
        let Seen { rang, filled, .. } = &*self.hall.seen;
        let mut rang = rang.lock().unwrap_or_else(PoisonError::into_inner);
        let filled = filled.lock().unwrap_or_else(PoisonError::into_inner);
        let (mut ring, mut pop) = (Vec::new(), Vec::new());
        let after = |at: &SystemTime, sent| at.duration_since(sent).unwrap_or_default();
        for (number, sent) in &made.sent {
            ring.extend(rang.get(number).map(|at| after(at, *sent)));
            let shown = calls.get(number).and_then(|call| filled.get(call));
            pop.extend(shown.map(|at| after(at, *sent)));
        }
        rang.clear();
        let failed = made.failed.max(made.sent.len() - ring.len());
        Turn { ring, pop, calls: made.sent.len(), failed, cpu_ms, seconds }
    }

    /// Processor time so far of the server, the database and the switch, in milliseconds.
    fn cost(&self) -> Result<[f64; 3]> {
        let database = cpu::of_tree(self.ground.postmaster()?, &HashSet::new());
        let server = cpu::of_process(self.product.server.pid);
        Ok([server, database, cpu::of_process(self.product.asterisk()?)])
    }

    async fn watch_memory<T>(&self) -> T {
        loop {
            let mut now = cpu::memory_mb(self.product.server.pid);
            now += self.ground.postmaster().map_or(0.0, cpu::memory_mb);
            self.peak_mb.fetch_max(now as u64, Ordering::Relaxed);
            tokio::time::sleep(Duration::from_secs(2)).await;
        }
    }

    /// The platform's calls by number.
    async fn calls_since(&self, made: &Made) -> Result<HashMap<String, Uuid>> {
        let numbers: Vec<&str> = made.sent.keys().map(String::as_str).collect();
        let sql = "select distinct on (peer_number) peer_number, id from telephony.call
                   where peer_number = any($1) order by peer_number, arrived_at desc";
        let rows: Vec<(String, Uuid)> =
            sqlx::query_as(sql).bind(numbers).fetch_all(&self.ground.pool).await?;
        Ok(rows.into_iter().collect())
    }
}

impl AtRate {
    fn times(turns: &[Turn], of: fn(&Turn) -> &Vec<Duration>) -> Times {
        Times::new(turns.iter().flat_map(|t| of(t).iter().copied()).collect())
    }

    fn ring(&self) -> Times {
        Self::times(&self.house, |t| &t.ring)
    }

    fn pop(&self) -> Times {
        Self::times(&self.house, |t| &t.pop)
    }

    fn floor(&self) -> Times {
        Self::times(&self.floor, |t| &t.ring)
    }

    fn failed(&self) -> usize {
        self.house.iter().map(|t| t.failed).sum()
    }

    /// Milliseconds a call of server, database and switch.
    fn cpu(turns: &[Turn]) -> [f64; 3] {
        let calls: usize = turns.iter().map(|t| t.calls).sum();
        let calls = f64::from(u32::try_from(calls.max(1)).unwrap_or(u32::MAX));
        [0, 1, 2].map(|i| turns.iter().map(|t| t.cpu_ms[i]).sum::<f64>() / calls)
    }

    fn print(&self) {
        let calls: usize = self.house.iter().map(|t| t.calls).sum();
        println!("{} calls/s, {calls} calls, {} failed", self.rate, self.failed());
        let (ring, pop, floor) = (self.ring(), self.pop(), self.floor());
        for (name, t) in [("agent rings", ring), ("pop is there", pop), ("floor rings", floor)] {
            let [p50, p99, max] = [50, 99, 100].map(|p| t.percentile(p));
            println!(
                "  {name:<13} p50 {p50:7.1} ms  p99 {p99:7.1} ms  max {max:7.1} ms  n {}",
                t.len()
            );
        }
        let [server, database, switch] = Self::cpu(&self.house);
        let [.., floor] = Self::cpu(&self.floor);
        println!(
            "  CPU-ms a call: server {server:.1} + PostgreSQL {database:.1} + Asterisk {switch:.1}; \
             Asterisk of the floor {floor:.1}"
        );
        let seconds: f64 = self.house.iter().map(|t| t.seconds).sum();
        let busy: f64 = self.house.iter().flat_map(|t| t.cpu_ms).sum();
        println!("  processors busy with it: {:.2}", busy / seconds / 1000.0);
    }
}

fn report(stage: &Stage, all: &[AtRate]) {
    let faults = stage.hall.seen.faults.lock().unwrap_or_else(PoisonError::into_inner);
    for fault in faults.iter().take(5) {
        println!("fault: {fault}");
    }
    println!(
        "load average {}",
        std::fs::read_to_string("/proc/loadavg").unwrap_or_default().trim()
    );
    for at in all {
        let (rate, ring, pop, floor) = (at.rate, at.ring(), at.pop(), at.floor());
        for p in [50, 99] {
            figure(&format!("ring_p{p}_ms_at_{rate}cps"), ring.percentile(p), "ms", "-");
            figure(&format!("floor_ring_p{p}_ms_at_{rate}cps"), floor.percentile(p), "ms", "-");
            if (p, rate) != (99, 20) {
                figure(&format!("pop_p{p}_ms_at_{rate}cps"), pop.percentile(p), "ms", "-");
            }
        }
        let [house, floor] = [&at.house, &at.floor].map(|t| AtRate::cpu(t).iter().sum::<f64>());
        figure(&format!("cpu_ms_per_call_at_{rate}cps"), house, "ms", "-");
        figure(&format!("floor_cpu_ms_per_call_at_{rate}cps"), floor, "ms", "-");
        figure(&format!("failed_calls_at_{rate}cps"), at.failed() as f64, "calls", "0");
    }
    let ratios = all.iter().map(|at| at.ring().percentile(50) / at.floor().percentile(50));
    figure("ring_p50_ratio_to_floor", median(ratios.collect()), "x", "-");
    figure("agent_faults", faults.len() as f64, "faults", "0");
    figure("peak_memory_mb", stage.peak_mb.load(Ordering::Relaxed) as f64, "MB", "-");
    for at in all.iter().filter(|at| at.rate == 20) {
        figure("pop_p99_ms_at_20cps", at.pop().percentile(99), "ms", "300");
    }
}
