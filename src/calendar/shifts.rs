//! The working hours of a day: several stretches, the same every working day.

/// Seconds since midnight, start inside and end outside, in rising order without overlap; the last may end at 86400.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shifts(Vec<(u32, u32)>);

/// What is wrong with a list of shifts, and with which of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ShiftFault {
    pub index: usize,
    pub words: String,
}

impl Shifts {
    /// From texts as `08:30-12:00`. Every fault of the list is given.
    pub(super) fn parse<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, Vec<ShiftFault>> {
        let mut shifts: Vec<(u32, u32)> = Vec::new();
        let mut faults = Vec::new();
        for (index, text) in texts.into_iter().enumerate() {
            let mut fault = |words: String| faults.push(ShiftFault { index, words });
            match shift(text) {
                None => fault(format!("读不懂班次「{text}」")),
                Some((start, end)) if start >= end => {
                    fault(format!("班次「{text}」的下班不晚于上班；过夜的班次要在 24:00 处拆成两段"));
                }
                Some((start, _)) if shifts.last().is_some_and(|last| start < last.1) => {
                    fault(format!("班次「{text}」与前一段重叠，或先后颠倒"));
                }
                Some(shift) => shifts.push(shift),
            }
        }
        if faults.is_empty() { Ok(Self(shifts)) } else { Err(faults) }
    }

    pub fn as_slice(&self) -> &[(u32, u32)] {
        &self.0
    }

    /// Working seconds of a whole day.
    pub fn total(&self) -> u32 {
        self.0.iter().map(|(start, end)| end - start).sum()
    }

    /// Working seconds of a day that have passed at `second` of it.
    pub fn worked_by(&self, second: u32) -> u32 {
        self.0.iter().map(|&(start, end)| second.clamp(start, end) - start).sum()
    }

    /// The earliest second of a day by which `worked` working seconds have passed; `worked` from 1 to [`Self::total`].
    pub(super) fn earliest(&self, worked: u32) -> Option<u32> {
        self.find(worked, |worked, length| worked <= length)
    }

    /// The latest second of a day by which no more than `worked` working seconds have passed; `worked` below [`Self::total`].
    pub(super) fn latest(&self, worked: u32) -> Option<u32> {
        self.find(worked, |worked, length| worked < length)
    }

    fn find(&self, worked: u32, fits: impl Fn(u32, u32) -> bool) -> Option<u32> {
        let mut rest = worked;
        for &(start, end) in &self.0 {
            if fits(rest, end - start) {
                return Some(start + rest);
            }
            rest -= end - start;
        }
        None
    }
}

fn shift(text: &str) -> Option<(u32, u32)> {
    let (start, end) = text.split_once('-')?;
    Some((second_of_day(start.trim())?, second_of_day(end.trim())?))
}

/// `08:30`, `8:30`; `24:00` is the end of the day.
fn second_of_day(text: &str) -> Option<u32> {
    let (hour, minute) = text.split_once(':')?;
    let digits = |part: &str, least: usize| (least..=2).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    if !digits(hour, 1) || !digits(minute, 2) {
        return None;
    }
    let (hour, minute): (u32, u32) = (hour.parse().ok()?, minute.parse().ok()?);
    let second = hour * 3600 + minute * 60;
    (minute < 60 && second <= 86_400).then_some(second)
}
