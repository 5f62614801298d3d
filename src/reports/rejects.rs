//! 待修正: rows that were set aside, with their reason in front of the original cells, ready to be mended and fed back.

use std::collections::BTreeMap;

use super::sheet::{Column, Sheet, Stream, Style, Value};
use super::{Book, Month};
use crate::normalise::Reject;

/// `None` where nothing waits to be mended.
pub fn books<'m>(month: &'m Month<'m>) -> Option<Book<'m>> {
    open(month).next().is_some().then(|| Book::new("待修正", move || Ok(sheets(month))))
}

/// Those whose mended twin has not been fed back yet.
fn open<'m>(month: &'m Month<'m>) -> impl Iterator<Item = &'m Reject> {
    month.input.rejects.iter().filter(|reject| !reject.resolved)
}

/// A sheet a dataset, and one more where files of it have other headings. Headings stand in the first row, so that the
/// sheet can be read again; the leading three columns are none of any dataset and are passed over.
fn sheets<'m>(month: &'m Month<'m>) -> Vec<Sheet<'m>> {
    let headers: BTreeMap<u32, &[String]> = month.input.headers.iter().map(|(source, cells)| (*source, cells.as_slice())).collect();
    let mut groups: BTreeMap<(&str, &[String]), Vec<&Reject>> = BTreeMap::new();
    for reject in open(month) {
        let header = headers.get(&reject.source).copied().unwrap_or_default();
        groups.entry((reject.dataset.as_str(), header)).or_default().push(reject);
    }
    groups.into_iter().map(|((dataset, header), rejects)| sheet(month, dataset, header, rejects)).collect()
}

fn sheet<'m>(month: &'m Month<'m>, dataset: &'m str, header: &'m [String], rejects: Vec<&'m Reject>) -> Sheet<'m> {
    let mut columns = vec![
        Column::new("原因", Style::Wrapped).at_most(40),
        Column::new("原文件", Style::Wrapped).at_most(30),
        Column::new("原位置", Style::Wrapped).at_most(24),
    ];
    let widest = rejects.iter().map(|r| r.cells.len()).max().unwrap_or_default().max(header.len());
    let heading = |at: usize| header.get(at).cloned().unwrap_or_default();
    columns.extend((0..widest).map(|at| Column::new(heading(at), Style::Text).at_most(40)));
    let mut sheet = Sheet::new(dataset, columns).landscape();
    sheet.table(Stream::new(rejects.len(), move |row, values| {
        let reject = rejects[row];
        let reasons: Vec<String> = reject.problems.iter().map(|(cell, field, why)| format!("{cell} {field}：{why}")).collect();
        let source = month.input.tables.source(reject.source);
        values.push(Value::text(reasons.join("；")));
        values.push(Value::text(source.map_or("", |s| s.file.as_str())));
        let at = source.map_or("", |s| s.sheet.as_str());
        values.push(Value::text(format!("{at} 第 {} 行", reject.row).trim_start().to_owned()));
        values.extend(reject.cells.iter().map(|cell| Value::text(cell.as_str())));
    }));
    sheet
}
