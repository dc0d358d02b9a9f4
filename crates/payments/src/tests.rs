//! The room on a real database.
