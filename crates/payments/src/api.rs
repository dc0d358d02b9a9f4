//! Routes: each reads a request, opens a unit of work, calls one use case.

mod back;
mod collect;
mod counter;
mod office;
mod receipts;

use kernel::App;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this room.
pub fn router() -> OpenApiRouter<App> {
    use self::{back::*, collect::*, counter::*, office::*, receipts::*};
    OpenApiRouter::new()
        .routes(routes!(quote_payment))
        .routes(routes!(take_payment))
        .routes(routes!(list_payments))
        .routes(routes!(get_payment))
        .routes(routes!(reverse_payment))
        .routes(routes!(bounce_cheque))
        .routes(routes!(request_payment_refund))
        .routes(routes!(list_refunds, request_credit_refund))
        .routes(routes!(decide_refund))
        .routes(routes!(pay_refund))
        .routes(routes!(list_shifts, open_shift))
        .routes(routes!(my_shift))
        .routes(routes!(count_shift))
        .routes(routes!(resume_shift))
        .routes(routes!(close_shift))
        .routes(routes!(issue_receipt))
        .routes(routes!(print_receipt))
        .routes(routes!(copy_receipt))
        .routes(routes!(void_receipt))
        .routes(routes!(list_receipt_ranges, give_receipt_numbers))
        .routes(routes!(close_receipt_numbers))
        .routes(routes!(get_receipt_face, set_receipt_face))
        .routes(routes!(try_receipt_face))
        .routes(routes!(list_suspense, book_suspense))
        .routes(routes!(assign_suspense))
        .routes(routes!(return_suspense))
        .routes(routes!(day_books, close_day))
        .routes(routes!(list_collections, make_collection))
        .routes(routes!(collection_doors))
        .routes(routes!(visit_door))
        .routes(routes!(remind_doors))
        .routes(routes!(list_debtors))
        .routes(routes!(list_account_contacts))
}
