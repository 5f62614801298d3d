//! 责任部门损失金额表: what each unit bears, a column a class of loss, over the shares of the period.

use polars::prelude::{IntoLazy, col, lit};
use rust_decimal::Decimal;

use super::charts::{chart, longest};
use super::detail;
use super::figures::{Figures, Key, Measure, MonthPick, Months, Pick, ratio};
use super::losses::{OTHERS, listed_less};
use super::tally::{BLANK, Tallies, fault};
use super::{Plan, months};
use crate::diag::{Diag, column_letters};
use crate::evaluate::Parts;
use crate::ledger::Tally;
use crate::reports::sheet::{Area, Cached, Cell, Column, Line, Sheet, Style, Value};
use crate::reports::wording;
use crate::rules::kinds::LossTable;

const NAME: &str = "损失金额表";
/// A heading with its unit is not broken before the unit's end.
const ON_ONE_LINE: usize = 16;
/// Columns behind the classes.
const BEHIND: [(&str, Style); 7] = [
    ("合计（元）", Style::Money),
    ("占比", Style::Percent),
    ("累计占比", Style::Percent),
    ("笔数", Style::Int),
    ("未定笔数", Style::Int),
    ("上期（元）", Style::Money),
    ("去年同期（元）", Style::Money),
];

pub fn sheets<'m>(plan: &Plan<'m>, table: &LossTable, parts: &'m Parts<'m>) -> Result<Vec<Sheet<'m>>, Diag> {
    let sums = Sums::of(table, parts)?;
    let detail = detail::subjects(plan, parts, sums.rows)?;
    let figures = Figures { ranges: &detail.ranges, live: detail.live, loss: &table.loss.share };
    let sheet = Borne { plan, table, sums: &sums, figures, period: months(plan.month.period) }.sheet();
    Ok(vec![sheet, detail.sheet])
}

/// What the shares add up to.
struct Sums {
    /// Rows of the detail.
    rows: usize,
    /// By unit.
    all: Tallies,
    /// The same, a class each.
    classes: Vec<(String, Tallies)>,
}

struct Borne<'p, 'm> {
    plan: &'p Plan<'m>,
    table: &'p LossTable,
    sums: &'p Sums,
    figures: Figures<'p>,
    period: Months,
}

impl Sums {
    fn of(table: &LossTable, parts: &Parts<'_>) -> Result<Self, Diag> {
        let [unit, class] = &table.groups;
        let mut sums = Self { rows: 0, all: Tallies::default(), classes: Vec::new() };
        sums.classes.extend(table.classes.iter().map(|name| (name.clone(), Tallies::default())));
        sums.classes.push((BLANK.to_owned(), Tallies::default()));
        parts.each(|part| {
            sums.rows += part.height();
            sums.all.add_shares(part, unit, &table.loss.share)?;
            for (name, tallies) in &mut sums.classes {
                let own = if name == BLANK { col(class.as_str()).is_null() } else { col(class.as_str()).eq(lit(name.as_str())) };
                tallies.add_shares(&part.clone().lazy().filter(own).collect().map_err(fault)?, unit, &table.loss.share)?;
            }
            Ok(())
        })?;
        sums.classes.retain(|(name, tallies)| name != BLANK || !tallies.months().is_empty());
        Ok(sums)
    }
}

impl<'m> Borne<'_, 'm> {
    fn sheet(&self) -> Sheet<'m> {
        let mut columns = vec![Column::new(self.table.groups[0].as_str(), Style::Label).at_least(16)];
        columns.extend(self.sums.classes.iter().map(|(name, _)| Column::new(name.clone(), Style::Money).at_least(13)));
        columns
            .extend(BEHIND.map(|(title, style)| Column::new(title, style).at_least(if style == Style::Money { ON_ONE_LINE } else { 0 })));
        let mut sheet = Sheet::new(NAME, columns).landscape().about("各部门按责任比率分摊的各类损失");
        let plan = self.plan;
        wording::heading(&mut sheet, plan.month, &plan.rule.head.title);
        sheet.wide(format!("依据：{}", plan.statistic.clause), Style::Subtitle);
        let at = plan.statistic.at.as_deref().unwrap_or_default();
        sheet.wide(
            format!("口径：「{at}」在本期的案件，按责任比率分摊到部门，金额到分；未定笔数是损失或比率没有定的，不在金额里。各列单位为元；统计表把整案记在责任比率最大的部门，同一部门的金额可以不同。"),
            Style::Note,
        );
        if let Some(note) = &plan.rule.head.note {
            sheet.wide(note.as_str(), Style::Note);
        }
        if !self.figures.live && self.sums.rows > 0 {
            sheet.wide("明细超过公式行数上限，本表各数字为数值，不是公式。", Style::Note);
        }
        let mut ranked = self.sums.all.ranked(self.period);
        ranked.sort_by(|a, b| b.1.loss.cmp(&a.1.loss).then_with(|| a.0.cmp(&b.0)));
        let header = sheet.next_row();
        sheet.header = Some(header);
        sheet.headings();
        sheet.freeze = Some(sheet.next_row());
        if ranked.is_empty() {
            sheet.wide("本期没有结案而分摊损失的案件。", Style::Paragraph);
            return sheet;
        }
        self.lines(&mut sheet, header, &ranked);
        sheet.fit();
        let (first, last) = (header + 1, header + ranked.len());
        let total = self.sums.classes.len() + 1;
        let range = |column| Area { sheet: NAME.to_owned(), first: (first, column), last: (last, column) };
        if ranked.iter().any(|(_, tally)| !tally.loss.is_zero()) {
            let title = format!("各部门损失（柏拉图，{}）", plan.month.period.chinese());
            let longest = longest(&sheet, &range(0));
            let rising = Line::joined("累计占比", range(total + 2));
            chart(&mut sheet, &title, range(0), ("损失金额（元）", range(total)), Some(rising), longest);
        }
        sheet.signatures("会签：", &plan.statistic.signatures);
        sheet
    }

    fn lines(&self, sheet: &mut Sheet<'m>, header: usize, ranked: &[(String, Tally)]) {
        let [unit, class] = &self.table.groups;
        let whole: Decimal = ranked.iter().map(|(_, tally)| tally.loss).sum();
        let letter = |column: usize| column_letters(column as u32);
        let total = letter(self.sums.classes.len() + 1);
        let sum_row = header + ranked.len() + 2;
        let mut cumulative = Decimal::ZERO;
        for (name, tally) in ranked {
            let row = sheet.next_row() + 1;
            cumulative += tally.loss;
            let key = || Key::new(unit, format!("$A{row}"), name);
            let pick = |months: Months| Pick { months: MonthPick::Span(months), keys: vec![key()] };
            let mut cells = vec![Cell::text(name.clone(), Style::Label)];
            for (at, (kind, tallies)) in self.sums.classes.iter().enumerate() {
                let heading = Key::new(class, format!("{}${}", letter(at + 1), header + 1), kind);
                let pick = Pick { months: MonthPick::Span(self.period), keys: vec![key(), heading] };
                let tally = tallies.key(self.period, name).unwrap_or_default();
                cells.push(Cell::new(self.figures.cell(Measure::Loss, &pick, &tally), Style::Money));
            }
            let this = pick(self.period);
            let share = format!("IF(${total}${sum_row}=0,\"\",{total}{row}/${total}${sum_row})");
            let so_far = format!("IF(${total}${sum_row}=0,\"\",SUM({total}${}:{total}{row})/${total}${sum_row})", header + 2);
            let values = [
                self.figures.cell(Measure::Loss, &this, tally),
                self.figures.derived(share, ratio(tally.loss, whole)),
                self.figures.derived(so_far, ratio(cumulative, whole)),
                self.figures.cell(Measure::Count, &this, tally),
                self.figures.cell(Measure::UnknownLoss, &this, tally),
            ];
            cells.extend(values.into_iter().zip(BEHIND).map(|(value, (_, style))| Cell::new(value, style)));
            for (_, span) in self.plan.spans().into_iter().skip(1) {
                cells.push(match span.filter(|span| self.sums.all.within(*span).is_some()) {
                    Some(span) => {
                        let tally = self.sums.all.key(span, name).unwrap_or_default();
                        Cell::new(self.figures.cell(Measure::Loss, &pick(span), &tally), Style::Money)
                    }
                    None => Cell::text("无数据", Style::Centre),
                });
            }
            sheet.push(cells);
        }
        self.sum_line(sheet, header, ranked, whole);
    }

    fn sum_line(&self, sheet: &mut Sheet<'m>, header: usize, ranked: &[(String, Tally)], whole: Decimal) {
        let last = sheet.next_row();
        let sum = |column: usize| format!("SUM({0}{1}:{0}{last})", column_letters(column as u32), header + 2);
        let money = |column: usize, value: Decimal| {
            let value = self.figures.derived(format!("ROUND({},2)", sum(column)), Cached::Number(value));
            Cell::new(value, Style::Money).strong()
        };
        let mut cells = vec![Cell::text("合计", Style::Label)];
        for (at, (_, tallies)) in self.sums.classes.iter().enumerate() {
            cells.push(money(at + 1, tallies.within(self.period).unwrap_or_default().loss));
        }
        let behind = self.sums.classes.len() + 1;
        cells.push(money(behind, whole));
        let one = if whole.is_zero() { Cached::Text("") } else { Cached::Number(Decimal::ONE) };
        let total = format!("{}{}", column_letters(behind as u32), last + 1);
        let all = self.figures.derived(format!("IF({total}=0,\"\",{})", sum(behind + 1)), one);
        cells.push(Cell::new(all, Style::Percent).strong());
        cells.push(Cell::new(Value::Blank, Style::Percent).strong());
        let count: u64 = ranked.iter().map(|(_, tally)| tally.count).sum();
        let unknown: u64 = ranked.iter().map(|(_, tally)| tally.count - tally.timed).sum();
        for (at, number) in [(behind + 3, count), (behind + 4, unknown)] {
            cells.push(Cell::new(self.figures.derived(sum(at), Cached::Number(number.into())), Style::Int).strong());
        }
        for (_, span) in self.plan.spans().into_iter().skip(1) {
            cells.push(match span.and_then(|span| Some((span, self.sums.all.within(span)?))) {
                Some((span, tally)) => {
                    let pick = Pick { months: MonthPick::Span(span), keys: Vec::new() };
                    Cell::new(self.figures.cell(Measure::Loss, &pick, &tally), Style::Money).strong()
                }
                None => Cell::text("无数据", Style::Centre),
            });
        }
        sheet.push(cells);
        if listed_less(&self.plan.spans(), &self.sums.all, ranked) {
            sheet.wide(OTHERS, Style::Note);
        }
    }
}
