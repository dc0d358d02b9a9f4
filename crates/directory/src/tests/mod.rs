//! Tests on a real database.

mod account;
mod amending;
mod binding;
mod city;
mod finding;
mod household;
