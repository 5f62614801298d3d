//! A form on paper: a copy after the other, each on pages of its own, then the appendix.

use rust_decimal::Decimal;

use super::content::{Block, Content, Explanation};
use super::paper;
use crate::reports::capitals::capitals;
use crate::reports::layout;
use crate::reports::sheet::{Cached, Cell, Column, Merge, Sheet, Style, Value};
use crate::reports::width;

/// Columns that the name of a fact in the appendix takes.
const NAMES: usize = 2;
/// Lines that are taken over to the next page with the signatures.
const LINES_TO_SIGN: usize = 2;

/// The form once for each mark, with what that copy says, and the appendix. `above`: rows that will stand above it on the
/// same sheet.
pub fn sheet<'m>(content: &Content<'m>, copies: &[(&str, &Content<'m>)], above: usize) -> Sheet<'m> {
    let kept = kept(content);
    let mut sheet = Sheet::new(content.recipient, kept.iter().map(|at| content.columns[*at].clone()).collect());
    sheet.counts_pages = true;
    sheet.columns = fitted(&sheet.columns, content, &kept);
    let mut has_appendix = content.cases.is_empty();
    for (mark, content) in copies {
        let parts: Vec<&[Block<'m>]> = match content.is_split {
            true => content.blocks.chunks(1).collect(),
            false => vec![&content.blocks],
        };
        for (at, blocks) in parts.iter().enumerate() {
            let part = (parts.len() > 1).then(|| format!("第 {} 张 共 {} 张", at + 1, parts.len()));
            let copy = Copy { content, blocks, kept: &kept, mark, part, above };
            has_appendix |= copy.put(&mut sheet);
        }
    }
    if !has_appendix {
        if sheet.next_row() > 0 {
            sheet.breaks.push(sheet.next_row());
        }
        appendix(&mut sheet, content, Place::Apart { shared: copies.len() > 1 });
    }
    // what stays in sight is the first copy's
    if copies.len() > 1 || !content.cases.is_empty() || !sheet.breaks.is_empty() {
        sheet.freeze = None;
    }
    sheet
}

/// Columns that are printed.
fn kept(content: &Content<'_>) -> Vec<usize> {
    let is_told = |at: usize| content.lines().any(|line| line.get(at).is_some_and(|value| *value != Value::Blank));
    (0..content.columns.len()).filter(|at| !content.optional.contains(at) || is_told(*at)).collect()
}

/// The columns as wide as the lines need them: pages are counted by what wraps.
fn fitted(columns: &[Column], content: &Content<'_>, kept: &[usize]) -> Vec<Column> {
    let mut sheet = Sheet::new("", columns.to_vec());
    sheet.wide(content.form, Style::Title);
    sheet.headings();
    content.lines().for_each(|line| lay(&mut sheet, line, kept, &[]));
    if let (Some(_), Some(total)) = (content.amount, content.total) {
        let mut cells = vec![Cell::new(Value::Blank, Style::Text); columns.len().saturating_sub(1)];
        cells.push(Cell::new(Value::Number(total), Style::Money));
        sheet.push(cells);
    }
    sheet.fit();
    sheet.columns
}

/// `names`: columns that are broken between words.
fn lay<'m>(sheet: &mut Sheet<'m>, line: &[Value<'m>], kept: &[usize], names: &[usize]) {
    let values = kept.iter().filter_map(|at| Some((at, line.get(*at)?.clone())));
    let cells = values.zip(&sheet.columns).map(|((at, value), column)| match value {
        Value::Text(text) if names.contains(at) => Cell::text(broken(&text, width::room(column.width)), column.style),
        value => Cell::new(value, column.style),
    });
    let cells = cells.collect();
    sheet.push(cells);
}

/// Lines of at most `room` display columns, as far as the text's parts allow it: `261006 / 业务部 /` and below it `沈立冬`.
fn broken(text: &str, room: usize) -> String {
    if width::display(text) <= room {
        return text.to_owned();
    }
    let (parts, joint, end) = if text.contains(" / ") { (text.split(" / "), " / ", " /") } else { (text.split(" "), " ", "") };
    let mut lines: Vec<String> = Vec::new();
    for part in parts {
        match lines.last_mut() {
            Some(line) if width::display(line) + width::display(part) + joint.len() + end.len() <= room => {
                line.push_str(joint);
                line.push_str(part);
            }
            Some(line) => {
                line.push_str(end);
                lines.push(part.to_owned());
            }
            None => lines.push(part.to_owned()),
        }
    }
    lines.join("\n")
}

/// One copy, or one of the slips that it consists of.
struct Copy<'c, 'm> {
    content: &'c Content<'m>,
    blocks: &'c [Block<'m>],
    kept: &'c [usize],
    mark: &'c str,
    /// `第 2 张 共 15 张`
    part: Option<String>,
    above: usize,
}

impl<'m> Copy<'_, 'm> {
    /// Whether the appendix found room on its last page.
    fn put(&self, sheet: &mut Sheet<'m>) -> bool {
        let room = paper::room(&sheet.columns);
        let measured = |put: &dyn Fn(&mut Sheet<'m>)| {
            let mut scratch = Sheet::new("", sheet.columns.clone());
            put(&mut scratch);
            layout::heights(&scratch)
        };
        let sum = |heights: Vec<f64>| heights.into_iter().sum::<f64>();
        let head = sum(measured(&|sheet| self.head(sheet, Some((1, 2)))));
        let runs_on = sum(measured(&|sheet| self.runs_on(sheet, (1, 2))));
        let tail = sum(measured(&|sheet| self.tail(sheet, &[])));
        let title = sum(measured(&|sheet| section(sheet, "类", 1)));
        let lines: Vec<f64> = measured(&|sheet| self.blocks.iter().flat_map(|block| &block.lines).for_each(|line| self.lay(sheet, line)));
        let mut firsts = Vec::new();
        let mut at = 0;
        for block in self.blocks {
            firsts.extend((!block.title.is_empty()).then_some(at));
            at += block.lines.len();
        }
        let with_titles: Vec<f64> =
            lines.iter().enumerate().map(|(at, height)| height + if firsts.contains(&at) { title } else { 0.0 }).collect();
        let (begins, left) = paper::pages(&with_titles, (head, runs_on, tail), room, LINES_TO_SIGN);
        // a page of two lines is not worth a sheet of paper
        let explains = !self.content.cases.is_empty() && sum(measured(&|sheet| appendix(sheet, self.content, Place::Below))) <= left;
        let pages = begins.len() + 1;
        let page = |page: usize| (pages > 1).then_some((page, pages));
        if sheet.next_row() > 0 {
            sheet.breaks.push(sheet.next_row());
        }
        self.head(sheet, page(1));
        sheet.freeze = Some(sheet.next_row());
        let mut spans = Vec::new();
        let (mut at, mut turned) = (0, 0);
        for block in self.blocks {
            let mut first = None;
            for (place, line) in block.lines.iter().enumerate() {
                if begins.get(turned) == Some(&at) {
                    turned += 1;
                    spans.extend(first.take().map(|first| (first, self.above + sheet.next_row())));
                    sheet.breaks.push(sheet.next_row());
                    self.runs_on(sheet, (turned + 1, pages));
                }
                if place == 0 && !block.title.is_empty() {
                    section(sheet, block.title, block.lines.len());
                }
                first.get_or_insert(self.above + sheet.next_row());
                self.lay(sheet, line);
                at += 1;
            }
            spans.extend(first.map(|first| (first, self.above + sheet.next_row())));
        }
        self.tail(sheet, &spans);
        if explains {
            appendix(sheet, self.content, Place::Below);
        }
        explains
    }

    fn lay(&self, sheet: &mut Sheet<'m>, line: &[Value<'m>]) {
        lay(sheet, line, self.kept, self.content.names);
    }

    fn head(&self, sheet: &mut Sheet<'m>, page: Option<(usize, usize)>) {
        let content = self.content;
        top(sheet, self.mark, content.stamp.unwrap_or_default());
        sheet.wide(content.company, Style::Subtitle);
        sheet.wide(content.form, Style::Title);
        let mut heading = vec![format!("编号：{}", content.number)];
        if !content.recipient.is_empty() {
            heading.push(format!("{}：{}", content.addressed, content.recipient));
        }
        if !content.unit.is_empty() && content.unit != content.recipient {
            heading.push(format!("部门：{}", content.unit));
        }
        heading.extend([format!("期间：{}", content.period), format!("日期：{}", content.date.format("%Y年%-m月%-d日"))]);
        heading.extend(self.part.clone());
        heading.extend(page.map(paged));
        sheet.wide(heading.join("    "), Style::Paragraph);
        if !content.body.is_empty() {
            sheet.wide(content.body, Style::Paragraph);
        }
        sheet.headings();
    }

    /// What stands above the lines on a further page.
    fn runs_on(&self, sheet: &mut Sheet<'m>, page: (usize, usize)) {
        let content = self.content;
        let mark = match content.stamp {
            Some(stamp) => {
                top(sheet, self.mark, stamp);
                ""
            }
            None => self.mark,
        };
        let words = [mark, content.form, &format!("编号：{}", content.number), content.recipient, &format!("（续）{}", paged(page))];
        let words: Vec<&str> = words.into_iter().filter(|words| !words.is_empty()).collect();
        sheet.wide(words.join("    "), Style::Paragraph);
        sheet.headings();
    }

    /// From the sum to the signatures.
    fn tail(&self, sheet: &mut Sheet<'m>, spans: &[(usize, usize)]) {
        let content = self.content;
        let column = content.amount.and_then(|amount| self.kept.iter().position(|at| *at == amount));
        match (column, content.total) {
            (Some(column), Some(total)) => {
                sum(sheet, column, total, spans);
                sheet.wide(format!("人民币（大写）：{}", capitals(total)), Style::Section);
            }
            _ => {
                let count: usize = self.blocks.iter().map(|block| block.lines.len()).sum();
                sheet.wide(format!("合计 {count} 件。"), Style::Paragraph);
            }
        }
        if !content.clauses.is_empty() {
            sheet.wide(format!("依据：{}", content.clauses), Style::Note);
        }
        for remark in &content.remarks {
            sheet.wide(remark.clone(), Style::Note);
        }
        sheet.signatures("", &content.signatures);
    }
}

fn paged((page, of): (usize, usize)) -> String {
    format!("第 {page} 页 共 {of} 页")
}

fn section(sheet: &mut Sheet<'_>, title: &str, lines: usize) {
    sheet.wide(format!("{title}（{lines} 件）"), Style::Section);
}

/// Which copy it is on the left, whether it holds yet on the right.
fn top(sheet: &mut Sheet<'_>, mark: &str, stamp: &'static str) {
    if mark.is_empty() && stamp.is_empty() {
        return;
    }
    let (row, last) = (sheet.next_row(), sheet.columns.len().saturating_sub(1));
    let half = last / 2;
    let mut cells = vec![Cell::text(mark.to_owned(), Style::Mark)];
    cells.resize(half + 1, Cell::new(Value::Blank, Style::Mark));
    cells.push(Cell::text(stamp, Style::Stamp));
    sheet.push(cells);
    for (first, last) in [(0, half), (half + 1, last)] {
        if first < last {
            sheet.merges.push(Merge { row, first, last });
        }
    }
}

/// Sum of the lines as a formula; its value is the form's own total.
fn sum(sheet: &mut Sheet<'_>, column: usize, total: Decimal, spans: &[(usize, usize)]) {
    let letter = crate::diag::column_letters(column as u32);
    let ranges: Vec<String> =
        spans.iter().filter(|(first, end)| first < end).map(|(first, end)| format!("{letter}{}:{letter}{end}", first + 1)).collect();
    let value = match ranges.is_empty() {
        true => Value::Number(total),
        false => Value::formula(format!("ROUND(SUM({}),2)", ranges.join(",")), Cached::Number(total)),
    };
    let row = sheet.next_row();
    let mut cells: Vec<Cell<'_>> = vec![Cell::text("合计", Style::Label)];
    cells.extend((1..column).map(|_| Cell::new(Value::Blank, Style::Label)));
    cells.push(Cell::new(value, Style::Money).strong());
    sheet.push(cells);
    if column > 1 {
        sheet.merges.push(Merge { row, first: 0, last: column - 1 });
    }
}

/// Where an appendix stands.
#[derive(Clone, Copy)]
enum Place {
    /// On a copy's last page.
    Below,
    /// On pages of its own; `shared`: by several copies.
    Apart { shared: bool },
}

/// Cases one after the other, none cut in two by the end of a page.
fn appendix<'m>(sheet: &mut Sheet<'m>, content: &Content<'m>, place: Place) {
    let of_case = |at: usize, case: &Explanation| {
        let mut scratch = Sheet::new("", sheet.columns.clone());
        explanation(&mut scratch, at + 1, case);
        layout::heights(&scratch).into_iter().sum::<f64>()
    };
    let heights: Vec<f64> = content.cases.iter().enumerate().map(|(at, case)| of_case(at, case)).collect();
    let head = |sheet: &mut Sheet<'m>, page: Option<(usize, usize)>| {
        let shared = match place {
            Place::Below => "",
            Place::Apart { shared } => {
                top(sheet, "", content.stamp.unwrap_or_default());
                if shared { "（各联共用，请随各联复印）" } else { "" }
            }
        };
        sheet.wide(format!("{} 附页：逐案说明", content.form), Style::Title);
        let page = page.map(paged).unwrap_or_default();
        let number = format!("编号：{}", content.number);
        let words = [number.as_str(), content.recipient, shared, page.as_str()];
        let words: Vec<&str> = words.into_iter().filter(|words| !words.is_empty()).collect();
        sheet.wide(words.join("    "), Style::Subtitle);
    };
    let mut scratch = Sheet::new("", sheet.columns.clone());
    head(&mut scratch, Some((1, 2)));
    let above: f64 = layout::heights(&scratch).into_iter().sum();
    let (begins, _) = paper::pages(&heights, (above, above, 0.0), paper::room(&sheet.columns), 0);
    let page = |page: usize| (!begins.is_empty()).then_some((page, begins.len() + 1));
    head(sheet, page(1));
    for (at, case) in content.cases.iter().enumerate() {
        if let Some(number) = begins.iter().position(|begin| *begin == at) {
            sheet.breaks.push(sheet.next_row());
            head(sheet, page(number + 2));
        }
        explanation(sheet, at + 1, case);
    }
    if content.unexplained > 0 {
        sheet.wide(format!("另有 {} 件没有列在附页，可向开单部门索取（用 kesu explain 编号 得到）。", content.unexplained), Style::Note);
    }
}

fn explanation(sheet: &mut Sheet<'_>, number: usize, case: &Explanation) {
    let heading = format!("{number}. {}", case.heading);
    let room: usize = sheet.columns.iter().map(|column| column.width).sum();
    // a heading of a section is larger, and does not wrap
    let style = if width::display(&heading) * 5 / 4 > room { Style::Paragraph } else { Style::Section };
    let row = sheet.next_row();
    sheet.wide(heading, style);
    sheet.rows[row].iter_mut().for_each(|cell| cell.strong = true);
    let last = sheet.columns.len().saturating_sub(1);
    for (name, words) in &case.facts {
        let row = sheet.next_row();
        let mut cells = vec![Cell::text(*name, Style::Label)];
        cells.resize(NAMES.min(last), Cell::new(Value::Blank, Style::Label));
        cells.push(Cell::text(words.clone(), Style::Wrapped));
        cells.resize(last + 1, Cell::new(Value::Blank, Style::Wrapped));
        sheet.push(cells);
        for (first, last) in [(0, NAMES - 1), (NAMES, last)] {
            if first < last {
                sheet.merges.push(Merge { row, first, last });
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::broken;

    #[test]
    fn a_name_is_broken_between_its_words() {
        assert_eq!(broken("261006 / 业务部", 18), "261006 / 业务部");
        assert_eq!(broken("261006 / 业务部 / 沈立冬", 18), "261006 / 业务部 /\n沈立冬");
        let long = "客诉编号 260955 / 责任部门 质管部 / 责任人 冯小暑";
        assert_eq!(broken(long, 18), "客诉编号 260955 /\n责任部门 质管部 /\n责任人 冯小暑");
        assert_eq!(broken("客诉管理办法 十二条（二）", 18), "客诉管理办法\n十二条（二）");
    }
}
