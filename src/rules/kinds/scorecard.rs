//! Marks by dimension and item, how they make a score, how the scores of a year make another, and what a score is called.

mod written;

use std::ops::Range;

use rust_decimal::Decimal;

pub use written::WrittenScorecard;

use crate::rules::{Band, Condition, Dated, Every};

#[derive(Debug, Clone)]
pub struct Scorecard {
    pub dataset: String,
    pub scope: Condition,
    /// Says which period a row is about; goes before `at`.
    pub period: Option<String>,
    /// The day of a row that has no period; one of both is there.
    pub at: Option<String>,
    /// Which of several checks a row is: 周检, 月考核, 年终.
    pub class: Option<String>,
    pub person: String,
    pub unit: Option<String>,
    pub rater: Option<String>,
    /// Cells hold what is taken off.
    pub deductions: bool,
    /// A deduction that is left blank is none; else it is missing.
    pub blank_is_none: bool,
    pub bonus: Option<String>,
    pub other: Option<String>,
    /// Names the parts and items whose marks are all lost.
    pub void: Option<String>,
    /// A total that somebody wrote down and that must agree.
    pub total: Option<String>,
    /// Where no part is filled in at all, the total written down is the score.
    pub total_alone: bool,
    pub cards: Dated<Card>,
}

/// What one version says.
#[derive(Debug, Clone)]
pub struct Card {
    pub full: Decimal,
    /// Scores are rounded half up to so many digits.
    pub digits: u32,
    pub bonus: Option<Band>,
    pub parts: Vec<CardPart>,
    pub grades: Vec<Grade>,
    pub awards: Vec<Award>,
    /// How the scores of a year combine; empty: they do not.
    pub blocks: Vec<Block>,
}

#[derive(Debug, Clone)]
pub struct CardPart {
    pub name: String,
    /// Of its marks.
    pub most: Decimal,
    /// What a mark of it counts in the score: 1, or its weight.
    pub factor: Decimal,
    pub source: MarkSource,
}

impl CardPart {
    /// What all of its marks count in the score.
    pub fn share(&self) -> Decimal {
        self.most * self.factor
    }
}

/// Where a part's mark comes from.
#[derive(Debug, Clone, PartialEq)]
pub enum MarkSource {
    /// A cell with the mark, cells with its items, or both.
    Cells { field: Option<String>, items: Vec<CardItem> },
    /// One figure by another, times a hundred.
    Share { of: String, by: String },
    /// The same person's score of the same month under another rule.
    Score { rule: String, class: Option<String> },
}

#[derive(Debug, Clone, PartialEq)]
pub struct CardItem {
    pub field: String,
    pub least: Decimal,
    /// `None`: the policy does not say; not more than the part.
    pub most: Option<Decimal>,
    /// Marks come in steps of this.
    pub step: Option<Decimal>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Grade {
    pub band: Band,
    pub name: String,
    /// Where the row stands in the rule's file, in bytes.
    pub span: Range<usize>,
}

/// What a score earns.
#[derive(Debug, Clone, PartialEq)]
pub struct Award {
    pub of: AwardOf,
    pub band: Band,
    pub title: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AwardOf {
    Score,
    Year,
    /// Index of a part.
    Part(usize),
}

/// One weight of the year's total.
#[derive(Debug, Clone, PartialEq)]
pub struct Block {
    pub name: String,
    /// A fraction.
    pub weight: Decimal,
    pub pieces: Vec<Piece>,
}

/// Scores of one sort within a block.
#[derive(Debug, Clone, PartialEq)]
pub struct Piece {
    /// Empty: every row.
    pub classes: Vec<String>,
    /// One must be there for each of these periods of the year.
    pub each: Option<Every>,
    /// Without `each`: so many must be there.
    pub at_least: u32,
    /// Within the block.
    pub weight: Decimal,
    /// Of the twelve months, where they do not count alike.
    pub by_month: Vec<Decimal>,
}

impl Piece {
    /// `周检`, `月检、抽检`
    pub fn title(&self) -> String {
        if self.classes.is_empty() { "各次评分".to_owned() } else { self.classes.join("、") }
    }
}

impl Card {
    /// The grade of a score.
    pub fn grade(&self, score: Decimal) -> Option<&Grade> {
        self.grades.iter().find(|grade| grade.band.contains(score))
    }

    /// What a score of a sort earns.
    pub fn awarded(&self, of: AwardOf, score: Decimal) -> impl Iterator<Item = &str> {
        self.awards.iter().filter(move |award| award.of == of && award.band.contains(score)).map(|award| award.title.as_str())
    }

    /// Every class that some block takes; empty where rows have none.
    pub fn classes(&self) -> impl Iterator<Item = &str> {
        self.blocks.iter().flat_map(|block| &block.pieces).flat_map(|piece| &piece.classes).map(String::as_str)
    }

    /// Whether a class is given once a year.
    pub fn is_yearly(&self, class: &str) -> bool {
        let mut pieces = self.blocks.iter().flat_map(|block| &block.pieces);
        pieces.any(|piece| piece.each == Some(Every::Year) && piece.classes.iter().any(|known| known == class))
    }

    /// Parts are weighed, each on a full mark of its own.
    pub fn is_weighed(&self) -> bool {
        self.parts.iter().any(|part| part.factor != Decimal::ONE)
    }

    /// `满分 100：德 20、勤 20、能 30、绩 30`
    pub fn chinese(&self) -> String {
        let percent = |share: Decimal| (share * Decimal::ONE_HUNDRED).normalize();
        let parts = self.parts.iter().map(|part| match self.is_weighed() {
            true => format!("{} {}%", part.name, percent(part.factor)),
            false => format!("{} {}", part.name, part.most.normalize()),
        });
        let mut text = format!("满分 {}：{}", self.full.normalize(), parts.collect::<Vec<_>>().join("、"));
        if let Some(bonus) = &self.bonus {
            text += &format!("；嘉奖加分 {bonus}");
        }
        if !self.blocks.is_empty() {
            let blocks = self.blocks.iter().map(|block| {
                let pieces: Vec<String> = block.pieces.iter().map(Piece::chinese).collect();
                format!("{} {}%（{}）", block.name, percent(block.weight), pieces.join("，"))
            });
            text += &format!("；年度 = {}", blocks.collect::<Vec<_>>().join(" + "));
        }
        let named = self.grades.iter().map(|grade| format!("{} {}", grade.band, grade.name));
        let awarded = self.awards.iter().map(|award| {
            let of = match award.of {
                AwardOf::Score => "得分",
                AwardOf::Year => "年度总分",
                AwardOf::Part(at) => self.parts.get(at).map_or("", |part| part.name.as_str()),
            };
            format!("{of} {} {}", award.band, award.title)
        });
        for word in named.chain(awarded) {
            text += &format!("；{word}");
        }
        text + &format!("；四舍五入到小数 {} 位", self.digits)
    }
}

impl Piece {
    fn chinese(&self) -> String {
        let often = match self.each {
            Some(every) => format!("每{}", every.title()),
            None => format!("至少 {} 次", self.at_least),
        };
        let weight = if self.weight == Decimal::ONE { String::new() } else { format!(" 权重 {}", self.weight.normalize()) };
        format!("{}{often}{weight}", self.title())
    }
}
