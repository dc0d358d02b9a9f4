//! What is made from the code and committed: checked SQL, the API's document and its client.

use crate::shell::{command, output, run};
use crate::{sql, web};
use anyhow::Result;
use std::fs;
use std::path::{Path, PathBuf};

/// `cargo xtask gen`.
pub fn generate() -> Result<()> {
    let cluster = sql::cluster()?;
    let url = sql::migrated(&cluster, "generated")?;
    let _ = fs::remove_dir_all(".sqlx");
    fs::create_dir_all(".sqlx")?;
    touch_crates()?;
    run(command(&["cargo", "check", "--workspace", "--all-targets"])
        .env("DATABASE_URL", &url)
        .env("SQLX_OFFLINE_DIR", std::env::current_dir()?.join(".sqlx")))?;
    let document = openapi(&url)?;
    fs::write("docs/openapi.json", document)?;
    web::install()?;
    run(web::npm().args(["run", "--silent", "gen"]))?;
    println!("made .sqlx, docs/openapi.json and the TypeScript client");
    Ok(())
}

/// The API's document as the code says it.
pub fn openapi(url: &str) -> Result<String> {
    let words = ["cargo", "run", "--quiet", "--package", "server", "--", "openapi"];
    Ok(output(command(&words).env("DATABASE_URL", url))? + "\n")
}

/// Macros write what they learn only when they run: make every crate with SQL compile anew.
pub fn touch_crates() -> Result<()> {
    for crate_dir in crates()? {
        let lib = crate_dir.join("src/lib.rs");
        if lib.exists() {
            fs::File::options()
                .append(true)
                .open(&lib)?
                .set_modified(std::time::SystemTime::now())?;
        }
    }
    Ok(())
}

/// The folders of our crates.
pub fn crates() -> Result<Vec<PathBuf>> {
    let mut dirs: Vec<PathBuf> =
        fs::read_dir("crates")?.map(|e| e.map(|e| e.path())).collect::<Result<_, _>>()?;
    dirs.retain(|d| Path::new(d).join("Cargo.toml").exists());
    dirs.sort();
    Ok(dirs)
}
