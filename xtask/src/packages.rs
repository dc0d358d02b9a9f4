//! System packages: installed when we may, otherwise the exact command is printed.

use crate::shell::{command, has, output, run};
use anyhow::{Result, bail};
use std::fs;
use std::path::Path;

/// What a purpose needs: Debian package, and the file or program that shows that it is there.
type Need = (&'static str, &'static str);

/// What running the platform needs.
pub const RUN: &[Need] = &[("postgresql", "/usr/lib/postgresql"), ("debootstrap", "debootstrap")];

/// What its tests need beside.
pub const TEST: &[Need] = &[
    ("chromium", "chromium"),
    ("sip-tester", "sipp"),
    ("hledger", "hledger"),
    ("sox", "sox"),
    ("fonts-noto-cjk", "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),
];

/// Installs those that are missing.
pub fn ensure(needs: &[Need]) -> Result<()> {
    let missing: Vec<&str> = needs.iter().filter(|n| !is_there(n.1)).map(|n| n.0).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let list = missing.join(" ");
    println!("installing system packages: {list} (a few minutes the first time)");
    let root = output(&mut command(&["id", "-u"]))? == "0";
    let sudo: &[&str] = if root { &[] } else { &["sudo", "-n"] };
    let may_install = root || (has("sudo") && run(&mut command(&["sudo", "-n", "true"])).is_ok());
    if !may_install {
        bail!("some system packages are missing; please run:\n  sudo apt-get install -y {list}");
    }
    if root && missing.contains(&"postgresql") {
        without_system_cluster()?;
    }
    let apt = |words: &[&str]| {
        let line = [sudo, &["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"], words].concat();
        run(&mut command(&line))
    };
    apt(&["update", "-qq"])?;
    let install = ["install", "-y", "-qq", "--no-install-recommends"];
    let keep = ["-o", "Dpkg::Options::=--force-confold", "-o", "Dpkg::Use-Pty=0"];
    apt(&[&install[..], &keep[..], &missing[..]].concat())
}

/// Debian's package would make and start a cluster of its own, which nobody here needs.
fn without_system_cluster() -> Result<()> {
    let file = Path::new("/etc/postgresql-common/createcluster.conf");
    if !file.exists() {
        fs::create_dir_all("/etc/postgresql-common")?;
        fs::write(file, "create_main_cluster = false\n")?;
    }
    Ok(())
}

fn is_there(sign: &str) -> bool {
    if sign.starts_with('/') { Path::new(sign).exists() } else { has(sign) }
}
