//! Beginnings: a new pack that is already right, and empty tables for a company to fill in.

mod tables;

use std::path::{Path, PathBuf};

use crate::diag::{Code, Diag, unwritable};

pub use tables::write as tables;

/// A file below the pack's folder and what is in it.
type Template = (&'static str, &'static str);

const NEW: [Template; 5] = [
    ("pack.toml", include_str!("pack/pack.toml")),
    ("rules.toml", include_str!("pack/rules.toml")),
    ("datasets/@title@登记.toml", include_str!("pack/datasets/table.toml")),
    ("cases/rules.toml", include_str!("pack/cases/rules.toml")),
    ("sample.toml", include_str!("pack/sample.toml")),
];
const DERIVED: [Template; 2] = [("pack.toml", include_str!("pack/extends.toml")), ("rules.toml", include_str!("pack/overrides.toml"))];

/// What the new pack is called.
#[derive(Debug, Clone, Copy)]
pub struct NewPack<'a> {
    pub id: &'a str,
    pub title: &'a str,
    /// The pack that it takes over.
    pub from: Option<&'a str>,
}

/// Writes a new pack's folder below `rules`; the files come back in order.
///
/// # Errors
/// An id or title that cannot be a name, a folder that is there already, and what cannot be written.
pub fn pack(rules: &Path, new: NewPack<'_>) -> Result<Vec<PathBuf>, Diag> {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if new.id.is_empty() || !new.id.chars().all(is_plain) {
        let diag = Diag::error(Code::SettingsInvalid, format!("规则包的编号「{}」不能用", new.id));
        return Err(diag.help("编号只用小写字母、数字和短横，如 wuye-fuwu；名称用 --title 写"));
    }
    if new.title.is_empty() || new.title.chars().any(|c| c.is_control() || "\\/:*?\"<>|#[]".contains(c)) {
        let diag = Diag::error(Code::SettingsInvalid, format!("名称「{}」不能用", new.title));
        return Err(diag.help("名称也是文件名的一部分，不能有 \\ / : * ? \" < > | # [ ]"));
    }
    let folder = rules.join(new.id);
    if folder.exists() {
        return Err(Diag::error(Code::OutputUnwritable, "这个文件夹已经有了，没有改动").in_file(folder).help("换一个编号，或先移走它"));
    }
    let filled = |text: &str| text.replace("@id@", new.id).replace("@title@", new.title).replace("@from@", new.from.unwrap_or_default());
    let templates: &[Template] = if new.from.is_some() { &DERIVED } else { &NEW };
    let mut written = Vec::new();
    for (name, text) in templates {
        let path = folder.join(filled(name));
        let parent = path.parent().unwrap_or(&folder);
        std::fs::create_dir_all(parent).map_err(|e| unwritable(parent, &e))?;
        std::fs::write(&path, filled(text)).map_err(|e| unwritable(&path, &e))?;
        written.push(path);
    }
    Ok(written)
}
