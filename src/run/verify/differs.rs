//! Where two files differ: the sheet and the cell, or the line.

use std::path::Path;

use calamine::{Reader as _, Xlsx, open_workbook};

/// In a few words; `None` where every byte is the same.
pub(super) fn files(right: &Path, found: &Path) -> Option<String> {
    let (Ok(one), Ok(other)) = (std::fs::read(right), std::fs::read(found)) else {
        return Some("不见了".to_owned());
    };
    if one == other {
        return None;
    }
    let words = match right.extension().and_then(|ending| ending.to_str()) {
        Some("xlsx") => workbooks(right, found),
        _ => lines(&one, &other),
    };
    Some(words.unwrap_or_else(|| "格子里的内容相同，其余（样式、公式、文件属性）不同".to_owned()))
}

fn workbooks(right: &Path, found: &Path) -> Option<String> {
    let (Ok(mut right), Ok(mut found)) = (open_workbook::<Xlsx<_>, _>(right), open_workbook::<Xlsx<_>, _>(found)) else {
        return Some("工作簿打不开".to_owned());
    };
    if right.sheet_names() != found.sheet_names() {
        return Some("工作表的名称或次序不同".to_owned());
    }
    for sheet in right.sheet_names() {
        let (Ok(right), Ok(found)) = (right.worksheet_range(&sheet), found.worksheet_range(&sheet)) else {
            return Some(format!("工作表「{sheet}」读不到"));
        };
        let end = |range: &calamine::Range<calamine::Data>| range.end().unwrap_or_default();
        let (rows, columns) = (end(&right).0.max(end(&found).0), end(&right).1.max(end(&found).1));
        for row in 0..=rows {
            for column in 0..=columns {
                let text =
                    |range: &calamine::Range<calamine::Data>| range.get_value((row, column)).map(ToString::to_string).unwrap_or_default();
                let (right, found) = (text(&right), text(&found));
                if right != found {
                    let cell = crate::diag::CellRef { column, row: row + 1 };
                    return Some(format!("[{sheet}]!{cell} 应为「{right}」，现为「{found}」"));
                }
            }
        }
    }
    None
}

fn lines(right: &[u8], found: &[u8]) -> Option<String> {
    let (right, found) = (String::from_utf8_lossy(right), String::from_utf8_lossy(found));
    let (mut right, mut found) = (right.lines(), found.lines());
    let differs = (1..).map(|line| (line, right.next(), found.next())).take_while(|(_, a, b)| a.is_some() || b.is_some());
    let first = differs.into_iter().find(|(_, right, found)| right != found);
    first.map(|(line, right, found)| format!("第 {line} 行应为「{}」，现为「{}」", right.unwrap_or_default(), found.unwrap_or_default()))
}
