//! What runs behind the desk: openings, and answers to changed facts.
