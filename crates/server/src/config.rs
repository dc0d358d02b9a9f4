//! One TOML file, one struct a subject, unknown keys refused, secrets from the environment.
//! Every field has a default that suits the embedded start on one machine.

use anyhow::{Context as _, Result};
use serde::Deserialize;
use std::net::{Ipv4Addr, SocketAddr};
use std::path::{Path, PathBuf};

/// The whole configuration.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The HTTP door.
    pub http: Http,
    /// The database.
    pub database: Database,
    /// Where files lie.
    pub data: Data,
    /// The telephone switch.
    pub telephony: Telephony,
    /// The demonstration city.
    pub demonstration: Demonstration,
    /// How often one may come.
    pub limits: Limits,
}

/// The HTTP door.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Http {
    /// Address and port.
    pub listen: SocketAddr,
    /// How people reach it from outside: links to customers begin with it.
    pub public_url: Option<String>,
    /// Set behind a TLS proxy: the session's cookie then never travels in the clear.
    pub secure_cookie: bool,
    /// The folder that holds the built apps, one folder each.
    pub web: PathBuf,
}

impl Default for Http {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8800)),
            public_url: None,
            secure_cookie: false,
            web: PathBuf::from("web/apps"),
        }
    }
}

impl Http {
    /// How people reach it from outside, without a slash at the end.
    pub fn url(&self) -> String {
        let own = || format!("http://{}", self.listen);
        self.public_url.clone().unwrap_or_else(own).trim_end_matches('/').to_owned()
    }
}

/// The database. Without a URL, a private PostgreSQL under the data folder.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Database {
    /// `postgres://user@host/name`; `HEARTHLINE_DATABASE_URL` overrides it.
    pub url: Option<String>,
    /// Connections of this node.
    pub max_connections: u32,
}

impl Default for Database {
    fn default() -> Self {
        Self { url: None, max_connections: 16 }
    }
}

/// Where files lie.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Data {
    /// The private PostgreSQL, the private switch, stored files.
    pub dir: PathBuf,
}

impl Default for Data {
    fn default() -> Self {
        Self { dir: PathBuf::from("var") }
    }
}

/// The telephone switch. Without an ARI address, a private Asterisk under the data folder.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Telephony {
    /// Whether this node handles calls at all.
    pub enabled: bool,
    /// Port of the private Asterisk's HTTP: ARI and browser telephones.
    pub http_port: u16,
    /// Port of its SIP trunk side.
    pub sip_port: u16,
    /// First UDP port for sound; 400 are used.
    pub rtp_port: u16,
    /// Where calls to the outside are handed, `host:port` of the trunk.
    pub trunk: SocketAddr,
    /// The folder of prompts, one folder a language.
    pub prompts: PathBuf,
    /// The number that customers dial.
    pub service_number: String,
}

impl Default for Telephony {
    fn default() -> Self {
        Self {
            enabled: true,
            http_port: 8808,
            sip_port: 8850,
            rtp_port: 18_800,
            trunk: SocketAddr::from((Ipv4Addr::LOCALHOST, 8860)),
            prompts: PathBuf::from("assets/prompts"),
            service_number: "95700".to_owned(),
        }
    }
}

/// The demonstration city, loaded at the first start of an empty database.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Demonstration {
    /// Whether to load it, and to open the caller's page.
    pub enabled: bool,
    /// Households.
    pub accounts: u32,
    /// The same seed gives the same city.
    pub seed: u64,
    /// Password of every demonstration login.
    pub password: String,
}

impl Default for Demonstration {
    fn default() -> Self {
        Self { enabled: false, accounts: 5_000, seed: 1, password: "Nuanxian-2026".to_owned() }
    }
}

/// How often one may come.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Requests a second of one session.
    pub per_session: u32,
    /// Requests a second of one address that is not signed in.
    pub per_address: u32,
    /// Sign-ins a minute with one login.
    pub sign_ins: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { per_session: 50, per_address: 50, sign_ins: 20 }
    }
}

impl Config {
    /// Reads the file, if one is named, and the environment's secrets.
    pub fn load(file: Option<&Path>) -> Result<Self> {
        let mut config = match file {
            None => Self::default(),
            Some(path) => {
                let text = std::fs::read_to_string(path)
                    .with_context(|| format!("cannot read {}", path.display()))?;
                toml::from_str(&text).with_context(|| format!("{} is wrong", path.display()))?
            }
        };
        if let Ok(url) = std::env::var("HEARTHLINE_DATABASE_URL") {
            config.database.url = Some(url);
        }
        Ok(config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_key_is_refused_by_name() {
        let wrong = toml::from_str::<Config>("[http]\nlisten = '127.0.0.1:1'\nport = 2\n");
        assert!(wrong.unwrap_err().to_string().contains("port"));
    }

    #[test]
    fn everything_has_a_default_on_loopback() {
        let config: Config = toml::from_str("").unwrap();
        assert!(config.http.listen.ip().is_loopback());
        assert_eq!(config.http.url(), "http://127.0.0.1:8800");
    }
}
