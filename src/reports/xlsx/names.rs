//! Sheet names that Excel accepts: at most 31 characters, without `[]:*?/\`, no two alike.

const MOST: usize = 31;

/// One name a wish, in order.
pub fn unique<'a>(wishes: impl Iterator<Item = &'a str>) -> Vec<String> {
    let mut taken = Vec::new();
    for wish in wishes {
        let name = clean(wish);
        let name = if is_taken(&name, &taken) { numbered(&name, &taken) } else { name };
        taken.push(name);
    }
    taken
}

/// The name of the sheet on which `name` goes on.
pub fn next(name: &str, taken: &mut Vec<String>) -> String {
    let name = numbered(name, taken);
    taken.push(name.clone());
    name
}

fn clean(wish: &str) -> String {
    let cleaned: String = wish
        .chars()
        .map(|c| if "[]:*?/\\".contains(c) || c.is_control() { '_' } else { c })
        .collect::<String>()
        .trim_matches([' ', '\''])
        .to_owned();
    let name = shortened(&cleaned, MOST);
    if name.is_empty() { "表".to_owned() } else { name }
}

/// Excel counts UTF-16 units.
fn shortened(name: &str, most: usize) -> String {
    let mut units = 0;
    name.chars()
        .take_while(|c| {
            units += c.len_utf16();
            units <= most
        })
        .collect()
}

fn is_taken(name: &str, taken: &[String]) -> bool {
    taken.iter().any(|other| other.to_lowercase() == name.to_lowercase())
}

fn numbered(name: &str, taken: &[String]) -> String {
    (2..)
        .map(|number| {
            let tail = format!(" ({number})");
            format!("{}{tail}", shortened(name, MOST - tail.len()))
        })
        .find(|name| !is_taken(name, taken))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_fit_for_excel() {
        let long = "催".repeat(40);
        let names = unique(["a/b:c*?[d]\\", "", "甲", "甲", long.as_str(), long.as_str(), "Ab", "aB"].into_iter());
        assert_eq!(names[0], "a_b_c___d__");
        assert_eq!(names[1], "表");
        assert_eq!(&names[2..4], ["甲", "甲 (2)"]);
        assert!(names.iter().all(|n| n.encode_utf16().count() <= 31));
        assert_eq!(names[7], "aB (2)");
        assert!(names[5].ends_with(" (2)"));
    }
}
