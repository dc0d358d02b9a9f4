//! What this domain promises, held by tests: rules by table and by property, and the engine on a
//! real database against a simulated switch.

mod decisions;
mod dialing;
mod flows;
mod hall;
mod hang_ups;
mod healing;
mod inbound;
mod queues;
mod real;
mod seats;
mod words;
