//! 催办单, 洽办单, 奖罚通知单, 人事公布单: a book a form, a sheet a recipient, a page a copy.

mod announcement;
pub mod content;
mod explanation;
mod list;
mod own;
mod page;
mod paper;
mod penalty;
mod points;
mod reminder;
mod subject;

use std::sync::Arc;

use self::content::Content;
use self::explanation::Cases;
pub use self::list::{is_public, row_texts};
pub use self::own::{Paper, papers, write};
use super::sheet::{Column, Sheet, Stack, Style, Value};
use super::{Book, Month, wording};
use crate::diag::Diag;
use crate::dispose::{NoticeForm, NoticeLine};
use crate::ledger::store::{Decision, State};
use crate::ledger::{Finding, yuan};
use crate::reports::capitals::capitals;
use crate::rules::kinds::{Kind, Notice, SentTo};

/// Above this many forms a book would have too many sheets: all go on one, a page each.
const MOST_SHEETS: usize = 60;
/// The cells of a form of more lines are not kept until its book is written.
const MOST_HELD: usize = 200;
/// A form of more lines is printed once, and its copies are made on the copier.
const MOST_COPIED: usize = 1_000;
pub const CONTENTS: &str = "目录";
const DRAFT: &str = "草稿·待批";
const APPEALED: &str = "申诉中";
const APPENDIX: &str = "附页";
const ORIGINAL: &str = "正本";
/// Offices that pay or keep wages, or decide about them.
const KNOW_WAGES: [&str; 6] = ["会计", "财务", "人事", "薪", "总经理", "负责人"];

/// What all forms of a month are made from.
#[derive(Clone)]
pub struct Source<'m> {
    pub month: &'m Month<'m>,
    cases: Arc<Cases<'m>>,
}

/// A form and the copies of it that go into a book.
#[derive(Clone)]
pub struct Printed<'m> {
    pub form: &'m NoticeForm,
    pub marks: Vec<String>,
}

impl<'m> Source<'m> {
    /// Looks through the tables once. Not to be put off until a form is built: workbooks are written side by side by the threads
    /// that the tables are looked through with, and would wait for one another.
    pub fn new(month: &'m Month<'m>) -> Self {
        Self { month, cases: Arc::new(Cases::new(month)) }
    }

    pub fn notice(&self, form: &NoticeForm) -> Option<&'m Notice> {
        notice(self.month, form)
    }

    /// Its notices are filled files, and the book holds what a form has no room for.
    pub fn has_own_form(&self, form: &NoticeForm) -> bool {
        self.month.templates.contains_key(&form.rule)
    }

    fn number(&self, finding: &Finding) -> String {
        self.cases.number(finding)
    }

    fn station(&self, finding: &Finding) -> String {
        self.cases.station(self.month, finding)
    }

    /// Whoever gets the copy may know what a person earns: the person, and the offices that keep the wages, not the department.
    pub fn may_know_wages(&self, form: &NoticeForm, mark: &str) -> bool {
        let copies = self.notice(form).map_or(&[][..], |notice| notice.copies.as_slice());
        let knows = |to: &Option<SentTo>| match to {
            None => true,
            Some(SentTo::Office(name)) => KNOW_WAGES.iter().any(|office| name.contains(office)),
            Some(SentTo::Each(_)) => false,
        };
        copies.iter().filter(|copy| mark.contains(copy.mark.as_str())).all(|copy| knows(&copy.to))
    }

    /// What a form says, ready to be laid out or to be filled into a company's own form; `wages` as in [`Self::may_know_wages`].
    pub fn content(&self, form: &'m NoticeForm, wages: bool) -> Result<Content<'m>, Diag> {
        let notice = self.notice(form);
        let mut content = match notice.and_then(|notice| notice.rows.as_ref()) {
            Some(rows) => list::content(self, form, rows)?,
            None if form.announces => announcement::content(self, form),
            None if is_penal(form) => penalty::content(self, form, wages),
            None if form.lines.iter().all(|line| line.finding.points.is_some()) => points::content(self, form),
            None => reminder::content(self, form),
        };
        content.stamp = content.stamp.filter(|_| !form.is_final());
        if let (Some(_), Some(decision)) = (content.stamp, &form.decision)
            && decision.state == State::Appealed
        {
            content.stamp = Some(APPEALED);
        }
        content.remarks.extend(form.decision.as_ref().filter(|decision| decision.state.is_final()).map(decided));
        content.remarks.extend((!form.code.is_empty()).then(|| format!("校验码：{}（kesu verify --notice 可核对）", form.code)));
        if !form.announces {
            (content.cases, content.unexplained) = self.cases.explained(self.month, form);
        }
        Ok(content)
    }
}

/// `减免:核定 50.00 元;初犯;总经理 王某 2026-11-05`
fn decided(decision: &Decision) -> String {
    let amount = decision.amount.map(|amount| format!("核定 {}（人民币大写：{}）", yuan(amount), capitals(amount)));
    let signed = [decision.post.as_str(), &decision.signed_by, &decision.on].join(" ");
    let words = amount.into_iter().chain([decision.reason.clone(), signed.trim().to_owned()]);
    format!("{}：{}", decision.state.title(), words.filter(|words| !words.is_empty()).collect::<Vec<_>>().join("；"))
}

/// It costs money, known or still to be decided.
fn is_penal(form: &NoticeForm) -> bool {
    form.total.is_some() || form.lines.iter().any(|line| line.finding.charge.is_some())
}

/// The rule that says how the form looks.
fn notice<'m>(month: &Month<'m>, form: &NoticeForm) -> Option<&'m Notice> {
    month.rules.rules().find_map(|(pack, rule)| match &rule.kind {
        Kind::Notice(notice) if format!("{}/{}", pack.id, rule.head.id) == form.rule => Some(notice),
        _ => None,
    })
}

/// The form's lines in the order in which they are printed, each with the block that it stands in: a place in the rule's
/// blocks, or behind them, and what is due but not overdue at the end.
fn ordered<'m>(month: &Month<'m>, form: &'m NoticeForm) -> Vec<(usize, &'m NoticeLine)> {
    let blocks = notice(month, form).map_or(&[][..], |notice| notice.blocks.as_slice());
    let block = |line: &NoticeLine| {
        let is_over = line.finding.stop.is_some() || line.finding.overrun.is_some_and(|overrun| !overrun.amount.is_zero());
        if !is_over && line.finding.due.is_some_and(|due| due.date() >= month.as_of) {
            return blocks.len() + 1;
        }
        let dataset = wording::rule(month, &line.finding).and_then(|(_, rule)| rule.kind.dataset());
        blocks.iter().position(|block| Some(block.dataset.as_str()) == dataset).unwrap_or(blocks.len())
    };
    let mut lines: Vec<(usize, &NoticeLine)> = form.lines.iter().map(|line| (block(line), line)).collect();
    lines.sort_by_key(|(block, _)| *block);
    lines
}

/// One book a form, in order of first use, with the original and every copy.
pub fn books<'m>(source: &Source<'m>) -> Vec<Book<'m>> {
    let mut names: Vec<&str> = Vec::new();
    for form in source.month.notices.iter() {
        if !names.contains(&form.form.as_str()) {
            names.push(&form.form);
        }
    }
    let of = |name: &'m str| source.month.notices.iter().filter(move |form| form.form == name);
    let printed = |name| of(name).map(|form| Printed { form, marks: marks(source.notice(form)) }).collect();
    names.into_iter().flat_map(|name| of_name(source, name, printed(name))).collect()
}

/// Books of some forms of one name. Of those on a form of the company's own only the appendix is left to say.
pub fn of_name<'m>(source: &Source<'m>, name: &str, forms: Vec<Printed<'m>>) -> Vec<Book<'m>> {
    let (mut own, default): (Vec<_>, Vec<_>) = forms.into_iter().partition(|printed| source.has_own_form(printed.form));
    own.retain(|printed| !printed.form.lines.is_empty());
    let named = [(name.to_owned(), default), (format!("{name}{APPENDIX}"), own)];
    named.into_iter().filter(|(_, forms)| !forms.is_empty()).map(|(name, forms)| book(source, &name, forms)).collect()
}

fn book<'m>(source: &Source<'m>, name: &str, forms: Vec<Printed<'m>>) -> Book<'m> {
    let source = source.clone();
    Book::new(name, move || sheets(&source, &forms))
}

fn marks(notice: Option<&Notice>) -> Vec<String> {
    let original = notice.is_some_and(|notice| notice.original_extra).then(|| ORIGINAL.to_owned());
    original.into_iter().chain(notice.iter().flat_map(|notice| &notice.copies).map(|copy| copy.mark.clone())).collect()
}

fn sheets<'m>(source: &Source<'m>, forms: &[Printed<'m>]) -> Result<Vec<Sheet<'m>>, Diag> {
    let mut pages = match forms.len() > MOST_SHEETS {
        true => vec![stacked(source, "全部".to_owned(), forms)],
        false => forms.iter().map(|printed| one(source, printed)).collect::<Result<Vec<_>, Diag>>()?,
    };
    if forms.len() > 1 {
        let contents = contents(source.month, forms, &pages);
        pages.insert(0, contents);
    }
    Ok(pages)
}

/// A form on a sheet of its own; a long one is made when it is written.
fn one<'m>(source: &Source<'m>, printed: &Printed<'m>) -> Result<Sheet<'m>, Diag> {
    match length(printed.form) > MOST_HELD {
        true => Ok(stacked(source, sheet_name(printed.form), std::slice::from_ref(printed))),
        false => sheet(source, printed, 0),
    }
}

fn sheet_name(form: &NoticeForm) -> String {
    let recipient = if form.recipient.is_empty() { form.form.as_str() } else { form.recipient.as_str() };
    format!("{recipient}-{}", form.number.rsplit('-').next().unwrap_or_default())
}

fn length(form: &NoticeForm) -> usize {
    form.lines.len().max(form.rows.len())
}

/// `above`: rows that will stand above it on the same sheet.
fn sheet<'m>(source: &Source<'m>, printed: &Printed<'m>, above: usize) -> Result<Sheet<'m>, Diag> {
    let form = printed.form;
    let marks = match printed.marks.as_slice() {
        _ if source.has_own_form(form) => Vec::new(),
        marks if marks.len() > 1 && length(form) > MOST_COPIED => vec![format!("请复印：{}", marks.join("、"))],
        [] => vec![String::new()],
        marks => marks.to_vec(),
    };
    let content = source.content(form, true)?;
    let tells_wages = form.lines.iter().any(|line| line.finding.charge.as_ref().is_some_and(|charge| charge.wage.is_some()));
    let bare = if tells_wages { Some(source.content(form, false)?) } else { None };
    let copies: Vec<(&str, &Content<'m>)> = marks
        .iter()
        .map(|mark| (mark.as_str(), bare.as_ref().filter(|_| !source.may_know_wages(form, mark)).unwrap_or(&content)))
        .collect();
    let mut sheet = page::sheet(&content, &copies, above);
    sheet.name = sheet_name(form);
    Ok(sheet)
}

/// What every form has; the kinds of forms add their own.
fn heading<'m>(source: &Source<'m>, form: &'m NoticeForm) -> Content<'m> {
    let (month, notice) = (source.month, source.notice(form));
    Content {
        company: month.company,
        form: &form.form,
        number: &form.number,
        recipient: &form.recipient,
        addressed: "",
        unit: &form.unit,
        period: month.period.chinese(),
        date: month.as_of,
        stamp: None,
        body: notice.map_or("", |notice| notice.body.as_str()),
        columns: Vec::new(),
        optional: &[],
        names: &[],
        blocks: Vec::new(),
        is_split: false,
        total: None,
        amount: None,
        clauses: clauses(notice, form),
        remarks: Vec::new(),
        signatures: notice.map_or_else(Vec::new, |notice| notice.signatures.clone()),
        cases: Vec::new(),
        unexplained: 0,
    }
}

/// Clauses of the form itself and of its lines, each once.
fn clauses(notice: Option<&Notice>, form: &NoticeForm) -> String {
    let mut clauses: Vec<&str> = Vec::new();
    for clause in notice.map(|n| n.clause.as_str()).into_iter().chain(form.lines.iter().map(|line| line.finding.clause.as_str())) {
        if !clause.is_empty() && !clauses.contains(&clause) {
            clauses.push(clause);
        }
    }
    clauses.join("；")
}

/// Forms on one sheet.
fn stacked<'m>(source: &Source<'m>, name: String, forms: &[Printed<'m>]) -> Sheet<'m> {
    let mut all = Sheet::new(name, Vec::new());
    all.counts_pages = true;
    let (source, forms) = (source.clone(), forms.to_vec());
    all.stack = Some(Stack::new(forms.len(), move |at, above| sheet(&source, &forms[at], above)));
    all
}

fn contents<'m>(month: &'m Month<'m>, forms: &[Printed<'m>], pages: &[Sheet<'m>]) -> Sheet<'m> {
    let is_money = forms.iter().any(|printed| printed.form.total.is_some());
    let mut columns =
        vec![Column::new("编号", Style::Text), Column::new("受文", Style::Text).at_least(20), Column::new("案件数", Style::Int)];
    columns.extend(is_money.then(|| Column::new("金额（元）", Style::Money)));
    columns.push(Column::new("签收", Style::Text).at_least(16));
    let mut sheet = Sheet::new(CONTENTS, columns);
    sheet.counts_pages = true;
    wording::heading(&mut sheet, month, &format!("{}目录", forms[0].form.form));
    sheet.headings();
    let names = super::xlsx::sheet_names(std::iter::once(CONTENTS).chain(pages.iter().map(|p| p.name.as_str())));
    for (at, Printed { form, .. }) in forms.iter().enumerate() {
        let number = match names.get(at + 1).filter(|_| pages.len() == forms.len()) {
            Some(name) => Value::link(format!("internal:'{}'!A1", name.replace('\'', "''")), form.number.as_str()),
            None => Value::text(form.number.as_str()),
        };
        let mut values = vec![number, Value::text(form.recipient.as_str()), Value::count((form.lines.len() + form.rows.len()) as u64)];
        if is_money {
            values.push(Value::number(form.total));
        }
        values.push(Value::Blank);
        let cells = values.into_iter().zip(&sheet.columns).map(|(v, c)| super::sheet::Cell::new(v, c.style)).collect();
        sheet.push(cells);
    }
    sheet
}
