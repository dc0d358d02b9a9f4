//! The engines that the platform starts for itself when a company brings none of its own.

pub mod asterisk;
pub mod postgres;
