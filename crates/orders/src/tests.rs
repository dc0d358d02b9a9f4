//! The room on a real database. Names say the behaviour; comments name the capabilities.

mod attending;
mod dispatching;
mod fieldwork;
mod filing;
mod house;
mod http;
mod limits;
mod lists;
mod revisiting;
mod words;
