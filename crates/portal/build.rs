//! Checked queries do not notice a new migration by themselves.

fn main() {
    println!("cargo::rerun-if-changed=../../migrations");
}
