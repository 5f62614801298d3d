//! Sample workbooks with known violations: untidy as real offices keep them, and the same for the same seed.
//!
//! [`office`] invents three months of complaints, [`plants`] bends some of them, [`folder`] writes them as workbooks, and
//! [`expected`] says by its own simple reckoning what a run must find. [`bulk`] writes one large month set for timing. The other
//! packs describe their samples in a file, and [`plan`] writes those.

mod answers;
mod appeals;
mod book;
mod bulk;
mod case;
mod expected;
mod folder;
mod gbk;
mod improvements;
mod monthly;
mod names;
mod office;
mod papers;
pub mod plan;
mod plants;
mod receipts;
mod receivables;
mod record;
mod register;
mod returns;
mod sanctions;
mod slips;
mod table;
mod timeline;
mod trail;
mod untidy;

use std::path::{Path, PathBuf};

use crate::diag::{Code, Diag};
use folder::Trouble;

/// What to write.
#[derive(Debug, Clone, Copy, Default)]
pub struct Options {
    /// So many complaints in one large register, instead of three months of some eighty each.
    pub rows: Option<u64>,
    pub seed: u64,
    /// Adds two rows that cannot be read.
    pub flaws: bool,
}

/// What was written.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Below the folder, in order of writing; the answer sheet is the last.
    pub files: Vec<PathBuf>,
    /// Rows of all tables together.
    pub rows: u64,
    /// Findings that runs over the three months must report.
    pub planted: u64,
}

/// Writes sample workbooks and their answer sheet into `dir`, which is made if need be; files of the same names are
/// replaced. The same options give the same bytes.
pub fn write(dir: &Path, options: &Options) -> Result<Report, Diag> {
    let mut files = Vec::new();
    let written = match options.rows {
        None => three_months(dir, options, &mut files),
        Some(rows) if rows > bulk::MOST => {
            return Err(
                Diag::error(Code::OutputTooLarge, format!("一张工作表放不下 {rows} 行，最多 {} 行", bulk::MOST)).help("请用较小的 --rows")
            );
        }
        Some(rows) => bulk::write(dir, rows, options.seed, &mut files),
    };
    let (rows, planted) = written.map_err(|trouble| unwritable(dir, files.last().map_or("", String::as_str), &trouble))?;
    Ok(Report { files: files.into_iter().map(PathBuf::from).collect(), rows, planted })
}

fn three_months(dir: &Path, options: &Options, files: &mut Vec<String>) -> Result<(u64, u64), Trouble> {
    let office = office::build(options.seed);
    let places = folder::write(dir, &office, options.seed, options.flaws, files)?;
    let expected = expected::all(&office);
    files.push(answers::FILE.to_owned());
    let lines = expected.iter().map(|finding| answers::Line {
        rule: finding.rule,
        period: format!("{}-{:02}", office::YEAR, finding.month),
        subject: Some(&finding.subject),
        outcome: finding.outcome,
        spot: &finding.spot,
        note: &finding.note,
    });
    answers::write(&dir.join(answers::FILE), lines, &places)?;
    Ok((places.len() as u64, expected.len() as u64))
}

fn unwritable(dir: &Path, file: &str, trouble: &Trouble) -> Diag {
    Diag::error(Code::OutputUnwritable, format!("写不进去：{trouble}"))
        .in_file(dir.join(file))
        .help("请确认文件夹可写、磁盘有空间，且文件没有在 Excel 或 WPS 中打开")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::expected::rule;
    use super::plants::Plant;
    use super::*;

    /// The rules that a plant must trip, and no others.
    fn rules_of(plant: Plant) -> &'static [&'static str] {
        match plant {
            Plant::ClosedLate | Plant::ClosedNextMonth | Plant::NeverClosed => &[rule::CLOSING],
            Plant::FirstSlow => &[rule::FIRST],
            Plant::SalesSlow => &[rule::SALES],
            Plant::OpinionHalfDay => &[rule::OPINION],
            Plant::OpinionTwoDays => &[rule::OPINION, rule::OPINION_DAY],
            Plant::AnswerSlow => &[rule::ANSWER],
            Plant::ReportLate => &[rule::REPORT],
            Plant::PostTooLow | Plant::PromiseEarly | Plant::SplitFirst | Plant::SplitSecond => &[rule::AUTHORITY],
            Plant::OrderMissing => &[rule::PRODUCT, rule::FORM],
            Plant::QuantityMissing | Plant::MoreBadThanShipped => &[rule::FORM],
            Plant::DemandMissing => &[rule::FORM, "liyou-queren"],
            Plant::NoSample | Plant::OpinionMissing => &[rule::SAMPLE],
            Plant::ReturnUndecided => &[rule::UNDECIDED],
            Plant::ProductionMissing => &[rule::PRODUCTION],
            Plant::LossMissing => &[rule::LOSS, rule::SHARES],
            Plant::SharesShort => &[rule::SHARES, rule::WHOLE],
        }
    }

    #[test]
    fn for_any_seed_what_is_wrong_is_what_was_planted_and_nothing_else() {
        for seed in 0..40 {
            let office = office::build(seed);
            let planted = office.planted.iter().flat_map(|(number, plant)| rules_of(*plant).iter().map(|rule| (number.clone(), *rule)));
            let planted: BTreeSet<(String, &str)> = planted.chain(office.slips.iter().cloned()).collect();
            let found: BTreeSet<(String, &str)> =
                expected::all(&office).into_iter().filter(|f| f.rule != rule::NUMBERING).map(|f| (f.subject, f.rule)).collect();
            assert_eq!(found, planted, "seed {seed}");
        }
    }

    #[test]
    fn numbering_goes_wrong_three_times_a_month_but_twice_in_the_first() {
        for seed in 0..40 {
            let found = expected::all(&office::build(seed));
            let count = |month| found.iter().filter(|f| f.rule == rule::NUMBERING && f.month == month).count();
            assert_eq!([8, 9, 10].map(count), [2, 3, 3], "seed {seed}");
        }
    }
}
