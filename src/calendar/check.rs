//! From a calendar file as written to a [`Calendar`]; everything wrong in the file is told at once.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use chrono::{Datelike, NaiveDate};
use serde_spanned::Spanned;

use super::file::{self, CalendarFile, Hours, NamedDays, Notice, OwnDays, Year};
use super::shifts::Shifts;
use super::special::Special;
use super::working::{Calendar, YEARS};
use crate::diag::{Code, Diag, Diags, Place};

/// A range of days longer than this is a slip of the pen.
const LONGEST_RANGE: i64 = 366;

/// The file's id, its place, and the calendar; `None` as soon as anything is wrong, with the reasons in `diags`.
pub(super) fn read(text: &str, path: &Path, diags: &mut Diags) -> Option<(Range<usize>, Calendar)> {
    let mut found = Diags::default();
    let file = file::read(text, path, &mut found);
    let mut checker = Checker { path, diags: found, claimed: BTreeMap::new() };
    let calendar = checker.calendar(file);
    let sound = !checker.diags.has_errors();
    diags.extend(checker.diags);
    calendar.filter(|_| sound)
}

struct Checker<'a> {
    path: &'a Path,
    diags: Diags,
    /// Days spoken for, with the place that did, by layer: the notice's and the company's.
    claimed: BTreeMap<(Layer, NaiveDate), Range<usize>>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Layer {
    Notice,
    Company,
}

impl Checker<'_> {
    fn calendar(&mut self, file: CalendarFile) -> Option<(Range<usize>, Calendar)> {
        let whole = !self.diags.has_errors();
        if whole && file.head.is_none() {
            self.fault(0..0, "日历缺少 [calendar] 一节", "写上 [calendar],id = \"…\",title = \"…\"");
        }
        if whole && file.hours.is_none() {
            self.fault(0..0, "日历缺少 [hours] 一节", "例如 [hours],shifts = [\"08:30-12:00\", \"13:30-17:30\"]");
        }
        if whole && file.years.is_empty() {
            self.fault(0..0, "日历里一年也没有", "每一年写一节 [[year]]，附上通知的地址");
        }
        let mut special = BTreeMap::new();
        let notices = self.years(file.years, &mut special);
        self.own(file.closures, &notices, &mut special, Special::Closed);
        self.own(file.openings, &notices, &mut special, Special::Open);
        let shifts = file.hours.and_then(|hours| self.shifts(&hours));
        let head = file.head?;
        let span = head.id.span();
        Calendar::new(head.id.into_inner(), head.title, notices, special, shifts?).map(|calendar| (span, calendar))
    }

    fn shifts(&mut self, hours: &Hours) -> Option<Shifts> {
        let written = hours.shifts.get_ref();
        if written.is_empty() {
            self.fault(hours.shifts.span(), "没有班次", "至少写一段，例如 shifts = [\"08:30-17:30\"]");
            return None;
        }
        match Shifts::parse(written.iter().map(|shift| shift.get_ref().as_str())) {
            Ok(shifts) => Some(shifts),
            Err(faults) => {
                for fault in faults {
                    self.fault(written[fault.index].span(), fault.words, "按先后写作 \"08:30-12:00\"，用半角冒号和减号，同一天之内");
                }
                None
            }
        }
    }

    fn years(&mut self, years: Vec<Year>, special: &mut BTreeMap<NaiveDate, Special>) -> BTreeMap<i32, Vec<Notice>> {
        let mut notices = BTreeMap::new();
        let mut places: BTreeMap<i32, Range<usize>> = BTreeMap::new();
        for section in years {
            let span = section.year.span();
            let Some(year) = i32::try_from(*section.year.get_ref()).ok().filter(|year| YEARS.contains(year)) else {
                self.fault(span, format!("年份「{}」不对", section.year.get_ref()), "写作四位年份，例如 year = 2026");
                continue;
            };
            if let Some(first) = places.get(&year) {
                let diag = self.error(span, format!("{year} 年写了两次")).label(self.place(first), "第一次在这里");
                self.diags.push(diag.help("合并成一节"));
                continue;
            }
            places.insert(year, span);
            let unsourced = |notice: &Notice| notice.title.trim().is_empty() || !notice.url.starts_with("http");
            if section.source.get_ref().is_empty() || section.source.get_ref().iter().any(unsourced) {
                let help = "写作 source = [{ title = \"国务院办公厅关于…的通知\", url = \"https://…\" }]";
                self.fault(section.source.span(), format!("{year} 年的放假安排没有出处"), help);
            }
            notices.insert(year, section.source.into_inner());
            self.named(section.off, year, special, Special::Holiday);
            self.named(section.work, year, special, Special::MakeUp);
        }
        notices
    }

    fn named(&mut self, groups: Vec<NamedDays>, year: i32, special: &mut BTreeMap<NaiveDate, Special>, kind: impl Fn(String) -> Special) {
        for group in groups {
            for written in &group.days {
                for day in self.days(written) {
                    if day.year() != year {
                        self.fault(written.span(), format!("{day} 不在 {year} 年"), "移到那一年的 [[year]] 里");
                        break;
                    }
                    if self.claim(Layer::Notice, day, written.span()) {
                        special.insert(day, kind(group.name.clone()));
                    }
                }
            }
        }
    }

    /// The company's own days outweigh the notice's.
    fn own(
        &mut self,
        groups: Vec<OwnDays>,
        notices: &BTreeMap<i32, Vec<Notice>>,
        special: &mut BTreeMap<NaiveDate, Special>,
        kind: impl Fn(String) -> Special,
    ) {
        for group in groups {
            for written in &group.days {
                let days = self.days(written);
                if let Some(day) = days.iter().find(|day| !notices.contains_key(&day.year())) {
                    let diag = Diag::warning(Code::CalendarUncovered, format!("日历没有 {} 年的数据，{day} 不起作用", day.year()));
                    self.diags.push(diag.in_text(self.path, written.span()).help("国务院通知发布后补上那一年的 [[year]]"));
                }
                for day in days {
                    if self.claim(Layer::Company, day, written.span()) {
                        special.insert(day, kind(group.reason.clone()));
                    }
                }
            }
        }
    }

    /// Whether nobody of the same layer has spoken for the day yet; one Diag a place, not one a day.
    fn claim(&mut self, layer: Layer, day: NaiveDate, span: Range<usize>) -> bool {
        let Some(first) = self.claimed.get(&(layer, day)).cloned() else {
            self.claimed.insert((layer, day), span);
            return true;
        };
        let here = self.place(&span);
        if !self.diags.iter().any(|known| known.place == here) {
            let diag = self.error(span, format!("{day} 写了两次")).label(self.place(&first), "第一次在这里");
            self.diags.push(diag.help("同一天只能放假或上班，留下一处"));
        }
        false
    }

    /// The days of `2026-10-01`, quoted or not, or of `2026-10-01..2026-10-07`; none, with a Diag, for anything else.
    fn days(&mut self, written: &Spanned<toml::Value>) -> Vec<NaiveDate> {
        let help = "写作 2026-10-01，一段日子写作 \"2026-10-01..2026-10-07\"";
        let text = match written.get_ref() {
            toml::Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let (first, last) = text.split_once("..").unwrap_or((&text, &text));
        let parsed = parse_day(first).zip(parse_day(last));
        let words = match parsed {
            None => format!("读不懂日子「{text}」，或没有这一天"),
            Some((first, last)) if last < first => format!("「{text}」先后颠倒"),
            Some((first, last)) if (last - first).num_days() >= LONGEST_RANGE => format!("「{text}」超过一年"),
            Some((first, last)) => return first.iter_days().take_while(|&day| day <= last).collect(),
        };
        self.fault(written.span(), words, help);
        Vec::new()
    }

    fn place(&self, span: &Range<usize>) -> Place {
        Place::Text { file: self.path.to_path_buf(), span: span.clone() }
    }

    fn error(&self, span: Range<usize>, words: impl Into<String>) -> Diag {
        Diag::error(Code::CalendarInvalid, words).in_text(self.path, span)
    }

    fn fault(&mut self, span: Range<usize>, words: impl Into<String>, help: &str) {
        let diag = self.error(span, words).help(help);
        self.diags.push(diag);
    }
}

fn parse_day(text: &str) -> Option<NaiveDate> {
    NaiveDate::parse_from_str(text.trim(), "%Y-%m-%d").ok()
}
