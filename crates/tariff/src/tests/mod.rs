//! Properties and tables.
