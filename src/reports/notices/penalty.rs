//! 奖罚通知单: what a person or a unit is to bear, how it was computed, and how to object. A draft until approved.

use super::{clauses, notice};
use crate::dispose::{NoticeForm, NoticeLine};
use crate::ledger::Finding;
use crate::reports::capitals::capitals;
use crate::reports::lookup::Lookup;
use crate::reports::sheet::{Cached, Cell, Column, Sheet, Style, Value};
use crate::reports::{Month, text, wording};
use crate::rules::kinds::{Kind, Penalty, Sanction};

const AMOUNT: usize = 6;

pub fn page<'m>(month: &'m Month<'m>, form: &'m NoticeForm) -> Sheet<'m> {
    let columns = vec![
        Column::new("序号", Style::Centre),
        Column::new("编号", Style::Text),
        Column::new("案由", Style::Wrapped).at_most(34).at_least(24),
        Column::new("依据条款", Style::Wrapped).at_most(26).at_least(18),
        Column::new("日期", Style::Wrapped).at_most(24).at_least(14),
        Column::new("金额怎么来的", Style::Wrapped).at_most(38).at_least(26),
        Column::new("金额(元)", Style::Money).at_least(14),
    ];
    let mut sheet = Sheet::new(form.recipient.as_str(), columns).landscape();
    sheet.wide("草稿·待批", Style::Stamp);
    sheet.wide(month.company, Style::Subtitle);
    sheet.wide(form.form.as_str(), Style::Title);
    sheet.wide(
        format!(
            "编号:{}    受处罚人(单位):{}    期间:{}    日期:{}",
            form.number,
            form.recipient,
            month.period.chinese(),
            month.as_of.format("%Y 年 %-m 月 %-d 日")
        ),
        Style::Paragraph,
    );
    let rule = notice(month, form);
    if let Some(rule) = rule.filter(|r| !r.body.is_empty()) {
        sheet.wide(rule.body.as_str(), Style::Paragraph);
    }
    sheet.header = Some(sheet.next_row());
    sheet.headings();
    sheet.freeze = Some(sheet.next_row());
    let first = sheet.next_row();
    let bases = bases(month, form);
    for (at, line) in form.lines.iter().enumerate() {
        let finding = &line.finding;
        let reason = match (wording::rule_title(month, finding), finding.message.as_str()) {
            (title, "") => title.to_owned(),
            (title, message) => format!("{title}:{message}"),
        };
        let values = [
            Value::Int(at as i64 + 1),
            Value::text(finding.subject.as_str()),
            Value::text(reason),
            Value::text(finding.clause.as_str()),
            Value::text(dates(&bases, finding)),
            Value::text(worked_out(&bases, line)),
            Value::number(finding.amount),
        ];
        let cells = values.into_iter().zip(&sheet.columns).map(|(value, column)| Cell::new(value, column.style)).collect();
        sheet.push(cells);
    }
    total(&mut sheet, form, first);
    sheet.fit();
    if let Some(total) = form.total {
        sheet.wide(format!("人民币(大写):{}", capitals(total)), Style::Section);
    }
    sheet.wide(format!("依据:{}", clauses(rule, form)), Style::Note);
    sheet.wide("本单经总经理批准后生效;批准前为草稿,不得据以扣款。", Style::Note);
    let Some(rule) = rule else { return sheet };
    sheet.wide(appeal(rule.appeal.as_deref(), rule.appeal_days), Style::Note);
    if !rule.copies.is_empty() {
        sheet.wide(format!("份别:{}(共 {} 份)", rule.copies.join("、"), rule.copies.len()), Style::Note);
    }
    sheet.signatures("", &rule.signatures);
    sheet
}

/// What one penalty rule is computed from.
struct Base<'m> {
    pack: &'m str,
    rule: &'m str,
    penalty: &'m Penalty,
    lookup: Lookup<'m>,
}

/// Of the rules that the form's lines come from.
fn bases<'m>(month: &'m Month<'m>, form: &NoticeForm) -> Vec<Base<'m>> {
    let called = |pack: &str, rule: &str| form.lines.iter().any(|line| line.finding.pack == pack && line.finding.rule == rule);
    let rules = month.rules.rules().filter(|(pack, rule)| called(&pack.id, &rule.head.id));
    rules
        .filter_map(|(pack, rule)| match &rule.kind {
            Kind::Penalty(penalty) => {
                let lookup = Lookup::new(month, penalty.base.dataset());
                Some(Base { pack: &pack.id, rule: &rule.head.id, penalty, lookup })
            }
            _ => None,
        })
        .collect()
}

fn base<'a, 'm>(bases: &'a [Base<'m>], finding: &Finding) -> Option<&'a Base<'m>> {
    bases.iter().find(|base| base.pack == finding.pack && base.rule == finding.rule)
}

/// `部门损失 900.00 × 10% = 90.00` where the version in force leaves no choice; what the line says besides, unless the reason
/// says it already.
fn worked_out(bases: &[Base<'_>], line: &NoticeLine) -> String {
    let said = Some(line.derivation.as_str()).filter(|words| !words.is_empty() && **words != line.finding.message);
    let sum = base(bases, &line.finding).and_then(|base| sum(base, &line.finding));
    said.map(str::to_owned).into_iter().chain(sum).collect::<Vec<_>>().join(";")
}

fn sum(base: &Base<'_>, finding: &Finding) -> Option<String> {
    let version = base.penalty.rows.versions.iter().find(|version| Some(version.from) == finding.version)?;
    let [row] = version.body.as_slice() else { return None };
    let amount = text::shown(&Value::number(finding.amount), Style::Money);
    Some(match &row.sanction {
        Sanction::Fixed(yuan) => format!("每案 {} 元", text::shown(&Value::Number(*yuan), Style::Money)),
        Sanction::Share { of, rate } => {
            let whole = base.lookup.column(of)?.get(base.lookup.row(&finding.place)?);
            let rate = (*rate * rust_decimal::Decimal::ONE_HUNDRED).normalize();
            format!("{of} {} × {rate}% = {amount}", text::shown(&whole, Style::Money))
        }
    })
}

/// The finding's own dates, or the date that places the penalised row in the month.
fn dates(bases: &[Base<'_>], finding: &Finding) -> String {
    let known: Vec<String> = [finding.start, finding.stop].into_iter().flatten().map(|m| wording::moment_text(Some(m))).collect();
    if !known.is_empty() {
        return known.join("至");
    }
    let placed = || {
        let base = base(bases, finding)?;
        let at = base.penalty.at.as_deref()?;
        let value = base.lookup.column(at)?.get(base.lookup.row(&finding.place)?);
        Some(format!("{at} {}", text::shown(&value, Style::Date)))
    };
    placed().unwrap_or_default()
}

/// Sum of the lines as a formula; its value is the form's own total.
fn total(sheet: &mut Sheet<'_>, form: &NoticeForm, first: usize) {
    let letter = crate::diag::column_letters(AMOUNT as u32);
    let last = sheet.next_row();
    let value = match form.total {
        Some(total) if last > first => Value::formula(format!("ROUND(SUM({letter}{}:{letter}{last}),2)", first + 1), Cached::Number(total)),
        total => Value::number(total),
    };
    let row = sheet.next_row();
    let mut cells: Vec<Cell<'_>> = vec![Cell::text("合计", Style::Label)];
    cells.extend((1..AMOUNT).map(|_| Cell::new(Value::Blank, Style::Label)));
    cells.push(Cell::new(value, Style::Money).strong());
    sheet.push(cells);
    sheet.merges.push(crate::reports::sheet::Merge { row, first: 0, last: AMOUNT - 1 });
}

fn appeal(words: Option<&str>, days: Option<u32>) -> String {
    match (words, days) {
        (Some(words), _) if !words.is_empty() => format!("申诉:{words}"),
        (_, Some(days)) => format!("申诉:对本单有异议的,收到之日起 {days} 天内以签呈向总经理室提出。"),
        _ => "申诉:对本单有异议的,以签呈专案向总经理室提出;制度未定申诉期限。".to_owned(),
    }
}
