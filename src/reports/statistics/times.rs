//! 各站时效统计: how long each desk took, a line a station, unit and limit, over the visits.

use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::Plan;
use super::charts::{chart, longest};
use super::detail::{self, Detail, Numbers, texts};
use super::figures::{plain, ratio};
use crate::diag::Diag;
use crate::evaluate::Parts;
use crate::reports::frame::FrameColumn;
use crate::reports::sheet::{Area, Cached, Cell, Column, Line, Sheet, Style, Value};
use crate::reports::{text, wording};
use crate::rules::kinds::{DAYS, ON_TIME, StationTimes};

const NAME: &str = "各站时效";
/// Column of the detail that says in which line a visit counts.
const NUMBER: &str = "站号";
/// Columns of the sheet, as the chart needs them.
const LABEL: usize = 1;
const NINETIETH: usize = 7;
const LATE_SHARE: usize = 12;
/// More columns than this cannot be told apart on a page.
const BARS: usize = 15;
const UNSAID: &str = "未定";
/// Columns of the detail that tell a line from another: rule, unit, limit.
const KEY: [&str; 3] = ["时限规则", "承办部门", "时限"];

type Key = [Option<String>; 3];

/// The visits of one line.
#[derive(Default)]
struct Station {
    key: Key,
    /// How many others the detail named before.
    seen: usize,
    count: u64,
    on_time: u64,
    late: u64,
    /// Known days, rising.
    days: Vec<Decimal>,
}

impl Station {
    /// `业务部门拟意见 3天`: short enough to stand below a column of the chart.
    fn label(&self) -> String {
        let [rule, _, limit] = &self.key;
        let Some(rule) = rule else { return "（没有时限规则）".to_owned() };
        let name = rule.split(['(', '（']).next().unwrap_or_default();
        let name = name.trim_end_matches("时限").trim_end_matches("期限");
        limit.as_ref().map_or_else(|| name.to_owned(), |limit| format!("{name} {limit}"))
    }

    fn mean(&self) -> Cached {
        ratio(self.days.iter().sum::<Decimal>(), Decimal::from(self.days.len()))
    }

    /// The smallest number of days that nine visits out of ten did not exceed.
    fn ninetieth(&self) -> Cached {
        let rank = (self.days.len() * 9).div_ceil(10);
        rank.checked_sub(1).and_then(|at| self.days.get(at)).map_or(Cached::Text(""), |days| Cached::Number(*days))
    }

    fn late_share(&self) -> Decimal {
        Decimal::from(self.late).checked_div(Decimal::from(self.on_time + self.late)).unwrap_or_default()
    }

    fn longest(&self) -> Cached {
        self.days.last().map_or(Cached::Text(""), |days| Cached::Number(*days))
    }
}

pub fn sheets<'m>(plan: &Plan<'m>, spec: &StationTimes, parts: &'m Parts<'m>) -> Result<Vec<Sheet<'m>>, Diag> {
    let stations = stations(plan, spec, parts)?;
    let rows = stations.iter().map(|station| station.count as usize).sum();
    let known = stations.iter().zip(1..).map(|(station, number)| (station.key.clone(), number)).collect();
    let detail = detail::numbered(plan, parts, rows, Numbers { title: NUMBER, by: KEY, known })?;
    Ok(vec![table(plan, spec, &stations, &detail), detail.sheet])
}

/// Every station: those with a limit first, then in order of the rules, by unit, and by limit as the rule has them.
fn stations(plan: &Plan<'_>, spec: &StationTimes, parts: &Parts<'_>) -> Result<Vec<Station>, Diag> {
    let mut stations: BTreeMap<Key, Station> = BTreeMap::new();
    parts.each(|part| {
        let (keys, days, on_time) = (texts(part, KEY)?, FrameColumn::new(part, DAYS)?, FrameColumn::new(part, ON_TIME)?);
        for row in 0..part.height() {
            let key = keys(row);
            let next = stations.len();
            let station = stations.entry(key).or_insert_with_key(|key| Station { key: key.clone(), seen: next, ..Station::default() });
            station.count += 1;
            match text::shown(&on_time.get(row), Style::Text).as_str() {
                "是" => station.on_time += 1,
                "否" => station.late += 1,
                _ => {}
            }
            if let Value::Number(days) = days.get(row) {
                station.days.push(days);
            }
        }
        Ok(())
    })?;
    let title = |id: &String| plan.pack.rules.iter().find(|rule| rule.head.id == *id).map(|rule| rule.head.title.as_str());
    let titles: Vec<Option<&str>> = spec.rules.iter().map(title).collect();
    let mut stations: Vec<Station> = stations.into_values().collect();
    stations.iter_mut().for_each(|station| station.days.sort_unstable());
    stations.sort_by_cached_key(|station| {
        let [rule, unit, limit] = &station.key;
        let place = titles.iter().position(|title| rule.is_some() && *title == rule.as_deref());
        (limit.is_none(), place.unwrap_or(titles.len()), unit.clone(), station.seen)
    });
    Ok(stations)
}

fn table<'m>(plan: &Plan<'m>, spec: &StationTimes, stations: &[Station], detail: &Detail<'m>) -> Sheet<'m> {
    let columns = vec![
        Column::new(NUMBER, Style::Centre),
        Column::new("站（时限规则）", Style::Label).at_least(24),
        Column::new("承办部门", Style::Text).at_least(12),
        Column::new("时限", Style::Centre).at_least(10),
        Column::new("件次", Style::Int),
        Column::new("已办完", Style::Int),
        Column::new("平均天数", Style::Days),
        Column::new("P90 天数", Style::Days).at_least(10),
        Column::new("最长天数", Style::Days).at_least(10),
        Column::new("按期", Style::Int),
        Column::new("逾期", Style::Int),
        Column::new("未判定或无时限", Style::Int),
        Column::new("逾期率", Style::Percent).at_least(10),
    ];
    let mut sheet = Sheet::new(NAME, columns).landscape().about("各站各部门的件次、平均、P90、最长天数与逾期率");
    wording::heading(&mut sheet, plan.month, &plan.rule.head.title);
    let rules = plan.pack.rules.iter().filter(|rule| spec.rules.contains(&rule.head.id));
    let limits = rules.flat_map(|rule| wording::limits(&rule.kind));
    let counted = wording::conventions_of(plan.month, &plan.pack.id, limits).join("；");
    sheet.wide(format!("依据：{}    {counted}", plan.statistic.clause), Style::Subtitle);
    sheet.wide(
        format!(
            "口径：「{}」在本期的案件的各站；天数按各站的时限规则计，没有时限的站按日期差；没有办完的站不计天数。\
             P90：天数由短到长排，排在第「件数 × 0.9」位（有小数进一位）的天数，即至少九成的件次没有超过它。逾期率 = 逾期 ÷（按期 + 逾期）。",
            plan.statistic.at.as_deref().unwrap_or_default()
        ),
        Style::Note,
    );
    if let Some(note) = &plan.rule.head.note {
        sheet.wide(note.as_str(), Style::Note);
    }
    if !detail.live && !stations.is_empty() {
        sheet.wide("明细超过公式行数上限，本表各数字为数值，不是公式。", Style::Note);
    }
    sheet.header = Some(sheet.next_row());
    sheet.headings();
    sheet.freeze = Some(sheet.next_row());
    if stations.is_empty() {
        sheet.wide("本期没有结案的案件，没有可统计的站。", Style::Paragraph);
        return sheet;
    }
    let first = sheet.next_row();
    let limited = stations.partition_point(|station| station.key[2].is_some());
    for (at, station) in stations.iter().enumerate() {
        if at == limited {
            sheet.wide("没有时限的站（只计天数，不判逾期）", Style::Section);
        }
        line(&mut sheet, at, station, detail);
    }
    sheet.fit();
    if stations[..limited].iter().any(|station| !station.days.is_empty()) {
        let last = first + limited.min(BARS) - 1;
        let range = |column| Area { sheet: NAME.to_owned(), first: (first, column), last: (last, column) };
        let title = format!("各站 P90 天数与逾期率（{}）", plan.month.period.chinese());
        let longest = longest(&sheet, &range(LABEL));
        let most = stations[..limited].iter().map(Station::late_share).max().unwrap_or_default();
        let late = Line::marks("逾期率", range(LATE_SHARE), most);
        chart(&mut sheet, &title, range(LABEL), ("P90 天数", range(NINETIETH)), Some(late), longest);
    }
    sheet.signatures("", &plan.statistic.signatures);
    sheet
}

fn line(sheet: &mut Sheet<'_>, at: usize, station: &Station, detail: &Detail<'_>) {
    let row = sheet.next_row() + 1;
    let [number, days, on_time] = [NUMBER, DAYS, ON_TIME].map(|name| detail.ranges.of(name));
    let here = format!("{number},$A{row}");
    let own = format!("({number}=$A{row})*{days}");
    let figure = |text: String, value: Cached| if detail.live { Value::formula(text, value) } else { plain(value) };
    let count = |number: u64| Cached::Number(number.into());
    let known = |formula: String| format!("IF(F{row}=0,\"\",{formula})");
    let judged = station.on_time + station.late;
    let values = [
        Value::Int(at as i64 + 1),
        Value::text(station.label()),
        Value::text(station.key[1].clone().unwrap_or_default()),
        Value::text(station.key[2].clone().unwrap_or_else(|| UNSAID.to_owned())),
        figure(format!("COUNTIFS({here})"), count(station.count)),
        figure(format!("COUNTIFS({here},{days},\"<>\")"), count(station.days.len() as u64)),
        figure(known(format!("AVERAGEIFS({days},{here})")), station.mean()),
        // the other stations' days become zeros, which are no larger than the station's own
        figure(known(format!("SUMPRODUCT(LARGE({own},F{row}-ROUNDUP(F{row}*9/10,0)+1))")), station.ninetieth()),
        figure(known(format!("SUMPRODUCT(MAX({own}))")), station.longest()),
        figure(format!("COUNTIFS({here},{on_time},\"是\")"), count(station.on_time)),
        figure(format!("COUNTIFS({here},{on_time},\"否\")"), count(station.late)),
        figure(format!("E{row}-J{row}-K{row}"), count(station.count - judged)),
        figure(format!("IF(J{row}+K{row}=0,\"\",K{row}/(J{row}+K{row}))"), ratio(station.late, judged)),
    ];
    let cells = values.into_iter().zip(&sheet.columns).map(|(value, column)| Cell::new(value, column.style)).collect();
    sheet.push(cells);
}
