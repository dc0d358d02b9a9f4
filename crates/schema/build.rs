//! The migrations are compiled in: a changed one means a new build of this crate.

fn main() {
    println!("cargo::rerun-if-changed=../../migrations");
}
