//! Measurements of the house that runs: `bench ring`, `bench api`, and `bench city` for the loader
//! of its city. What is measured and how: `docs/benchmarks.md`.
//!
//! `serve` and `floor` are for the bench itself: the house and its bare counterpart, each in a
//! process of its own, so that the kernel counts what each costs.

mod api;
mod billing;
mod city;
mod cpu;
mod desk;
mod figures;
mod find;
mod ground;
mod house;
mod ring;

use anyhow::{Result, bail};
use tracing_subscriber::EnvFilter;

#[tokio::main]
async fn main() -> Result<()> {
    let filter = EnvFilter::try_from_env("HEARTHLINE_LOG").unwrap_or_else(|_| "warn".into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let args: Vec<String> = std::env::args().skip(1).collect();
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    match args[..] {
        ["ring"] => ring::run().await,
        ["api"] => api::run().await,
        ["city", ref rest @ ..] => city::run(rest).await,
        ["find", ref rest @ ..] => find::run(rest).await,
        ["billing", ref rest @ ..] => billing::run(rest).await,
        ["serve", config] => house::serve(config).await,
        ["floor", url, port] => api::floor::serve(url, port.parse()?).await,
        _ => bail!("what to measure? ring, api, city, find, billing"),
    }
}
