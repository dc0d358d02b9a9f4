//! `cargo xtask bench NAME` and `cargo xtask city`: measured in release, never in tests.

use crate::shell::{command, run};
use crate::{packages, sql};
use anyhow::{Result, bail};

/// `cargo xtask bench NAME`.
pub fn bench(args: &[String]) -> Result<()> {
    let Some((name, rest)) = args.split_first() else {
        bail!("which? ring, api, city, find, billing")
    };
    if !["ring", "api", "city", "find", "billing"].contains(&name.as_str()) {
        bail!("no such benchmark: {name}; there are: ring, api, city, find, billing");
    }
    packages::ensure(packages::RUN)?;
    packages::ensure(packages::TEST)?;
    let mut cargo = command(&["cargo", "run", "--release", "--package", "bench", "--"]);
    run(cargo.arg(name).args(rest).env("SQLX_OFFLINE", "true"))
}

/// `cargo xtask city`.
pub fn city(args: &[String]) -> Result<()> {
    packages::ensure(packages::RUN)?;
    let cluster = sql::cluster()?;
    let url = sql::migrated(&cluster, "city")?;
    let mut cargo = command(&["cargo", "run", "--release", "--package", "bench", "--", "city"]);
    run(cargo.args(args).env("SQLX_OFFLINE", "true").env("HEARTHLINE_DATABASE_URL", url))
}
