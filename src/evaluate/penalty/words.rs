//! A sanction in words: which time it was, how the amount came about, what else follows.

use rust_decimal::{Decimal, RoundingStrategy};

use crate::evaluate::lines::Line;
use crate::evaluate::verdicts::View;
use crate::ledger::{Bounds, Charge, Finding, Liability, Moment, Outcome, Pool, figure, yuan};
use crate::rules::kinds::{Amount, Joint, Penalty, PenaltyRow, Terms};

/// More earlier times are not named one by one.
const MOST_NAMED: usize = 5;

/// What a breached verdict imposes.
pub(in crate::evaluate) fn charge(rule: &Penalty, view: &View, line: &Line, finding: &Finding, pool: &mut Pool) -> Charge {
    let Some((terms, row)) = applied(rule, line) else { return Charge::default() };
    let sanction = &row.sanction;
    let open = match &sanction.amount {
        Some(Amount::Range { low, high, .. }) if finding.amount.is_none() && finding.outcome == Outcome::Breached => {
            Some(Bounds { low: *low, high: *high })
        }
        _ => None,
    };
    let joint = terms.joint.as_ref().and_then(|joint| liability(joint, view, line, finding, open, pool));
    let earlier = line.row.and_then(|row| view.judged.earlier.get(&row)).map_or(0, Vec::len);
    let mut parts: Vec<String> = Vec::new();
    parts.extend(times(terms, view, line));
    parts.extend(amount(rule, sanction.amount.as_ref(), view, line, finding));
    parts.extend(capped(terms, line, finding));
    parts.extend((!sanction.actions.is_empty()).then(|| sanction.actions.join("、")));
    let at = rule.at.as_ref().or(view.reader.table.dataset.at.as_ref());
    Charge {
        day: at.and_then(|at| view.reader.moment(at, line.row?)).map(Moment::date),
        open,
        actions: sanction.actions.clone(),
        derivation: parts.join("，"),
        times: line.count.and_then(|count| u32::try_from(count).ok()).filter(|_| row.times.is_some()),
        earlier: u32::try_from(earlier).unwrap_or(u32::MAX),
        wage: line.right,
        joint: joint.map(Box::new),
        given: match &sanction.amount {
            Some(Amount::Range { given: Some(field), .. }) => line.row.and_then(|row| view.reader.number(field, row)),
            _ => None,
        },
        bounds: match &sanction.amount {
            Some(Amount::Range { low, high, .. }) => Some(Bounds { low: *low, high: *high }),
            _ => None,
        },
        ..Charge::default()
    }
}

/// The version and the row of it that applied.
fn applied<'r>(rule: &'r Penalty, line: &Line) -> Option<(&'r Terms, &'r PenaltyRow)> {
    let terms = rule.terms.versions.get(line.version?).map(|version| &version.body)?;
    Some((terms, rule.row(line.limit?)?))
}

/// `第 3 次（前次 V1、V2；计次：全部数据）`
fn times(terms: &Terms, view: &View, line: &Line) -> Option<String> {
    let (count, lookback) = (line.count.filter(|_| terms.counts())?, terms.lookback?);
    let total = terms.rows.iter().any(|row| row.times.is_some_and(|times| times.total));
    let others = line.row.and_then(|row| view.judged.earlier.get(&row)).map_or(&[][..], Vec::as_slice);
    let named: Vec<String> = others.iter().rev().take(MOST_NAMED).rev().map(|row| name(view, *row)).collect();
    let before = match (named.is_empty(), others.len() > MOST_NAMED) {
        (true, _) => String::new(),
        (false, more) => {
            let word = if total { "另有" } else { "前次" };
            format!("{word} {}{}；", named.join("、"), if more { format!(" 等 {} 次", others.len()) } else { String::new() })
        }
    };
    let which = if total { format!("共 {count} 次") } else { format!("第 {count} 次") };
    Some(format!("{which}（{before}计次：{}）", lookback.chinese()))
}

/// What a time is called: by its row, or as the ledger remembers it.
fn name(view: &View, row: usize) -> String {
    let (first, remembered) = &view.judged.remembered;
    let known = row.checked_sub(*first).and_then(|at| remembered.get(at));
    known.cloned().unwrap_or_else(|| view.reader.subject(row))
}

/// `部门损失 9,000.00 × 10% = 900.00 元`
fn amount(rule: &Penalty, amount: Option<&Amount>, view: &View, line: &Line, finding: &Finding) -> Option<String> {
    let gross = line.left.or(finding.amount).map(yuan).unwrap_or_default();
    Some(match amount? {
        Amount::Fixed(_) => format!("定额 {gross}"),
        Amount::Share { of, rate } => {
            let percent = (*rate * Decimal::ONE_HUNDRED).normalize();
            format!("{of} {} × {percent}% = {gross}", base(rule, of, view, line))
        }
        Amount::Range { low, high, given } => {
            let bounds = Bounds { low: *low, high: *high };
            match (finding.amount, given) {
                (Some(_), Some(field)) => format!("{field} {gross}（限额 {bounds}）"),
                _ => {
                    let who = rule.confirm.as_deref().unwrap_or("批准人");
                    format!("待定：限额 {bounds}，由{who}定")
                }
            }
        }
    })
}

/// What the share is of.
fn base(rule: &Penalty, of: &str, view: &View, line: &Line) -> String {
    let from_wage = rule.wage.as_ref().is_some_and(|wage| wage.field == of);
    let base = if from_wage { line.right } else { line.row.and_then(|row| view.reader.number(of, row)) };
    base.map(figure).unwrap_or_default()
}

/// What the month's cap leaves of it.
fn capped(terms: &Terms, line: &Line, finding: &Finding) -> Option<String> {
    let (cap, gross, left) = (terms.cap.as_ref()?, line.left?, finding.amount?);
    (left < gross).then(|| format!("每人每月封顶（{}），本次计 {}", cap.chinese(), yuan(left)))
}

/// `None` where whoever would be liable is the one who did it.
fn liability(joint: &Joint, view: &View, line: &Line, finding: &Finding, open: Option<Bounds>, pool: &mut Pool) -> Option<Liability> {
    let who = line.row.and_then(|row| view.reader.text(&joint.who, row)).unwrap_or_default();
    if !who.is_empty() && finding.person == who {
        return None;
    }
    let factor = joint.factor();
    let times = factor.normalize();
    let amount = finding.amount.map(|fine| (fine * factor).round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero));
    let open = open.map(|open| open.times(factor));
    let derivation = match (finding.amount, amount, open) {
        (Some(fine), Some(amount), _) => format!("{} × {times} = {}（{}）", figure(fine), yuan(amount), joint.chinese()),
        (_, _, Some(open)) => format!("待定：{open}（{}）", joint.chinese()),
        _ => format!("算不出：只有处分，没有罚金（{}）", joint.chinese()),
    };
    Some(Liability { who: pool.share(&who), field: joint.who.clone(), amount, open, derivation })
}

/// `罚款额 9,000.00 元不合条款的限额（10,000.00–100,000.00 元）`
pub(in crate::evaluate) fn beyond(rule: &Penalty, view: &View, line: &Line) -> String {
    let Some((_, row)) = applied(rule, line) else { return String::new() };
    let Some(Amount::Range { low, high, given: Some(field) }) = &row.sanction.amount else { return String::new() };
    let given = line.row.and_then(|row| view.reader.number(field, row)).map(yuan).unwrap_or_default();
    format!("{field} {given}不合条款的限额（{}）", Bounds { low: *low, high: *high })
}
