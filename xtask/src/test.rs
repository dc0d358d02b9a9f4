//! `cargo xtask test`: every stage, its time, and one plain closing line.

use crate::shell::{command, tee, tee_watched};
use crate::{generate, packages, sql, web};
use anyhow::{Result, bail};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// How many passed and failed.
#[derive(Clone, Copy, Default)]
struct Count {
    passed: u64,
    failed: u64,
}

impl Count {
    fn of(ok: bool) -> Self {
        Self { passed: u64::from(ok), failed: u64::from(!ok) }
    }
}

type Stage = (&'static str, fn() -> Result<Count>);

const STAGES: &[Stage] = &[
    ("format", format),
    ("lint", lint),
    ("rust", rust),
    ("generated", generated),
    ("web-check", web_check),
    ("web-unit", web_unit),
    ("people", people),
];

/// `cargo xtask test`.
pub fn test(only: &[String]) -> Result<()> {
    if let Some(unknown) = only.iter().find(|o| !STAGES.iter().any(|s| s.0 == o.as_str())) {
        let names: Vec<_> = STAGES.iter().map(|s| s.0).collect();
        bail!("no such stage: {unknown}; there are: {}", names.join(", "));
    }
    packages::ensure(packages::RUN)?;
    packages::ensure(packages::TEST)?;
    // Once, before tests that need it run side by side.
    engines::asterisk::ensure_installed(&|step| println!("· {step}"))?;
    let (mut total, mut times) = (Count::default(), Vec::new());
    for (name, stage) in STAGES {
        if !only.is_empty() && !only.iter().any(|o| o == name) {
            continue;
        }
        println!("\n=== {name}");
        let start = Instant::now();
        let count = stage().unwrap_or_else(|e| {
            println!("{name}: {e:#}");
            Count { passed: 0, failed: 1 }
        });
        total = Count { passed: total.passed + count.passed, failed: total.failed + count.failed };
        times.push((name, count, start.elapsed()));
    }
    stop_cluster();
    println!();
    for (name, count, time) in times {
        let (p, f) = (count.passed, count.failed);
        println!("{name:<10} {:>6.1} s   {p} passed, {f} failed", time.as_secs_f64());
    }
    println!("\n{} passed, {} failed", total.passed, total.failed);
    if total.failed > 0 {
        std::process::exit(1);
    }
    Ok(())
}

/// Nothing is left running.
fn stop_cluster() {
    if let Ok(cluster) = sql::cluster() {
        let _ = cluster.stop();
    }
}

fn format() -> Result<Count> {
    Ok(Count::of(command(&["cargo", "fmt", "--all", "--check"]).status()?.success()))
}

/// A cargo command that checks SQL against a live database, as a developer's does.
fn cargo(words: &[&str]) -> Result<Command> {
    let cluster = sql::cluster()?;
    let exists = "select 1 from pg_database where datname = 'checked'";
    let url = if sql::psql(&cluster, "postgres", &["-tA", "-c", exists])?.trim() == "1" {
        cluster.url("checked")
    } else {
        sql::migrated(&cluster, "checked")?
    };
    let mut cargo = command(&[&["cargo"], words].concat());
    cargo.env("DATABASE_URL", url).env_remove("SQLX_OFFLINE");
    Ok(cargo)
}

/// Clippy sees every checked query on its way: what it asks of the database is kept for the
/// stage that compares it with what is committed.
fn lint() -> Result<Count> {
    // The schema may have changed since the last run.
    let cluster = sql::cluster()?;
    sql::migrated(&cluster, "checked")?;
    let fresh = fresh_sqlx()?;
    let _ = fs::remove_dir_all(&fresh);
    fs::create_dir_all(&fresh)?;
    generate::touch_crates()?;
    let words = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
    Ok(Count::of(cargo(&words)?.env("SQLX_OFFLINE_DIR", &fresh).status()?.success()))
}

fn fresh_sqlx() -> Result<PathBuf> {
    Ok(std::env::current_dir()?.join("target/sqlx-fresh"))
}

fn rust() -> Result<Count> {
    let tests = &mut cargo(&["test", "--workspace", "--no-fail-fast"])?;
    let (ok, said) = tee_watched(tests, QUIET, end_what_waits)?;
    let mut count = Count::default();
    for line in said.lines().filter(|l| l.starts_with("test result:")) {
        count.passed += number_before(line, " passed");
        count.failed += number_before(line, " failed");
    }
    if !ok && count.failed == 0 {
        bail!("the tests do not build");
    }
    Ok(count)
}

/// No test is silent for so long, not even while everything is built.
const QUIET: Duration = Duration::from_mins(15);

/// A test that hangs mostly waits for the database: tells for what and ends it, so that the test
/// fails by name and the run goes on.
fn end_what_waits() {
    println!("nothing was printed for {} minutes; in the database:", QUIET.as_secs() / 60);
    let waits = "select pid, datname, state, wait_event_type, wait_event, left(query, 200),
                        pg_terminate_backend(pid)
                 from pg_stat_activity
                 where backend_type = 'client backend' and pid <> pg_backend_pid()";
    match sql::cluster().and_then(|cluster| sql::psql(&cluster, "postgres", &["-c", waits])) {
        Ok(table) => println!("{table}"),
        Err(e) => println!("{e:#}"),
    }
}

fn number_before(line: &str, word: &str) -> u64 {
    let before = line.split(word).next().unwrap_or_default();
    before.rsplit(' ').next().and_then(|n| n.parse().ok()).unwrap_or_default()
}

/// What is committed is what the code makes. (The TypeScript client has a unit test of its own.)
fn generated() -> Result<Count> {
    let fresh = fresh_sqlx()?;
    if !fresh.exists() {
        lint()?;
    }
    let sql = sql::same_files(&fresh, Path::new(".sqlx"))?;
    say(sql, ".sqlx is what the code asks");
    let url = sql::cluster()?.url("checked");
    let document = generate::openapi(&url)? == fs::read_to_string("docs/openapi.json")?;
    say(document, "docs/openapi.json is what the code serves");
    let passed = u64::from(sql) + u64::from(document);
    Ok(Count { passed, failed: 2 - passed })
}

fn say(ok: bool, what: &str) {
    println!(
        "{} {what}{}",
        if ok { "ok:" } else { "NOT:" },
        if ok { "" } else { "; run cargo xtask gen" }
    );
}

fn web_check() -> Result<Count> {
    web::install()?;
    let check = web::npm().args(["run", "--silent", "check"]).status()?.success();
    let lint = web::npm().args(["run", "--silent", "lint"]).status()?.success();
    let passed = u64::from(check) + u64::from(lint);
    Ok(Count { passed, failed: 2 - passed })
}

fn web_unit() -> Result<Count> {
    web::install()?;
    let (ok, said) = tee(web::npm().args(["run", "--silent", "test"]).env("NO_COLOR", "1"))?;
    let line = said.lines().rfind(|l| l.trim_start().starts_with("Tests ")).unwrap_or_default();
    counted(ok, line)
}

fn people() -> Result<Count> {
    web::build()?;
    crate::run::build_server(false)?;
    let (ok, said) = tee(web::npm().args(["run", "--silent", "e2e"]).env("NO_COLOR", "1"))?;
    let passed = said.lines().rfind(|l| l.contains(" passed")).unwrap_or_default();
    let failed = said.lines().rfind(|l| l.contains(" failed")).unwrap_or_default();
    counted(ok, &format!("{failed} {passed}"))
}

/// Counts of a runner's closing line; a runner that failed without counting failed once.
fn counted(ok: bool, line: &str) -> Result<Count> {
    let (passed, failed) = (number_before(line, " passed"), number_before(line, " failed"));
    if passed + failed == 0 {
        bail!("no test ran");
    }
    Ok(Count { passed, failed: if ok { failed } else { failed.max(1) } })
}
