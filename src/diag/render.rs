//! Problems as text. A rule file's line is quoted; a workbook cell is named as Excel names it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::Range;
use std::path::{Path, PathBuf};

use annotate_snippets::{AnnotationKind, Level, Renderer, Snippet};

use super::{Diag, Place, Severity};

/// One problem as the operator reads it, several lines, no colours.
pub fn render(diag: &Diag) -> String {
    let word = match diag.severity {
        Severity::Error => "错误",
        Severity::Warning => "警告",
        Severity::Note => "提示",
    };
    let mut text = format!("{word}[{}] {}", diag.code.name(), diag.message);
    match &diag.place {
        Place::Text { file, span } => {
            let _ = write!(text, "\n{}", quote(file, span, diag));
        }
        other => {
            if let Some(place) = locate(other) {
                let _ = write!(text, "\n  位置：{place}");
            }
            for (place, words) in &diag.labels {
                if let Some(place) = locate(place) {
                    let _ = write!(text, "\n  另见：{place} {words}");
                }
            }
        }
    }
    if let Some(help) = &diag.help {
        let _ = write!(text, "\n  下一步：{help}");
    }
    text
}

/// A place in one line, `投诉.xlsx[3月]!F17` for a cell.
pub fn locate(place: &Place) -> Option<String> {
    match place {
        Place::Nowhere => None,
        Place::File(file) => Some(file.display().to_string()),
        Place::Sheet { file, sheet } => Some(format!("{}{}", file.display(), bracketed(sheet))),
        Place::Cell { file, sheet, cell } => Some(format!("{}{}!{cell}", file.display(), bracketed(sheet))),
        Place::Text { file, span } => {
            let line = std::fs::read_to_string(file).ok().map(|t| line_of(&t, span.start));
            Some(match line {
                Some(line) => format!("{}:{line}", file.display()),
                None => file.display().to_string(),
            })
        }
    }
}

/// A csv has no sheets.
fn bracketed(sheet: &str) -> String {
    if sheet.is_empty() { String::new() } else { format!("[{sheet}]") }
}

/// One-based line of a byte offset.
pub fn line_of(text: &str, offset: usize) -> usize {
    text.as_bytes().iter().take(offset).filter(|&&b| b == b'\n').count() + 1
}

/// A stretch of a file, with words beside it unless it is the place itself.
type Mark<'a> = (Range<usize>, Option<&'a str>);

fn quote(file: &Path, span: &Range<usize>, diag: &Diag) -> String {
    let mut marks: BTreeMap<PathBuf, Vec<Mark<'_>>> = BTreeMap::new();
    marks.entry(file.to_path_buf()).or_default().push((span.clone(), None));
    for (place, words) in &diag.labels {
        if let Place::Text { file, span } = place {
            marks.entry(file.clone()).or_default().push((span.clone(), Some(words)));
        }
    }
    let mut quoted = Vec::new();
    for (file, spans) in marks {
        let Ok(text) = std::fs::read_to_string(&file) else {
            quoted.push(format!("  位置：{}", file.display()));
            continue;
        };
        let end = text.len();
        let mut snippet = Snippet::source(&text).path(file.display().to_string());
        for (span, words) in spans {
            let range = span.start.min(end)..span.end.min(end);
            let kind = if words.is_none() { AnnotationKind::Primary } else { AnnotationKind::Context };
            let mark = kind.span(range);
            snippet = snippet.annotation(match words {
                Some(words) => mark.label(words),
                None => mark,
            });
        }
        let group = Level::ERROR.no_name().primary_title("").element(snippet);
        let drawn = Renderer::plain().render(&[group]);
        quoted.push(drawn.lines().skip_while(|l| !l.contains("-->")).collect::<Vec<_>>().join("\n"));
    }
    quoted.join("\n")
}
