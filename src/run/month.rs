//! The stages of one month in their order: rules, calendars, files, tables, verdicts, notices.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use crate::calendar::Calendars;
use crate::diag::{Code, Diag, Diags};
use crate::dispose::{self, Listed, Matter, NoticeForm, Settled};
use crate::evaluate::{self, Counts, NoticeRows, Prepared, Verdicts};
use crate::ingest;
use crate::ledger::{Account, Finding, Outcome, Tallied};
use crate::normalise::{self, Normalised, Progress, Tables};
use crate::parallel;
use crate::rules::{self, Kind, Pack, Rule, RuleSet, Status};

use super::several;
use super::view::Detail;
use super::{Job, PackSummary, RuleSummary, Settings, Summary, made};

/// Dataset with the company's own working days.
const COMPANY_CALENDAR: &str = "日历";

/// Rules, calendars and tables: everything read, nothing judged.
#[derive(Debug)]
pub struct Loaded {
    pub rules: RuleSet,
    pub calendars: Calendars,
    pub calendar_files: Vec<PathBuf>,
    pub files: Vec<PathBuf>,
    /// Forms of the company's own, by the notice rule `pack/rule`.
    pub templates: BTreeMap<String, PathBuf>,
    pub normalised: Normalised,
    pub prepared: Prepared,
    /// Warnings and notes; errors do not get this far.
    pub diags: Diags,
}

/// Packs and calendars alone, for commands that read no data.
///
/// # Errors
/// Every problem of the rule files and calendars.
pub fn rules_and_calendars(settings: &Settings) -> Result<(RuleSet, Calendars, Vec<PathBuf>, Diags), Diags> {
    let (rules, mut diags) = rules::load_for(&settings.rules, &settings.packs, settings.company_rules());
    let mut calendars = Calendars::default();
    let mut files = Vec::new();
    for folder in calendar_folders(settings) {
        let (found, problems, read) = Calendars::load(&folder);
        calendars = found.iter().chain(calendars.iter()).cloned().collect();
        diags.extend(problems);
        files.extend(read);
    }
    for pack in &rules.packs {
        if calendars.get(&pack.calendar).is_none() {
            diags.push(
                Diag::error(Code::RuleDangling, format!("规则包「{}」要用的日历「{}」不存在", pack.title, pack.calendar))
                    .help(format!("在 calendars 文件夹放一个 id = \"{}\" 的日历，或改 pack.toml 的 calendar", pack.calendar)),
            );
        }
    }
    if diags.has_errors() { Err(diags) } else { Ok((rules, calendars, files, diags)) }
}

/// `calendars` in each rules folder, or beside a single pack; a calendar of the rules in use goes before a shared one.
pub fn calendar_folders(settings: &Settings) -> Vec<PathBuf> {
    let mut folders = Vec::new();
    let candidates = settings
        .rules
        .iter()
        .chain(&settings.shared_rules)
        .flat_map(|root| [Some(root.join("calendars")), root.parent().map(|parent| parent.join("calendars"))])
        .flatten()
        .filter(|folder| folder.is_dir());
    for folder in candidates {
        if !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    folders
}

impl Loaded {
    /// # Errors
    /// Every problem of rules, calendars and files together.
    pub fn read(settings: &Settings, progress: &dyn Progress) -> Result<Self, Diags> {
        Self::read_files(settings, None, progress)
    }

    /// `files`: the tables to read, where they are not all that the data folder holds.
    ///
    /// # Errors
    /// As for [`Loaded::read`].
    pub fn read_files(settings: &Settings, files: Option<Vec<PathBuf>>, progress: &dyn Progress) -> Result<Self, Diags> {
        progress.begin("读规则");
        let ruled = rules_and_calendars(settings);
        let found = files.map_or_else(|| ingest::discover(&settings.data), Ok);
        let (files, (rules, calendars, calendar_files, mut diags)) = match (found, ruled) {
            (Ok(files), Ok(ruled)) => (files, ruled),
            (found, ruled) => {
                let mut diags = ruled.err().unwrap_or_default();
                diags.extend(found.err());
                return Err(diags);
            }
        };
        diags.extend(dispose::check_choices(&rules, &settings.charges));
        let templates = match super::forms::templates(settings, &rules) {
            Ok(templates) => templates,
            Err(problems) => {
                diags.extend(problems);
                return Err(diags);
            }
        };
        progress.begin("读数据");
        let mut normalised = normalise::normalise(&files, &rules.datasets, &settings.limits, progress);
        diags.extend(std::mem::take(&mut normalised.diags));
        if diags.has_errors() {
            return Err(diags);
        }
        progress.begin("整理");
        let calendars = with_company_days(calendars, &normalised.tables);
        match evaluate::prepare(std::mem::take(&mut normalised.tables), &rules) {
            Ok(prepared) => {
                normalised.tables.sources.clone_from(&prepared.tables.sources);
                Ok(Self { rules, calendars, calendar_files, files, templates, normalised, prepared, diags })
            }
            Err(faults) => {
                diags.extend(faults);
                Err(diags)
            }
        }
    }

    /// # Errors
    /// The rules that failed inside; nothing is published then.
    pub fn judge(&self, job: &Job, keep: Keep, progress: &dyn Progress) -> Result<Judged, Diags> {
        progress.begin("判定");
        let horizon = job.horizon();
        let all: Vec<(&Pack, &Rule)> = self.rules.rules().collect();
        let outcomes: Vec<Result<Piece, Diag>> = parallel::each(&all, |&(pack, rule)| {
            let (prepared, calendars, horizon) = (&self.prepared, &self.calendars, &horizon);
            match &rule.kind {
                _ if prepared.is_silent(rule) => Ok(Piece::Nothing),
                Kind::Statistic(_) => Detail::of(pack, rule, self, horizon).map(|_| Piece::Nothing),
                Kind::Notice(_) => {
                    Ok(evaluate::notice_rows(pack, rule, prepared, calendars, horizon)?.map_or(Piece::Nothing, Piece::Listed))
                }
                _ => evaluate::judge(pack, rule, prepared, calendars, horizon).map(|verdicts| Piece::of(rule, verdicts, keep)),
            }
        });
        let mut diags = Diags::default();
        let mut pieces = Vec::new();
        for outcome in outcomes {
            match outcome {
                Ok(piece) => pieces.push(piece),
                Err(fault) => diags.push(fault),
            }
        }
        if diags.has_errors() {
            return Err(diags);
        }
        let mut judged = Judged::gather(&self.rules, pieces, job);
        made::remind(self, job, keep, &mut judged)?;
        Ok(judged)
    }

    /// Whether the company keeps this table at all.
    pub fn has_rows(&self, dataset: &str) -> bool {
        self.prepared.tables.get(dataset).is_some_and(|table| table.frame.height() > 0)
    }

    /// Judges one rule once more, for a book that lists all that it said.
    pub(super) fn every_verdict(&self, pack: &Pack, rule: &Rule, job: &Job) -> Result<Vec<Finding>, Diag> {
        let mut all = Vec::new();
        evaluate::judge(pack, rule, &self.prepared, &self.calendars, &job.horizon())?.for_each(&mut |finding| all.push(finding));
        Ok(all)
    }
}

/// The company's own working days go over every calendar.
fn with_company_days(calendars: Calendars, tables: &Tables) -> Calendars {
    let days = tables.dates_and_flags(COMPANY_CALENDAR, "日期", "是否工作日");
    if days.is_empty() { calendars } else { calendars.iter().map(|calendar| calendar.with_overrides(&days)).collect() }
}

/// Which verdicts outlive the judging: a million subjects times all rules is more than most machines want to hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// Counts, findings, and the verdicts of the approval rules, which have a book of their own.
    Findings,
    Everything,
}

/// What came of one rule.
#[derive(Debug)]
pub(super) enum Piece {
    Judged { counts: Counts, findings: Vec<Arc<Finding>>, verdicts: Option<Verdicts> },
    Listed(NoticeRows),
    Nothing,
}

impl Piece {
    pub(super) fn of(rule: &Rule, verdicts: Verdicts, keep: Keep) -> Self {
        let kept = keep == Keep::Everything || matches!(rule.kind, Kind::Approval(_));
        Piece::Judged {
            counts: verdicts.counts(),
            findings: verdicts.findings().into_iter().map(Arc::new).collect(),
            verdicts: kept.then_some(verdicts),
        }
    }
}

/// Everything that the rules said.
#[derive(Debug)]
pub struct Judged {
    /// One a rule, in pack order.
    pub(super) pieces: Vec<Piece>,
    pub findings: Vec<Arc<Finding>>,
    pub notices: Vec<NoticeForm>,
    pub matters: Vec<Matter>,
    /// Notices that were rejected or revoked: they keep their number and are not printed.
    pub lifted: Vec<NoticeForm>,
    pub account: Option<Account>,
    /// Totals of the statistics, once their books are written.
    pub tallied: Tallied,
}

impl Judged {
    fn gather(rules: &RuleSet, mut pieces: Vec<Piece>, job: &Job) -> Self {
        let findings: Vec<Arc<Finding>> = pieces
            .iter_mut()
            .flat_map(|piece| match piece {
                Piece::Judged { findings, .. } => std::mem::take(findings),
                _ => Vec::new(),
            })
            .collect();
        let Settled { findings, matters } = dispose::settle(rules, findings, &job.settings.charges);
        let listed = rules.rules().zip(&pieces).filter_map(|((_, rule), piece)| match piece {
            Piece::Listed(rows) => Some(Listed { rule, units: rows.units.clone() }),
            _ => None,
        });
        let notices = dispose::notices(rules, &findings, &listed.collect::<Vec<_>>(), job.period);
        Self { pieces, findings, notices, matters, lifted: Vec::new(), account: None, tallied: Tallied::default() }
    }

    /// The verdicts that were kept, in pack order.
    pub fn verdicts(&self) -> impl Iterator<Item = &Verdicts> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Judged { verdicts, .. } => verdicts.as_ref(),
            _ => None,
        })
    }

    fn suspected(&self, rule: &Rule) -> u64 {
        let own = |finding: &&Arc<Finding>| finding.suspected && finding.pack == rule.head.pack && finding.rule == rule.head.id;
        self.findings.iter().filter(own).count() as u64
    }

    pub fn summary(&self, loaded: &Loaded) -> Summary {
        let mut summary = Summary { repairs: loaded.normalised.repair_count, diags: loaded.diags.clone(), ..Summary::default() };
        for total in &loaded.normalised.totals {
            summary.read += total.read;
            summary.used += total.used;
            summary.rejected += total.rejected;
            summary.duplicate += total.duplicate;
            summary.furniture += total.furniture;
            summary.unrecognised += total.unrecognised;
        }
        summary.resolved = loaded.normalised.rejects.iter().filter(|reject| reject.resolved).count() as u64;
        let mut pieces = self.pieces.iter();
        summary.packs = loaded.rules.packs.iter().map(|pack| self.pack_summary(loaded, pack, &mut pieces)).collect();
        summary
    }

    /// Takes the pieces of the pack's own rules.
    fn pack_summary<'p>(&self, loaded: &Loaded, pack: &Pack, pieces: &mut impl Iterator<Item = &'p Piece>) -> PackSummary {
        let mut summary = PackSummary { title: pack.title.clone(), lacking: several::lacking(loaded, pack), ..PackSummary::default() };
        for (rule, piece) in pack.rules.iter().zip(pieces) {
            let absent = loaded.prepared.absent(rule);
            if !rule.head.missing.is_empty() || rule.head.status == Status::MissingParam {
                summary.waiting.push((rule.head.title.clone(), rule.head.missing.clone()));
            } else if !absent.is_empty() {
                summary.asleep.push((rule.head.title.clone(), absent.to_vec()));
            } else if let Piece::Judged { counts, .. } = piece {
                match (counts.population(), &rule.kind) {
                    (0, _) => summary.idle.push(rule.head.title.clone()),
                    (_, Kind::Derive(_)) if counts.of(Outcome::Indeterminate) == 0 => {}
                    _ => summary.rules.push(RuleSummary {
                        title: rule.head.title.clone(),
                        is_penalty: matches!(rule.kind, Kind::Penalty(_)),
                        counts: *counts,
                        suspected: self.suspected(rule),
                    }),
                }
            }
        }
        summary
    }
}
