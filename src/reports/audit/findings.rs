//! `问题清单`: every breach and everything that could not be judged, each with a link to its row in the sources.

use crate::ledger::{Finding, Lengths, Outcome};
use crate::reports::sheet::{ALERT, Column, Sheet, Stream, Style, Value};
use crate::reports::{Month, wording};

pub const NAME: &str = "问题清单";

/// Columns that are left out where no row has anything in them.
const OPTIONAL: [usize; 4] = [5, 6, 7, 8];

/// `rows`: which of the month's findings; `None`: all of them.
pub fn sheet<'m>(month: &'m Month<'m>, of: &str, rows: Option<Vec<u32>>) -> Sheet<'m> {
    let columns = vec![
        Column::new("结果", Style::Centre),
        Column::new("程度", Style::Centre),
        Column::new("规则", Style::Wrapped).at_most(18),
        Column::new("编号", Style::Wrapped).at_most(18),
        Column::new("部门", Style::Wrapped).at_most(14),
        Column::new("责任人", Style::Wrapped).at_most(10),
        Column::new("日期", Style::Wrapped).at_most(24),
        Column::new("时限", Style::Wrapped).at_most(18),
        Column::new("金额（元）", Style::Money),
        Column::new("条款", Style::Wrapped).at_most(20),
        Column::new("说明", Style::Wrapped).at_most(44),
        Column::new("出处", Style::Wrapped).at_most(30),
        Column::new("行", Style::Centre),
    ];
    let wages = rows.is_none();
    let findings: Vec<&'m Finding> = match rows {
        Some(rows) => rows.into_iter().map(|row| &*month.findings[row as usize]).collect(),
        None => month.findings.iter().map(|finding| &**finding).collect(),
    };
    let told = |at: usize, finding: &Finding| match at {
        5 => !finding.person.is_empty(),
        6 => finding.start.or(finding.due).or(finding.stop).is_some(),
        7 => finding.limit.or(finding.elapsed).or(finding.overrun).is_some(),
        _ => finding.amount.is_some(),
    };
    let kept: Vec<usize> =
        (0..columns.len()).filter(|at| !OPTIONAL.contains(at) || findings.iter().any(|finding| told(*at, finding))).collect();
    let columns = columns.into_iter().enumerate().filter(|(at, _)| kept.contains(at)).map(|(_, column)| column).collect();
    let mut sheet = Sheet::new(NAME, columns).landscape().about("每一条违规和无法判定的事项，连到原工作簿的行");
    wording::heading(&mut sheet, month, &format!("{of} · {NAME}"));
    let link = if wages { "点「行」可以打开原工作簿的那一行（原文件须在原处）。" } else { "" };
    sheet.wide(format!("共 {} 条。{link}", findings.len()), Style::Note);
    if findings.is_empty() {
        sheet.headings();
        sheet.wide("本期没有问题。", Style::Paragraph);
        return sheet;
    }
    sheet.table(Stream::new(findings.len(), move |row, values| {
        let all = values_of(month, findings[row], wages);
        values.extend(all.into_iter().enumerate().filter(|(at, _)| kept.contains(at)).map(|(_, value)| value));
    }));
    sheet
}

/// `wages`: whoever reads it may know what people earn.
fn values_of<'m>(month: &'m Month<'m>, finding: &'m Finding, wages: bool) -> [Value<'m>; 13] {
    let [source, at] = wording::origin(month, &finding.place);
    [
        Value::text(verdict(finding)),
        Value::text(finding.severity.title()),
        Value::text(wording::rule_title(month, finding)),
        Value::text(wording::subject(month, finding)),
        Value::text(finding.unit.as_str()),
        Value::text(finding.person.as_str()),
        Value::text(dates(month, finding)),
        Value::text(lengths(finding)),
        Value::number(finding.amount),
        Value::text(finding.clause.as_str()),
        match wages {
            true => Value::text(finding.message.as_str()),
            // a department gets to know what is charged, not what its people earn
            false => Value::text(wording::without_wage(month, finding, &finding.message)),
        },
        source,
        at,
    ]
}

/// A fine follows from a breach and is none itself.
fn verdict(finding: &Finding) -> String {
    match finding.charge.is_some() && finding.outcome == Outcome::Breached {
        true => format!("{ALERT} 拟罚"),
        false => wording::verdict(finding),
    }
}

/// A line each, under the names that the rule has for them: `受理 2026-10-01`, `应完成 2026-10-16`, `承诺 2026-10-12`.
fn dates(month: &Month<'_>, finding: &Finding) -> String {
    let [start, stop] = wording::ends(month, finding);
    let lines = [
        (start, wording::moment_text(finding.start)),
        ("应完成", wording::due_text(finding.due)),
        (stop, wording::moment_text(finding.stop)),
    ];
    lines.iter().filter(|(_, at)| !at.is_empty()).map(|(name, at)| format!("{name} {at}")).collect::<Vec<_>>().join("\n")
}

/// A line each: `期限 15天`, `已用 18天`, `逾期 3天`.
fn lengths(finding: &Finding) -> String {
    let Lengths { limit, elapsed, overrun } = finding.lengths();
    let lines = [("期限", limit), ("已用", elapsed), ("逾期", overrun)];
    lines.iter().filter(|(_, length)| !length.is_empty()).map(|(name, length)| format!("{name} {length}")).collect::<Vec<_>>().join("\n")
}
