//! The repairer's steps. His phone may tell of them late; the instant that he names counts.

use crate::event::{Person, What, tell};
use crate::{FieldStep, Order, WorkOrder, permissions, store};
use chrono::{DateTime, Utc};
use kernel::{OrderId, Result, Tx};

/// Takes one step of the caller's own order, made at `at`. Steps that arrive out of order are
/// refused and can be sent again after the one that is missing.
pub async fn advance(
    tx: &mut Tx,
    id: OrderId,
    step: FieldStep,
    at: DateTime<Utc>,
) -> Result<Order> {
    let scope = tx.scope(permissions::HANDLE)?;
    let mut order = store::lock(tx, &scope, id).await?;
    let (who, name) = (tx.user()?, tx.actor().name.clone());
    let before = order.state;
    let at = order.advance(who, &step, at, tx.now())?;
    let person = Person { id: who, name };
    let what = told(tx, &order, person, &step, at).await?;

    store::save(tx, &order).await?;
    tell(tx, &order, before, &what)?;
    if let FieldStep::Finish { evidence_complete: true, .. } = step {
        super::judge::pass_if_automatic(tx, &mut order).await?;
    }
    super::read::shown(tx, id).await
}

async fn told(
    tx: &mut Tx,
    order: &WorkOrder,
    from: Person,
    step: &FieldStep,
    at: DateTime<Utc>,
) -> Result<What> {
    Ok(match step {
        FieldStep::Accept => What::Accepted { at },
        FieldStep::SetOut => What::SetOut { at },
        FieldStep::Arrive { point, accuracy_m } => {
            What::Arrived { at, point: *point, accuracy_m: *accuracy_m }
        }
        FieldStep::Finish { cause, note, evidence_complete } => What::Finished {
            at,
            cause: cause.clone(),
            cause_name: store::cause_name(tx, &order.kind, cause).await?,
            note: note.clone(),
            evidence_complete: *evidence_complete,
        },
        FieldStep::Return { reason } => {
            What::Returned { at, from: Some(from), reason: super::needed("reason", reason)? }
        }
    })
}
