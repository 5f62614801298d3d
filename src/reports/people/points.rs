//! 扣分月汇总与半年累计: points by person and month, who is near the line and who has reached it, points by team.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};
use rust_decimal::Decimal;

use super::{Of, figured, header, line, named};
use crate::diag::column_letters;
use crate::ledger::{Person, PointBook, PointRecord, PointSum, PointWindow, Standing};
use crate::reports::formulas::is_plain;
use crate::reports::sheet::{ALERT, Area, Cached, Column, LATE, Line, Sheet, Style, Value};
use crate::reports::statistics::{chart, longest};
use crate::reports::wording;
use crate::rules::Rule;
use crate::rules::kinds::{Points, Reached};

const DETAIL: &str = "扣分明细";
const TEAMS: &str = "各部门扣分";
/// Columns before those of the months.
const BEFORE: usize = 2;

/// A book of points with the rule behind it.
#[derive(Clone)]
pub(super) struct Sums<'m> {
    pub of: Of<'m>,
    pub judged: &'m Rule,
    pub points: &'m Points,
    pub book: &'m PointBook,
}

/// Rows of the detail, one-based, both ends inside.
#[derive(Clone, Copy)]
struct Range {
    first: usize,
    last: usize,
}

impl Range {
    fn of(self, letter: &str) -> String {
        format!("'{DETAIL}'!${letter}${}:${letter}${}", self.first, self.last)
    }

    /// The points of a person in a month, by cells of the same sheet.
    fn sum(self, person: &Person, row: usize, month: i32) -> String {
        let (unit, name, months, points) = (self.of("A"), self.of("B"), self.of("C"), self.of("G"));
        match is_plain(&person.unit) && is_plain(&person.name) {
            true => format!("SUMIFS({points},{unit},$A{row},{name},$B{row},{months},{month})"),
            false => format!("SUMPRODUCT(EXACT({unit},$A{row})*EXACT({name},$B{row})*({months}={month}),{points})"),
        }
    }
}

fn number(month: NaiveDate) -> i32 {
    month.year() * 100 + month.month() as i32
}

impl<'m> Sums<'m> {
    pub(super) fn units(&self) -> BTreeSet<String> {
        named(self.book.records.iter().map(|record| &record.person))
    }

    fn records(&self) -> Vec<&'m PointRecord> {
        self.book.records.iter().filter(|record| self.of.takes(&record.person)).collect()
    }

    pub(super) fn sheets(&self) -> Vec<Sheet<'m>> {
        let records = self.records();
        let (detail, range) = self.detail(&records);
        let mut sheets = Vec::new();
        if self.book.windows.is_empty() {
            let months = self.months();
            sheets.push(self.table("月汇总", &months, &self.monthly(&months, &records), None, range));
        }
        for (window, sums) in &self.book.windows {
            let own: Vec<&PointSum> = sums.iter().filter(|sum| self.of.takes(&sum.person)).collect();
            let line = self.line();
            let rows: Vec<Row<'m>> = own.iter().map(Row::of).collect();
            let name = if self.book.windows.len() == 1 { "月汇总与累计".to_owned() } else { format!("累计 {}", window.label) };
            sheets.push(self.table(&name, &window.months, &rows, Some((window, line)), range));
            sheets.push(self.warned(window, &own, line, self.book.windows.len() == 1));
        }
        sheets.extend(self.teams(&records, range));
        sheets.push(detail);
        sheets
    }

    fn line(&self) -> Option<&'m Reached> {
        let version = self.book.version.and_then(|at| self.points.schedules.versions.get(at));
        version.and_then(|version| version.body.line.as_ref())
    }

    /// Those of the period.
    fn months(&self) -> Vec<NaiveDate> {
        let period = self.of.month.period;
        let next = |month: &NaiveDate| month.checked_add_months(chrono::Months::new(1));
        std::iter::successors(Some(period.first), next).take_while(|month| *month <= period.last).collect()
    }

    fn monthly(&self, months: &[NaiveDate], records: &[&'m PointRecord]) -> Vec<Row<'m>> {
        let mut rows: BTreeMap<&Person, Row<'m>> = BTreeMap::new();
        for record in records {
            let new = || Row { person: &record.person, months: vec![Decimal::ZERO; months.len()], unknown: 0, standing: None };
            let row = rows.entry(&record.person).or_insert_with(new);
            let at = record.day.and_then(|day| months.iter().position(|month| number(*month) == number(day)));
            match (at.and_then(|at| row.months.get_mut(at)), record.points) {
                (Some(sum), Some(points)) => *sum += points,
                _ => row.unknown += 1,
            }
        }
        rows.into_values().collect()
    }

    fn table(
        &self,
        name: &str,
        months: &[NaiveDate],
        rows: &[Row<'m>],
        window: Option<(&PointWindow, Option<&Reached>)>,
        range: Option<Range>,
    ) -> Sheet<'m> {
        let mut columns = vec![Column::new("部门", Style::Text).at_least(14), Column::new("员工", Style::Text).at_least(10)];
        columns.extend(months.iter().map(|month| Column::new(month.format("%Y-%m").to_string(), Style::Quantity).at_least(9)));
        columns.extend([
            Column::new(if window.is_some() { "累计" } else { "合计" }, Style::Quantity).at_least(8),
            Column::new("未定条数", Style::Int),
            Column::new("状态", Style::Wrapped).at_least(14).at_most(20),
        ]);
        let mut sheet = Sheet::new(name, columns).landscape().about("各人逐月扣分与累计");
        self.of.heading(&mut sheet, &self.of.rule.head.title);
        if let Some((window, Some(line))) = window {
            let warn: Vec<String> = line.warn.iter().map(|level| level.normalize().to_string()).collect();
            let warn = if warn.is_empty() { String::new() } else { format!("，{} 分预警", warn.join("、")) };
            let words = format!("{} {}，满 {} 分{}{warn}", window.label, line.window.chinese(), line.limit.normalize(), line.action);
            sheet.wide(words, Style::Subtitle);
            if !window.empty.is_empty() {
                let empty: Vec<String> = window.empty.iter().map(|month| month.format("%Y-%m").to_string()).collect();
                sheet.wide(format!("{ALERT} {} 没有任何扣分记录，如未提供则累计不全。", empty.join("、")), Style::Note);
            }
        }
        self.of.notes(&mut sheet, self.judged);
        sheet.wide("未定条数是条款不明、分值越界或空着的记录，不计入合计，见明细。", Style::Note);
        header(&mut sheet);
        let mut rows: Vec<&Row<'m>> = rows.iter().collect();
        rows.sort_by(|a, b| b.total().cmp(&a.total()).then_with(|| a.person.cmp(b.person)));
        for own in &rows {
            let row = sheet.next_row() + 1;
            let mut values = vec![Value::text(own.person.unit.as_str()), Value::text(own.person.name.as_str())];
            for (month, points) in months.iter().zip(&own.months) {
                values.push(match range.filter(|_| own.standing.is_none_or(|(_, counted)| counted)) {
                    Some(range) => figured(range.sum(own.person, row, number(*month)), Some(*points), Some(*points)),
                    None => Value::Number(*points),
                });
            }
            let (first, last) = (column_letters(BEFORE as u32), column_letters((BEFORE + months.len() - 1) as u32));
            values.push(Value::formula(format!("SUM({first}{row}:{last}{row})"), Cached::Number(own.total())));
            values.push(if own.unknown == 0 { Value::Blank } else { Value::count(own.unknown as u64) });
            values.push(Value::text(own.standing.map(|(standing, _)| said(standing)).unwrap_or_default()));
            line(&mut sheet, values);
        }
        if rows.is_empty() {
            sheet.wide("没有扣分记录。", Style::Paragraph);
        }
        sheet.fit();
        sheet.signatures("", &self.of.statistic.signatures);
        sheet
    }

    /// 预警名单: who has reached the line, who is near it, and whose sum is not known.
    fn warned(&self, window: &PointWindow, sums: &[&'m PointSum], reached: Option<&Reached>, only: bool) -> Sheet<'m> {
        let name = if only { "到线与预警名单".to_owned() } else { format!("名单 {}", window.label) };
        let columns = vec![
            Column::new("部门", Style::Text).at_least(14),
            Column::new("员工", Style::Text).at_least(10),
            Column::new("累计", Style::Quantity).at_least(8),
            Column::new("距到线", Style::Quantity).at_least(8),
            Column::new("到线日期", Style::Date),
            Column::new("状态", Style::Wrapped).at_least(20).at_most(30),
        ];
        let mut sheet = Sheet::new(name, columns).about("到线的、预警的、分不能定的人");
        self.of.heading(&mut sheet, &format!("{} · 到线与预警名单", self.of.rule.head.title));
        if let Some(line) = reached {
            sheet.wide(format!("{}：满 {} 分（含）为到线。", window.label, line.limit.normalize()), Style::Note);
        }
        header(&mut sheet);
        let mut listed: Vec<&&PointSum> = sums.iter().filter(|sum| sum.standing != Standing::Below).collect();
        listed.sort_by(|a, b| b.total.cmp(&a.total).then_with(|| a.person.cmp(&b.person)));
        for sum in &listed {
            let row = sheet.next_row() + 1;
            let (left, day) = match (reached, sum.standing) {
                (_, Standing::Reached(day)) => (Value::Blank, Value::Date(day)),
                (Some(line), _) => {
                    let left = Cached::Number(line.limit - sum.total);
                    (Value::formula(format!("{}-C{row}", line.limit.normalize()), left), Value::Blank)
                }
                (None, _) => (Value::Blank, Value::Blank),
            };
            let action = match (sum.standing, reached) {
                (Standing::Reached(_), Some(line)) => format!("{ALERT} 到线：{}", line.action),
                (standing, _) => said(standing),
            };
            let values = [
                Value::text(sum.person.unit.as_str()),
                Value::text(sum.person.name.as_str()),
                Value::Number(sum.total),
                left,
                day,
                Value::text(action),
            ];
            line(&mut sheet, values);
        }
        if listed.is_empty() {
            sheet.wide("没有人到线或预警。", Style::Paragraph);
        }
        sheet.fit();
        sheet
    }

    /// Points of the period by team; nothing where the rule knows no teams or a copy holds only one.
    fn teams(&self, records: &[&'m PointRecord], range: Option<Range>) -> Option<Sheet<'m>> {
        self.points.unit.as_ref()?;
        let range = range.filter(|_| self.of.unit.is_none())?;
        let period = self.of.month.period;
        let (from, to) = (number(period.first), number(period.last));
        let mut teams: BTreeMap<&str, Decimal> = BTreeMap::new();
        for record in records.iter().filter(|record| record.day.is_some_and(|day| period.contains(day))) {
            *teams.entry(&record.person.unit).or_default() += record.points.unwrap_or_default();
        }
        let mut teams: Vec<(&str, Decimal)> = teams.into_iter().collect();
        teams.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
        let whole: Decimal = teams.iter().map(|(_, points)| points).sum();
        if whole.is_zero() {
            return None;
        }
        let columns = vec![
            Column::new("部门", Style::Label).at_least(20),
            Column::new("本期扣分", Style::Quantity).at_least(14),
            Column::new("占比", Style::Percent).at_least(12),
            Column::new("累计占比", Style::Percent).at_least(12),
        ];
        let mut sheet = Sheet::new(TEAMS, columns).about("本期各部门扣分与图");
        self.of.heading(&mut sheet, &format!("{} · {TEAMS}", self.of.rule.head.title));
        let first = header(&mut sheet);
        let last = first + teams.len() - 1;
        let mut so_far = Decimal::ZERO;
        for (unit, points) in &teams {
            let row = sheet.next_row() + 1;
            so_far += points;
            let (units, months, all) = (range.of("A"), range.of("C"), range.of("G"));
            let text = match is_plain(unit) {
                true => format!("SUMIFS({all},{units},$A{row},{months},\">={from}\",{months},\"<={to}\")"),
                false => format!("SUMPRODUCT(EXACT({units},$A{row})*({months}>={from})*({months}<={to}),{all})"),
            };
            let sum = format!("SUM($B${first}:$B${last})");
            let share = |part: Decimal| part.checked_div(whole).map_or(Cached::Text(""), Cached::Number);
            let values = [
                Value::text(*unit),
                figured(text, Some(*points), Some(*points)),
                Value::formula(format!("IF({sum}=0,\"\",B{row}/{sum})"), share(*points)),
                Value::formula(format!("IF({sum}=0,\"\",SUM(B${first}:B{row})/{sum})"), share(so_far)),
            ];
            line(&mut sheet, values);
        }
        sheet.fit();
        let area = |column| Area { sheet: TEAMS.to_owned(), first: (first - 1, column), last: (last - 1, column) };
        let longest = longest(&sheet, &area(0));
        chart(&mut sheet, TEAMS, area(0), ("本期扣分", area(1)), Some(Line::joined("累计占比", area(3))), longest);
        Some(sheet)
    }

    fn detail(&self, records: &[&'m PointRecord]) -> (Sheet<'m>, Option<Range>) {
        let columns = vec![
            Column::new("部门", Style::Text),
            Column::new("员工", Style::Text),
            Column::new("月份", Style::Month),
            Column::new("日期", Style::Date),
            Column::new("条款", Style::Wrapped).at_least(20).at_most(34),
            Column::new("记录扣分", Style::Quantity),
            Column::new("计入扣分", Style::Quantity),
            Column::new("备注", Style::Wrapped).at_most(30),
            Column::new("出处", Style::Wrapped).at_most(30),
            Column::new("行", Style::Int),
        ];
        let mut sheet = Sheet::new(DETAIL, columns).landscape().about("每一条扣分与出处");
        self.of.heading(&mut sheet, &format!("{} · {DETAIL}", self.of.rule.head.title));
        let first = header(&mut sheet);
        sheet.filter = !records.is_empty();
        for record in records {
            let mut values = vec![
                Value::text(record.person.unit.as_str()),
                Value::text(record.person.name.as_str()),
                record.day.map_or(Value::Blank, |day| Value::Int(i64::from(number(day)))),
                record.day.map_or(Value::Blank, Value::Date),
                Value::text(record.item.as_str()),
                Value::number(record.given),
                Value::number(record.points),
                Value::text(record.remark.as_str()),
            ];
            values.extend(wording::origin(self.of.month, &record.place));
            line(&mut sheet, values);
        }
        if records.is_empty() {
            sheet.wide("没有扣分记录。", Style::Paragraph);
        }
        sheet.fit();
        let range = Range { first, last: first + records.len().saturating_sub(1) };
        let live = !records.is_empty() && records.len() <= self.of.month.formula_rows;
        (sheet, live.then_some(range))
    }
}

/// A person's line.
struct Row<'m> {
    person: &'m Person,
    months: Vec<Decimal>,
    unknown: usize,
    /// And whether the detail's rows under this very name make the sum.
    standing: Option<(Standing, bool)>,
}

impl<'m> Row<'m> {
    fn of(sum: &&'m PointSum) -> Self {
        Self { person: &sum.person, months: sum.months.clone(), unknown: sum.unknown, standing: Some((sum.standing, !sum.adopted)) }
    }

    fn total(&self) -> Decimal {
        self.months.iter().sum()
    }
}

fn said(standing: Standing) -> String {
    match standing {
        Standing::Below => String::new(),
        Standing::Warned(level) => format!("{LATE} 预警（{} 分）", level.normalize()),
        Standing::Reached(day) => format!("{ALERT} {day} 到线"),
        Standing::Open => "有记录的分不能定".to_owned(),
    }
}
