//! `规则一览` and `待补参数清单`: what was judged by which clause, with which parameters, and what waits.

use chrono::NaiveDate;

use super::TITLE;
use super::readings::absent_words;
use crate::ledger::Outcome;
use crate::reports::sheet::{Cell, Column, Sheet, Style, Value};
use crate::reports::{Month, RuleResult, wording};
use crate::rules::kinds::Kind;
use crate::rules::{Cite, Dated, Pack, Rule, Status};

pub fn sheet<'m>(month: &'m Month<'m>) -> Sheet<'m> {
    let columns = vec![
        Column::new("标题", Style::Wrapped).at_most(22),
        Column::new("规则编号", Style::Wrapped).at_most(16),
        Column::new("依据条款", Style::Wrapped).at_most(26),
        Column::new("参数", Style::Wrapped).at_most(42),
        Column::new("口径", Style::Wrapped).at_most(36),
        Column::new("版本生效日", Style::Centre),
        Column::new("状态", Style::Centre),
        Column::new("总体", Style::Int),
        Column::new("已测", Style::Int),
        Column::new("合规", Style::Int),
        Column::new("违规", Style::Int),
        Column::new("未到期", Style::Int),
        Column::new("不适用", Style::Int),
        Column::new("无法判定", Style::Int),
    ];
    let mut sheet = Sheet::new("规则一览", columns).landscape().about("按哪些条款、用哪些参数、判了多少件");
    wording::heading(&mut sheet, month, &format!("{TITLE} · 规则一览"));
    let packs: Vec<String> = month.rules.packs.iter().map(|pack| pack_line(month, pack)).collect();
    sheet.wide(packs.join("；"), Style::Note);
    sheet.wide("总体 = 合规 + 违规 + 未到期 + 不适用 + 无法判定；已测 = 合规 + 违规。", Style::Note);
    sheet.header = Some(sheet.next_row());
    sheet.headings();
    sheet.freeze = Some(sheet.next_row());
    for result in &month.results {
        let cells = values(month, result).into_iter().zip(&sheet.columns).map(|(value, column)| {
            let is_word = column.style == Style::Int && matches!(value, Value::Text(_));
            Cell::new(value, if is_word { Style::Centre } else { column.style })
        });
        let cells = cells.collect();
        sheet.push(cells);
    }
    sheet
}

fn pack_line(month: &Month<'_>, pack: &Pack) -> String {
    let day = pack.approved_on.map(|day| format!("{day} ")).unwrap_or_default();
    let approved = pack.approved_by.as_ref().map_or_else(|| "未注明核准人".to_owned(), |by| format!("{day}{by}核准"));
    let base = pack.bases.first().map(|base| {
        let known = month.rules.packs.iter().find(|pack| pack.id == base.id);
        format!("（沿用《{}》）", known.map_or(base.id.as_str(), |pack| pack.title.as_str()))
    });
    format!("《{}》规则包{}版本 {}，{approved}", pack.title, base.unwrap_or_default(), pack.version)
}

fn values<'m>(month: &'m Month<'m>, result: &RuleResult<'m>) -> Vec<Value<'m>> {
    let (pack, rule) = (result.pack, result.rule);
    let version = version(rule, month.as_of);
    let mut values = vec![
        Value::text(rule.head.title.as_str()),
        Value::text(super::id(month, &pack.id, &rule.head.id)),
        Value::text(version.map_or_else(|| clause(&rule.kind).to_owned(), |(_, cite)| cite_text(pack, cite))),
        Value::text(crate::rules::parameters(rule).trim_end().to_owned()),
        Value::text(reading(month, result)),
        version.map_or(Value::Blank, |(from, _)| Value::text(from.to_string())),
        Value::text(status(result)),
    ];
    let silent = !rule.head.missing.is_empty() || rule.head.unpicked.is_some() || !result.absent.is_empty();
    let judged = !matches!(rule.kind, Kind::Notice(_) | Kind::Statistic(_)) && !silent;
    let counts = &result.counts;
    let numbers = [
        counts.population(),
        counts.tested(),
        counts.of(Outcome::Met),
        counts.of(Outcome::Breached),
        counts.of(Outcome::Pending),
        counts.of(Outcome::NotApplicable),
        counts.of(Outcome::Indeterminate),
    ];
    values.extend(numbers.map(|number| if judged { Value::count(number) } else { Value::text("—") }));
    values
}

/// Note of the rule, then how the pack counts days where days are counted.
fn reading(month: &Month<'_>, result: &RuleResult<'_>) -> String {
    let (pack, rule) = (result.pack, result.rule);
    let mut words: Vec<String> = rule.head.note.iter().cloned().collect();
    words.extend(wording::conventions_of(month, &pack.id, wording::limits(&rule.kind)));
    if rule.head.inferred {
        words.push("本条为推定，非制度原文".to_owned());
    }
    if let Some(resolve) = &rule.head.unpicked {
        let picked = pack.resolves.iter().find(|known| known.id == *resolve).map(|known| known.pick.as_slice()).unwrap_or_default();
        let picked = pack.rules.iter().filter(|rule| picked.contains(&rule.head.id)).map(|rule| format!("「{}」", rule.head.title));
        words.push(format!("与别的条款不一致，采用的是{}", picked.collect::<String>()));
    }
    if !result.absent.is_empty() {
        words.push(absent_words(result.absent));
    }
    words.join("；")
}

fn status(result: &RuleResult<'_>) -> &'static str {
    let head = &result.rule.head;
    match head.status {
        _ if !head.missing.is_empty() => "待补",
        _ if head.unpicked.is_some() => "未采用",
        _ if !result.absent.is_empty() => "未启用",
        Status::Preview => "试行",
        Status::Active => "生效",
        Status::Retired => "停用",
        Status::MissingParam => "待补",
    }
}

/// First day and citation of the version in force; the first one before any is.
fn version(rule: &Rule, day: NaiveDate) -> Option<(NaiveDate, &Cite)> {
    fn of<T>(dated: &Dated<T>, day: NaiveDate) -> Option<(NaiveDate, &Cite)> {
        dated.on(day).or_else(|| dated.versions.first()).map(|v| (v.from, &v.cite))
    }
    match &rule.kind {
        Kind::Deadline(deadline) => of(&deadline.limits, day),
        Kind::Approval(approval) => of(&approval.tables, day),
        Kind::Signing(signing) => of(&signing.signers, day),
        Kind::Require(require) => of(&require.rows, day),
        Kind::Sequence(sequence) => of(&sequence.templates, day),
        Kind::Order(order) => of(&order.route, day),
        Kind::Derive(derive) => of(&derive.formulas, day),
        Kind::Duty(duty) => of(&duty.terms, day),
        Kind::Frequency(frequency) => of(&frequency.asks, day),
        Kind::Reconcile(reconcile) => of(&reconcile.margins, day),
        Kind::Ratio(ratio) => of(&ratio.targets, day),
        Kind::Penalty(penalty) => of(&penalty.terms, day),
        Kind::Points(points) => of(&points.schedules, day),
        Kind::Scorecard(card) => of(&card.cards, day),
        Kind::Notice(_) | Kind::Statistic(_) => None,
    }
}

fn clause(kind: &Kind) -> &str {
    match kind {
        Kind::Notice(notice) => &notice.clause,
        Kind::Statistic(statistic) => &statistic.clause,
        _ => "",
    }
}

fn cite_text(pack: &Pack, cite: &Cite) -> String {
    let title = pack.sources.iter().find(|s| s.id == cite.source).map_or(cite.source.as_str(), |s| s.title.as_str());
    format!("{title} {}", cite.clause).trim().to_owned()
}

/// `待补参数清单`
pub fn missing<'m>(month: &'m Month<'m>) -> Sheet<'m> {
    let columns = vec![
        Column::new("标题", Style::Wrapped).at_least(20),
        Column::new("规则编号", Style::Wrapped).at_least(16),
        Column::new("对应条目", Style::Wrapped).at_most(24),
        Column::new("待补什么", Style::Wrapped).at_least(40).at_most(60),
    ];
    let mut sheet = Sheet::new("待补参数清单", columns).landscape().about("制度没有写明、等公司补的参数");
    wording::heading(&mut sheet, month, &format!("{TITLE} · 待补参数清单"));
    sheet.wide(
        "制度没有写明、又没有人补上的参数。缺参数的判定规则不判定任何案件，补在规则文件里以后才生效；缺参数的单据照开，单上说明缺什么。",
        Style::Note,
    );
    sheet.headings();
    let mut none = true;
    for (pack, rule) in month.rules.rules() {
        for what in &rule.head.missing {
            none = false;
            let texts = [rule.head.title.clone(), super::id(month, &pack.id, &rule.head.id), rule.head.catalog.join("、"), what.clone()];
            sheet.push(texts.into_iter().map(|text| Cell::text(text, Style::Wrapped)).collect());
        }
    }
    if none {
        sheet.wide("没有待补的参数。", Style::Paragraph);
    }
    sheet
}
