//! Checked queries do not notice a new migration by themselves: this room's own are watched here
//! (`cargo xtask gen` and `test` check everything anew).

fn main() {
    let room = format!("_{}", std::env::var("CARGO_PKG_NAME").unwrap_or_default());
    for file in std::fs::read_dir("../../migrations").into_iter().flatten().flatten() {
        if file.file_name().to_string_lossy().contains(&room) {
            println!("cargo::rerun-if-changed={}", file.path().display());
        }
    }
    println!("cargo::rerun-if-changed=build.rs");
}
