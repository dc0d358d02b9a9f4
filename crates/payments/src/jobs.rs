//! Timers of this room.

use crate::service::{Settlement, apply_credit, settle, try_refund};
use crate::{AttemptState, Providers, back_off, store};
use kernel::{Actor, App, Error, EventRow, Result, SeasonId};
use serde::Deserialize;

/// Work that one round does, so that none takes long.
const BATCH: i64 = 50;

/// Asks the providers about tries whose end nobody knows, and hears their answers like any other
/// message. No answer is no fact: the try stays unknown and is asked again later. Says how many
/// became clear.
pub async fn query_unknown(app: &App, providers: &Providers) -> Result<usize> {
    let mut tx = app.begin(Actor::system("支付查询")).await?;
    let waiting = store::to_query(&mut tx, BATCH).await?;
    drop(tx);
    let mut clear = 0;
    for w in waiting {
        let answer = match providers.of(w.channel) {
            Some(provider) => provider.query(&w.reference).await,
            None => Err(anyhow::anyhow!("no provider for this channel")),
        };
        let mut tx = app.begin(Actor::system("支付查询")).await?;
        match answer {
            Ok(told) if told >= AttemptState::Failed => {
                let (order, channel, reference, amount) =
                    (w.order_id, w.channel, w.reference, w.amount_fen);
                settle(&mut tx, Settlement { order, channel, reference, amount, told }).await?;
                clear += 1;
            }
            other => {
                let error = other.err().map(|e| format!("{e:#}")).unwrap_or_default();
                let next = tx.now() + back_off(w.queries);
                store::queried(&mut tx, w.id, next, &error).await?;
            }
        }
        tx.commit().await?;
    }
    Ok(clear)
}

/// Pushes refunds whose time has come; says how many reached their customers. What fails waits for
/// its next time and holds up nobody.
pub async fn push_refunds(app: &App, providers: &Providers) -> Result<usize> {
    let mut tx = app.begin(Actor::system("自动退款")).await?;
    let due = store::refunds_to_try(&mut tx, BATCH).await?;
    drop(tx);
    let mut done = 0;
    for id in due {
        match try_refund(app, providers, id).await {
            Ok(paid) => done += usize::from(paid),
            Err(e) => tracing::warn!(refund.id = %id, error = ?e, "a refund could not be tried"),
        }
    }
    Ok(done)
}

/// A charge was booked or changed: what its account has paid ahead pays it. Told twice, it does
/// nothing the second time.
pub async fn on_charged(app: &App, event: &EventRow) -> Result<()> {
    let mut tx = app.begin(Actor::system("预存抵扣")).await?;
    apply_credit(&mut tx, &event.id.to_string(), &[event.subject_id.into()]).await?;
    tx.commit().await
}

#[derive(Deserialize)]
struct Opened {
    season_id: SeasonId,
}

/// A season was opened: what its households have paid ahead pays it, each by itself, so that one
/// that cannot be settled holds up nobody. Killed half-way it begins anew and finds who is left.
pub async fn on_season_opened(app: &App, event: &EventRow) -> Result<()> {
    let opened: Opened =
        serde_json::from_value(event.payload.clone()).map_err(|e| Error::Internal(e.into()))?;
    let mut tx = app.begin(Actor::system("预存抵扣")).await?;
    let waiting = store::charged_with_credit(&mut tx, opened.season_id).await?;
    drop(tx);
    for account in waiting {
        let mut tx = app.begin(Actor::system("预存抵扣")).await?;
        match apply_credit(&mut tx, &event.id.to_string(), &[account]).await {
            Ok(_) => tx.commit().await?,
            Err(e @ (Error::Rule { .. } | Error::NotFound(_))) => {
                tracing::warn!(%account, error = ?e, "what was paid ahead does not pay");
            }
            Err(e) => return Err(e),
        }
    }
    Ok(())
}
