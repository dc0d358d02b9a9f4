//! The database that checked SQL compiles against.

use anyhow::{Context as _, Result, bail};
use engines::postgres::{Cluster, Purpose};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where the private cluster of development and tests lives.
pub fn cluster_dir() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| PathBuf::from("target"), PathBuf::from)
        .join("test-postgres")
}

/// Starts the private cluster for development and tests.
pub fn cluster() -> Result<Cluster> {
    let say = |step: &str| println!("· {step}");
    Cluster::start(&cluster_dir(), Purpose::Throwaway, &say).context("no private PostgreSQL")
}

/// A database named `name` that holds exactly the migrations; returns its URL.
pub fn migrated(cluster: &Cluster, name: &str) -> Result<String> {
    psql(cluster, "postgres", &["-c", &format!("drop database if exists {name} with (force)")])?;
    psql(cluster, "postgres", &["-c", &format!("create database {name}")])?;
    for file in migrations()? {
        psql(cluster, name, &["-f", &file.to_string_lossy()])?;
    }
    Ok(cluster.url(name))
}

/// The migrations in their order.
pub fn migrations() -> Result<Vec<PathBuf>> {
    let mut files: Vec<PathBuf> =
        fs::read_dir("migrations")?.map(|e| e.map(|e| e.path())).collect::<Result<_, _>>()?;
    // `schema.sql` beside them is their picture, not one of them.
    let is_migration = |name: &str| name.ends_with(".sql") && name.starts_with(char::is_numeric);
    files.retain(|f| f.file_name().is_some_and(|n| is_migration(&n.to_string_lossy())));
    files.sort();
    Ok(files)
}

/// Runs psql against the private cluster.
pub fn psql(cluster: &Cluster, database: &str, args: &[&str]) -> Result<String> {
    let output = Command::new("psql")
        .args(["-q", "-X", "-v", "ON_ERROR_STOP=1", "-d", &cluster.url(database)])
        .args(args)
        .env("PGOPTIONS", "-c client_min_messages=warning")
        .output()
        .context("cannot run psql")?;
    if !output.status.success() {
        bail!("psql {}: {}", args.join(" "), String::from_utf8_lossy(&output.stderr));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// `cargo xtask db`.
pub fn database() -> Result<()> {
    let cluster = cluster()?;
    let url = migrated(&cluster, "development")?;
    fs::write(".env", format!("DATABASE_URL={url}\n"))?;
    println!("checked SQL compiles against {url} (written to .env)");
    Ok(())
}

/// Whether two folders hold the same files with the same text.
pub fn same_files(a: &Path, b: &Path) -> Result<bool> {
    let read = |dir: &Path| -> Result<Vec<(std::ffi::OsString, String)>> {
        let mut files = Vec::new();
        for entry in fs::read_dir(dir).with_context(|| format!("no folder {}", dir.display()))? {
            let entry = entry?;
            files.push((entry.file_name(), fs::read_to_string(entry.path())?));
        }
        files.sort();
        Ok(files)
    };
    Ok(read(a)? == read(b)?)
}
