//! A cell's text with its places to fill in. Programs that edit a text in a cell split it into runs of one look each, also in the
//! middle of a `{{`.

use std::borrow::Cow;

use quick_xml::escape;

use super::xml::Element;

/// More is cut off or refused by spreadsheet programs; counted as they do, in UTF-16.
pub const LONGEST: usize = 32_767;

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    Literal(String),
    /// What stands between `{{` and `}}`.
    Hole(String),
}

/// A stretch of text in one look.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Run {
    /// `<rPr>…</rPr>` as the template has it, or nothing.
    look: String,
    pieces: Vec<Piece>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    runs: Vec<Run>,
    /// A `{{` that nothing closes.
    pub is_open: bool,
}

impl Words {
    /// Of a `si` or an `is`; `source` is the part's text. Readings above characters (`rPh`) are left out.
    pub fn of(element: &Element<'_>, source: &str) -> Self {
        let text = |parent: &Element<'_>| parent.children("t").map(|t| t.text.as_str()).collect::<String>();
        let mut looks = vec![(String::new(), text(element))];
        for run in element.children("r") {
            let look = run.child("rPr").map(|look| source.get(look.whole.clone()).unwrap_or_default().to_owned()).unwrap_or_default();
            looks.push((look, text(run)));
        }
        looks.retain(|(_, text)| !text.is_empty());
        Self::split(&looks)
    }

    /// Of a text in one look.
    pub fn plain(text: &str) -> Self {
        Self::split(&[(String::new(), text.to_owned())])
    }

    /// A hole belongs to the run in which it begins.
    fn split(looks: &[(String, String)]) -> Self {
        let whole: String = looks.iter().map(|(_, text)| text.as_str()).collect();
        let (holes, is_open) = holes(&whole);
        let mut start = 0;
        let mut runs = Vec::new();
        for (look, text) in looks {
            let end = start + text.len();
            let mut pieces = Vec::new();
            let mut at = start;
            for (from, to) in holes.iter().copied().filter(|(from, to)| *from < end && *to > start) {
                if from > at {
                    pieces.push(Piece::Literal(whole[at..from].to_owned()));
                }
                if from >= start {
                    pieces.push(Piece::Hole(name(&whole[from..to])));
                }
                at = to.min(end);
            }
            if at < end {
                pieces.push(Piece::Literal(whole[at..end].to_owned()));
            }
            runs.push(Run { look: look.clone(), pieces });
            start = end;
        }
        Self { runs, is_open }
    }

    pub fn holes(&self) -> impl Iterator<Item = &str> {
        self.runs.iter().flat_map(|run| &run.pieces).filter_map(|piece| match piece {
            Piece::Hole(name) => Some(name.as_str()),
            Piece::Literal(_) => None,
        })
    }

    /// As it stands, holes left out.
    pub fn text(&self) -> String {
        let pieces = self.runs.iter().flat_map(|run| &run.pieces);
        pieces.filter_map(|piece| if let Piece::Literal(text) = piece { Some(text.as_str()) } else { None }).collect()
    }

    /// The text is one hole and nothing else.
    pub fn only_hole(&self) -> Option<&str> {
        let mut pieces = self.runs.iter().flat_map(|run| &run.pieces);
        let is_blank = |piece: &Piece| matches!(piece, Piece::Literal(text) if text.trim().is_empty());
        match (pieces.find(|piece| !is_blank(piece)), pieces.all(is_blank)) {
            (Some(Piece::Hole(name)), true) => Some(name),
            _ => None,
        }
    }

    /// An `is` element with the holes filled, `prefix` before each name, and its text.
    ///
    /// # Errors
    /// Its length, where that is more than a cell holds.
    pub fn inline<'v>(&self, prefix: &str, value: impl Fn(&str) -> Cow<'v, str>) -> Result<(String, String), usize> {
        let mut out = format!("<{prefix}is>");
        let is_plain = self.runs.iter().all(|run| run.look.is_empty());
        let texts = self.runs.iter().map(|run| {
            let filled = run.pieces.iter().map(|piece| match piece {
                Piece::Literal(text) => Cow::Borrowed(text.as_str()),
                Piece::Hole(name) => Cow::Owned(writable(&value(name))),
            });
            (run.look.as_str(), filled.collect::<String>())
        });
        let texts: Vec<(&str, String)> = if is_plain { vec![("", texts.map(|(_, text)| text).collect())] } else { texts.collect() };
        for (look, text) in texts.iter().filter(|(_, text)| is_plain || !text.is_empty()) {
            let text = format!("<{prefix}t xml:space=\"preserve\">{}</{prefix}t>", escape::partial_escape(text.as_str()));
            if is_plain {
                out.push_str(&text);
            } else {
                out.push_str(&format!("<{prefix}r>{look}{text}</{prefix}r>"));
            }
        }
        out.push_str(&format!("</{prefix}is>"));
        let plain: String = texts.into_iter().map(|(_, text)| text).collect();
        let length = plain.encode_utf16().count();
        if length > LONGEST { Err(length) } else { Ok((out, plain)) }
    }
}

/// Full-width braces, which input methods slip in, are braces.
fn folded(c: char) -> char {
    match c {
        '\u{ff5b}' => '{',
        '\u{ff5d}' => '}',
        c => c,
    }
}

/// Byte ranges of `{{…}}` and whether one is not closed.
fn holes(text: &str) -> (Vec<(usize, usize)>, bool) {
    let chars: Vec<(usize, char)> = text.char_indices().map(|(at, c)| (at, folded(c))).collect();
    let pair = |at: usize, brace: char| chars.get(at).is_some_and(|c| c.1 == brace) && chars.get(at + 1).is_some_and(|c| c.1 == brace);
    let byte = |at: usize| chars.get(at).map_or(text.len(), |c| c.0);
    let mut found = Vec::new();
    let mut at = 0;
    while at < chars.len() {
        if !pair(at, '{') {
            at += 1;
            continue;
        }
        let Some(end) = (at + 2..chars.len()).find(|end| pair(*end, '}')) else { return (found, true) };
        found.push((byte(at), byte(end + 2)));
        at = end + 2;
    }
    (found, false)
}

/// Whether a text anywhere else in the workbook has a place to fill in.
pub fn has_hole(text: &str) -> bool {
    let (found, is_open) = holes(text);
    is_open || !found.is_empty()
}

fn name(hole: &str) -> String {
    hole.trim_matches(|c| folded(c) == '{' || folded(c) == '}').trim().to_owned()
}

/// Text as a cell can hold it: without what XML forbids, and with `_x0041_`, which would be read as `A`, taken literally.
fn writable(text: &str) -> String {
    let kept: String =
        text.chars().filter(|c| matches!(c, '\t' | '\n' | '\r') || (*c >= ' ' && !matches!(c, '\u{fffe}' | '\u{ffff}'))).collect();
    let is_escape = |at: usize| {
        let code = kept.as_bytes().get(at + 2..at + 7);
        kept[at..].starts_with("_x") && code.is_some_and(|c| c[..4].iter().all(u8::is_ascii_hexdigit) && c[4] == b'_')
    };
    let mut out = String::with_capacity(kept.len());
    for (at, c) in kept.char_indices() {
        if c == '_' && is_escape(at) {
            out.push_str("_x005F");
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(runs: &[(&str, &str)]) -> Words {
        Words::split(&runs.iter().map(|(look, text)| ((*look).to_owned(), (*text).to_owned())).collect::<Vec<_>>())
    }

    fn filled(runs: &[(&str, &str)]) -> String {
        words(runs).inline("", |name| Cow::Owned(format!("<{name}>"))).unwrap().0
    }

    #[test]
    fn a_hole_that_was_split_into_runs_takes_the_look_of_its_beginning() {
        let split = [("<a/>", "编号：{"), ("<b/>", "{编"), ("<c/>", "号}} 止")];
        let text = |text: &str| format!("<t xml:space=\"preserve\">{text}</t>");
        assert_eq!(filled(&split), format!("<is><r><a/>{}</r><r><c/>{}</r></is>", text("编号：&lt;编号&gt;"), text(" 止")));
        assert_eq!(words(&split).holes().collect::<Vec<_>>(), ["编号"]);
    }

    #[test]
    fn spaces_and_full_width_braces_do_not_matter() {
        let only = words(&[("", " {{ 日期 }} ")]);
        assert_eq!(only.only_hole(), Some("日期"));
        assert_eq!(words(&[("", "{{日期}}止")]).only_hole(), None);
        assert_eq!(words(&[("", "{{日期}}{{编号}}")]).only_hole(), None);
        assert_eq!(words(&[("", "\u{ff5b}\u{ff5b}日期\u{ff5d}}")]).only_hole(), Some("日期"));
        assert!(words(&[("", "{{日期")]).is_open);
        assert!(!words(&[("", "{日期}")]).is_open);
    }

    #[test]
    fn what_a_cell_cannot_hold_is_left_out_or_refused() {
        assert_eq!(writable("a\u{0}b\u{b}\tc\n_x0041__x00"), "ab\tc\n_x005F_x0041__x00");
        let long = "好".repeat(LONGEST + 1);
        assert_eq!(words(&[("", "{{a}}")]).inline("", |_| Cow::Borrowed(&long[..])), Err(LONGEST + 1));
    }
}
