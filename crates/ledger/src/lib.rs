//! The book: who owes what for which heating season, and what was paid.
