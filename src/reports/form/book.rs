//! What a template's workbook is made of: sheets, shared texts, number formats, and which part belongs to which sheet.

use std::collections::BTreeMap;

use super::package::{Package, damaged};
use super::words::Words;
use super::xml::{self, Element};
use crate::diag::Diag;

pub const WORKBOOK: &str = "xl/workbook.xml";

#[derive(Debug)]
pub struct Book {
    /// Texts of the parts that were read, by name.
    pub parts: BTreeMap<String, String>,
    pub sheets: Vec<SheetPart>,
    /// Shared texts by number.
    pub strings: Vec<Words>,
    /// By cell style.
    pub looks: Vec<Look>,
    /// Names that formulas may use for cells.
    pub names: Vec<String>,
    /// Days are counted from 1904.
    pub from_1904: bool,
}

/// How a cell shows what is in it.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// A number as a day or a time.
    pub shows_dates: bool,
    pub wraps: bool,
    /// Of the letters, in points.
    pub size: f64,
}

impl Default for Look {
    fn default() -> Self {
        Self { shows_dates: false, wraps: false, size: 11.0 }
    }
}

#[derive(Debug)]
pub struct SheetPart {
    pub name: String,
    pub part: String,
    /// `sheetId`: as the chain of calculation calls it.
    pub id: String,
    /// Parts that hang on the sheet: drawings, comments, tables.
    pub related: Vec<Related>,
}

#[derive(Debug)]
pub struct Related {
    /// Last word of the relation's type: `drawing`, `comments`.
    pub kind: String,
    pub part: String,
}

impl Book {
    pub fn read(package: &mut Package) -> Result<Self, Diag> {
        let mut reader = PartReader { package, parts: BTreeMap::new() };
        let relations = reader.relations(WORKBOOK)?;
        let book = reader.required(WORKBOOK)?;
        let root = reader.parse(WORKBOOK, &book)?;
        let from_1904 = root.child("workbookPr").and_then(|p| p.attribute("date1904")).is_some_and(|v| v == "1" || v == "true");
        let names = root.child("definedNames").into_iter().flat_map(|names| names.children("definedName"));
        let names = names.filter_map(|name| name.attribute("name")).filter(|name| !name.starts_with("_xlnm.")).collect();
        let mut sheets = Vec::new();
        for sheet in root.child("sheets").iter().flat_map(|sheets| sheets.children("sheet")) {
            let wanted = sheet.attribute("id").unwrap_or_default();
            let Some((_, kind, part)) = relations.iter().find(|(id, ..)| *id == wanted) else { continue };
            // sheets of charts and of old dialogues have no cells
            if kind != "worksheet" {
                continue;
            }
            reader.required(part)?;
            let related = reader.relations(part)?.into_iter().map(|(_, kind, part)| Related { kind, part }).collect();
            sheets.push(SheetPart {
                name: sheet.attribute("name").unwrap_or_default(),
                part: part.clone(),
                id: sheet.attribute("sheetId").unwrap_or_default(),
                related,
            });
        }
        let of_kind = |wanted: &str| relations.iter().find(|(_, kind, _)| kind == wanted).map(|(.., part)| part.clone());
        let strings = match of_kind("sharedStrings") {
            Some(part) => reader.strings(&part)?,
            None => Vec::new(),
        };
        let looks = match of_kind("styles") {
            Some(part) => reader.looks(&part)?,
            None => Vec::new(),
        };
        if sheets.is_empty() {
            return Err(damaged(&reader.package.file, "没有工作表"));
        }
        Ok(Self { parts: reader.parts, sheets, strings, looks, names, from_1904 })
    }

    pub fn part(&self, name: &str) -> &str {
        self.parts.get(name).map_or("", String::as_str)
    }
}

/// Reads parts once and keeps them.
struct PartReader<'p> {
    package: &'p mut Package,
    parts: BTreeMap<String, String>,
}

impl PartReader<'_> {
    fn required(&mut self, name: &str) -> Result<String, Diag> {
        let found = self.package.text(name)?;
        let text = found.ok_or_else(|| damaged(&self.package.file, &format!("缺少「{name}」")))?;
        self.parts.insert(name.to_owned(), text.clone());
        Ok(text)
    }

    fn parse<'x>(&self, name: &str, text: &'x str) -> Result<Element<'x>, Diag> {
        xml::parse(text).map_err(|why| damaged(&self.package.file, &format!("「{name}」读不懂：{why}")))
    }

    /// Identifier, kind and part of everything that `part` refers to inside the package.
    fn relations(&mut self, part: &str) -> Result<Vec<(String, String, String)>, Diag> {
        let (folder, file) = part.rsplit_once('/').unwrap_or(("", part));
        let name = format!("{folder}/_rels/{file}.rels");
        let Some(text) = self.package.text(&name)? else { return Ok(Vec::new()) };
        let root = self.parse(&name, &text)?;
        let inside = root.children("Relationship").filter(|r| r.attribute("TargetMode").as_deref() != Some("External"));
        Ok(inside
            .map(|relation| {
                let get = |name| relation.attribute(name).unwrap_or_default();
                let kind = get("Type").rsplit('/').next().unwrap_or_default().to_owned();
                (get("Id"), kind, resolved(folder, &get("Target")))
            })
            .collect())
    }

    fn strings(&mut self, part: &str) -> Result<Vec<Words>, Diag> {
        let Some(text) = self.package.text(part)? else { return Ok(Vec::new()) };
        let root = self.parse(part, &text)?;
        Ok(root.children("si").map(|item| Words::of(item, &text)).collect())
    }

    fn looks(&mut self, part: &str) -> Result<Vec<Look>, Diag> {
        let Some(text) = self.package.text(part)? else { return Ok(Vec::new()) };
        let root = self.parse(part, &text)?;
        let own: BTreeMap<u32, String> = root
            .child("numFmts")
            .into_iter()
            .flat_map(|formats| formats.children("numFmt"))
            .filter_map(|format| Some((format.number("numFmtId")?, format.attribute("formatCode")?)))
            .collect();
        let fonts = root.child("fonts").into_iter().flat_map(|fonts| fonts.children("font"));
        let sizes: Vec<Option<f64>> = fonts.map(|font| font.child("sz")?.attribute("val")?.parse().ok()).collect();
        let shows_dates = |id: u32| match own.get(&id) {
            Some(code) => is_date_format(code),
            None => matches!(id, 14..=22 | 27..=36 | 45..=47 | 50..=58),
        };
        let look = |xf: &Element<'_>| Look {
            shows_dates: xf.number("numFmtId").is_some_and(shows_dates),
            wraps: xf.child("alignment").and_then(|a| a.attribute("wrapText")).is_some_and(|v| v == "1" || v == "true"),
            size: xf.number("fontId").and_then(|id| *sizes.get(id as usize)?).unwrap_or(Look::default().size),
        };
        let styles = root.child("cellXfs").into_iter().flat_map(|styles| styles.children("xf"));
        Ok(styles.map(look).collect())
    }
}

/// `../drawings/drawing1.xml` seen from `xl/worksheets`.
fn resolved(folder: &str, target: &str) -> String {
    let mut way: Vec<&str> = if target.starts_with('/') { Vec::new() } else { folder.split('/').collect() };
    for step in target.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                way.pop();
            }
            step => way.push(step),
        }
    }
    way.join("/")
}

/// A code with a letter of year, day, hour or second outside quotes, escapes and brackets.
fn is_date_format(code: &str) -> bool {
    let (mut in_quotes, mut in_brackets) = (false, false);
    let mut chars = code.chars();
    while let Some(c) = chars.next() {
        match c {
            '"' => in_quotes = !in_quotes,
            _ if in_quotes => {}
            '\\' | '_' | '*' => {
                chars.next();
            }
            '[' => in_brackets = true,
            ']' => in_brackets = false,
            'y' | 'Y' | 'd' | 'D' | 'h' | 'H' | 's' | 'S' if !in_brackets => return true,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_told_by_their_format() {
        for code in ["yyyy-mm-dd", "yyyy\"年\"m\"月\"d\"日\"", "[$-804]yyyy/m/d;@", "h:mm"] {
            assert!(is_date_format(code), "{code}");
        }
        for code in ["General", "#,##0.00", "0.00\"days\"", "[Red]0", "@", "\\d0", "_d0"] {
            assert!(!is_date_format(code), "{code}");
        }
    }

    #[test]
    fn a_target_is_found_from_where_it_is_named() {
        assert_eq!(resolved("xl/worksheets", "../drawings/drawing1.xml"), "xl/drawings/drawing1.xml");
        assert_eq!(resolved("xl", "/xl/worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
        assert_eq!(resolved("xl", "worksheets/sheet1.xml"), "xl/worksheets/sheet1.xml");
    }
}
