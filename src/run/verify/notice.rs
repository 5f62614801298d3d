//! One person's notice, proved from what is printed on it: its code, the ledger's leaf, and the root of the month.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::path::Path;

use rust_decimal::Decimal;

use crate::diag::{Code, Diag, Diags};
use crate::ingest::{self, FileSink, Limits, RawValue, RowBatch, SheetSink};
use crate::ledger::digest::{climb, path, short};
use crate::ledger::store::{Known, Turn};

/// A notice that was found in a file.
#[derive(Debug)]
pub struct Proved {
    pub number: String,
    pub code: String,
    /// What does not agree, one sentence each.
    pub problems: Vec<String>,
    /// Fingerprints beside it on the way to the root, and the root.
    pub steps: usize,
    pub root: String,
}

/// Proves every notice of this ledger that the file bears.
///
/// # Errors
/// The file or the ledger cannot be read, or no notice is in the file.
pub fn prove(file: &Path, ledger: &Path) -> Result<Vec<Proved>, Diags> {
    let mut sink = Texts::default();
    ingest::read(file, &Limits::default(), &mut sink)?;
    let problems = crate::ledger::store::problems(ledger)?;
    if !problems.is_empty() {
        return Err(problems.into_iter().map(|words| Diag::error(Code::ProofFailed, words).in_file(ledger)).collect());
    }
    let folder = tempfile::tempdir().map_err(|e| crate::diag::unwritable(ledger, &e))?;
    let turn = Turn::on_copy(ledger, folder.path())?;
    let mut proved = Vec::new();
    for number in sink.numbers() {
        if let Some(known) = turn.notice(&number)? {
            proved.push(one(&turn, &known, &sink)?);
        }
    }
    if proved.is_empty() {
        let diag = Diag::error(Code::ProofFailed, "文件里没有这本账的单据").in_file(file);
        return Err(diag.help("给出一张单据的文件，如 分送 里的 奖罚通知单.xlsx；账本不在输出文件夹里的用 --ledger 指明").into());
    }
    Ok(proved)
}

fn one(turn: &Turn, known: &Known, sink: &Texts) -> Result<Proved, Diag> {
    let code = short(&known.sha256);
    let mut problems = Vec::new();
    if !sink.has(&code) {
        problems.push(format!("单上没有校验码 {code}（校验码被改过，或这是后来改过的单据的旧稿）"));
    }
    if known.is_void {
        problems.push("单据已作废".to_owned());
    }
    let names = [("受文", known.recipient.as_str()), ("部门", known.unit.as_str())];
    problems.extend(names.iter().filter(|(_, name)| !sink.has(name)).map(|(what, name)| format!("单上没有{what}「{name}」")));
    problems.extend(known.amount.filter(|amount| !sink.has_amount(*amount)).map(|amount| format!("单上没有合计 {amount:.2} 元")));
    for line in known.text.lines() {
        let parts: Vec<&str> = line.split(" | ").collect();
        for part in parts.iter().skip(1).take(2) {
            match part.strip_suffix(" 元").and_then(|amount| amount.parse::<Decimal>().ok()) {
                Some(amount) if !sink.has_amount(amount) => problems.push(format!("单上没有账本所记的金额 {part}（{}）", parts[0])),
                None if !part.ends_with('分') && !part.contains('–') && !sink.has(part) => {
                    problems.push(format!("单上没有账本所记的「{part}」（{}）", parts[0]));
                }
                _ => {}
            }
        }
    }
    problems.dedup();
    let all = turn.notices_of(&known.period)?;
    let leaves: Vec<String> = all.iter().map(|known| known.sha256.clone()).collect();
    let at = all.iter().position(|other| other.number == known.number).unwrap_or_default();
    let steps = path(&leaves, at);
    let root = turn.last_run(&known.period)?.map(|run| run.root).unwrap_or_default();
    if climb(&known.sha256, &steps) != root {
        problems.push(format!("{} 的默克尔根与账本最后一次运行记的不同", known.period));
    }
    Ok(Proved { number: known.number.clone(), code, problems, steps: steps.len(), root })
}

/// Everything that stands in a file.
#[derive(Debug, Default)]
struct Texts {
    texts: Vec<String>,
    amounts: BTreeSet<Decimal>,
}

impl Texts {
    fn has(&self, words: &str) -> bool {
        words.is_empty() || self.texts.iter().any(|text| text.contains(words))
    }

    fn has_amount(&self, amount: Decimal) -> bool {
        self.amounts.contains(&amount.normalize())
    }

    /// Everything that looks like `JF-202610-001`.
    fn numbers(&self) -> BTreeSet<String> {
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-';
        let words = self.texts.iter().flat_map(|text| text.split(move |c: char| !is_part(c)));
        let numbered = |word: &&str| {
            let parts: Vec<&str> = word.split('-').collect();
            matches!(parts.as_slice(), [_, month, running] if month.len() == 6 && running.len() >= 3 && word.chars().any(|c| c.is_ascii_digit()))
        };
        words.filter(numbered).map(str::to_owned).collect()
    }
}

impl FileSink for Texts {
    fn sheet(&mut self, _: &str) -> Option<Box<dyn SheetSink + '_>> {
        Some(Box::new(Cells(self)))
    }
}

struct Cells<'t>(&'t mut Texts);

impl SheetSink for Cells<'_> {
    fn rows(&mut self, batch: &RowBatch<'_>) -> ControlFlow<()> {
        for cell in batch.iter().flat_map(|(_, cells)| cells) {
            match &cell.value {
                RawValue::Text(text) => self.0.texts.push(text.clone().into_owned()),
                RawValue::Number(number) => {
                    self.0.amounts.extend(number.to_string().parse::<Decimal>().map(|amount| amount.round_dp(2).normalize()));
                }
                _ => {}
            }
        }
        ControlFlow::Continue(())
    }
}
