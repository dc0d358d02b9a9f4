//! What heat costs: rule packs and every computation of a fee, pure.
