//! A throw-away Asterisk for tests and measurements.

use super::{Config, Error, Instance, ensure_installed, start};
use std::net::{TcpListener, UdpSocket};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU16, Ordering};

const LOOPBACK: &str = "127.0.0.1";
static NEXT: AtomicU16 = AtomicU16::new(0);

/// An Asterisk of its own folder and ports; gone, with its folder, when dropped.
#[derive(Debug)]
pub struct Scratch {
    instance: Option<Instance>,
    dir: PathBuf,
}

impl Scratch {
    /// Starts one; `change` may alter the configuration first.
    pub async fn start(change: impl FnOnce(&mut Config)) -> Result<Self, Error> {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("hearthline-asterisk-{}-{number}", std::process::id());
        sweep(&std::env::temp_dir());
        let dir = std::env::temp_dir().join(name);
        let assets = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/prompts");
        let mut config = Config::new(&dir, &assets.join("zh"), &assets.join("moh"));
        config.http_port = free_tcp_port();
        config.sip_port = free_udp_port();
        config.rtp = free_rtp_range();
        change(&mut config);
        let install = ensure_installed(&|step| tracing::info!("{step}"))?;
        let mut scratch = Self { instance: None, dir };
        scratch.instance = Some(start(&install, config).await?);
        Ok(scratch)
    }

    /// The instance that runs.
    ///
    /// # Panics
    /// Never while the value lives: it is taken in [`Scratch::restart`] only, which puts it back.
    pub fn instance(&self) -> &Instance {
        self.instance.as_ref().expect("taken only while restarting")
    }

    /// Kills it as a power cut would and starts it again in the same folder.
    pub async fn restart(&mut self) -> Result<(), Error> {
        let Some(instance) = self.instance.take() else { return Ok(()) };
        let config = instance.config().clone();
        instance.kill();
        instance.stop().await;
        let install = ensure_installed(&|_| ())?;
        self.instance = Some(start(&install, config).await?);
        Ok(())
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if let Some(instance) = &self.instance {
            instance.kill();
        }
        let _ = std::fs::remove_dir_all(&self.dir);
    }
}

/// Ends what runs that were killed left behind.
fn sweep(temp: &Path) {
    let Ok(entries) = std::fs::read_dir(temp) else { return };
    for dir in entries.flatten().map(|e| e.path()) {
        let name = dir.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        let Some(rest) = name.strip_prefix("hearthline-asterisk-") else { continue };
        let owner = rest.split('-').next().unwrap_or_default();
        if !Path::new("/proc").join(owner).exists() {
            super::instance::kill_stale(&dir);
            let _ = std::fs::remove_dir_all(&dir);
        }
    }
}

/// A TCP port that nobody uses at this moment.
pub fn free_tcp_port() -> u16 {
    TcpListener::bind((LOOPBACK, 0)).and_then(|s| s.local_addr()).map_or(0, |a| a.port())
}

/// A UDP port that nobody uses at this moment.
pub fn free_udp_port() -> u16 {
    UdpSocket::bind((LOOPBACK, 0)).and_then(|s| s.local_addr()).map_or(0, |a| a.port())
}

/// Two hundred UDP ports of which the first is free; Asterisk passes over taken ones by itself.
fn free_rtp_range() -> (u16, u16) {
    let first = (free_udp_port() / 200 * 200).clamp(10_000, 65_000);
    (first, first + 199)
}
