//! The catalogue of all policies, a markdown file with a table a system, held against the packs: what is implemented, what waits,
//! what is not covered.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use super::source::SourceFile;
use super::{Pack, RuleSet, Status};
use crate::diag::{Code, Diag, Diags, nearest};

/// Every row of the catalogue, by system, as they stand.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    pub systems: Vec<System>,
}

#[derive(Debug, Clone)]
pub struct System {
    /// `S0`
    pub id: String,
    pub title: String,
    pub rows: Vec<Row>,
}

#[derive(Debug, Clone)]
pub struct Row {
    /// `S0-10.1`
    pub id: String,
    pub grade: Grade,
    /// In the catalogue's words.
    pub title: String,
}

/// How much of a row a program can judge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// As the policy stands.
    A,
    /// With a parameter or a reading that somebody has to give.
    B,
    /// Only whether there is a record.
    C,
}

impl Grade {
    pub const ALL: [Grade; 3] = [Grade::A, Grade::B, Grade::C];

    pub fn name(self) -> &'static str {
        match self {
            Grade::A => "A",
            Grade::B => "B",
            Grade::C => "C",
        }
    }
}

/// How far the packs have come with one row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cover {
    Done,
    /// A rule of it waits for a parameter.
    Waiting,
    Open,
}

/// A row and who realises it: `kesu-banfa/jiean`, `停用 kesu-yiwen`.
#[derive(Debug, Clone)]
pub struct Covered<'c> {
    pub row: &'c Row,
    pub cover: Cover,
    pub by: Vec<String>,
}

/// Columns that a table must have to be one of the catalogue's.
const ID: &str = "规则ID";
const GRADE: &str = "档";
const TITLE: &str = "转述";

impl Catalog {
    /// Reads the tables under headings `### 3.1 S0 客诉管理办法`.
    ///
    /// # Errors
    /// A file that cannot be read, a row without a grade, an id that stands twice, or no table at all.
    pub fn read(path: &Path) -> Result<Self, Diags> {
        let mut diags = Diags::default();
        let Some(file) = SourceFile::open(path, &mut diags) else { return Err(diags) };
        let catalog = Self::parse(&file, &mut diags);
        if catalog.systems.iter().all(|system| system.rows.is_empty()) && !diags.has_errors() {
            let help = format!("目录是 markdown 文件，在「### 3.1 编号 名称」下有带「{ID}」「{GRADE}」「{TITLE}」三列的表");
            diags.push(Diag::error(Code::CatalogInvalid, "文件里没有找到规则目录的表").in_file(path).help(help));
        }
        if diags.has_errors() { Err(diags) } else { Ok(catalog) }
    }

    fn parse(file: &SourceFile, diags: &mut Diags) -> Self {
        let mut systems: Vec<System> = Vec::new();
        let mut columns: Option<[usize; 3]> = None;
        let mut open = false;
        let mut seen: BTreeMap<String, std::ops::Range<usize>> = BTreeMap::new();
        let mut start = 0;
        for line in file.text.split_inclusive('\n') {
            let span = start..start + line.trim_end().len();
            start += line.len();
            let line = line.trim();
            if line.starts_with('#') {
                let system = system_of(line);
                open = system.is_some();
                systems.extend(system);
                columns = None;
                continue;
            }
            let cells = if open { cells(line) } else { Vec::new() };
            if cells.is_empty() {
                columns = None;
                continue;
            }
            let Some([id, grade, title]) = columns else {
                columns = columns_of(&cells);
                continue;
            };
            if cells.iter().all(|cell| cell.chars().all(|c| "-: ".contains(c))) {
                continue;
            }
            let cell = |at: usize| cells.get(at).map(String::as_str).unwrap_or_default();
            let Some(grade) = Grade::ALL.into_iter().find(|known| known.name() == cell(grade)) else {
                let diag = Diag::error(Code::CatalogInvalid, format!("「{}」的档「{}」不是 A、B、C", cell(id), cell(grade)));
                diags.push(diag.at(file.place(span)));
                continue;
            };
            if let Some(first) = seen.insert(cell(id).to_owned(), span.clone()) {
                let diag = Diag::error(Code::CatalogInvalid, format!("目录里有两条「{}」", cell(id))).at(file.place(span));
                diags.push(diag.label(file.place(first), "先在这里用过"));
                continue;
            }
            if let Some(system) = systems.last_mut() {
                system.rows.push(Row { id: cell(id).to_owned(), grade, title: cell(title).to_owned() });
            }
        }
        Self { systems }
    }

    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.systems.iter().flat_map(|system| &system.rows)
    }

    /// Every row with who realises it, in the catalogue's order, and the ids that the packs name and the catalogue does not have.
    pub fn compare(&self, rules: &RuleSet) -> (Vec<Covered<'_>>, Diags) {
        let mut diags = Diags::default();
        let mut by: BTreeMap<&str, (bool, Vec<String>)> = self.rows().map(|row| (row.id.as_str(), (false, Vec::new()))).collect();
        for claim in rules.packs.iter().flat_map(|pack| claims(rules, pack)) {
            for id in &claim.catalog {
                if let Some((waits, names)) = by.get_mut(id.as_str()) {
                    *waits |= claim.waits;
                    names.push(claim.name.clone());
                    continue;
                }
                let near = nearest(id, self.rows().map(|row| row.id.as_str())).map(|near| format!("是不是 {near}？")).unwrap_or_default();
                let diag = Diag::error(Code::RuleDangling, format!("{} 所写的目录条目「{id}」不在目录里", claim.name));
                diags.push(diag.at(claim.place.clone()).help(format!("{near}改 catalog，或核对用的是哪一份目录")));
            }
        }
        let covered = |row: &'_ Row| by.get(row.id.as_str()).cloned().unwrap_or_default();
        let rows = self.rows().map(|row| {
            let (waits, by) = covered(row);
            let cover = match (by.is_empty(), waits) {
                (true, _) => Cover::Open,
                (false, true) => Cover::Waiting,
                (false, false) => Cover::Done,
            };
            Covered { row, cover, by }
        });
        (rows.collect(), diags)
    }
}

/// Something of a pack that says which rows it realises.
struct Claim {
    name: String,
    catalog: Vec<String>,
    waits: bool,
    place: crate::diag::Place,
}

fn claims(rules: &RuleSet, pack: &Pack) -> Vec<Claim> {
    let manifest = || crate::diag::Place::File(PathBuf::from(&pack.folder).join("pack.toml"));
    let has_base = |id: &str| id != pack.id && rules.packs.iter().any(|known| known.id == id);
    let mut claims = Vec::new();
    for rule in &pack.rules {
        let head = &rule.head;
        // what a pack takes over as it is is claimed by the pack that wrote it
        if head.status == Status::Retired || head.is_inherited() && head.layers.last().is_some_and(|layer| has_base(&layer.pack)) {
            continue;
        }
        claims.push(Claim {
            name: format!("{}/{}", pack.id, head.id),
            catalog: head.catalog.clone(),
            // nobody has to supply anything for a reading that was not picked
            waits: rule.waits() && head.unpicked.is_none(),
            place: head.place(head.span.clone()),
        });
    }
    let mut more = |what: &str, id: &str, catalog: &[String]| {
        let name = if id.is_empty() { format!("{what} {}", pack.id) } else { format!("{what} {}/{id}", pack.id) };
        claims.push(Claim { name, catalog: catalog.to_vec(), waits: false, place: manifest() });
    };
    pack.readings.iter().filter(|reading| !has_base(&reading.pack)).for_each(|reading| more("读法", &reading.id, &reading.catalog));
    pack.resolves.iter().for_each(|resolve| more("取舍", &resolve.id, &resolve.catalog));
    pack.off.iter().filter(|off| !has_base(&off.pack)).for_each(|off| more("停用", "", &off.catalog));
    claims
}

/// `### 3.1 S0 客诉管理办法`
fn system_of(heading: &str) -> Option<System> {
    let mut words = heading.strip_prefix("### 3.")?.splitn(3, char::is_whitespace);
    let (_, id, title) = (words.next()?, words.next()?, words.next()?);
    Some(System { id: id.to_owned(), title: title.trim().to_owned(), rows: Vec::new() })
}

/// The cells of a table row, none for any other line. `\|` is no border.
fn cells(line: &str) -> Vec<String> {
    let Some(inside) = line.strip_prefix('|') else { return Vec::new() };
    let inside = inside.strip_suffix('|').unwrap_or(inside);
    let mut cells = Vec::new();
    let mut cell = String::new();
    let mut characters = inside.chars().peekable();
    while let Some(c) = characters.next() {
        match (c, characters.peek()) {
            ('\\', Some('|')) => cell.extend(characters.next()),
            ('|', _) => cells.push(std::mem::take(&mut cell)),
            (c, _) => cell.push(c),
        }
    }
    cells.push(cell);
    cells.iter().map(|cell| cell.trim().to_owned()).collect()
}

fn columns_of(cells: &[String]) -> Option<[usize; 3]> {
    let find = |name: &str| cells.iter().position(|cell| cell == name);
    Some([find(ID)?, find(GRADE)?, find(TITLE)?])
}
