//! What a role can be allowed here.

use kernel::Permission;

/// See what households owe and paid.
pub const VIEW: Permission =
    Permission {
        key: "billing.view", zh: "查看欠费与缴费", en: "View arrears and payments"
    };
/// Write to the book: counters, engines and imports.
pub const POST: Permission =
    Permission { key: "billing.post", zh: "记账", en: "Post to the ledger" };

/// All of them.
pub const ALL: &[Permission] = &[VIEW, POST];
