//! Click to call: the agent's phone rings first, then the customer's.

use super::calls::get;
use crate::TelephonyRule;
use crate::engine::apply::{apply, claim};
use crate::engine::{Config, arrived};
use crate::events::CallEvent;
use crate::model::call::{Call, Direction};
use crate::model::decide;
use crate::permissions::DIAL;
use crate::store::calls;
use crate::views::CallView;
use async_trait::async_trait;
use kernel::{AccountId, CallId, Error, MatterId, OrderId, Result, RevisitId, Tx};

/// What a call is made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To speak about an order.
    Order(OrderId),
    /// To ask whether the customer is content.
    Revisit(RevisitId),
}

impl std::fmt::Display for Purpose {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Order(id) => write!(f, "order/{id}"),
            Self::Revisit(id) => write!(f, "revisit/{id}"),
        }
    }
}

/// Whom to call for a purpose.
#[derive(Clone, Debug)]
pub struct Called {
    /// The number, whole.
    pub number: String,
    /// The chain that the call joins.
    pub matter_id: MatterId,
    /// The household.
    pub account_id: Option<AccountId>,
}

/// Knows the numbers behind purposes; orders are on this domain's own floor, so the server
/// brings the two together. It refuses what the caller may not see.
#[async_trait]
pub trait Numbers: Send + Sync {
    /// Whom to call.
    async fn find(&self, tx: &mut Tx, purpose: Purpose) -> Result<Called>;
}

/// A click.
#[derive(Clone, Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Dial {
    /// A number, when it is known.
    pub number: Option<String>,
    /// Or the order whose contact is called.
    pub order_id: Option<OrderId>,
    /// Or the revisit that is done.
    pub revisit_id: Option<RevisitId>,
    /// What it is for, when it is for neither.
    #[serde(default)]
    pub purpose: String,
}

/// Begins the call; the agent's phone is rung after the commit.
pub async fn dial(
    tx: &mut Tx,
    config: &Config,
    numbers: &dyn Numbers,
    click: &Dial,
) -> Result<CallView> {
    tx.require(DIAL)?;
    let me = tx.user()?;
    let (called, purpose) = whom(tx, numbers, click).await?;
    let number = directory::normalise_phone(&called.number).ok_or(TelephonyRule::NoNumber)?;
    let id: CallId = tx.new_id();
    let mut call = Call::new(id, called.matter_id, Direction::Out, tx.now());
    call.account_id = match called.account_id {
        Some(account) => Some(account),
        None => calls::household(tx, &number).await?,
    };
    call.peer_number = number;
    call.service_number = config.own_number();
    call.org_path.clone_from(&config.root);
    call.purpose = purpose;
    let decision = decide::dial(call, me, tx.now());
    // The seat names the call: the row must be there first.
    calls::insert(tx, &decision.call).await?;
    if !claim(tx, me, id, &["idle", "away", "wrap_up"]).await? {
        return Err(TelephonyRule::SeatBusy.into());
    }
    tx.emit(&CallEvent::new("telephony.call_arrived", &decision.call, arrived(&decision.call)))?;
    apply(tx, &decision.call, &decision).await?;
    get(tx, id).await
}

async fn whom(tx: &mut Tx, numbers: &dyn Numbers, click: &Dial) -> Result<(Called, String)> {
    let purpose = match (click.order_id, click.revisit_id, &click.number) {
        (Some(order), None, None) => Purpose::Order(order),
        (None, Some(revisit), None) => Purpose::Revisit(revisit),
        (None, None, Some(number)) => {
            if click.purpose.chars().count() > 80 {
                let en = "at most 80 characters";
                return Err(Error::invalid("purpose", "用途不能超过80个字", en));
            }
            let matter_id = tx.new_id();
            let called = Called { number: number.clone(), matter_id, account_id: None };
            return Ok((called, click.purpose.clone()));
        }
        _ => {
            let en = "give exactly one of number, order_id and revisit_id";
            return Err(Error::invalid("number", "号码、工单、回访任选其一", en));
        }
    };
    Ok((numbers.find(tx, purpose).await?, purpose.to_string()))
}
