//! One newtype for each kind of id, so that a person's id cannot be passed where an order's is
//! expected. All are UUIDv7: they sort by the time of their making.

use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash,
                 serde::Serialize, serde::Deserialize, sqlx::Type, utoipa::ToSchema)]
        #[serde(transparent)]
        #[sqlx(transparent)]
        pub struct $name(Uuid);

        impl From<Uuid> for $name { fn from(id: Uuid) -> Self { Self(id) } }
        impl std::ops::Deref for $name {
            type Target = Uuid;
            fn deref(&self) -> &Uuid { &self.0 }
        }
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result { self.0.fmt(f) }
        }
    )+};
}

ids! {
    /// A person who signs in.
    UserId,
    /// A company, branch, station or team.
    OrgId,
    /// A role that people are granted.
    RoleId,
    /// One matter: the chain of everything that one request set off.
    MatterId,
    /// A stored file.
    FileId,
    /// A node of the address tree: community, building or unit.
    PlaceId,
    /// A room that is heated.
    PremiseId,
    /// A heat-use account.
    AccountId,
    /// A person or body known to the company.
    PersonId,
    /// A node of the heat network: source, station, loop or riser.
    NetworkNodeId,
    /// One conversation by telephone, however many legs it has.
    CallId,
    /// A queue that callers wait in.
    QueueId,
    /// A service order.
    OrderId,
    /// A revisit of a finished order.
    RevisitId,
    /// A repairer's visit for one round of an order.
    VisitId,
    /// A proposal of who should go.
    ProposalId,
    /// A message to a customer or a member of staff.
    MessageId,
    /// A heating season.
    SeasonId,
    /// A posting of the ledger.
    PostingId,
    /// One version of a rule pack.
    PackVersionId,
    /// One run that opens a season.
    OpeningId,
    /// An application of a household: entry, stop, restore, transfer and so on.
    ApplicationId,
    /// A hold on a household's money.
    HoldId,
    /// A reduction, correction, carry-forward or write-off.
    AdjustmentId,
    /// A payment order: what somebody set out to pay.
    PaymentOrderId,
    /// One try to pay an order, through one channel.
    AttemptId,
    /// A cashier's turn at the till.
    ShiftId,
    /// A receipt.
    ReceiptId,
    /// Money that goes back.
    RefundId,
    /// Money whose owner is not known yet.
    SuspenseId,
    /// An incident, works or another notice that concerns an area.
    NoticeId,
}
