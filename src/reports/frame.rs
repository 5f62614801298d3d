//! Columns of a polars table as cells, one row at a time.

use polars::prelude::*;
use rust_decimal::Decimal;

use super::sheet::{Stream, Style, Value};
use crate::diag::{Code, Diag};
use crate::evaluate::Parts;
use crate::normalise::Frame;
use crate::rules::{Dataset, FieldType};

/// One column, ready to be read by row number.
pub struct FrameColumn<'f> {
    kind: Kind<'f>,
}

enum Kind<'f> {
    Text(&'f StringChunked),
    /// Places among texts.
    Shared(&'f UInt32Chunked, &'f StringChunked),
    Bool(&'f BooleanChunked),
    Int64(&'f Int64Chunked),
    UInt32(&'f UInt32Chunked),
    UInt64(&'f UInt64Chunked),
    Decimal(&'f Int128Chunked, u32),
    Date(&'f Int32Chunked),
    /// Milliseconds.
    Datetime(&'f Int64Chunked),
    /// Seconds since midnight.
    Time(&'f Int32Chunked),
    Other(StringChunked),
}

impl<'f> FrameColumn<'f> {
    /// `name` must be a column of `frame`.
    pub fn new(frame: &'f DataFrame, name: &str) -> Result<Self, Diag> {
        Self::of(frame.column(name).map_err(|error| fault(name, &error))?.as_materialized_series())
    }

    /// `name` must be a column of `frame`.
    pub fn of_table(frame: &'f Frame, name: &str) -> Result<Self, Diag> {
        let fault = |error: PolarsError| fault(name, &error);
        match frame.kept(name).map_err(fault)? {
            (places, Some(texts)) => {
                let kind = Kind::Shared(places.as_materialized_series().u32().map_err(fault)?, texts.str().map_err(fault)?);
                Ok(Self { kind })
            }
            (column, None) => Self::of(column.as_materialized_series()),
        }
    }

    pub fn of(series: &'f Series) -> Result<Self, Diag> {
        Ok(Self { kind: Self::kind(series).map_err(|error| fault(series.name(), &error))? })
    }

    fn kind(series: &'f Series) -> PolarsResult<Kind<'f>> {
        Ok(match series.dtype() {
            DataType::String => Kind::Text(series.str()?),
            DataType::Boolean => Kind::Bool(series.bool()?),
            DataType::Int64 => Kind::Int64(series.i64()?),
            DataType::UInt32 => Kind::UInt32(series.u32()?),
            DataType::UInt64 => Kind::UInt64(series.u64()?),
            DataType::Decimal(_, scale) => Kind::Decimal(series.decimal()?.physical(), *scale as u32),
            DataType::Date => Kind::Date(series.date()?.physical()),
            DataType::Datetime(TimeUnit::Milliseconds, _) => Kind::Datetime(series.datetime()?.physical()),
            DataType::Int32 => Kind::Time(series.i32()?),
            _ => Kind::Other(series.cast(&DataType::String)?.str()?.clone()),
        })
    }

    /// How its cells look where nothing else is known.
    pub fn style(&self) -> Style {
        match &self.kind {
            Kind::Text(_) | Kind::Shared(..) | Kind::Other(_) => Style::Text,
            Kind::Bool(_) => Style::Centre,
            Kind::Int64(_) | Kind::UInt32(_) | Kind::UInt64(_) | Kind::Decimal(..) => Style::Quantity,
            Kind::Date(_) => Style::Date,
            Kind::Datetime(_) => Style::Datetime,
            Kind::Time(_) => Style::Time,
        }
    }

    pub fn get(&self, row: usize) -> Value<'f> {
        match &self.kind {
            Kind::Text(column) => column.get(row).map_or(Value::Blank, Value::text),
            Kind::Shared(places, texts) => places.get(row).and_then(|place| texts.get(place as usize)).map_or(Value::Blank, Value::text),
            Kind::Bool(column) => column.get(row).map_or(Value::Blank, |yes| Value::text(if yes { "是" } else { "否" })),
            Kind::Int64(column) => column.get(row).map_or(Value::Blank, Value::Int),
            Kind::UInt32(column) => column.get(row).map_or(Value::Blank, |int| Value::Int(i64::from(int))),
            Kind::UInt64(column) => column.get(row).map_or(Value::Blank, Value::count),
            Kind::Decimal(column, scale) => Value::number(column.get(row).and_then(|unscaled| exact(unscaled, *scale))),
            Kind::Date(column) => column.get(row).and_then(day).map_or(Value::Blank, Value::Date),
            Kind::Datetime(column) => column.get(row).and_then(moment).map_or(Value::Blank, Value::moment),
            Kind::Time(column) => column.get(row).and_then(time).map_or(Value::Blank, Value::Time),
            Kind::Other(column) => column.get(row).map_or(Value::Blank, |text| Value::text(text.to_owned())),
        }
    }
}

fn fault(name: &str, error: &PolarsError) -> Diag {
    Diag::error(Code::RuleFault, format!("明细表缺列或列类型不对「{name}」：{error}"))
}

/// A column of lists: the values of all of them one after the other, and where each list ends.
pub struct Lists {
    pub values: Series,
    ends: Vec<i64>,
}

impl Lists {
    /// `name` must be a column of `frame`.
    pub fn new(frame: &DataFrame, name: &str) -> Result<Self, Diag> {
        let fault = |error: PolarsError| fault(name, &error);
        let lists = frame.column(name).map_err(fault)?.as_materialized_series().rechunk();
        let lists = lists.list().map_err(fault)?;
        Ok(Self { values: lists.get_inner(), ends: lists.offsets().map_err(fault)?.iter().copied().collect() })
    }

    /// Numbers of the values of one list.
    pub fn of(&self, row: usize) -> std::ops::Range<usize> {
        let end = |at: usize| self.ends.get(at).map_or(0, |end| usize::try_from(*end).unwrap_or_default());
        end(row)..end(row + 1)
    }
}

/// An unscaled number of a decimal column.
fn exact(unscaled: i128, scale: u32) -> Option<Decimal> {
    Decimal::try_from_i128_with_scale(unscaled, scale).ok()
}

fn day(days: i32) -> Option<chrono::NaiveDate> {
    chrono::DateTime::from_timestamp(i64::from(days) * 86_400, 0).map(|at| at.date_naive())
}

fn moment(milliseconds: i64) -> Option<chrono::NaiveDateTime> {
    chrono::DateTime::from_timestamp_millis(milliseconds).map(|at| at.naive_utc())
}

fn time(seconds: i32) -> Option<chrono::NaiveTime> {
    chrono::NaiveTime::from_num_seconds_from_midnight_opt(u32::try_from(seconds).ok()?, 0)
}

pub type RowVisit<'v> = dyn FnMut(&[Value<'_>]) + 'v;

/// The rows of a long detail as a sheet's body; `rows` makes those of one part. `len` is how many there are in all.
pub fn in_parts<'m>(
    parts: Parts<'m>,
    len: usize,
    rows: impl Fn(&DataFrame, &mut RowVisit<'_>) -> Result<(), Diag> + Send + Sync + 'm,
) -> Stream<'m> {
    Stream::made(len, move |wanted, visit| {
        let mut next = 0;
        parts.each(|part| {
            let first = next;
            next += part.height();
            if next <= wanted.start || first >= wanted.end {
                return Ok(());
            }
            let mut row = first;
            rows(part, &mut |values| {
                if wanted.contains(&row) {
                    visit(row, values);
                }
                row += 1;
            })
        })
    })
}

/// The look of a field's cells, from its type.
pub fn field_style(dataset: Option<&Dataset>, name: &str) -> Option<Style> {
    let field = dataset?.field(name)?;
    Some(match field.ty {
        FieldType::Date if field.is_month() => Style::MonthOf,
        FieldType::Money => Style::Money,
        FieldType::Percent => Style::Percent,
        FieldType::Decimal | FieldType::Int => Style::Quantity,
        FieldType::Date => Style::Date,
        FieldType::Datetime => Style::Datetime,
        FieldType::Time => Style::Time,
        FieldType::Bool | FieldType::OneOf => Style::Centre,
        FieldType::Text => return None,
    })
}
