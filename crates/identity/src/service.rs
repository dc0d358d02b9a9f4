//! Use cases: signing in and out, organisations, people, roles, and the operation log.

mod log;
mod org;
mod own;
mod people;
mod role;

pub use log::*;
pub use org::*;
pub use own::*;
pub use people::*;
pub use role::*;

use crate::model;
use kernel::{Error, Result, Tx};
use serde_json::Value;
use uuid::Uuid;

fn checked_name(name: &str) -> Result<String> {
    let name = name.trim();
    if (1..=60).contains(&name.chars().count()) && !name.chars().any(char::is_control) {
        return Ok(name.to_owned());
    }
    Err(Error::invalid("name", "名称为 1 至 60 个字", "1 to 60 characters"))
}

fn checked_phone(phone: &str) -> Result<String> {
    let digits: String = phone.chars().filter(|c| !" -".contains(*c)).collect();
    if (3..=20).contains(&digits.len()) && digits.chars().all(|c| c.is_ascii_digit()) {
        return Ok(digits);
    }
    Err(Error::invalid("phone", "电话号码应为 3 至 20 位数字", "3 to 20 digits"))
}

fn tell(
    tx: &mut Tx,
    kind: &'static str,
    subject: (&'static str, Uuid),
    from: Option<Value>,
    to: Value,
) -> Result<()> {
    tx.emit(&model::Changed { kind, subject, from, to: Some(to) })
}

fn tell_change<T: serde::Serialize + Clone>(
    tx: &mut Tx,
    kind: &'static str,
    subject: (&'static str, Uuid),
    from: Option<&T>,
    to: &T,
) -> Result<()> {
    tx.emit(&model::Changed { kind, subject, from: from.cloned(), to: Some(to.clone()) })
}
