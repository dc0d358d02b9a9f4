//! Ids of this room.

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
    )+};
}

ids! {
    /// A service or a material of the catalogue.
    ItemId,
    /// A price of it, from a day on.
    PriceId,
    /// The warranty's rule, from a day on.
    RuleId,
    /// An offer to a household.
    SheetId,
    /// What one repairer earned in a period.
    StatementId,
}
