//! What was judged in the shape that the workbooks are made of: all packs together, or one of them.

use std::borrow::Cow;

use chrono::NaiveDate;

use crate::diag::Diag;
use crate::evaluate::{self, Counts, Horizon, RegisterDetail, SummaryDetail, TableDetail};
use crate::normalise::Tables;
use crate::reports::{self, EveryVerdict, Month, RuleResult};
use crate::rules::kinds::Layout;
use crate::rules::{Kind, Pack, Rule, RuleSet};

use super::month::Piece;
use super::several::OnePack;
use super::{Job, Judged, Loaded};

/// Rows behind a statistic; made when they are read.
pub enum Detail<'a> {
    Summary(SummaryDetail<'a>),
    Register(RegisterDetail<'a>),
    Table(TableDetail<'a>),
    Nothing,
}

impl<'a> Detail<'a> {
    pub fn of(pack: &'a Pack, rule: &'a Rule, loaded: &'a Loaded, horizon: &Horizon) -> Result<Self, Diag> {
        let Kind::Statistic(statistic) = &rule.kind else { return Ok(Detail::Nothing) };
        if loaded.prepared.is_silent(rule) {
            return Ok(Detail::Nothing);
        }
        let (prepared, calendars) = (&loaded.prepared, &loaded.calendars);
        match statistic.layout {
            Layout::Summary { .. } => evaluate::summary(pack, rule, prepared, calendars, horizon).map(Detail::Summary),
            Layout::Register { .. } => evaluate::register(pack, rule, prepared, calendars, horizon).map(Detail::Register),
            Layout::StationTimes(_) | Layout::Losses(_) => evaluate::table(pack, rule, prepared, calendars, horizon).map(Detail::Table),
            Layout::Listing(_) | Layout::Dues(_) | Layout::Points(_) | Layout::Scores(_) => Ok(Detail::Nothing),
        }
    }
}

/// What a month is made of: all packs, or one of them.
struct Scope<'a> {
    rules: &'a RuleSet,
    tables: &'a Tables,
    /// Place of the first of its rules among all.
    first: usize,
    /// Id of the pack.
    part: Option<&'a str>,
}

impl Judged {
    /// The same figures in the shape that the workbooks are made of.
    ///
    /// # Errors
    /// A statistic that fails inside.
    pub fn month<'a>(&'a self, loaded: &'a Loaded, job: &'a Job, source_root: &'a str) -> Result<Month<'a>, Diag> {
        let scope = Scope { rules: &loaded.rules, tables: &loaded.prepared.tables, first: 0, part: None };
        self.month_of(&scope, loaded, job, source_root)
    }

    /// The same of one pack alone.
    ///
    /// # Errors
    /// A statistic that fails inside.
    pub fn part<'a>(&'a self, pack: &'a OnePack, loaded: &'a Loaded, job: &'a Job) -> Result<Month<'a>, Diag> {
        let scope = Scope { rules: &pack.rules, tables: loaded.prepared.of(pack.pack()), first: pack.first, part: Some(&pack.pack().id) };
        self.month_of(&scope, loaded, job, &pack.source_root)
    }

    fn month_of<'a>(&'a self, scope: &Scope<'a>, loaded: &'a Loaded, job: &'a Job, source_root: &'a str) -> Result<Month<'a>, Diag> {
        let mut month = Month {
            company: &job.settings.company,
            period: job.period,
            as_of: NaiveDate::from(job.as_of),
            rules: scope.rules,
            input: &loaded.normalised,
            tables: scope.tables,
            calendars: &loaded.calendars,
            results: Vec::new(),
            findings: match scope.part {
                None => Cow::Borrowed(&self.findings),
                Some(id) => self.findings.iter().filter(|finding| finding.pack == id).cloned().collect(),
            },
            notices: match scope.part {
                None => Cow::Borrowed(&self.notices),
                Some(id) => self.notices.iter().filter(|form| form.is_of(id)).cloned().collect(),
            },
            matters: &self.matters,
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
            account: self.account.as_ref(),
            history: &loaded.prepared.history,
            tallied: &self.tallied,
            is_part: scope.part.is_some(),
            source_root,
            source_folder: reports::source_folder(scope.tables.sources.iter().map(|source| source.file.as_str())),
        };
        for ((pack, rule), piece) in scope.rules.rules().zip(&self.pieces[scope.first..]) {
            let is_kept = scope.part.is_none() || rule.kind.dataset().is_none_or(|dataset| loaded.has_rows(dataset));
            let counts = match piece {
                Piece::Judged { counts, verdicts, .. } => {
                    if let (Kind::Approval(_), Some(verdicts), true) = (&rule.kind, verdicts, is_kept) {
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
            let detail = if is_kept { Detail::of(pack, rule, loaded, &job.horizon())? } else { Detail::Nothing };
            match detail {
                Detail::Summary(detail) => month.summaries.push((pack, rule, detail)),
                Detail::Register(detail) => month.registers.push((pack, rule, detail)),
                Detail::Table(detail) => month.details.push((pack, rule, detail)),
                Detail::Nothing => {}
            }
            // of several packs each has its books in a view of its own
            if is_kept && scope.rules.packs.len() == 1 && pack.shows_people(&rule.head.id) {
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
}
