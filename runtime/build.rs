//! Tells cargo that the page is part of the program: what was built into `ui/dist` is embedded.

fn main() {
    println!("cargo::rerun-if-changed=ui/dist");
}
