//! `hearthline`: the platform's one server binary.

use anyhow::{Context as _, Result};
use clap::{Parser, Subcommand};
use server::{Config, House};
use std::io::Read as _;
use std::path::PathBuf;
use tracing_subscriber::EnvFilter;

/// Customer service of a utility company.
#[derive(Parser)]
#[command(version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Runs the platform; without configuration it starts what it needs on this machine.
    Serve(Serve),
    /// Prints the API's document.
    Openapi,
}

#[derive(clap::Args)]
struct Serve {
    /// Configuration file (TOML).
    #[arg(long)]
    config: Option<PathBuf>,
    /// Port on loopback, instead of the configured address.
    #[arg(long)]
    port: Option<u16>,
    /// Data folder, instead of the configured one.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Loads the demonstration city into an empty database and opens the caller's page.
    #[arg(long)]
    demonstration: bool,
    /// Runs without a telephone switch.
    #[arg(long)]
    without_telephony: bool,
    /// Stops when standard input closes: whoever started it has gone.
    #[arg(long)]
    until_stdin_closes: bool,
}

fn main() -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    match Cli::parse().command {
        Command::Serve(serve) => runtime.block_on(run(serve)),
        Command::Openapi => runtime.block_on(async {
            println!("{}", server::openapi::document().to_pretty_json()?);
            Ok(())
        }),
    }
}

async fn run(serve: Serve) -> Result<()> {
    let filter = EnvFilter::try_from_env("HEARTHLINE_LOG")
        .unwrap_or_else(|_| EnvFilter::new("warn,server=info,telephony=info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let mut config = Config::load(serve.config.as_deref())?;
    if let Some(port) = serve.port {
        config.http.listen.set_port(port);
    }
    if let Some(data) = serve.data {
        config.data.dir = data;
    }
    config.demonstration.enabled |= serve.demonstration;
    config.telephony.enabled &= !serve.without_telephony;
    // Children are told absolute paths.
    std::fs::create_dir_all(&config.data.dir).context("cannot make the data folder")?;
    config.data.dir = config.data.dir.canonicalize()?;

    let house = House::start(&config, |step| println!("· {step}")).await?;
    println!("ready: http://{}", house.address()?);
    house.serve(stop_signal(serve.until_stdin_closes)).await?;
    println!("stopped");
    Ok(())
}

async fn stop_signal(stdin_too: bool) {
    use tokio::signal::unix::{SignalKind, signal};
    let closed = tokio::task::spawn_blocking(move || {
        let mut rest = Vec::new();
        stdin_too.then(|| std::io::stdin().read_to_end(&mut rest))
    });
    let parent_gone =
        async { if stdin_too { drop(closed.await) } else { std::future::pending().await } };
    let mut term = signal(SignalKind::terminate()).ok();
    let terminated = async {
        match &mut term {
            Some(term) => drop(term.recv().await),
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
        () = parent_gone => {}
    }
}
