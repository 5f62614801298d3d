//! Fingerprints: SHA-256 in lower-case hex, over texts told apart by their lengths.

use sha2::{Digest, Sha256};

/// Takes texts one by one; `("ab", "c")` and `("a", "bc")` differ.
#[derive(Debug, Clone, Default)]
pub struct Fingerprint(Sha256);

impl Fingerprint {
    #[must_use]
    pub fn text(mut self, text: &str) -> Self {
        self.add(text.as_bytes());
        self
    }

    pub fn add(&mut self, bytes: &[u8]) {
        self.0.update((bytes.len() as u64).to_be_bytes());
        self.0.update(bytes);
    }

    pub fn finish(self) -> String {
        hex(&self.0.finalize())
    }
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Fingerprint of one text.
pub fn of_text(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

/// What is printed on a form: twelve digits in threes.
pub fn short(sha256: &str) -> String {
    let digits: Vec<char> = sha256.chars().take(12).collect();
    digits.chunks(4).map(|part| part.iter().collect::<String>()).collect::<Vec<_>>().join("-")
}

/// Root of the Merkle tree over fingerprints in their order; empty over none.
pub fn root(leaves: &[String]) -> String {
    let mut level = leaves.to_vec();
    while level.len() > 1 {
        level = above(&level);
    }
    level.pop().unwrap_or_default()
}

/// What one leaf needs to reach the root: the fingerprint beside it on every level, and whether that stands on the left.
pub fn path(leaves: &[String], mut at: usize) -> Vec<(bool, String)> {
    let mut level = leaves.to_vec();
    let mut path = Vec::new();
    while level.len() > 1 {
        let beside = at ^ 1;
        path.extend(level.get(beside).map(|other| (beside < at, other.clone())));
        (level, at) = (above(&level), at / 2);
    }
    path
}

/// The root that a leaf and its path lead to.
pub fn climb(leaf: &str, path: &[(bool, String)]) -> String {
    path.iter().fold(leaf.to_owned(), |below, (left, other)| if *left { node(other, &below) } else { node(&below, other) })
}

/// Of an odd number the last goes up as it is.
fn above(level: &[String]) -> Vec<String> {
    let pair = |pair: &[String]| match pair {
        [left, right] => node(left, right),
        [alone, ..] => alone.clone(),
        [] => String::new(),
    };
    level.chunks(2).map(pair).collect()
}

fn node(left: &str, right: &str) -> String {
    Fingerprint::default().text("node").text(left).text(right).finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_leaf_reaches_the_root_by_its_path_and_no_other_leaf_does() {
        for count in 1..10 {
            let leaves: Vec<String> = (0..count).map(|at| of_text(&at.to_string())).collect();
            for (at, leaf) in leaves.iter().enumerate() {
                let path = path(&leaves, at);
                assert_eq!(climb(leaf, &path), root(&leaves), "{at} of {count}");
                assert_ne!(climb(&of_text("another"), &path), root(&leaves), "{at} of {count}");
            }
        }
    }

    #[test]
    fn texts_are_told_apart_by_where_they_end() {
        assert_ne!(Fingerprint::default().text("ab").text("c").finish(), Fingerprint::default().text("a").text("bc").finish());
    }
}
