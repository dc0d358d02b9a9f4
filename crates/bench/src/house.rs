//! The house under measurement: the product's own start, in a process of its own.

use crate::cpu;
use crate::ground::Ground;
use anyhow::{Context as _, Result, bail};
use engines::asterisk::{free_tcp_port, free_udp_port};
use serde_json::json;
use server::{Config, House};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

/// Runs the house until standard input closes.
pub async fn serve(config: &str) -> Result<()> {
    let config = Config::load(Some(Path::new(config)))?;
    let house = House::start(&config, |_| {}).await?;
    println!("ready {}", house.address()?);
    house.serve(stdin_closes()).await
}

/// Ready when standard input has closed: the bench is done, or gone.
pub async fn stdin_closes() {
    let (done, closed) = tokio::sync::oneshot::channel::<()>();
    std::thread::spawn(move || {
        let _ = std::io::stdin().read_to_end(&mut Vec::new());
        drop(done);
    });
    let _ = closed.await;
}

/// A process that listens, started by the bench and stopped by closing its standard input.
pub struct Served {
    child: Child,
    /// Its process.
    pub pid: u32,
    /// Where it answers, without a slash at the end.
    pub url: String,
}

impl Served {
    /// Starts this very program with other words, and waits until it says `ready ADDRESS`.
    pub async fn start(args: &[&str]) -> Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .args(args)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let pid = child.id().context("it ended at once")?;
        let out = child.stdout.take().context("no standard output")?;
        let mut lines = BufReader::new(out).lines();
        while let Some(line) = lines.next_line().await? {
            if let Some(address) = line.strip_prefix("ready ") {
                return Ok(Self { child, pid, url: format!("http://{address}") });
            }
        }
        bail!("{} ended before it was ready", args.join(" "))
    }

    /// Stops it in order.
    pub async fn stop(mut self) -> Result<()> {
        drop(self.child.stdin.take());
        let ended = self.child.wait().await?;
        if ended.success() { Ok(()) } else { bail!("it ended badly: {ended}") }
    }
}

/// The product, with or without its telephone.
pub struct Product {
    /// The server.
    pub server: Served,
    /// Port of the trunk's SIP.
    pub sip_port: u16,
    /// Where ARI answers, and its password.
    pub ari: (String, String),
    /// The private Asterisk's folder.
    pub asterisk_dir: PathBuf,
}

impl Product {
    /// Starts it on the run's database. Doors are open wide: a bench is one very busy person.
    pub async fn start(ground: &Ground, telephony: bool) -> Result<Self> {
        let data = ground.dir.join("house");
        std::fs::create_dir_all(&data)?;
        let (sip_port, ari_port) = (free_udp_port(), free_tcp_port());
        let config = json!({
            "http": { "listen": "127.0.0.1:0" },
            "database": { "url": format!("{}?application_name=house", ground.url) },
            "data": { "dir": data },
            "telephony": {
                "enabled": telephony,
                "http_port": ari_port,
                "sip_port": sip_port,
                "rtp_port": 20_000,
                "trunk": "127.0.0.1:9",
            },
            "limits": { "per_session": 1_000_000, "per_address": 1_000_000, "sign_ins": 1000 },
        });
        let path = ground.dir.join("house.toml");
        std::fs::write(&path, toml::to_string(&config)?)?;
        let server = Served::start(&["serve", &path.to_string_lossy()]).await?;
        let asterisk_dir = data.join("asterisk");
        let secret = match telephony {
            true => std::fs::read_to_string(asterisk_dir.join("lib/ari.secret"))?,
            false => String::new(),
        };
        let ari = (format!("http://127.0.0.1:{ari_port}/ari"), secret);
        Ok(Self { server, sip_port, ari, asterisk_dir })
    }

    /// Says something on its Asterisk's console.
    pub fn tell_asterisk(&self, line: &str) -> Result<()> {
        let words = std::fs::read(format!("/proc/{}/cmdline", self.asterisk()?))?;
        let words = String::from_utf8_lossy(&words).into_owned();
        // What started it, up to its own arguments: the program, perhaps behind a loader.
        let words: Vec<&str> = words.split('\0').take_while(|w| *w != "-f").collect();
        let (program, rest) = words.split_first().context("no command line")?;
        let conf = self.asterisk_dir.join("etc/asterisk.conf");
        let said = std::process::Command::new(program)
            .args(rest)
            .arg("-C")
            .arg(conf)
            .args(["-rx", line])
            .output()?;
        let text = String::from_utf8_lossy(&said.stdout).into_owned();
        if said.status.success() && !text.contains("Unable") && !text.contains("No such") {
            return Ok(());
        }
        bail!("Asterisk does not understand {line:?}: {text}")
    }

    /// The process of its Asterisk.
    pub fn asterisk(&self) -> Result<u32> {
        let conf = self.asterisk_dir.join("etc/asterisk.conf");
        cpu::find_below(self.server.pid, &conf.to_string_lossy()).context("no Asterisk runs")
    }
}
