//! Small helpers of all tests.
use std::path::{Path, PathBuf};
/// A file of the shared data; a test that needs it fails where it is absent.
pub fn shared(path: &str) -> PathBuf {
    let root = std::env::var_os("KESU_SHARED").map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"), PathBuf::from);
    let full = root.join(path);
    assert!(full.exists(), "shared data is missing: {}", full.display());
    full
}

/// Files below a folder, relative to it.
pub fn below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in std::fs::read_dir(next).unwrap().flatten() {
            if entry.path().is_dir() {
                open.push(entry.path());
            } else {
                files.push(entry.path().strip_prefix(folder).unwrap().to_path_buf());
            }
        }
    }
    files.sort();
    files
}
