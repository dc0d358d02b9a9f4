//! What comes from elsewhere: staging, checks, control totals, commit and undo.
