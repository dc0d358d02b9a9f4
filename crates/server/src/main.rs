//! `hearthline`: the platform's one server binary.

use anyhow::{Context as _, Result, bail};
use clap::{Parser, Subcommand};
use server::{Config, House};
use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
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
    /// Asks the book: proof, export, the key that signs it.
    Ledger(Ledger),
}

#[derive(clap::Args)]
struct Ledger {
    /// Configuration file (TOML).
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    /// Data folder, instead of the configured one.
    #[arg(long, global = true)]
    data: Option<PathBuf>,
    #[command(subcommand)]
    ask: server::book::Ask,
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
        Command::Ledger(asked) => runtime.block_on(async {
            let mut config = Config::load(asked.config.as_deref())?;
            if let Some(data) = asked.data {
                config.data.dir = data;
            }
            std::fs::create_dir_all(&config.data.dir).context("cannot make the data folder")?;
            config.data.dir = config.data.dir.canonicalize()?;
            server::book::answer(&config, asked.ask).await
        }),
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

    let _only = only_one_in(&config.data.dir)?;
    let house = House::start(&config, |step| println!("· {step}")).await?;
    let url = format!("http://{}", house.address()?);
    if config.demonstration.enabled {
        welcome(&config, &url);
    }
    println!("ready: {url}");
    house.serve(stop_signal(serve.until_stdin_closes)).await?;
    println!("stopped");
    Ok(())
}

/// Two servers over one data folder would fight for its engines. The lock dies with us.
fn only_one_in(dir: &Path) -> Result<File> {
    let lock = File::create(dir.join("lock")).context("cannot write to the data folder")?;
    if lock.try_lock().is_err() {
        bail!(
            "another server works in {}; stop it, or choose another folder with --data",
            dir.display()
        );
    }
    Ok(lock)
}

/// Where to go, as whom, and how to call.
fn welcome(config: &Config, url: &str) {
    let Config { telephony, demonstration, .. } = config;
    println!("\n  desk    {url}/desk/     agent01…agent12 座席 · lead01 班长 · dispatcher01 调度");
    println!("                          station01…04 站长 · manager01 管理 · admin 系统管理");
    println!("  field   {url}/field/    repairer01…14 维修员 · team01 队长");
    println!("  wall    {url}/wall/     wall 大屏");
    println!("  portal  {url}/portal/");
    println!("  password of all: {}\n", demonstration.password);
    if telephony.enabled {
        let number = &telephony.service_number;
        println!("  call {number} from your browser: {url}/portal/call");
        println!("  or by SIP: sip:{number}@127.0.0.1:{}\n", telephony.sip_port);
    } else {
        println!("  without telephony: no calls, softphones, recordings or click to call\n");
    }
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
