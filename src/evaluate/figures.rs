//! Two figures that were held against each other, in words.

use std::cmp::Ordering;

use rust_decimal::{Decimal, RoundingStrategy};

use super::lines::Line;
use super::reconcile::{OVER, UNDER};
use super::verdicts::View;
use crate::ledger::{Outcome, grouped, yuan};
use crate::rules::kinds::{Figure, Margin, Ratio, Reconcile, target_words};

/// `核定退货量 100，实退量 112，多 12(12%)，超出允差 10%`; `None` where both are equal or one is not known.
pub(super) fn reconcile(rule: &Reconcile, view: &View, line: &Line) -> Option<String> {
    let (left, right) = (line.left?, line.right?);
    let difference = left - right;
    let margins = &rule.margins.versions.get(line.version?)?.body;
    let (word, margin) = match difference.cmp(&Decimal::ZERO) {
        Ordering::Equal => return None,
        Ordering::Greater => ("多", &margins.over),
        Ordering::Less => ("少", &margins.under),
    };
    let of_row = match margin {
        Margin::ShareIn { field, .. } => line.row.and_then(|row| view.reader.number(field, row)),
        _ => None,
    };
    let size = difference.abs();
    let is_money = rule.left.formula.is_money(&view.reader.table.dataset);
    let counted = |number: Decimal| if is_money { yuan(number) } else { grouped(&number.normalize().to_string()) };
    let size = match rule.left.percent {
        true => format!("{} 个百分点", (size * Decimal::ONE_HUNDRED).round_dp(2).normalize()),
        false if right.is_zero() => counted(size),
        false => format!("{}（{}）", counted(size), percent(size / right.abs(), 2)),
    };
    let verdict = match (held_to(margin, of_row)?, line.checks & (OVER | UNDER) != 0) {
        (Margin::Amount(allowed), true) if allowed.is_zero() => "不符".to_owned(),
        (Margin::Any, _) => "允许".to_owned(),
        (margin, true) => format!("超出允差 {}", margin.chinese()),
        (margin, false) => format!("在允差 {} 以内", margin.chinese()),
    };
    let excused = line.checks & (OVER | UNDER) != 0 && line.outcome() == Outcome::Met;
    let excused = if excused { "，已办规定手续" } else { "" };
    let (left_title, right_title) = (rule.left.title(), rule.right.title());
    let shown = |side: &Figure, number| if side.percent { side.shown(number) } else { counted(number) };
    let (left, right) = (shown(&rule.left, left), shown(&rule.right, right));
    Some(format!("{right_title} {right}，{left_title} {left}，{word} {size}，{verdict}{excused}"))
}

/// The margin as a share or an amount; `None` where neither the row nor the rule has one.
fn held_to(margin: &Margin, of_row: Option<Decimal>) -> Option<Margin> {
    match margin {
        Margin::ShareIn { or, .. } => of_row.or(*or).map(Margin::Share),
        other => Some(other.clone()),
    }
}

/// `业务员应收回收率 85%（实收 850 ÷ 应收 1000），目标 ≥ 90%`
pub(super) fn ratio(rule: &Ratio, view: &View, line: &Line) -> Option<String> {
    let [numerator, denominator] = [line.left?, line.right?].map(|number| grouped(&number.normalize().to_string()));
    let [over, under] = rule.titles();
    let figures = format!("{over} {numerator} ÷ {under} {denominator}");
    let Some(rate) = line.rate else { return Some(format!("{}：{figures}，分母为零，不计比率", view.head.title)) };
    let target = rule.targets.versions.get(line.version?)?.body.as_ref();
    let target = target.map_or_else(|| "未定目标".to_owned(), |target| format!("目标 {}", target_words(target)));
    // two digits, unless they would make a missed target look reached
    let short = percent(rate, 2);
    let shown = if line.outcome() == Outcome::Breached && target.contains(&short) { percent(rate, 4) } else { short };
    Some(format!("{} {shown}（{figures}），{target}", view.head.title))
}

/// A share as a percentage, rounded half up to so many digits.
fn percent(share: Decimal, digits: u32) -> String {
    let rounded = (share * Decimal::ONE_HUNDRED).round_dp_with_strategy(digits, RoundingStrategy::MidpointAwayFromZero);
    format!("{}%", rounded.normalize())
}
