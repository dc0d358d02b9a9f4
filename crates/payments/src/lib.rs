//! Money in: counter, settlement, receipts, day close.
