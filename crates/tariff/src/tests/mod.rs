//! Properties, tables, and what the demonstration proves.

mod demonstration;
mod properties;
mod sanity;
mod torn;
