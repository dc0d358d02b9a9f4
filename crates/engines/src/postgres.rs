//! A private PostgreSQL: found on the machine, kept in a folder of ours, reached over a unix
//! socket that only we may open.
//!
//! The server keeps running when the process that started it dies without a word; the next start
//! adopts it. PostgreSQL refuses to run as root, so a root process runs it as `postgres`.

use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// The oldest major version that the schema runs on.
pub const OLDEST: u32 = 15;

/// Why the private PostgreSQL could not be had.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is none on this machine.
    #[error("no PostgreSQL {OLDEST} or newer found; install it: apt-get install postgresql")]
    NotInstalled,
    /// Root needs an unprivileged user to run it as.
    #[error("PostgreSQL does not run as root, and there is no user `postgres` to run it as")]
    NoUser,
    /// One of its programs failed.
    #[error("{program} failed: {output}")]
    Failed {
        /// The program.
        program: &'static str,
        /// What it printed.
        output: String,
    },
    /// The file system refused.
    #[error("{0}: {1}")]
    Io(PathBuf, #[source] io::Error),
}

/// What the cluster is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Data that must survive a power cut.
    Durable,
    /// Tests: fast, and worth nothing afterwards.
    Throwaway,
}

/// A private cluster that runs.
#[derive(Clone, Debug)]
pub struct Cluster {
    bin: PathBuf,
    data: PathBuf,
    socket: PathBuf,
    user: Option<(u32, u32)>,
}

impl Cluster {
    /// Starts the cluster that lives under `dir`, or adopts it when it runs already. Made on
    /// first use; `say` hears of what takes long.
    pub fn start(dir: &Path, purpose: Purpose, say: &dyn Fn(&str)) -> Result<Self, Error> {
        let bin = find_binaries().ok_or(Error::NotInstalled)?;
        let user = unprivileged()?;
        let home = home_for(dir, user)?;
        let cluster = Self { bin, data: home.join("data"), socket: socket_for(&home), user };
        cluster.own(&home)?;
        cluster.own(&cluster.socket)?;
        if !cluster.data.join("PG_VERSION").exists() {
            say("creating a private PostgreSQL cluster");
            cluster.init()?;
        }
        if !cluster.is_ready() {
            say("starting the private PostgreSQL");
            cluster.launch(&home, purpose)?;
        }
        Ok(cluster)
    }

    /// Where to connect for the database `name`.
    pub fn url(&self, name: &str) -> String {
        let host = self.socket.to_string_lossy().replace('/', "%2F");
        format!("postgres://hearthline@{host}/{name}")
    }

    /// Makes the database unless it is there.
    pub fn ensure_database(&self, name: &str) -> Result<(), Error> {
        let made =
            self.run("createdb", &["-h", &self.socket.to_string_lossy(), "-U", "hearthline", name]);
        match made {
            Err(Error::Failed { output, .. }) if output.contains("already exists") => Ok(()),
            other => other.map(drop),
        }
    }

    /// Whether it accepts connections.
    pub fn is_ready(&self) -> bool {
        self.run("pg_isready", &["-q", "-h", &self.socket.to_string_lossy()]).is_ok()
    }

    /// Stops it: open transactions are rolled back, nothing committed is lost.
    pub fn stop(&self) -> Result<(), Error> {
        if !self.data.join("postmaster.pid").exists() {
            return Ok(());
        }
        let data = self.data.to_string_lossy();
        self.run("pg_ctl", &["-D", &data, "-m", "fast", "-w", "stop"]).map(drop)
    }

    /// The folder that holds its files.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// The process that listens, when it runs.
    pub fn pid(&self) -> Option<u32> {
        let text = fs::read_to_string(self.data.join("postmaster.pid")).ok()?;
        text.lines().next()?.trim().parse().ok()
    }

    /// Whether its process is gone, whatever its lock file says.
    pub fn is_dead(&self) -> bool {
        self.pid().is_none_or(|pid| !Path::new("/proc").join(pid.to_string()).exists())
    }

    /// Starts it again after it died; the same when it lives.
    pub fn revive(&self) -> Result<(), Error> {
        let home = self.data.parent().unwrap_or(&self.data);
        if self.is_ready() { Ok(()) } else { self.launch(home, Purpose::Durable) }
    }

    fn init(&self) -> Result<(), Error> {
        let data = self.data.to_string_lossy();
        let partial = format!("{data}.partial");
        let _ = fs::remove_dir_all(&partial);
        self.run(
            "initdb",
            &[
                "-D",
                &partial,
                "-U",
                "hearthline",
                "--auth=trust",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                "--data-checksums",
                "--no-sync",
                "--no-instructions",
            ],
        )?;
        fs::rename(&partial, &self.data).map_err(|e| Error::Io(self.data.clone(), e))
    }

    fn launch(&self, home: &Path, purpose: Purpose) -> Result<(), Error> {
        let mut options = vec![
            "listen_addresses=".to_owned(),
            format!("unix_socket_directories={}", self.socket.display()),
            "unix_socket_permissions=0700".to_owned(),
            "max_connections=200".to_owned(),
            "shared_buffers=256MB".to_owned(),
            "jit=off".to_owned(),
            // Queries here are short; parallel plans only add their start-up to them.
            "max_parallel_workers_per_gather=0".to_owned(),
            "random_page_cost=1.1".to_owned(),
            "idle_in_transaction_session_timeout=60s".to_owned(),
            // What a dead client asked for ends soon, and its locks with it.
            "client_connection_check_interval=2s".to_owned(),
            "timezone=UTC".to_owned(),
        ];
        match purpose {
            Purpose::Durable => options.push("max_wal_size=2GB".to_owned()),
            Purpose::Throwaway => options.extend(
                ["fsync=off", "synchronous_commit=off", "full_page_writes=off"].map(str::to_owned),
            ),
        }
        let options: String = options.iter().map(|o| format!("-c {o} ")).collect();
        let (data, log) = (self.data.to_string_lossy(), home.join("postgres.log"));
        let log = log.to_string_lossy();
        // After a kill -9 the old process lingers a moment; its lock file refuses us until then.
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            let args = ["-D", &*data, "-l", &*log, "-w", "-t", "120", "-o", &*options, "start"];
            match self.run("pg_ctl", &args) {
                Ok(_) => return Ok(()),
                Err(e) if Instant::now() > deadline => return Err(e),
                Err(_) if self.is_ready() => return Ok(()),
                Err(_) => std::thread::sleep(Duration::from_millis(250)),
            }
        }
    }

    fn run(&self, program: &'static str, args: &[&str]) -> Result<Output, Error> {
        let mut command = Command::new(self.bin.join(program));
        command.args(args).current_dir("/").stdin(Stdio::null());
        // A log file, not a pipe: the postmaster would hold a pipe open for its whole life.
        let said = tempfile().map_err(|e| Error::Io(std::env::temp_dir(), e))?;
        let clone = |f: &fs::File| f.try_clone().map_err(|e| Error::Io(std::env::temp_dir(), e));
        command.stdout(clone(&said.1)?).stderr(clone(&said.1)?);
        if let Some((uid, gid)) = self.user {
            command.uid(uid).gid(gid);
        }
        let status = command.status().map_err(|e| Error::Io(self.bin.join(program), e))?;
        let output = fs::read(&said.0).unwrap_or_default();
        let _ = fs::remove_file(&said.0);
        if status.success() {
            return Ok(Output { status, stdout: output, stderr: Vec::new() });
        }
        Err(Error::Failed { program, output: String::from_utf8_lossy(&output).trim().to_owned() })
    }

    fn own(&self, dir: &Path) -> Result<(), Error> {
        let io = |e| Error::Io(dir.to_owned(), e);
        fs::create_dir_all(dir).map_err(io)?;
        if let Some((uid, gid)) = self.user {
            chown(dir, Some(uid), Some(gid)).map_err(io)?;
        }
        fs::set_permissions(dir, fs::Permissions::from_mode(0o700)).map_err(io)
    }
}

fn tempfile() -> io::Result<(PathBuf, fs::File)> {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let n = NEXT.fetch_add(1, Ordering::Relaxed);
    let path = std::env::temp_dir().join(format!("hearthline-pg-{}-{n}", std::process::id()));
    let file = fs::File::create(&path)?;
    Ok((path, file))
}

/// The newest PostgreSQL on this machine that is new enough.
fn find_binaries() -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut found: Vec<(u32, PathBuf)> =
        std::env::split_paths(&path).filter_map(|dir| Some((version_in(&dir)?, dir))).collect();
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    found.extend(debian.filter_map(|entry| {
        let version = entry.file_name().to_string_lossy().parse().ok()?;
        Some((version, entry.path().join("bin")))
    }));
    let complete =
        |bin: &Path| ["initdb", "pg_ctl", "pg_isready"].iter().all(|p| bin.join(p).exists());
    found.retain(|(version, bin)| *version >= OLDEST && complete(bin));
    found.sort_by_key(|(version, _)| *version);
    found.pop().map(|(_, bin)| bin)
}

fn version_in(dir: &Path) -> Option<u32> {
    let program = dir.join("postgres");
    if !program.exists() {
        return None;
    }
    let output = Command::new(program).arg("--version").output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.split_whitespace().find_map(|w| w.split('.').next()?.parse().ok())
}

/// Whom to run as: ourselves, or `postgres` when we are root.
fn unprivileged() -> Result<Option<(u32, u32)>, Error> {
    let me = fs::metadata("/proc/self").map_err(|e| Error::Io("/proc/self".into(), e))?.uid();
    if me != 0 {
        return Ok(None);
    }
    let passwd = fs::read_to_string("/etc/passwd").unwrap_or_default();
    let ids = passwd.lines().find_map(|line| {
        let mut fields = line.split(':');
        (fields.next() == Some("postgres")).then(|| fields.nth(1).zip(fields.next()))?
    });
    let (uid, gid) = ids.ok_or(Error::NoUser)?;
    uid.parse().ok().zip(gid.parse().ok()).map(Some).ok_or(Error::NoUser)
}

/// `dir`, unless the unprivileged user cannot get there (a checkout in root's home).
fn home_for(dir: &Path, user: Option<(u32, u32)>) -> Result<PathBuf, Error> {
    fs::create_dir_all(dir).map_err(|e| Error::Io(dir.to_owned(), e))?;
    let dir = fs::canonicalize(dir).map_err(|e| Error::Io(dir.to_owned(), e))?;
    let reachable = |d: &Path| fs::metadata(d).is_ok_and(|m| m.mode() & 0o001 != 0);
    if user.is_none() || dir.ancestors().skip(1).all(reachable) {
        return Ok(dir);
    }
    Ok(PathBuf::from("/var/lib/hearthline").join(name_of(&dir)))
}

/// Socket paths must be short, checkouts may lie deep.
fn socket_for(home: &Path) -> PathBuf {
    PathBuf::from("/tmp").join(format!("hearthline-{}", name_of(home)))
}

/// FNV-1a of the path: short, and the same for ever.
fn name_of(path: &Path) -> String {
    let bytes = path.as_os_str().as_encoded_bytes();
    let hash = bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3));
    format!("{hash:016x}")
}
