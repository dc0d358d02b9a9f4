//! All SQL of insight; it only reads.

mod chain;
mod customer;
mod fees;
mod map;
mod pop;
mod today;

pub(crate) use chain::*;
pub(crate) use customer::*;
pub(crate) use fees::*;
pub(crate) use map::*;
pub(crate) use pop::*;
pub(crate) use today::*;

use kernel::{Error, OrgId, Result, Scope, Tx};

/// The part of the scope that lies in one organisation; all of it when none is named.
pub(crate) async fn within(tx: &mut Tx, scope: Scope, org: Option<OrgId>) -> Result<Scope> {
    let Some(org) = org else { return Ok(scope) };
    let path = sqlx::query_scalar!("select path from identity.org where id = $1", *org)
        .fetch_optional(tx.db())
        .await?
        .filter(|path| scope.covers(path))
        .ok_or(Error::NotFound("organisation"))?;
    Ok(Scope { paths: vec![path], own: None })
}
