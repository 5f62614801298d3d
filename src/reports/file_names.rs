//! Names of files and folders that every system takes, from whatever names the data holds.

use unicode_normalization::UnicodeNormalization as _;

/// Characters that a name keeps; three bytes each at most times this, and an ending, stay below what a file system takes.
const MOST_CHARACTERS: usize = 60;
/// Devices, whatever stands behind a point.
const RESERVED: [&str; 4] = ["CON", "PRN", "AUX", "NUL"];
const NUMBERED: [&str; 2] = ["COM", "LPT"];

/// The name with everything replaced that some system would refuse or take for something else.
pub fn safe(name: &str) -> String {
    let allowed = |c: char| if "\\/:*?\"<>|".contains(c) || c.is_control() { '_' } else { c };
    let mut safe: String = name.nfc().map(allowed).take(MOST_CHARACTERS).collect();
    safe = safe.trim_start().trim_end_matches(['.', ' ']).to_owned();
    if safe.is_empty() || is_reserved(&safe) {
        safe.insert(0, '_');
    }
    safe
}

fn is_reserved(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end().to_ascii_uppercase();
    let numbered = |device: &str| {
        let mut number = stem.strip_prefix(device).unwrap_or_default().chars();
        matches!((number.next(), number.next()), (Some('0'..='9' | '¹' | '²' | '³'), None))
    };
    RESERVED.contains(&stem.as_str()) || NUMBERED.into_iter().any(numbered)
}

/// Safe names for different names, no two alike even where capitals are not told apart.
pub fn apart<'n>(names: impl IntoIterator<Item = &'n str>) -> Vec<String> {
    let mut taken: Vec<String> = Vec::new();
    let mut apart = Vec::new();
    for name in names {
        let safe = safe(name);
        let numbered = (2..).map(|number| format!("{safe} ({number})"));
        let free = std::iter::once(safe.clone()).chain(numbered).find(|name| !taken.contains(&name.to_lowercase()));
        let free = free.unwrap_or(safe);
        taken.push(free.to_lowercase());
        apart.push(free);
    }
    apart
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_never_leaves_its_folder_or_names_a_device() {
        let cases = [
            ("制造部", "制造部"),
            ("制造/一部", "制造_一部"),
            ("..", "_"),
            ("../../etc", ".._.._etc"),
            (".", "_"),
            ("", "_"),
            ("  ", "_"),
            ("业务部. .", "业务部"),
            ("con", "_con"),
            ("NUL.txt", "_NUL.txt"),
            ("com7", "_com7"),
            ("COM10", "COM10"),
            ("a:b*c?\"<>|\\d\n", "a_b_c______d_"),
        ];
        for (name, expected) in cases {
            assert_eq!(safe(name), expected, "{name:?}");
        }
    }

    #[test]
    fn a_long_name_stays_below_what_file_systems_take() {
        assert!(format!("{}.xlsx", safe(&"部".repeat(500))).len() < 255);
    }

    #[test]
    fn names_that_become_alike_are_kept_apart() {
        assert_eq!(apart(["A/B", "A_B", "a_b", "甲"]), ["A_B", "A_B (2)", "a_b (3)", "甲"]);
        assert_eq!(apart(["A_B (2)", "A/B", "A_B"]), ["A_B (2)", "A_B", "A_B (3)"]);
    }
}
