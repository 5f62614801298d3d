//! Working days with make-up days and public holidays, shifts, company closures, periods.
//! A year without data is not a year without holidays: it is not covered.

mod check;
mod file;
mod period;
mod shifts;
mod special;
mod tables;
mod working;

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

pub use file::Notice;
pub use period::Period;
pub use tables::Tables;
pub use working::Calendar;

use crate::diag::{Code, Diag, Diags, Place};

/// Every calendar of a run by id.
#[derive(Debug, Clone, Default)]
pub struct Calendars(BTreeMap<String, Calendar>);

impl Calendars {
    /// Reads every `*.toml` in `dir`, by name; a file with an error gives no calendar. Also the files that were read, for
    /// the manifest. A folder that does not exist holds no calendars.
    pub fn load(dir: &Path) -> (Self, Diags, Vec<PathBuf>) {
        let mut diags = Diags::default();
        let files = toml_files(dir, &mut diags);
        let mut calendars = Self::default();
        let mut places: BTreeMap<String, Place> = BTreeMap::new();
        for path in &files {
            let text = match std::fs::read_to_string(path) {
                Ok(text) => text,
                Err(error) => {
                    diags.push(unreadable(path, &error));
                    continue;
                }
            };
            let Some((span, calendar)) = check::read(&text, path, &mut diags) else { continue };
            let place = Place::Text { file: path.clone(), span };
            match places.get(&calendar.id) {
                Some(first) => {
                    let diag = Diag::error(Code::CalendarInvalid, format!("两个日历都叫「{}」", calendar.id)).at(place);
                    diags.push(diag.label(first.clone(), "第一个在这里").help("给其中一个换个 id"));
                }
                None => {
                    places.insert(calendar.id.clone(), place);
                    calendars.0.insert(calendar.id.clone(), calendar);
                }
            }
        }
        (calendars, diags, files)
    }

    pub fn get(&self, id: &str) -> Option<&Calendar> {
        self.0.get(id)
    }

    /// By id.
    pub fn iter(&self) -> impl Iterator<Item = &Calendar> {
        self.0.values()
    }
}

/// Of two calendars with one id the later holds.
impl FromIterator<Calendar> for Calendars {
    fn from_iter<T: IntoIterator<Item = Calendar>>(calendars: T) -> Self {
        Self(calendars.into_iter().map(|calendar| (calendar.id.clone(), calendar)).collect())
    }
}

fn toml_files(dir: &Path, diags: &mut Diags) -> Vec<PathBuf> {
    let listed = std::fs::read_dir(dir).and_then(|entries| entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>, _>>());
    match listed {
        Ok(mut paths) => {
            paths.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
            paths.sort();
            paths
        }
        Err(error) if error.kind() == ErrorKind::NotFound => Vec::new(),
        Err(error) => {
            diags.push(unreadable(dir, &error));
            Vec::new()
        }
    }
}

fn unreadable(path: &Path, error: &std::io::Error) -> Diag {
    let words = match error.kind() {
        ErrorKind::InvalidData => "日历文件不是 UTF-8 编码".to_owned(),
        _ => format!("日历打不开（{error}）"),
    };
    Diag::error(Code::FileUnreadable, words).in_file(path).help("用记事本另存为 UTF-8，或检查读取权限")
}
