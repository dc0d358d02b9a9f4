//! What a role can be allowed here.

use kernel::Permission;

/// See what households owe and paid.
pub const VIEW: Permission =
    Permission { key: "ledger.view", zh: "查看欠费与缴费", en: "View arrears and payments" };
/// See the book itself: postings, trial balance, periods, seals.
pub const BOOK: Permission =
    Permission { key: "ledger.book", zh: "查看账簿", en: "View the ledger's book" };
/// Close a period, for ever.
pub const CLOSE: Permission =
    Permission { key: "ledger.close", zh: "结账", en: "Close accounting periods" };
/// Write to the book: counters, engines and imports.
pub const POST: Permission =
    Permission { key: "ledger.post", zh: "记账", en: "Post to the ledger" };

/// All of them.
pub const ALL: &[Permission] = &[VIEW, BOOK, CLOSE, POST];
