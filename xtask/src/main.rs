//! The project's tasks: `cargo xtask run`, `cargo xtask test`, and what developers need beside.

mod bench;
mod generate;
mod packages;
mod run;
mod shell;
mod sql;
mod test;
mod web;

use anyhow::{Result, bail};

const HELP: &str = "\
cargo xtask run [--port N] [--without-telephony] [--fresh]
    Installs what is missing, builds everything, and runs the platform with its demonstration city.
cargo xtask test [STAGE...]
    Runs all tests, or the named stages.
cargo xtask gen
    Makes what is made from the code: checked SQL, the API's document, its TypeScript client.
cargo xtask db
    Starts a private database with this schema for checked SQL, and points .env to it.
cargo xtask city [--accounts N] [--seed N]
    Loads a city of this size into a database of its own and prints its control totals.
cargo xtask bench NAME
    Measures: ring, api, city.
cargo xtask screenshots
    Makes the pictures of the README from the demonstration city.";

fn main() -> Result<()> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let rest = args.get(1..).unwrap_or_default();
    std::env::set_current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))?;
    match args.first().map(String::as_str) {
        Some("run") => run::run(rest),
        Some("test") => test::test(rest),
        Some("gen") => generate::generate(),
        Some("db") => sql::database(),
        Some("city") => bench::city(rest),
        Some("bench") => bench::bench(rest),
        Some("screenshots") => run::screenshots(),
        Some("help" | "--help" | "-h") | None => {
            println!("{HELP}");
            Ok(())
        }
        Some(other) => bail!("no such task: {other}\n\n{HELP}"),
    }
}
