//! Small vocabularies of an order; each equals a CHECK of the schema.

use kernel::Error;

/// How much it presses: 1 ordinary, 2 urgent, 3 emergency.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    serde::Serialize,
    serde::Deserialize,
    sqlx::Type,
    utoipa::ToSchema,
)]
#[serde(try_from = "i16", into = "i16")]
#[sqlx(transparent)]
pub struct Urgency(i16);

impl Urgency {
    /// Ordinary.
    pub const ORDINARY: Self = Self(1);
    /// Urgent.
    pub const URGENT: Self = Self(2);
    /// Emergency.
    pub const EMERGENCY: Self = Self(3);

    /// Its place in a kind's lists of minutes.
    pub fn index(self) -> usize {
        usize::try_from(self.0 - 1).unwrap_or_default()
    }
}

impl TryFrom<i16> for Urgency {
    type Error = Error;
    fn try_from(level: i16) -> Result<Self, Error> {
        let known = (1..=3).contains(&level);
        known.then_some(Self(level)).ok_or_else(|| {
            Error::invalid("urgency", "紧急程度只能是 1、2、3", "urgency is 1, 2 or 3")
        })
    }
}

impl From<Urgency> for i16 {
    fn from(urgency: Urgency) -> Self {
        urgency.0
    }
}

/// Declares an enum whose names are the words of a CHECK.
macro_rules! words {
    ($($(#[$doc:meta])* $name:ident { $($(#[$word_doc:meta])* $word:ident),+ $(,)? })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type, serde::Serialize,
                 serde::Deserialize, utoipa::ToSchema, strum::IntoStaticStr, strum::VariantArray)]
        #[sqlx(type_name = "text", rename_all = "snake_case")]
        #[serde(rename_all = "snake_case")]
        #[strum(serialize_all = "snake_case")]
        pub enum $name { $($(#[$word_doc])* $word),+ }
    )+};
}
pub(crate) use words;

words! {
    /// By which way the request came.
    Origin {
        /// The service number.
        Phone,
        /// The WeChat account.
        Wechat,
        /// The customer's app.
        App,
        /// The web page.
        Web,
        /// A service hall.
        Hall,
        /// The company's own people.
        Staff,
        /// The city's hotline.
        Hotline,
        /// A message after the tone.
        Voicemail,
        /// Another way.
        Other,
    }

    /// What the customer says of the work.
    Satisfaction {
        /// Content.
        Satisfied,
        /// It will do.
        Fair,
        /// Somebody must go again.
        Unsatisfied,
    }

    /// Why a call belongs to an order.
    CallReason {
        /// It was filed in that call.
        Filing,
        /// The customer pressed for it.
        Chase,
        /// The customer was asked afterwards.
        Revisit,
        /// Another reason.
        Other,
    }

    /// How a repairer was chosen.
    Manner {
        /// The first of the ranking, by the machine.
        Automatic,
        /// The first of the ranking, by a person.
        Proposed,
        /// Somebody else, by a person.
        Other,
    }
}
