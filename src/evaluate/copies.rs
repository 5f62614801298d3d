//! Copies of a form and who signed for them: one missing, signed by another department, before it was issued, or twice.

use std::collections::BTreeMap;

use polars::prelude::*;

use super::checks::Checks;
use super::fields::{Fields, Lack, all, bits, only_where};
use super::judged::{Context, column};
use super::lower::{choose, day_of, has_time, long, null_of, second_of};
use super::predicate::{Answer, lower};
use super::reader::Reader;
use super::related::{Join, Related};
use crate::normalise::Table;
use crate::rules::kinds::{Copies, Slip};

/// What the records of receipt say of one copy, as columns of the joined frame.
struct Columns {
    /// How many records.
    count: String,
    /// One of them is by another department.
    wrong: String,
    /// Day or second of the first signature.
    first: String,
}

impl Columns {
    fn of(prefix: &str, at: usize) -> Self {
        let name = |what: &str| format!("{prefix}.{what}{at}");
        Self { count: name("count"), wrong: name("wrong"), first: name("first") }
    }
}

/// What a check of the copies needs and does.
pub(super) struct Signed {
    pub join: Join,
    pub lack: Lack,
    /// Signatures can be asked for.
    pub applies: Expr,
}

pub(super) fn check(
    context: &Context,
    copies: &Copies,
    when: &Answer,
    fields: &Fields,
    prefix: &str,
    checks: &mut Checks,
) -> PolarsResult<Signed> {
    let related = Related::new(context, &copies.link)?;
    let theirs = &related.fields;
    let (at, at_type) = (theirs.column(&copies.at)?, theirs.dtype(&copies.at)?);
    let by = theirs.column(&copies.by)?;
    let issued_type = copies.issued.as_ref().map(|issued| fields.dtype(issued)).transpose()?;
    let timed = has_time(&at_type) && issued_type.as_ref().is_some_and(has_time);
    let moment =
        |column: Expr, dtype: &DataType| if timed { second_of(column, dtype) } else { day_of(column, dtype).cast(DataType::Int64) };

    // one line a key
    let named = |what: &str| format!("{prefix}.{what}");
    let mut aggregates = vec![
        at.clone().is_null().any(true).alias(named("undated")),
        by.clone().is_null().any(true).alias(named("unsigned")),
        related.scope.unknown().any(true).alias(named("unsure")),
    ];
    let mut unnumbered = lit(false);
    for (index, slip) in copies.of.iter().enumerate() {
        let columns = Columns::of(prefix, index);
        let (about, signer) = about(slip, theirs)?;
        let is = about.holds().and(related.scope.holds());
        unnumbered = unnumbered.or(about.unknown());
        let signed = choose([(is.clone(), moment(at.clone(), &at_type))], null_of(DataType::Int64));
        let wrong = signer.map_or_else(|| lit(false), |signer| is.clone().and(signer.not().fill_null(lit(false))));
        aggregates.extend([
            is.cast(DataType::UInt32).sum().alias(columns.count),
            wrong.any(true).alias(columns.wrong),
            signed.min().alias(columns.first),
        ]);
    }
    aggregates.push(unnumbered.any(true).alias(named("unnumbered")));
    let seen = context.seen(at, &at_type).fill_null(lit(true));
    let keys = Related::keys(&copies.link, prefix);
    let frame = related.rows().filter(seen).group_by(keys).agg(aggregates);

    // then the row that the copies belong to
    let there = col(named("undated")).is_not_null();
    let (issue, is_issued) = match (&copies.issued, &issued_type) {
        (Some(issued), Some(dtype)) => {
            let column = fields.column(issued)?;
            (Some(moment(column.clone(), dtype)), context.seen(column, dtype).fill_null(lit(false)))
        }
        _ => (None, lit(true)),
    };
    let basis = related.lack(&copies.link, fields)?;
    let asked = when.holds().and(is_issued.clone());
    let told = asked.clone().and(bits(basis.clone()).eq(long(0)));
    let mut missing = lit(false);
    for (index, slip) in copies.of.iter().enumerate() {
        let columns = Columns::of(prefix, index);
        let count = col(columns.count).fill_null(lit(0u32));
        let none = count.clone().eq(lit(0u32));
        missing = missing.or(none.clone());
        let unclear = [named("unnumbered"), named("unsure")].map(|name| col(name).fill_null(lit(false)));
        let [unnumbered, unsure] = unclear;
        checks.fail(told.clone().and(none).and(unnumbered.or(unsure).not()), format!("{}没有签收", owner(slip)));
        if slip.by.is_some() {
            let phrase = format!("{}应由{}签收，签收部门不符", slip.title, slip.signer);
            checks.fail(told.clone().and(col(columns.wrong).fill_null(lit(false))), phrase);
        }
        if let (Some(issue), Some(issued)) = (&issue, &copies.issued) {
            let early = col(columns.first).lt(issue.clone()).fill_null(lit(false));
            checks.fail(told.clone().and(early), format!("{}的签收早于{issued}", slip.title));
        }
        checks.fail(told.clone().and(count.gt(lit(1u32))), format!("{}签收不止一次", slip.title));
    }
    let other = &copies.link.dataset;
    let reason = |name: &str, field: &str| fields.reason(col(named(name)).fill_null(lit(false)), format!("{other}的{field} 为空"));
    let unnumbered =
        fields.reason(missing.clone().and(col(named("unnumbered")).fill_null(lit(false))), format!("{other}有一行看不出是哪一联"));
    let unsure = fields.reason(missing.and(col(named("unsure")).fill_null(lit(false))), format!("{other}有一行看不出算不算数"));
    let inner = all([basis, Some(reason("undated", &copies.at)), Some(reason("unsigned", &copies.by)), Some(unnumbered), Some(unsure)]);
    let before = copies.issued.as_ref().map(|issued| {
        let unissued = when.holds().and(is_issued.not()).and(there);
        fields.reason(unissued, format!("已有签收，而{issued} 为空或晚于截止"))
    });
    Ok(Signed { join: Join::new(&copies.link, prefix, frame), lack: all([only_where(asked.clone(), inner), before]), applies: asked })
}

/// Which records are about a copy, and whether the right department signed.
fn about(slip: &Slip, theirs: &Fields) -> PolarsResult<(Answer, Option<Expr>)> {
    let signer = slip.by.as_ref().map(|by| lower(by, theirs)).transpose()?;
    Ok(match (&slip.copy, signer) {
        (Some(copy), signer) => (lower(copy, theirs)?, signer.map(|signer| signer.value)),
        // without a number the department itself tells the copies apart
        (None, Some(signer)) => (signer, None),
        (None, None) => (Answer { value: lit(true), lack: None }, None),
    })
}

/// `第1联（质管部）`
fn owner(slip: &Slip) -> String {
    match (&slip.copy, &slip.by) {
        (Some(_), Some(_)) => format!("{}（{}）", slip.title, slip.signer),
        _ => slip.title.clone(),
    }
}

/// Before what was signed for, in a message.
pub(super) const RECEIPTS: &str = "（现有签收 ";
/// A message tells so many receipts one by one.
const MOST_TOLD: usize = 8;

/// The records of receipt of the rows that lack something.
pub(super) struct Receipts {
    reader: Reader,
    /// What a receipt says: copy, department, day.
    fields: Vec<String>,
    /// Row of the rule's table, and rows of the records.
    of: BTreeMap<usize, Vec<usize>>,
}

/// The records that belong to `rows` of the rule's own table.
pub(super) fn receipts(context: &Context, copies: &Copies, table: &Table, rows: &DataFrame) -> PolarsResult<Receipts> {
    const THEIRS: &str = "_k.receipt";
    let related = Related::new(context, &copies.link)?;
    let at = related.fields.column(&copies.at)?;
    let seen = context.seen(at, &related.fields.dtype(&copies.at)?).fill_null(lit(true));
    let keys: Vec<Expr> = copies.link.on.iter().map(|(own, _)| col(own.as_str())).collect();
    let own = table.frame.numbered(column::ROW, context.first_row)?.select([vec![col(column::ROW)], keys].concat());
    let own = own.join(rows.clone().lazy(), [col(column::ROW)], [col(column::ROW)], JoinArgs::new(JoinType::Semi));
    let theirs = related.numbered(THEIRS).filter(seen);
    let theirs = theirs.select([vec![col(THEIRS)], Related::keys(&copies.link, THEIRS)].concat());
    let found = Join::new(&copies.link, THEIRS, theirs)
        .add(own)
        .filter(col(THEIRS).is_not_null())
        .sort([THEIRS], SortMultipleOptions::default())
        .collect()?;
    let column = |name: &str| PolarsResult::Ok(found.column(name)?.as_materialized_series().u32()?.clone());
    let mut of: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (row, receipt) in column(column::ROW)?.iter().zip(column(THEIRS)?.iter()) {
        if let (Some(row), Some(receipt)) = (row, receipt) {
            of.entry(row as usize).or_default().push(receipt as usize);
        }
    }
    let fields = copies.copy.iter().chain([&copies.by, &copies.at]).cloned().collect();
    Ok(Receipts { reader: Reader::of(context, related.table), fields, of })
}

impl Receipts {
    /// `（现有签收 1 制造部 2026-10-10 第7行、2 会计科 2026-10-11 第8行）`; empty where there are none.
    pub(super) fn told(&self, row: usize) -> String {
        let Some(receipts) = self.of.get(&row) else { return String::new() };
        let one = |receipt: &usize| {
            let said = self.fields.iter().filter_map(|field| self.reader.text(field, *receipt));
            let place = format!("第{}行", self.reader.sheet_row(*receipt));
            said.chain([place]).collect::<Vec<_>>().join(" ")
        };
        let told = receipts.iter().take(MOST_TOLD).map(one).collect::<Vec<_>>().join("、");
        let more = if receipts.len() > MOST_TOLD { format!("等共 {} 条", receipts.len()) } else { String::new() };
        format!("{RECEIPTS}{told}{more}）")
    }
}
