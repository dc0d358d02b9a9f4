//! The history of the database's schema, compiled in.
//!
//! A crate of its own, so that a changed migration rebuilds who runs migrations and the room whose
//! tables it describes, and not the whole house.

/// The one history of the schema.
pub static MIGRATIONS: sqlx::migrate::Migrator = sqlx::migrate!("../../migrations");
