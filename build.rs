//! Tests that read the shared workbooks run where these lie beside the project (or where `KESU_SHARED` says), and are named
//! as ignored elsewhere. `.ci/run` insists that they are there.

use std::path::Path;

fn main() {
    println!("cargo::rustc-check-cfg=cfg(shared_data)");
    println!("cargo::rerun-if-env-changed=KESU_SHARED");
    let shared = std::env::var_os("KESU_SHARED").unwrap_or_else(|| "../shared".into());
    if Path::new(&shared).join("data").is_dir() {
        println!("cargo::rustc-cfg=shared_data");
    }
}
