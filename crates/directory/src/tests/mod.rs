//! Tests on a real database.

mod account;
mod amending;
mod binding;
mod city;
mod cleansing;
mod finding;
mod household;
