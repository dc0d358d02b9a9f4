//! Finding Asterisk on this machine, or installing it beside the system.

use super::{Error, at, config::Places};
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The oldest release whose ARI does what we ask of it.
const OLDEST: u32 = 20;
/// The Debian release whose Asterisk we take, and its long-term branch.
const SUITE: &str = "forky";
const FOLDER: &str = "hearthline/asterisk-22";
const MIRROR: &str = "http://deb.debian.org/debian";
const KEYRING: &str = "/usr/share/keyrings/debian-archive-keyring.gpg";

/// An Asterisk that can be started.
#[derive(Clone, Debug)]
pub struct Install {
    /// Program and arguments that come before Asterisk's own.
    program: Vec<PathBuf>,
    places: Places,
}

impl Install {
    /// The command that runs it, without arguments.
    pub(super) fn command(&self) -> Command {
        let mut command = Command::new(&self.program[0]);
        command.args(&self.program[1..]);
        command
    }

    pub(super) fn places(&self) -> &Places {
        &self.places
    }

    /// The system's own package, when it is new enough.
    fn system() -> Option<Self> {
        let binary = PathBuf::from("/usr/sbin/asterisk");
        let modules = ["/usr/lib/x86_64-linux-gnu", "/usr/lib/aarch64-linux-gnu", "/usr/lib"]
            .iter()
            .map(|lib| Path::new(lib).join("asterisk/modules"))
            .find(|m| m.join("res_stasis.so").exists())?;
        let places = Places { modules, data: "/usr/share/asterisk".into() };
        Self { program: vec![binary], places }.new_enough()
    }

    /// A Debian root of our own. Its programs run on its own loader and libraries, straight on
    /// the host: no chroot, no privilege, and every path means what it says.
    fn private(root: &Path) -> Option<Self> {
        let loader = ["lib64/ld-linux-x86-64.so.2", "lib/ld-linux-aarch64.so.1"]
            .iter()
            .map(|l| root.join(l))
            .find(|l| l.exists())?;
        let libraries = ["usr/lib/x86_64-linux-gnu", "usr/lib/aarch64-linux-gnu"]
            .iter()
            .map(|l| root.join(l))
            .find(|l| l.exists())?;
        let places = Places {
            modules: libraries.join("asterisk/modules"),
            data: root.join("usr/share/asterisk"),
        };
        let binary = root.join("usr/sbin/asterisk");
        let program = vec![loader, "--library-path".into(), libraries, binary];
        Self { program, places }.new_enough()
    }

    fn new_enough(self) -> Option<Self> {
        let said = self.command().arg("-V").output().ok()?;
        let version = String::from_utf8_lossy(&said.stdout).into_owned();
        let major = version.strip_prefix("Asterisk ")?.split('.').next()?.parse::<u32>().ok()?;
        (major >= OLDEST).then_some(self)
    }
}

/// The Asterisk that is here already: the system's, or the one installed earlier.
pub fn find_installed() -> Option<Install> {
    Install::system().or_else(|| Install::private(&root()?))
}

/// Finds Asterisk, or installs it; `progress` hears one short line for each step. Blocking: a
/// first installation takes a minute or two and 400 MB in the user's cache.
pub fn ensure_installed(progress: &dyn Fn(&str)) -> Result<Install, Error> {
    if let Some(install) = find_installed() {
        return Ok(install);
    }
    let root = root().ok_or_else(|| missing("set HOME or XDG_CACHE_HOME".to_owned()))?;
    let parent = root.parent().unwrap_or(&root);
    at(parent, std::fs::create_dir_all(parent))?;
    let lock_file = root.with_extension("lock");
    let lock = at(&lock_file, File::create(&lock_file))?;
    at(&lock_file, lock.lock())?;
    if !root.exists() {
        install_into(&root, progress)?;
    }
    Install::private(&root).ok_or_else(|| Error::Install {
        command: format!("{}/usr/sbin/asterisk -V", root.display()),
        output: "the installed Asterisk does not run on this machine".to_owned(),
    })
}

/// Built beside its place and moved there in one step: half an installation is none.
fn install_into(root: &Path, progress: &dyn Fn(&str)) -> Result<(), Error> {
    if !Path::new(KEYRING).exists() || debootstrap().is_none() {
        progress("installing debootstrap");
        let packages = ["debootstrap", "debian-archive-keyring"];
        let words = ["apt-get", "install", "-y", "--no-install-recommends"];
        run(&as_root(&[&words[..], &packages[..]].concat())?)?;
    }
    let partial = root.with_extension("partial");
    if partial.exists() {
        let path = partial.display().to_string();
        run(&as_root(&["rm", "-rf", "--one-file-system", &path])?)?;
    }
    progress("installing Asterisk into the cache (about a minute, 400 MB)");
    run(&bootstrap(&partial)?)?;
    at(&partial, std::fs::rename(&partial, root))?;
    progress("Asterisk is installed");
    Ok(())
}

/// Where our Debian root lies.
fn root() -> Option<PathBuf> {
    let cache = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .filter(|c| c.is_absolute())
        .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")))?;
    Some(cache.join(FOLDER))
}

fn debootstrap() -> Option<PathBuf> {
    ["/usr/sbin/debootstrap", "/usr/bin/debootstrap"]
        .map(PathBuf::from)
        .into_iter()
        .find(|p| p.exists())
}

/// The signature check stays on: the host's own keyring must vouch for the release. An older
/// debootstrap has no script of that release's name; all of Debian's are the one named `sid`.
fn bootstrap(target: &Path) -> Result<Vec<String>, Error> {
    let target = target.display().to_string();
    let program = debootstrap().unwrap_or_else(|| "debootstrap".into()).display().to_string();
    let keyring = format!("--keyring={KEYRING}");
    let include = "--include=asterisk,ca-certificates";
    let script = "/usr/share/debootstrap/scripts/sid";
    as_root(&[&program, "--variant=minbase", include, &keyring, SUITE, &target, MIRROR, script])
}

/// The words of a command that needs root: plain for root, through sudo when that asks nothing.
fn as_root(words: &[&str]) -> Result<Vec<String>, Error> {
    let words = words.iter().copied().map(str::to_owned).collect::<Vec<_>>();
    if rustix::process::geteuid().is_root() {
        return Ok(words);
    }
    let quiet = Command::new("sudo").args(["-n", "true"]).stderr(Stdio::null()).status();
    if quiet.is_ok_and(|s| s.success()) {
        return Ok(["sudo", "-n"].map(str::to_owned).into_iter().chain(words).collect());
    }
    Err(missing(format!("sudo {}", words.join(" "))))
}

fn missing(command: String) -> Error {
    Error::Missing { command }
}

fn run(words: &[String]) -> Result<(), Error> {
    let command = words.join(" ");
    tracing::info!(%command, "running");
    let done = Command::new(&words[0])
        .args(&words[1..])
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdin(Stdio::null())
        .output();
    let output = match done {
        Ok(done) if done.status.success() => return Ok(()),
        Ok(done) => [done.stdout, done.stderr].concat(),
        Err(e) => e.to_string().into_bytes(),
    };
    let output = String::from_utf8_lossy(&output);
    let lines = output.lines().collect::<Vec<_>>();
    let output = lines[lines.len().saturating_sub(15)..].join("\n");
    Err(Error::Install { command, output })
}
