//! What can be asked for: kinds, symptoms, causes. Rows, so that a company sets its own.

use super::{Urgency, words::words};

words! {
    /// Whose part a fault was in.
    Side {
        /// Inside the home.
        User,
        /// In the company's network.
        Network,
        /// Nobody's.
        None,
    }
}

/// A kind of request.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct Kind {
    /// Stable name.
    pub key: String,
    /// Name, Chinese.
    pub name: String,
    /// Name, English.
    pub name_en: String,
    /// Whether somebody must go there.
    pub needs_visit: bool,
    /// Whether the customer is asked afterwards.
    pub needs_revisit: bool,
    /// What who goes must be able to do.
    #[schema(required)]
    pub skill: Option<String>,
}

/// What the customer notices.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct Symptom {
    /// Stable name.
    pub key: String,
    /// The kind that it belongs to.
    pub kind: String,
    /// Name, Chinese.
    pub name: String,
    /// Name, English.
    pub name_en: String,
    /// How much it presses unless somebody knows better.
    pub urgency: Urgency,
    /// Of which utility; of any when absent.
    #[schema(required)]
    pub utility: Option<String>,
}

/// What the repairer found.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct Cause {
    /// Stable name.
    pub key: String,
    /// The kind that it belongs to.
    pub kind: String,
    /// Name, Chinese.
    pub name: String,
    /// Name, English.
    pub name_en: String,
    /// Whose part it was in.
    pub side: Side,
}

/// Everything that forms choose from.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct Catalogue {
    /// Kinds of request.
    pub kinds: Vec<Kind>,
    /// Symptoms.
    pub symptoms: Vec<Symptom>,
    /// Causes.
    pub causes: Vec<Cause>,
}
