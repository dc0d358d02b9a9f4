//! Every permission of every domain: what roles are made of.

use kernel::Permission;
use std::sync::LazyLock;

/// All of them, by key.
pub static ALL: LazyLock<Vec<Permission>> = LazyLock::new(|| {
    let mut all = [
        identity::permissions::ALL,
        directory::permissions::ALL,
        ledger::permissions::ALL,
        billing::permissions::ALL,
        payments::permissions::ALL,
        services::permissions::ALL,
        imports::permissions::ALL,
        channels::permissions::ALL,
        orders::permissions::ALL,
        dispatch::permissions::ALL,
        notices::permissions::ALL,
        telephony::permissions::ALL,
        insight::permissions::ALL,
        field::permissions::ALL,
    ]
    .concat();
    all.sort_by_key(|p| p.key);
    all
});
