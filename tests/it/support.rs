//! Small helpers of all tests.
use std::path::PathBuf;
/// A file of the shared data; a test that needs it fails where it is absent.
pub fn shared(path: &str) -> PathBuf {
    let root = std::env::var_os("KESU_SHARED").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let full = root.join(path);
    assert!(full.exists(), "shared data is missing: {}", full.display());
    full
}
