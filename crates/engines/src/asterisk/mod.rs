//! A private Asterisk: found or installed, configured, started, adopted, stopped.
//!
//! [`ensure_installed`] finds Asterisk 20 or newer, or installs Debian's package into a folder of
//! the user's cache without touching the host system. [`start`] runs one instance in a folder of
//! its own, so that several stand side by side. Asterisk outlives a server that was killed, with
//! its calls: the next [`start`] adopts it.

mod config;
mod install;
mod instance;
mod scratch;
mod sound;

pub use config::{Config, DemoCaller, Trunk};
pub use install::{Install, ensure_installed, find_installed};
pub use instance::{AriAddress, Instance, start};
pub use scratch::{Scratch, free_tcp_port, free_udp_port};

use std::path::PathBuf;

/// Why Asterisk could not be had.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// It is not there and we may not install it.
    #[error("Asterisk 20 or newer is missing; install it with:\n  {command}")]
    Missing {
        /// What a person may type to mend it.
        command: String,
    },
    /// Installing it failed.
    #[error("installing Asterisk failed; `{command}` ended with:\n{output}")]
    Install {
        /// What was run.
        command: String,
        /// The end of what it said.
        output: String,
    },
    /// Somebody else listens on a port that we need.
    #[error(
        "port {port} on {bind} is taken ({used_for}); stop what uses it (`ss -lptun | grep {port}` \
         names it) or set another `{setting}`"
    )]
    PortTaken {
        /// The port.
        port: u16,
        /// The address.
        bind: std::net::IpAddr,
        /// What we wanted it for.
        used_for: &'static str,
        /// The field of [`Config`] that moves it.
        setting: &'static str,
    },
    /// We may not listen there: no such address on this machine, or a port for root only.
    #[error("cannot listen on {bind}:{port}: {source}")]
    Address {
        /// The address.
        bind: std::net::IpAddr,
        /// The port.
        port: u16,
        /// Why.
        source: std::io::Error,
    },
    /// It ended or stayed silent while starting.
    #[error("Asterisk did not start; the end of the logs in {}:\n{tail}", log.display())]
    DidNotStart {
        /// The folder of its logs.
        log: PathBuf,
        /// The last lines.
        tail: String,
    },
    /// A file could not be read or written.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
}

/// Names the file in an I/O error.
fn at<T>(path: &std::path::Path, result: std::io::Result<T>) -> Result<T, Error> {
    result.map_err(|source| Error::File { path: path.to_owned(), source })
}
