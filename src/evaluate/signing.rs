//! Several signers, one after the other.

use polars::prelude::*;

use super::approval::seen_day;
use super::fields::{Fields, Lack, all};
use super::judged::{At, Context, Judged, Why, column, outcome, scoped, undecided};
use super::lines::Line;
use super::lower::{choose, long, null_of};
use super::verdicts::View;
use super::version::{citations, pick, pick_lack};
use crate::ledger::Outcome;
use crate::normalise::Table;
use crate::rules::Kind;
use crate::rules::kinds::{Signer, Signing};

/// What may be wrong with one signature, a bit each; the next signer's bits follow.
const MISSING: u32 = 0;
const WRONG: u32 = 1;
const EARLY: u32 = 2;
const BITS: u32 = 3;

/// A signature lacks and the document is not issued yet.
const OPEN: &str = "_k.open";
/// A post that the rule does not know.
const UNKNOWN: &str = "_k.unknown";

fn bit(signer: usize, what: u32) -> i64 {
    1 << (u32::try_from(signer).unwrap_or(u32::MAX) * BITS + what)
}

/// One version's signatures as expressions.
struct Checked {
    failed: Expr,
    open: Expr,
    unknown: Expr,
    lack: Lack,
}

pub(super) fn judge(context: &Context, table: &Table, rule: &Signing) -> PolarsResult<Judged> {
    let fields = Fields::new(&table.frame);
    let at = At::of(context, table, &fields, rule.at.as_ref())?;
    let issued = match &rule.issued {
        Some(field) => seen_day(context, &fields, field)?.is_not_null(),
        None => lit(true),
    };
    let versions = rule.signers.versions.iter();
    let versions = versions.map(|version| check(context, rule, &version.body, &issued, &fields)).collect::<PolarsResult<Vec<_>>>()?;
    let version = at.version(context, &rule.signers);
    let rows = scoped(table, &fields, &rule.scope, at.within(context.horizon), version, at.lack.clone())?;

    let index = col(column::VERSION);
    let (mut failed, mut open, mut unknown, mut lacks) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for version in versions {
        failed.push(version.failed);
        open.push(version.open);
        unknown.push(version.unknown);
        lacks.push(version.lack);
    }
    let breached = || col(column::CHECKS).neq(long(0));
    // a fault that is seen stands, whatever else is not known
    let (why, lack) = undecided(rows.lack, Some(breached()), pick_lack(&index, lacks));
    let unknown_post = col(UNKNOWN).and(breached().not());
    let why = choose([(why.clone().neq(Why::Decided.code()), why), (unknown_post, Why::UnknownPost.code())], Why::Decided.code());
    let verdict = choose(
        [
            (col(column::WHY).neq(Why::Decided.code()), outcome(Outcome::Indeterminate)),
            (breached(), outcome(Outcome::Breached)),
            (col(OPEN), outcome(Outcome::Pending)),
        ],
        outcome(Outcome::Met),
    );
    let flag = |each, name: &str| pick(&index, each, DataType::Boolean).fill_null(lit(false)).alias(name);
    let frame = rows
        .rows
        .with_columns([
            pick(&index, failed, DataType::Int64).fill_null(long(0)).alias(column::CHECKS),
            flag(open, OPEN),
            flag(unknown, UNKNOWN),
        ])
        .with_columns([why.alias(column::WHY), lack.alias(column::LACK)])
        .select([col(column::ROW), verdict.alias(column::OUTCOME), index, col(column::WHY), col(column::LACK), col(column::CHECKS)])
        .collect()?;
    Ok(Judged {
        frame,
        reasons: fields.reasons(),
        versions: citations(context.pack, &rule.signers),
        unit: rule.unit.clone(),
        person: rule.person.clone(),
        stop: rule.issued.clone(),
        ..Judged::default()
    })
}

fn check(context: &Context, rule: &Signing, signers: &[Signer], issued: &Expr, fields: &Fields) -> PolarsResult<Checked> {
    let (mut failed, mut open, mut unknown) = (long(0), lit(false), lit(false));
    let mut lacks = Vec::new();
    let mut before: Option<Expr> = None;
    for (at, signer) in signers.iter().enumerate() {
        let post = signer.by.as_ref().map(|by| fields.column(by)).transpose()?;
        let day = signer.at.as_ref().map(|at| seen_day(context, fields, at)).transpose()?;
        // signed after `as_of`: not signed yet
        let later = match (&signer.at, &day) {
            (Some(at), Some(day)) => fields.column(at)?.is_not_null().and(day.clone().is_null()),
            _ => lit(false),
        };
        let post = post.map(|post| choose([(later.clone().not(), post)], null_of(DataType::String)));
        let unsigned = match (&post, &day) {
            (Some(post), Some(day)) => post.clone().is_null().and(day.clone().is_null()),
            (Some(one), None) | (None, Some(one)) => one.clone().is_null(),
            (None, None) => lit(false),
        };
        if let (Some(post), Some(day), Some(by), Some(on)) = (&post, &day, &signer.by, &signer.at) {
            lacks.push(Some(fields.reason(post.clone().is_not_null().and(day.clone().is_null()), format!("{on} 为空"))));
            if !signer.posts.is_empty() {
                lacks.push(Some(fields.reason(post.clone().is_null().and(day.clone().is_not_null()), format!("{by} 为空"))));
            }
        }
        let mut fail = |holds: Expr, what: u32| failed = failed.clone() + choose([(holds, long(bit(at, what)))], long(0));
        fail(unsigned.clone().and(issued.clone()), MISSING);
        open = open.or(unsigned.and(issued.clone().not()));
        if let (Some(post), false) = (&post, signer.posts.is_empty()) {
            let other = post.clone().is_not_null().and(one_of(post, &signer.posts).not());
            let known = match rule.rank.is_empty() {
                true => lit(true),
                false => one_of(post, &known_posts(rule, signers)),
            };
            fail(other.clone().and(known.clone()), WRONG);
            unknown = unknown.or(other.and(known.not()).fill_null(lit(false)));
        }
        if let Some(day) = day {
            if let Some(before) = &before {
                fail(day.clone().lt(before.clone()).fill_null(lit(false)), EARLY);
            }
            before = Some(match before {
                Some(before) => choose([(day.clone().is_not_null(), day)], before),
                None => day,
            });
        }
    }
    Ok(Checked { failed, open, unknown, lack: all(lacks) })
}

fn one_of(post: &Expr, posts: &[String]) -> Expr {
    posts.iter().map(|known| post.clone().eq(lit(known.as_str()))).reduce(|a, b| a.or(b)).unwrap_or_else(|| lit(false))
}

fn known_posts(rule: &Signing, signers: &[Signer]) -> Vec<String> {
    rule.rank.iter().chain(signers.iter().flat_map(|signer| &signer.posts)).cloned().collect()
}

fn signers<'v>(view: &'v View, line: &Line) -> Option<(&'v Signing, &'v [Signer])> {
    let Kind::Signing(rule) = &view.kind else { return None };
    Some((rule, &rule.signers.versions.get(line.version?)?.body))
}

/// `缺业务主管签核；客户签章 2026-10-01 早于上一道 2026-10-03`
pub(super) fn told(view: &View, line: &Line) -> String {
    let Some((_, signers)) = signers(view, line) else { return String::new() };
    let text = |field: &Option<String>| field.as_ref().and_then(|field| view.reader.text(field, line.row?)).unwrap_or_default();
    let mut parts = Vec::new();
    for (at, signer) in signers.iter().enumerate() {
        let has = |what: u32| line.checks & bit(at, what) != 0;
        if has(MISSING) {
            let act = if ["签核", "批示", "签章", "签名", "核签"].iter().any(|act| signer.title.ends_with(act)) {
                ""
            } else {
                "签核"
            };
            parts.push(format!("缺{}{act}", signer.title));
        }
        if has(WRONG) {
            parts.push(format!("{}应由{}签核，实为{}", signer.title, signer.posts.join("或"), text(&signer.by)));
        }
        if has(EARLY) {
            let before = signers[..at].iter().rev().find(|before| before.at.is_some() && !text(&before.at).is_empty());
            let before = before.map(|before| format!("{} {}", before.title, text(&before.at))).unwrap_or_default();
            parts.push(format!("{} {} 早于{before}", signer.title, text(&signer.at)));
        }
    }
    parts.join("；")
}

/// `一级核签人职务「顾问」不在职级表里`
pub(super) fn unknown_post(view: &View, line: &Line) -> String {
    let Some((rule, signers)) = signers(view, line) else { return String::new() };
    let known = known_posts(rule, signers);
    let strange = signers.iter().filter(|signer| !signer.posts.is_empty()).filter_map(|signer| {
        let by = signer.by.as_ref()?;
        let post = view.reader.text(by, line.row?).filter(|post| !known.contains(post))?;
        Some(format!("{by}「{post}」不在职级表里"))
    });
    strange.collect::<Vec<_>>().join("、")
}
