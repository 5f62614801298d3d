//! One version of a card as expressions: the mark of each part, what a row lacks, what is wrong with it.

use polars::prelude::*;
use rust_decimal::Decimal;

use super::{guarded, mark, marks};
use crate::evaluate::checks::Checks;
use crate::evaluate::fields::{Fields, Lack, all, bits, both, only_where};
use crate::evaluate::formula;
use crate::evaluate::lower::{choose, long, null_of};
use crate::normalise::MONEY_SCALE;
use crate::rules::kinds::{Card, CardItem, CardPart, MarkSource, Scorecard};
use crate::rules::{Band, Formula, Operator};

/// The score is the total that somebody wrote down, and nothing else.
pub(super) const ALONE: &str = "_k.alone";
/// Words of the check that a sum is what was written.
pub(super) const SUMS: &str = "总分 合计不符";

/// What separates the names of what was lost.
const BETWEEN: &str = r"\s*[、,，;；+/]\s*";

/// A version of a card.
pub(super) struct Marked {
    /// Answers that several expressions ask for, to be computed first.
    pub asked: Vec<Expr>,
    /// To be computed next.
    pub columns: Vec<Expr>,
    /// Names of the columns with the parts' marks.
    pub marks: Vec<String>,
    pub alone: Expr,
    pub lack: Lack,
    pub checks: Expr,
    pub words: Vec<String>,
}

/// A column with the score that another rule gives.
pub(super) fn borrowed_name(version: usize, part: usize) -> String {
    format!("_k.borrowed{version}.{part}")
}

pub(super) fn marked(rule: &Scorecard, version: usize, card: &Card, fields: &Fields) -> PolarsResult<Marked> {
    let void = match &rule.void {
        Some(void) if !fields.is_blank(void)? => Some(void.as_str()),
        _ => None,
    };
    let mut reader = Reading { rule, void, fields, version, alone: lit(false), asked: Vec::new(), checks: Checks::default(), lack: None };
    reader.alone = match alone(rule, card, fields)? {
        Some(alone) => reader.ask(alone),
        None => lit(false),
    };
    let (mut columns, mut names) = (Vec::new(), Vec::new());
    for (at, part) in card.parts.iter().enumerate() {
        let mark = match &part.source {
            MarkSource::Cells { field, items } => reader.cells(part, field.as_deref(), items)?,
            MarkSource::Share { of, by } => reader.share(part, of, by, card.digits)?,
            MarkSource::Score { rule, class } => reader.borrowed(&borrowed_name(version, at), part, rule, class.as_deref())?,
        };
        let name = format!("_k.mark{version}.{at}");
        columns.push(mark.alias(name.as_str()));
        names.push(name);
    }
    reader.extras(card)?;
    let (checks, words) = reader.checks.finish();
    let (lack, failed) = (format!("_k.lack{version}"), format!("_k.failed{version}"));
    columns.extend([bits(reader.lack).alias(lack.as_str()), checks.alias(failed.as_str())]);
    let (asked, alone) = (reader.asked, reader.alone);
    Ok(Marked { asked, columns, marks: names, alone, lack: Some(col(lack)), checks: col(failed), words })
}

/// No cell of any part is filled in, but the total is.
fn alone(rule: &Scorecard, card: &Card, fields: &Fields) -> PolarsResult<Option<Expr>> {
    let Some(total) = rule.total.as_ref().filter(|_| rule.total_alone) else { return Ok(None) };
    let mut alone = fields.column(total)?.is_not_null();
    for part in &card.parts {
        if let MarkSource::Cells { field, items } = &part.source {
            for name in field.iter().chain(items.iter().map(|item| &item.field)) {
                alone = alone.and(fields.column(name)?.is_null());
            }
        }
    }
    Ok(Some(alone))
}

/// What is gathered while the parts are read.
struct Reading<'a> {
    rule: &'a Scorecard,
    /// The field, where any row has something in it.
    void: Option<&'a str>,
    fields: &'a Fields<'a>,
    version: usize,
    alone: Expr,
    asked: Vec<Expr>,
    checks: Checks,
    lack: Lack,
}

fn zero() -> PolarsResult<Expr> {
    mark(Decimal::ZERO)
}

fn not_below_zero(value: Expr) -> PolarsResult<Expr> {
    Ok(choose([(value.clone().lt(zero()?), zero()?)], value))
}

impl Reading<'_> {
    /// A column with the answer: computed once, however often it is named.
    fn ask(&mut self, answer: Expr) -> Expr {
        let name = format!("_k.asked{}.{}", self.version, self.asked.len());
        self.asked.push(answer.alias(name.as_str()));
        col(name)
    }

    fn cell(&self, field: &str) -> PolarsResult<Expr> {
        Ok(self.fields.column(field)?.cast(marks()))
    }

    /// The row says that all marks under this name are lost.
    fn lost(&mut self, name: &str) -> PolarsResult<Expr> {
        let Some(void) = self.void else { return Ok(lit(false)) };
        let pattern = format!("(?:^|{BETWEEN}){}(?:{BETWEEN}|$)", escaped(name));
        let lost = self.fields.column(void)?.str().contains(lit(pattern), true).fill_null(lit(false));
        Ok(self.ask(lost))
    }

    fn wrong(&mut self, fails: Expr, phrase: String) {
        self.checks.fail(fails.fill_null(lit(false)), phrase);
    }

    fn lacks(&mut self, lack: Lack) {
        self.lack = both(self.lack.take(), lack);
    }

    /// A cell that is empty where it must not be.
    fn empty(&self, field: &str, holds: Expr) -> Lack {
        let blank = self.rule.deductions && self.rule.blank_is_none;
        (!blank).then(|| self.fields.reason(holds, format!("{field} 为空")))
    }

    fn cells(&mut self, part: &CardPart, field: Option<&str>, items: &[CardItem]) -> PolarsResult<Expr> {
        let lost = self.lost(&part.name)?;
        let own = lost.clone().not().and(self.alone.clone().not());
        let all = items;
        let unused = items.iter().map(|item| self.fields.is_blank(&item.field)).collect::<PolarsResult<Vec<_>>>()?;
        // a company that marks by part leaves the items' columns empty
        let items = if field.is_some() && !unused.contains(&false) { &[] } else { items };
        let filled = items.iter().map(|item| Ok(self.fields.column(&item.field)?.is_not_null())).collect::<PolarsResult<Vec<_>>>()?;
        let filled = filled.into_iter().reduce(|a, b| a.or(b)).map_or_else(|| lit(false), |filled| self.ask(filled));
        let (mut sum, mut lacks) = (zero()?, Vec::new());
        for item in items {
            let (cell, gone) = (self.cell(&item.field)?, self.lost(&item.field)?);
            let value = self.item(item, cell.clone(), gone.clone())?;
            sum = sum + value;
            lacks.push(self.empty(&item.field, cell.is_null().and(gone.clone().not())));
            if self.rule.deductions && item.most.is_none() {
                lacks.push(Some(self.fields.reason(gone.clone(), format!("{} 的满分没有规定，扣完是几分不知道", item.field))));
            }
            self.outside(item, part, &lost.clone().or(gone))?;
        }
        let from_items = if self.rule.deductions { not_below_zero(mark(part.most)? - sum.clone())? } else { sum.clone() };
        if !items.is_empty() && !self.rule.deductions {
            let over = filled.clone().and(lost.clone().not()).and(sum.clone().gt(mark(part.most)?));
            self.wrong(over, format!("{} 分项越界", part.name));
        }
        let Some(field) = field else {
            self.lacks(guarded(own, lacks));
            return Ok(choose([(lost, zero()?)], from_items));
        };
        let written = self.cell(field)?;
        let outside = written.clone().lt(zero()?).or(written.clone().gt(mark(part.most)?));
        self.wrong(outside.and(lost.clone().not()), format!("{field} 分项越界"));
        let differs = filled.clone().and(written.clone().neq(sum)).and(lost.clone().not());
        if !items.is_empty() {
            self.wrong(differs, format!("{} 合计不符", part.name));
        }
        let by_field = self.empty(field, written.clone().is_null());
        self.lacks(only_where(own.clone().and(filled.clone().not()), by_field));
        self.lacks(guarded(own.clone().and(filled.clone()), lacks));
        let voids = self.void.is_some();
        for item in all.iter().filter(|_| voids) {
            let gone = self.lost(&item.field)?.and(filled.clone().not());
            let phrase = format!("扣完的是小项「{}」，而这一面只填了面分", item.field);
            let lack = self.fields.reason(gone, phrase);
            self.lacks(only_where(own.clone(), Some(lack)));
        }
        let written = if self.rule.deductions {
            let taken = if self.rule.blank_is_none { written.fill_null(zero()?) } else { written };
            not_below_zero(mark(part.most)? - taken)?
        } else {
            written
        };
        let value = if items.is_empty() { written } else { choose([(filled, from_items)], written) };
        Ok(choose([(lost, zero()?)], value))
    }

    /// What an item adds to the sum of its part: its mark, or what is taken off.
    fn item(&self, item: &CardItem, cell: Expr, gone: Expr) -> PolarsResult<Expr> {
        if !self.rule.deductions {
            return Ok(choose([(gone, zero()?)], cell));
        }
        let all_of_it = item.most.map_or_else(|| Ok(null_of(marks())), mark)?;
        let taken = if self.rule.blank_is_none { cell.fill_null(zero()?) } else { cell };
        Ok(choose([(gone, all_of_it)], taken))
    }

    fn outside(&mut self, item: &CardItem, part: &CardPart, lost: &Expr) -> PolarsResult<()> {
        let cell = self.cell(&item.field)?;
        let most = mark(item.most.unwrap_or(part.most))?;
        let least = if self.rule.deductions { Decimal::ZERO } else { item.least };
        let mut outside = cell.clone().lt(mark(least)?).or(cell.clone().gt(most));
        if let Some(step) = item.step {
            let whole = |expr: Expr| expr.cast(marks()).to_physical().cast(DataType::Int64);
            let mut step = step;
            step.rescale(MONEY_SCALE as u32);
            let step = i64::try_from(step.mantissa()).unwrap_or(1).max(1);
            outside = outside.or((whole(cell) % long(step)).neq(long(0)));
        }
        self.wrong(outside.and(lost.clone().not()), format!("{} 分项越界", item.field));
        Ok(())
    }

    /// Rounded as the score is: what is weighed is the mark that people see.
    fn share(&mut self, part: &CardPart, of: &str, by: &str, digits: u32) -> PolarsResult<Expr> {
        let binary = |operator, left, right| Formula::Binary { operator, left: Box::new(left), right: Box::new(right) };
        let hundred = binary(Operator::Multiply, Formula::Field(of.to_owned()), Formula::Number(Decimal::ONE_HUNDRED));
        let share = binary(Operator::Divide, hundred, Formula::Field(by.to_owned()));
        let value = formula::lower(&Formula::Round(Box::new(share), digits), self.fields)?;
        let (above, below) = (self.cell(of)?, self.cell(by)?);
        let lacks = [self.fields.lack(of)?, self.fields.lack(by)?];
        let nothing = self.fields.reason(below.clone().lt_eq(zero()?).fill_null(lit(false)), format!("{by} 不大于零"));
        self.lacks(all(lacks.into_iter().chain([Some(nothing)])));
        self.wrong(above.clone().lt(zero()?).or(above.gt(below)), format!("{} 分项越界", part.name));
        Ok(value.expr.cast(marks()))
    }

    fn borrowed(&mut self, name: &str, part: &CardPart, rule: &str, class: Option<&str>) -> PolarsResult<Expr> {
        let count = col(format!("{name}.count"));
        let class = class.unwrap_or("评分");
        let none = self.fields.reason(count.clone().is_null(), format!("{}：没有当月的{class}（规则 {rule}）", part.name));
        let several = count.clone().gt(long(1)).fill_null(lit(false));
        let several = self.fields.reason(several, format!("{}：当月的{class}不止一次（规则 {rule}）", part.name));
        let unscored = count.eq(long(1)).and(col(name).is_null()).fill_null(lit(false));
        let unscored = self.fields.reason(unscored, format!("{}：当月的{class}没有得分（规则 {rule}）", part.name));
        self.lacks(all([Some(none), Some(several), Some(unscored)]));
        Ok(col(name))
    }

    /// Bonus, other deductions, what was lost, the sort of the row, the total written down.
    fn extras(&mut self, card: &Card) -> PolarsResult<()> {
        if let Some(bonus) = &self.rule.bonus {
            let cell = self.cell(bonus)?;
            let any = Band { low: Some((Decimal::ZERO, true)), high: None };
            let outside = outside_of(&cell, card.bonus.as_ref().unwrap_or(&any))?;
            self.wrong(outside, format!("{bonus} 加分越界"));
        }
        if let Some(other) = &self.rule.other {
            let negative = self.cell(other)?.lt(zero()?);
            self.wrong(negative, format!("{other} 分项越界"));
        }
        if let Some(void) = self.void {
            let fields = card.parts.iter().flat_map(|part| match &part.source {
                MarkSource::Cells { items, .. } => items.iter().map(|item| item.field.as_str()).collect(),
                _ => Vec::new(),
            });
            let names: Vec<String> = card.parts.iter().map(|part| part.name.as_str()).chain(fields).map(escaped).collect();
            let one = format!("(?:{})", names.join("|"));
            let pattern = format!(r"^\s*{one}(?:{BETWEEN}{one})*\s*$");
            let unknown = self.fields.column(void)?.str().contains(lit(pattern), true).not().fill_null(lit(false));
            self.lacks(Some(self.fields.reason(unknown, format!("{void} 写的不是面也不是小项"))));
        }
        let classes: Vec<&str> = card.classes().collect();
        if let (Some(class), false) = (&self.rule.class, classes.is_empty()) {
            let cell = self.fields.column(class)?;
            let known = classes.iter().map(|known| cell.clone().eq(lit(*known))).reduce(|a, b| a.or(b)).unwrap_or_else(|| lit(true));
            self.wrong(known.not(), format!("{class} 类型不明"));
        }
        if let (Some(total), true) = (&self.rule.total, self.rule.total_alone) {
            let bonus = match &self.rule.bonus {
                Some(bonus) => self.cell(bonus)?.fill_null(zero()?),
                None => zero()?,
            };
            let cell = self.cell(total)?;
            let outside = cell.clone().lt(zero()?).or(cell.gt(mark(card.full)? + bonus));
            let alone = self.alone.clone();
            self.wrong(alone.and(outside), format!("{total} 分项越界"));
        }
        Ok(())
    }
}

/// Null where the cell is.
fn outside_of(cell: &Expr, band: &Band) -> PolarsResult<Expr> {
    let mut outside = lit(false);
    if let Some((low, inside)) = band.low {
        outside = outside.or(if inside { cell.clone().lt(mark(low)?) } else { cell.clone().lt_eq(mark(low)?) });
    }
    if let Some((high, inside)) = band.high {
        outside = outside.or(if inside { cell.clone().gt(mark(high)?) } else { cell.clone().gt_eq(mark(high)?) });
    }
    Ok(outside)
}

/// A name as a pattern that only it fits.
fn escaped(name: &str) -> String {
    name.chars().map(|c| if c.is_alphanumeric() { c.to_string() } else { format!(r"\x{{{:x}}}", c as u32) }).collect()
}
