//! The book's guardian on the leading node: seals what was posted, and signs the end of each day.
//! And the two things that are asked of the book from the command line: proof and export.

use crate::config::Config;
use crate::embedded::Database;
use anyhow::{Context as _, Result, bail};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::leader::Post;
use kernel::{Actor, App, Caller, Clock};
use ledger::Signer;
use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Postings that are sealed in one transaction.
const BATCH: i64 = 2_000;
/// How long a posting may wait for its seal when nothing holds it up.
const PAUSE: Duration = Duration::from_secs(1);

/// The key that signs days, in the data folder: made at first use, readable by nobody else.
pub fn signer(dir: &Path) -> Result<Signer> {
    let file = dir.join("ledger.key");
    let text = match fs::read_to_string(&file) {
        Ok(text) => text,
        Err(e) if e.kind() == ErrorKind::NotFound => {
            let text = ledger::hex(&ledger::new_secret()?);
            let mut made =
                OpenOptions::new().write(true).create_new(true).mode(0o600).open(&file)?;
            made.write_all(text.as_bytes())?;
            made.sync_all()?;
            text
        }
        Err(e) => return Err(e).with_context(|| format!("cannot read {}", file.display())),
    };
    let secret = unhex(&text).and_then(|s| <[u8; 32]>::try_from(s).ok());
    let secret = secret.with_context(|| format!("{} holds no key", file.display()))?;
    Ok(Signer::new(&secret))
}

/// Bytes from their hexadecimal form.
fn unhex(text: &str) -> Option<Vec<u8>> {
    let text = text.trim();
    let pair = |i: usize| text.get(i..i + 2).and_then(|p| u8::from_str_radix(p, 16).ok());
    (text.len().is_multiple_of(2)).then(|| (0..text.len()).step_by(2).map(pair).collect())?
}

/// Seals and signs until told to stop, while this node leads.
pub async fn guard(app: App, signer: Arc<Signer>, stopping: CancellationToken) {
    while !stopping.is_cancelled() {
        if let Err(e) = lead(&app, &signer, &stopping).await {
            tracing::warn!(error = ?e, "sealing the book stumbled; trying again");
        }
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            () = stopping.cancelled() => {}
        }
    }
}

async fn lead(app: &App, signer: &Signer, stopping: &CancellationToken) -> Result<()> {
    use sqlx::Connection as _;
    let Some(mut lead) = kernel::leader::try_lead(app, Post::Seal).await? else { return Ok(()) };
    while !stopping.is_cancelled() {
        // A close whose event was lost is summed here, too.
        ledger::balance_closings(app).await?;
        if ledger::seal_next(app, BATCH).await? == 0 {
            ledger::sign_day(app, signer).await?;
            tokio::select! {
                () = tokio::time::sleep(PAUSE) => {}
                () = stopping.cancelled() => {}
            }
        }
        lead.ping().await.context("lost the lead")?;
    }
    Ok(())
}

/// `hearthline ledger …`
#[derive(clap::Subcommand)]
pub enum Ask {
    /// Proves the whole book: sums, seal, digests, closes; names the first broken row.
    Verify {
        /// Only digests that this public key (hexadecimal) signed count.
        #[arg(long)]
        public_key: Option<String>,
    },
    /// Writes the book as plain text that an independent program reads.
    Export {
        /// The form: `hledger`.
        #[arg(long, default_value = "hledger")]
        format: String,
        /// As known at this instant (RFC 3339).
        #[arg(long)]
        known_at: Option<DateTime<Utc>>,
        /// Of the state of this day.
        #[arg(long)]
        valid_on: Option<NaiveDate>,
    },
    /// Proves a difference certificate that was saved as a file. Needs no database.
    Certificate {
        /// The file.
        file: PathBuf,
        /// Who must have signed it (hexadecimal); this house's own key when absent.
        #[arg(long)]
        public_key: Option<String>,
    },
    /// Prints the public key that days are signed with.
    Key,
}

/// Answers over the configured database, or the private one of the data folder.
pub async fn answer(config: &Config, ask: Ask) -> Result<()> {
    if let Ask::Key = ask {
        println!("{}", ledger::hex(&signer(&config.data.dir)?.public_key()));
        return Ok(());
    }
    if let Ask::Certificate { file, public_key } = ask {
        return prove(config, &file, public_key.as_deref());
    }
    // A server that works in this folder keeps its engines; otherwise they are ours for a while.
    let lock = fs::File::create(config.data.dir.join("lock"))?;
    let alone = lock.try_lock().is_ok();
    let database = Database::open(config, |step| eprintln!("· {step}")).await?;
    let app = App::new(database.pool.clone(), Clock::System);
    let answered = match ask {
        Ask::Verify { public_key } => verify(&app, public_key.as_deref()).await,
        Ask::Export { format, known_at, valid_on } if format == "hledger" => {
            let mut tx = Caller::new(app.clone(), Actor::system("export")).read().await?;
            let valid_on = valid_on.unwrap_or(NaiveDate::MAX);
            let as_of = ledger::AsOf::settled(&mut tx, Some(valid_on), known_at).await?;
            drop(tx);
            let mut out = std::io::BufWriter::new(std::io::stdout());
            let written = ledger::export_hledger(&app, as_of, &mut out).await;
            written.context("the export broke off").and_then(|()| Ok(out.flush()?))
        }
        Ask::Export { format, .. } => bail!("no such format: {format}; there is `hledger`"),
        Ask::Certificate { .. } | Ask::Key => Ok(()),
    };
    database.leave(alone).await;
    answered
}

fn prove(config: &Config, file: &Path, public_key: Option<&str>) -> Result<()> {
    let key = match public_key {
        Some(text) => unhex(text).context("the public key is not hexadecimal")?,
        None => signer(&config.data.dir)?.public_key().to_vec(),
    };
    let text = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    let paper: imports::CertificateFile =
        serde_json::from_slice(&text).context("the file is no certificate")?;
    let said = paper.prove(Some(&key)).context("THE CERTIFICATE IS FALSE")?;
    println!(
        "season {}, {} households, {} by {}",
        said.season, said.households, said.made_at, said.made_by
    );
    println!("charged {} fen, by the rules {} fen", said.old_fen, said.new_fen);
    for cause in &said.causes {
        let off = cause.new_fen - cause.old_fen;
        println!("{}: {} households, {off} fen", <&str>::from(cause.cause), cause.households);
    }
    println!("the certificate holds");
    Ok(())
}

async fn verify(app: &App, public_key: Option<&str>) -> Result<()> {
    let key = match public_key {
        Some(text) => Some(unhex(text).context("the public key is not hexadecimal")?),
        None => None,
    };
    let proof = ledger::verify(app, key.as_deref(), &|step| eprintln!("· {step}")).await?;
    println!(
        "{} postings, {} lines, {} sealed, {} digests, {} closes",
        proof.postings, proof.lines, proof.sealed, proof.digests, proof.closings
    );
    if proof.broken.is_empty() {
        println!("the book holds");
        return Ok(());
    }
    for broken in &proof.broken {
        println!("BROKEN: {broken}");
    }
    bail!("the book is broken")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_is_made_once_and_nobody_else_may_read_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let dir = std::env::temp_dir().join(format!("hearthline-key-{}", std::process::id()));
        fs::create_dir_all(&dir).unwrap();
        let first = signer(&dir).unwrap().public_key();
        assert_eq!(signer(&dir).unwrap().public_key(), first);
        let mode = fs::metadata(dir.join("ledger.key")).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        fs::write(dir.join("ledger.key"), "nonsense").unwrap();
        assert!(signer(&dir).is_err());
        fs::remove_dir_all(&dir).unwrap();
    }
}
