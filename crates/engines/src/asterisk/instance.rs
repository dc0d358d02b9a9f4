//! One running Asterisk: started or adopted, watched, stopped.

use super::{Config, Error, Install, at, sound};
use rustix::process::{Pid, Signal};
use std::fs::{self, File};
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::SocketAddr;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, Command};
use tokio::time::{Instant, sleep, timeout};

/// How long a start may take on a slow machine.
const START: Duration = Duration::from_secs(40);
/// How long it may take to end by itself before it is killed.
const END: Duration = Duration::from_secs(5);
const TICK: Duration = Duration::from_millis(100);

/// How the platform reaches ARI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AriAddress {
    /// `http://127.0.0.1:18088/ari`.
    pub url: String,
    /// Name to sign in with.
    pub user: String,
    /// Its password.
    pub password: String,
}

/// One running Asterisk. Dropping it leaves it running, for the next [`start`] to adopt.
#[derive(Debug)]
pub struct Instance {
    config: Config,
    ari: AriAddress,
    pid: Pid,
    child: Option<Child>,
}

/// Starts Asterisk in `config.dir`, or takes over the one that runs there with this very
/// configuration; one that runs there with another configuration is stopped first.
pub async fn start(install: &Install, mut config: Config) -> Result<Instance, Error> {
    prepare(&mut config)?;
    let secret = secret(&config.dir)?;
    let files = config.files(install.places(), &secret);
    let address = SocketAddr::new(config.bind, config.http_port);
    let ari = AriAddress {
        url: format!("http://{address}/ari"),
        user: "hearthline".to_owned(),
        password: secret,
    };
    if let Some(pid) = running(&config.main_file()) {
        if unchanged(&config.dir, &files) && is_ready(address, &ari).await {
            tracing::info!(pid = pid.as_raw_nonzero(), "took over the running Asterisk");
            return Ok(Instance { config, ari, pid, child: None });
        }
        end(pid).await;
        // Its last threads may hold the ports for a moment after its first has ended.
        let deadline = Instant::now() + END;
        while require_free_ports(&config).is_err() && Instant::now() < deadline {
            sleep(TICK).await;
        }
    }
    require_free_ports(&config)?;
    for (name, text) in &files {
        let path = config.dir.join("etc").join(name);
        at(&path, fs::write(&path, text))?;
    }
    // Nothing of ours is in it, and one that a power cut broke would keep Asterisk from starting.
    let _ = fs::remove_file(config.dir.join("lib/astdb.sqlite3"));
    let child = spawn(install, &config)?;
    let pid = child.id().and_then(|id| Pid::from_raw(id.try_into().ok()?));
    let Some(pid) = pid else { return Err(did_not_start(&config.dir)) };
    let mut instance = Instance { config, ari, pid, child: Some(child) };
    instance.await_ready(address).await?;
    Ok(instance)
}

impl Instance {
    /// Where ARI answers.
    pub fn ari(&self) -> &AriAddress {
        &self.ari
    }

    /// Its process.
    pub fn pid(&self) -> u32 {
        self.pid.as_raw_nonzero().get().cast_unsigned()
    }

    /// The configuration it runs with.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// Where a browser's telephone connects.
    pub fn websocket_url(&self) -> String {
        format!("ws://{}/ws", SocketAddr::new(self.config.bind, self.config.http_port))
    }

    /// The folder in which ARI's recordings arrive.
    pub fn recordings(&self) -> PathBuf {
        self.config.dir.join("spool/recording")
    }

    /// Waits until the process has ended, for whatever reason.
    pub async fn exited(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.wait().await;
            return;
        }
        while is_ours(self.pid, &self.config.main_file()) {
            sleep(TICK * 5).await;
        }
    }

    /// Ends it, its calls included: politely, then by force.
    pub async fn stop(mut self) {
        end(self.pid).await;
        if let Some(child) = &mut self.child {
            let _ = child.wait().await;
        }
    }

    /// Kills it on the spot, as a power cut would.
    pub fn kill(&self) {
        if is_ours(self.pid, &self.config.main_file()) {
            let _ = rustix::process::kill_process(self.pid, Signal::KILL);
        }
    }

    async fn await_ready(&mut self, address: SocketAddr) -> Result<(), Error> {
        let deadline = Instant::now() + START;
        while Instant::now() < deadline {
            if is_ready(address, &self.ari).await {
                return Ok(());
            }
            let ended = self.child.as_mut().is_some_and(|c| !matches!(c.try_wait(), Ok(None)));
            if ended {
                return Err(did_not_start(&self.config.dir));
            }
            sleep(TICK).await;
        }
        self.kill();
        Err(did_not_start(&self.config.dir))
    }
}

/// Makes the folders and the two sounds; from here on every path is absolute.
fn prepare(config: &mut Config) -> Result<(), Error> {
    for folder in ["etc", "run", "log", "lib/keys", "spool/recording", "spool/tmp", "sounds/moh"] {
        let path = config.dir.join(folder);
        at(&path, fs::create_dir_all(&path))?;
    }
    config.dir = at(&config.dir, config.dir.canonicalize())?;
    for folder in [&mut config.prompts, &mut config.hold_music] {
        *folder = at(folder, std::path::absolute(&*folder))?;
    }
    let beep = config.dir.join("sounds/beep.wav");
    at(&beep, sound::write_beep(&beep))?;
    let tone = config.dir.join("sounds/moh/hold.wav");
    at(&tone, sound::write_hold_tone(&tone))
}

/// The password of ARI: made once for each folder, readable by its owner only.
fn secret(dir: &Path) -> Result<String, Error> {
    let path = dir.join("lib/ari.secret");
    if let Ok(secret) = fs::read_to_string(&path)
        && secret.len() == 32
    {
        return Ok(secret);
    }
    let mut bytes = [0; 16];
    let source = Path::new("/dev/urandom");
    at(source, File::open(source).and_then(|mut f| f.read_exact(&mut bytes)))?;
    let secret: String = bytes.iter().map(|b| format!("{b:02x}")).collect();
    let mut options = File::options();
    options.write(true).create(true).truncate(true).mode(0o600);
    at(&path, options.open(&path).and_then(|mut f| f.write_all(secret.as_bytes())))?;
    Ok(secret)
}

fn unchanged(dir: &Path, files: &[(&str, String)]) -> bool {
    files.iter().all(|(name, text)| {
        fs::read_to_string(dir.join("etc").join(name)).is_ok_and(|there| there == *text)
    })
}

fn spawn(install: &Install, config: &Config) -> Result<Child, Error> {
    let log = config.dir.join("log/console.log");
    let console = at(&log, File::create(&log))?;
    let errors = at(&log, console.try_clone())?;
    let mut command = Command::from(install.command());
    command
        .arg("-f")
        .arg("-C")
        .arg(config.main_file())
        .current_dir(&config.dir)
        .stdin(Stdio::null())
        .stdout(console)
        .stderr(errors)
        // Ctrl-C is for the platform, which then ends Asterisk in its own order.
        .process_group(0);
    at(&log, command.spawn())
}

/// The process that runs with this configuration file, wherever it came from.
fn running(main_file: &Path) -> Option<Pid> {
    fs::read_dir("/proc").ok()?.flatten().find_map(|entry| {
        let pid = Pid::from_raw(entry.file_name().to_str()?.parse().ok()?)?;
        is_ours(pid, main_file).then_some(pid)
    })
}

fn is_ours(pid: Pid, main_file: &Path) -> bool {
    let path = format!("/proc/{}/cmdline", pid.as_raw_nonzero());
    let Ok(line) = fs::read(path) else { return false };
    let words: Vec<&[u8]> = line.split(|b| *b == 0).collect();
    let file = main_file.as_os_str().as_encoded_bytes();
    words.windows(3).any(|w| w[0] == b"-f" && w[1] == b"-C" && w[2] == file)
}

/// Kills what runs in a folder whose owner is gone.
pub(super) fn kill_stale(dir: &Path) {
    if let Some(pid) = running(&dir.join("etc/asterisk.conf")) {
        let _ = rustix::process::kill_process(pid, Signal::KILL);
    }
}

async fn end(pid: Pid) {
    let gone = || rustix::process::test_kill_process(pid).is_err() || is_zombie(pid);
    for signal in [Signal::TERM, Signal::KILL] {
        let _ = rustix::process::kill_process(pid, signal);
        let deadline = Instant::now() + END;
        while Instant::now() < deadline {
            if gone() {
                return;
            }
            sleep(TICK).await;
        }
    }
}

fn is_zombie(pid: Pid) -> bool {
    fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero()))
        .is_ok_and(|stat| stat.rsplit(") ").next().is_some_and(|rest| rest.starts_with('Z')))
}

/// Asks for each port before Asterisk does, because it would only log the failure and go on.
fn require_free_ports(config: &Config) -> Result<(), Error> {
    let bind = config.bind;
    let free = |port, bound: std::io::Result<()>, used_for, setting| match bound {
        Err(e) if e.kind() == ErrorKind::AddrInUse => {
            Err(Error::PortTaken { port, bind, used_for, setting })
        }
        other => other.map_err(|source| Error::Address { bind, port, source }),
    };
    let (http, sip) = (config.http_port, config.sip_port);
    let bound = std::net::TcpListener::bind((bind, http)).map(drop);
    free(http, bound, "Asterisk's HTTP", "http_port")?;
    let bound = std::net::UdpSocket::bind((bind, sip)).map(drop);
    free(sip, bound, "SIP over UDP", "sip_port")
}

/// Whether ARI answers and the modules that load last are running.
async fn is_ready(address: SocketAddr, ari: &AriAddress) -> bool {
    for module in ["chan_pjsip.so", "app_stasis.so", "pbx_config.so"] {
        let path = format!("/ari/asterisk/modules/{module}");
        let answer = timeout(Duration::from_secs(2), get(address, &path, ari)).await;
        if !matches!(answer, Ok(Ok(text)) if text.contains("Running")) {
            return false;
        }
    }
    true
}

async fn get(address: SocketAddr, path: &str, ari: &AriAddress) -> std::io::Result<String> {
    let mut socket = tokio::net::TcpStream::connect(address).await?;
    let key = format!("{}:{}", ari.user, ari.password);
    let request = format!(
        "GET {path}?api_key={key} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    );
    socket.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    socket.read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

/// The last words of both logs: before its own log is open, Asterisk speaks to the console.
fn did_not_start(dir: &Path) -> Error {
    let end = |name: &str| {
        let text = fs::read(dir.join("log").join(name)).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let lines: Vec<&str> = text.lines().filter(|l| !l.trim().is_empty()).collect();
        lines[lines.len().saturating_sub(8)..].join("\n")
    };
    let tail = [end("messages.log"), end("console.log")].join("\n");
    Error::DidNotStart { log: dir.join("log"), tail }
}
