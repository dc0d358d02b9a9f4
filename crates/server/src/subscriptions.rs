//! When this event, that job: every subscription of the house in one file.
//!
//! A subscriber runs after the commit, until it succeeds; it may run twice and must not mind.

use channels::SmsProvider;
use files::Files;
use futures_util::future::BoxFuture;
use kernel::{App, EventRow, Result};
use std::sync::Arc;

/// What subscribers need.
#[derive(Clone)]
pub struct Services {
    /// Database and clock.
    pub app: App,
    /// Who delivers short messages.
    pub sms: Arc<dyn SmsProvider>,
    /// Stored files.
    pub files: Files,
    /// Where customers' pages are reached from outside.
    pub portal_url: Arc<str>,
}

impl std::fmt::Debug for Services {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Services").finish_non_exhaustive()
    }
}

/// One subscriber of some kinds of events.
pub struct Subscription {
    /// Stable name; part of the job's key.
    pub name: &'static str,
    /// The kinds that it hears of.
    pub kinds: &'static [&'static str],
    /// What it does.
    pub run: fn(Services, EventRow) -> BoxFuture<'static, Result<()>>,
}

/// Who hears of an event of this kind.
pub fn of(kind: &str) -> impl Iterator<Item = &'static Subscription> {
    ALL.iter().filter(move |s| s.kinds.contains(&kind))
}

/// All of them.
pub const ALL: &[Subscription] = &[
    Subscription {
        name: "ledger.balance_closings",
        kinds: &["ledger.period_closed"],
        run: |s, _| Box::pin(async move { ledger::balance_closings(&s.app).await.map(drop) }),
    },
    Subscription {
        name: "billing.late_sheets",
        kinds: &["ledger.period_closed"],
        run: |s, _| Box::pin(async move { billing::close_late_sheets(&s.app).await.map(drop) }),
    },
    Subscription {
        name: "payments.apply_credit",
        kinds: &["billing.charged"],
        run: |s, e| Box::pin(async move { payments::jobs::on_charged(&s.app, &e).await }),
    },
    Subscription {
        name: "payments.apply_credit_of_season",
        kinds: &["billing.opening_posted"],
        run: |s, e| Box::pin(async move { payments::jobs::on_season_opened(&s.app, &e).await }),
    },
    Subscription {
        name: "services.follow_orders",
        kinds: &["order.finished", "order.returned", "order.voided"],
        run: |s, e| Box::pin(async move { services::jobs::on_order(&s.app, &e).await }),
    },
    Subscription {
        name: "imports.go_on",
        kinds: &[
            "imports.read_wanted",
            "imports.check_wanted",
            "imports.trial_wanted",
            "imports.commit_wanted",
            "imports.undo_wanted",
            "imports.shadow_wanted",
        ],
        run: |s, e| Box::pin(async move { imports::on_wanted(&s.app, &s.files, &e).await }),
    },
    Subscription {
        name: "dispatch.give",
        kinds: &["order.filed", "order.returned", "order.reopened"],
        run: |s, e| {
            Box::pin(async move { dispatch::on_order_open(&s.app, e.subject_id.into()).await })
        },
    },
    Subscription {
        name: "dispatch.tell_repairer",
        kinds: &["order.dispatched"],
        run: |s, e| Box::pin(async move { dispatch::on_order_dispatched(&s.app, &e).await }),
    },
    Subscription {
        name: "portal.tell_who_comes",
        kinds: &["order.dispatched"],
        run: |s, e| {
            Box::pin(async move { portal::on_order_dispatched(&s.app, &e, &s.portal_url).await })
        },
    },
    Subscription {
        name: "portal.tell_it_is_done",
        kinds: &["order.finished"],
        run: |s, e| {
            Box::pin(async move { portal::on_order_finished(&s.app, &e, &s.portal_url).await })
        },
    },
    Subscription {
        name: "portal.send_link",
        kinds: &["portal.link_wanted"],
        run: |s, e| {
            Box::pin(async move { portal::on_link_wanted(&s.app, &e, &s.portal_url).await })
        },
    },
    Subscription {
        name: "billing.file_valve_order",
        kinds: &["billing.valve_requested"],
        run: |s, e| Box::pin(async move { billing::file_valve_order(&s.app, &e).await }),
    },
    Subscription {
        name: "billing.recall_valve_order",
        kinds: &["billing.application_withdrawn"],
        run: |s, e| Box::pin(async move { billing::recall_valve_order(&s.app, &e).await }),
    },
    Subscription {
        name: "billing.follow_orders",
        kinds: &["order.passed"],
        run: |s, e| Box::pin(async move { billing::on_order_passed(&s.app, &e).await }),
    },
    Subscription {
        name: "channels.send",
        kinds: &["channels.message_queued"],
        run: |s, _| {
            Box::pin(async move { channels::send_waiting(&s.app, &*s.sms).await.map(drop) })
        },
    },
    Subscription {
        name: "billing.opening",
        kinds: &["billing.opening_wanted", "billing.opening_approved"],
        run: |s, e| Box::pin(async move { billing::on_opening(&s.app, &e).await }),
    },
    Subscription {
        name: "billing.run",
        kinds: &["billing.run_wanted"],
        run: |s, e| Box::pin(async move { billing::on_run(&s.app, &e).await }),
    },
    Subscription {
        name: "billing.follow_facts",
        kinds: &["directory.fact_changed"],
        run: |s, e| Box::pin(async move { billing::on_facts_changed(&s.app, &e).await }),
    },
    Subscription {
        name: "billing.recalculate",
        kinds: &["billing.recalculation_wanted"],
        run: |s, e| Box::pin(async move { billing::on_recalculation_wanted(&s.app, &e).await }),
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn each_subscription_has_a_name_of_its_own() {
        let names: BTreeSet<_> = ALL.iter().map(|s| s.name).collect();
        assert_eq!(names.len(), ALL.len());
    }
}
