//! Who moves money for us: asked when nobody knows, told when money goes back.

use crate::{AttemptState, PayMethod};
use async_trait::async_trait;
use kernel::Fen;
use std::sync::Arc;

/// What a provider says about money that went back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Returned {
    /// The customer has it, under this number.
    Done(String),
    /// Not yet; ask again.
    Waiting(String),
}

/// A payment channel. Answers are facts; a failure to answer is an error, and never a fact.
#[async_trait]
pub trait Provider: Send + Sync {
    /// How the try of this number ended. `Unknown` when the provider does not know either.
    async fn query(&self, reference: &str) -> anyhow::Result<AttemptState>;

    /// Gives money back. `id` is ours and stays the same over all tries: the provider pays it once.
    async fn refund(&self, id: &str, reference: &str, amount: Fen) -> anyhow::Result<Returned>;
}

/// The channels that the house is connected to.
#[derive(Clone, Default)]
pub struct Providers(Vec<(PayMethod, Arc<dyn Provider>)>);

impl Providers {
    /// The same with one more.
    #[must_use]
    pub fn with(mut self, channel: PayMethod, provider: Arc<dyn Provider>) -> Self {
        self.0.push((channel, provider));
        self
    }

    /// Who moves money of this channel; nobody when people do.
    pub fn of(&self, channel: PayMethod) -> Option<&dyn Provider> {
        self.0.iter().find(|(c, _)| *c == channel).map(|(_, p)| &**p)
    }
}

impl std::fmt::Debug for Providers {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.iter().map(|(c, _)| c)).finish()
    }
}
