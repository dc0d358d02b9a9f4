//! A list as somebody sees it.

use serde::Deserialize;
use utoipa::ToSchema;

/// A list to be taken out of the house.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListSheet {
    /// What it is.
    pub title: String,
    /// The address of the page that shows it, with its filters.
    #[serde(default)]
    pub page: String,
    /// Names of the columns.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<ListCell>>,
    /// Whether it goes to a printer.
    #[serde(default)]
    pub printed: bool,
}

/// One field of a list.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(untagged)]
pub enum ListCell {
    /// An amount.
    Fen {
        /// In fen.
        fen: i64,
    },
    /// A number of things.
    Count(i64),
    /// Words.
    Text(String),
}

impl ListCell {
    /// How many places it takes.
    pub(crate) fn width(&self) -> usize {
        match self {
            Self::Fen { fen } => fen.to_string().len() + 4,
            Self::Count(n) => n.to_string().len(),
            Self::Text(text) => crate::service::wide(text),
        }
    }
}
