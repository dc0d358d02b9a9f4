//! Tests on a real database.

mod account;
mod binding;
mod city;
mod finding;
