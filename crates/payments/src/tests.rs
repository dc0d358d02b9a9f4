//! The room on a real database. Names say the behaviour; comments name the capabilities.

mod back;
mod collecting;
mod counter;
mod crash;
mod day;
mod house;
mod http;
mod lessons;
mod receipts;
mod settling;
mod shifts;
