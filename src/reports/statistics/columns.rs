//! Columns of the summary: those that its rule has something for.

use rust_decimal::Decimal;

use super::Plan;
use super::figures::ratio;
use crate::diag::column_letters;
use crate::ledger::Tally;
use crate::reports::sheet::{Cached, Column, Style};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    Count,
    Share,
    Cumulative,
    Loss,
    /// Cases whose loss is not in the sum.
    LossUndecided,
    OnTime,
    Late,
    Undecided,
    Rate,
    MeanDays,
    LongestDays,
}

const COUNTS: [Figure; 3] = [Figure::Count, Figure::Share, Figure::Cumulative];
const TIMES: [Figure; 6] = [Figure::OnTime, Figure::Late, Figure::Undecided, Figure::Rate, Figure::MeanDays, Figure::LongestDays];

/// Figures in their order, behind the label.
pub struct Columns(Vec<Figure>);

impl Columns {
    /// Losses where they are known, times where a deadline is named. `open`: some losses are not decided.
    pub fn of(plan: &Plan<'_>, open: bool) -> Self {
        let mut figures = COUNTS.to_vec();
        figures.extend(plan.loss.map(|_| Figure::Loss));
        figures.extend(open.then_some(Figure::LossUndecided));
        if plan.statistic.on_time.is_some() {
            figures.extend(TIMES);
        }
        Self(figures)
    }

    pub fn figures(&self) -> &[Figure] {
        &self.0
    }

    pub fn titled(&self) -> Vec<Column> {
        let label = Column::new("", Style::Label).at_least(18);
        std::iter::once(label)
            .chain(self.0.iter().map(|figure| Column::new(figure.title(), figure.style()).at_least(figure.width())))
            .collect()
    }

    /// Letter of a figure's column, which the sheet has.
    pub fn letter(&self, figure: Figure) -> String {
        let at = self.0.iter().position(|own| *own == figure).map_or(0, |at| at + 1);
        column_letters(at as u32)
    }
}

impl Figure {
    fn title(self) -> &'static str {
        match self {
            Figure::Count => "件数",
            Figure::Share => "占比",
            Figure::Cumulative => "累计占比",
            Figure::Loss => "损失金额（元）",
            Figure::LossUndecided => "损失未定",
            Figure::OnTime => "按期",
            Figure::Late => "逾期",
            Figure::Undecided => "未判定",
            Figure::Rate => "及时率",
            Figure::MeanDays => "平均天数",
            Figure::LongestDays => "最长天数",
        }
    }

    /// A heading with its unit is not broken before the unit's end.
    fn width(self) -> usize {
        if self == Figure::Loss { 16 } else { 0 }
    }

    pub fn style(self) -> Style {
        match self {
            Figure::Count | Figure::LossUndecided | Figure::OnTime | Figure::Late | Figure::Undecided => Style::Int,
            Figure::Share | Figure::Cumulative | Figure::Rate => Style::Percent,
            Figure::Loss => Style::Money,
            Figure::MeanDays | Figure::LongestDays => Style::Days,
        }
    }

    /// Of some subjects alone; a share is one of others as well.
    pub fn value(self, tally: &Tally) -> Option<Decimal> {
        let judged = tally.on_time + tally.late;
        match self {
            Figure::Count => Some(tally.count.into()),
            Figure::Share | Figure::Cumulative | Figure::LossUndecided => None,
            Figure::Loss => Some(tally.loss),
            Figure::OnTime => Some(tally.on_time.into()),
            Figure::Late => Some(tally.late.into()),
            Figure::Undecided => Some((tally.count - judged).into()),
            Figure::Rate => match ratio(tally.on_time, judged) {
                Cached::Number(rate) => Some(rate),
                Cached::Text(_) => None,
            },
            Figure::MeanDays => tally.mean_days(),
            Figure::LongestDays => (tally.timed > 0).then_some(tally.longest),
        }
    }
}
