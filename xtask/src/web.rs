//! The browser apps: installed and built when their sources changed.

use crate::shell::{command, output, run};
use anyhow::{Context as _, Result};
use std::fs;
use std::path::Path;

const STAMP: &str = "target/web.stamp";

/// Installs the packages that the lock file names, unless it is done.
pub fn install() -> Result<()> {
    let stamp = Path::new("web/node_modules/.installed");
    let lock = fs::read_to_string("web/package-lock.json").context("no web/package-lock.json")?;
    if fs::read_to_string(stamp).is_ok_and(|done| done == lock) {
        return Ok(());
    }
    println!("installing the web packages (a minute the first time)");
    run(npm().args(["ci", "--no-audit", "--no-fund", "--loglevel=error"]))?;
    Ok(fs::write(stamp, lock)?)
}

/// Builds the apps, unless nothing changed since.
pub fn build() -> Result<()> {
    install()?;
    let sources = fingerprint()?;
    let built = ["desk", "field", "portal", "wall"];
    let all_there =
        built.iter().all(|a| Path::new(&format!("web/apps/{a}/dist/index.html")).exists());
    if all_there && fs::read_to_string(STAMP).is_ok_and(|done| done == sources) {
        return Ok(());
    }
    println!("building the web apps");
    run(npm().args(["run", "--silent", "build"]))?;
    fs::create_dir_all("target")?;
    Ok(fs::write(STAMP, sources)?)
}

/// `npm` in the web folder.
pub fn npm() -> std::process::Command {
    let mut npm = command(&["npm"]);
    npm.current_dir("web");
    npm
}

/// Size and time of every source file: cheap, and good enough to skip a build.
fn fingerprint() -> Result<String> {
    let find = [
        "find",
        "web",
        "-type",
        "f",
        "-not",
        "-path",
        "*/node_modules/*",
        "-not",
        "-path",
        "*/dist/*",
        "-not",
        "-path",
        "web/e2e/*",
        // Written by the build itself.
        "-not",
        "-name",
        "components.d.ts",
        "-printf",
        "%p %s %T@\n",
    ];
    let text = output(&mut command(&find))?;
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    Ok(lines.join("\n"))
}
