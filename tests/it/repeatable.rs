//! Two runs over the same input give the same bytes.

use std::collections::BTreeMap;
use std::path::Path;

use crate::cli::{kesu, sample_project};
use crate::support::below;

fn contents(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let read = |file: std::path::PathBuf| (file.to_string_lossy().into_owned(), std::fs::read(folder.join(&file)).unwrap());
    below(folder).into_iter().map(read).collect()
}

#[test]
fn two_runs_over_the_same_input_are_byte_identical() {
    let home = tempfile::tempdir().unwrap();
    let runs: Vec<_> = ["one", "two"]
        .iter()
        .map(|name| {
            let out = home.path().join(name);
            kesu(&sample_project(), &["run", "--period", "2026-10", "--verdicts", "--out", out.to_str().unwrap()]).success();
            contents(&out.join("2026-10"))
        })
        .collect();
    assert!(runs[0].len() >= 10, "{:?}", runs[0].keys());
    assert_eq!(runs[0].keys().collect::<Vec<_>>(), runs[1].keys().collect::<Vec<_>>());
    for (name, bytes) in &runs[0] {
        assert!(bytes == &runs[1][name], "{name} differs between two runs");
    }
}
