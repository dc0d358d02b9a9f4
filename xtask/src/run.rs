//! `cargo xtask run`: from a fresh machine to a city that calls.

use crate::shell::{command, run as run_command};
use crate::{packages, web};
use anyhow::{Context as _, Result};
use std::fs;
use std::path::Path;
use std::process::Stdio;

/// Builds the server binary.
pub fn build_server(release: bool) -> Result<&'static str> {
    println!("building the server (some minutes the first time)");
    let mut cargo = command(&["cargo", "build", "--package", "server"]);
    if !Path::new(".env").exists() {
        cargo.env("SQLX_OFFLINE", "true");
    }
    if release {
        cargo.arg("--release");
    }
    run_command(&mut cargo)?;
    Ok(if release { "target/release/hearthline" } else { "target/debug/hearthline" })
}

/// `cargo xtask run`.
pub fn run(args: &[String]) -> Result<()> {
    let fresh = args.iter().any(|a| a == "--fresh");
    packages::ensure(packages::RUN)?;
    web::build()?;
    let server = build_server(false)?;
    if fresh {
        let _ = fs::remove_dir_all("var");
    }
    let mut serve = command(&[server, "serve", "--demonstration", "--until-stdin-closes"]);
    serve.args(args.iter().filter(|a| *a != "--fresh"));
    // The server stops in order when this pipe closes, however we end.
    let mut child = serve.stdin(Stdio::piped()).spawn().context("cannot start the server")?;
    let stdin = child.stdin.take();
    let status = child.wait()?;
    drop(stdin);
    anyhow::ensure!(status.success(), "the server ended with {status}");
    Ok(())
}

/// `cargo xtask screenshots`.
pub fn screenshots() -> Result<()> {
    packages::ensure(packages::RUN)?;
    packages::ensure(packages::TEST)?;
    web::build()?;
    build_server(false)?;
    run_command(web::npm().args(["run", "screenshots"]))
}
