//! The stages of one month in their order: rules, calendars, files, tables, verdicts, notices.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use chrono::NaiveDate;

use crate::calendar::Calendars;
use crate::diag::{Code, Diag, Diags};
use crate::dispose::{self, Listed, NoticeForm};
use crate::evaluate::{self, Counts, Horizon, NoticeRows, Prepared, RegisterDetail, SummaryDetail, TableDetail, Verdicts};
use crate::ingest;
use crate::ledger::{Finding, Outcome};
use crate::normalise::{self, Normalised, Progress, Tables};
use crate::reports::{EveryVerdict, Month, RuleResult};
use crate::rules::kinds::Layout;
use crate::rules::{self, Kind, Pack, Rule, RuleSet, Status};

use super::{Job, RuleSummary, Settings, Summary, parallel};

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
                    .help(format!("在 calendars 文件夹放一个 id = \"{}\" 的日历,或改 pack.toml 的 calendar", pack.calendar)),
            );
        }
    }
    if diags.has_errors() { Err(diags) } else { Ok((rules, calendars, files, diags)) }
}

/// `calendars` in each rules folder, or beside a single pack; a calendar of the rules in use goes before a shared one.
fn calendar_folders(settings: &Settings) -> Vec<PathBuf> {
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
        progress.begin("读规则");
        let ruled = rules_and_calendars(settings);
        let found = ingest::discover(&settings.data);
        let (files, (rules, calendars, calendar_files, mut diags)) = match (found, ruled) {
            (Ok(files), Ok(ruled)) => (files, ruled),
            (found, ruled) => {
                let mut diags = ruled.err().unwrap_or_default();
                diags.extend(found.err());
                return Err(diags);
            }
        };
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
        Ok(Judged::gather(&self.rules, pieces, job))
    }

    /// Judges one rule once more, for a book that lists all that it said.
    fn every_verdict(&self, pack: &Pack, rule: &Rule, job: &Job) -> Result<Vec<Finding>, Diag> {
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
enum Piece {
    Judged { counts: Counts, findings: Vec<Arc<Finding>>, verdicts: Option<Verdicts> },
    Listed(NoticeRows),
    Nothing,
}

/// Rows behind a statistic; made when they are read.
enum Detail<'a> {
    Summary(SummaryDetail<'a>),
    Register(RegisterDetail<'a>),
    Table(TableDetail<'a>),
    Nothing,
}

impl<'a> Detail<'a> {
    fn of(pack: &'a Pack, rule: &'a Rule, loaded: &'a Loaded, horizon: &Horizon) -> Result<Self, Diag> {
        let Kind::Statistic(statistic) = &rule.kind else { return Ok(Detail::Nothing) };
        if loaded.prepared.is_silent(rule) {
            return Ok(Detail::Nothing);
        }
        let (prepared, calendars) = (&loaded.prepared, &loaded.calendars);
        match &statistic.layout {
            Layout::Summary { .. } => evaluate::summary(pack, rule, prepared, calendars, horizon).map(Detail::Summary),
            Layout::Register { .. } => evaluate::register(pack, rule, prepared, calendars, horizon).map(Detail::Register),
            Layout::StationTimes(_) | Layout::Losses(_) => evaluate::table(pack, rule, prepared, calendars, horizon).map(Detail::Table),
            Layout::Listing(_) | Layout::Points(_) | Layout::Scores(_) => Ok(Detail::Nothing),
        }
    }
}

impl Piece {
    fn of(rule: &Rule, verdicts: Verdicts, keep: Keep) -> Self {
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
    pieces: Vec<Piece>,
    pub findings: Vec<Arc<Finding>>,
    pub notices: Vec<NoticeForm>,
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
        let listed = rules.rules().zip(&pieces).filter_map(|((_, rule), piece)| match piece {
            Piece::Listed(rows) => Some(Listed { rule, units: rows.units.clone() }),
            _ => None,
        });
        let notices = dispose::notices(rules, &findings, &listed.collect::<Vec<_>>(), job.period);
        Self { pieces, findings, notices }
    }

    /// The verdicts that were kept, in pack order.
    pub fn verdicts(&self) -> impl Iterator<Item = &Verdicts> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Judged { verdicts, .. } => verdicts.as_ref(),
            _ => None,
        })
    }

    /// The same figures in the shape that the workbooks are made of.
    ///
    /// # Errors
    /// A statistic that fails inside.
    pub fn month<'a>(&'a self, loaded: &'a Loaded, job: &'a Job, source_root: &'a str) -> Result<Month<'a>, Diag> {
        let mut month = Month {
            company: &job.settings.company,
            period: job.period,
            as_of: NaiveDate::from(job.as_of),
            rules: &loaded.rules,
            input: &loaded.normalised,
            tables: &loaded.prepared.tables,
            calendars: &loaded.calendars,
            results: Vec::new(),
            findings: Cow::Borrowed(&self.findings),
            notices: Cow::Borrowed(&self.notices),
            summaries: Vec::new(),
            registers: Vec::new(),
            details: Vec::new(),
            points: Vec::new(),
            scores: Vec::new(),
            listed: Vec::new(),
            approvals: Vec::new(),
            every_verdict: EveryVerdict::new(move |pack, rule| loaded.every_verdict(pack, rule, job)),
            formula_rows: job.settings.formula_rows,
            templates: &loaded.templates,
            source_root,
        };
        for ((pack, rule), piece) in loaded.rules.rules().zip(&self.pieces) {
            let counts = match piece {
                Piece::Judged { counts, verdicts, .. } => {
                    if let (Kind::Approval(_), Some(verdicts)) = (&rule.kind, verdicts) {
                        month.approvals.push(Box::new(verdicts.clone()));
                    }
                    *counts
                }
                Piece::Listed(rows) => {
                    month.listed.push((pack, rule, rows));
                    Counts::default()
                }
                Piece::Nothing => Counts::default(),
            };
            match Detail::of(pack, rule, loaded, &job.horizon())? {
                Detail::Summary(detail) => month.summaries.push((pack, rule, detail)),
                Detail::Register(detail) => month.registers.push((pack, rule, detail)),
                Detail::Table(detail) => month.details.push((pack, rule, detail)),
                Detail::Nothing => {}
            }
            if pack.shows_people(&rule.head.id) {
                let (prepared, calendars, horizon) = (&loaded.prepared, &loaded.calendars, &job.horizon());
                match &rule.kind {
                    Kind::Points(_) => month.points.push((pack, rule, evaluate::points(pack, rule, prepared, calendars, horizon)?)),
                    Kind::Scorecard(_) => month.scores.push((pack, rule, evaluate::scores(pack, rule, prepared, calendars, horizon)?)),
                    _ => {}
                }
            }
            month.results.push(RuleResult { pack, rule, counts, absent: loaded.prepared.absent(rule) });
        }
        Ok(month)
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
        for ((_, rule), piece) in loaded.rules.rules().zip(&self.pieces) {
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
