//! What happened here, told to the rooms above.
