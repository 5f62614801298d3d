//! Typed columns, filled a value at a time.

use polars::prelude::*;

use super::table::{MONEY_SCALE, PERCENT_SCALE, polars_type};
use super::texts::{TextBuilder, Texts};
use super::value::Value;
use crate::rules::{Field as DatasetField, FieldType};

/// One field's column while it is being filled.
pub struct ColumnBuilder {
    name: PlSmallStr,
    values: Vec<String>,
    cells: Cells,
}

enum Cells {
    Text(TextBuilder),
    Int(PrimitiveChunkedBuilder<Int64Type>),
    Decimal(PrimitiveChunkedBuilder<Int128Type>, usize),
    Date(PrimitiveChunkedBuilder<Int32Type>),
    Datetime(PrimitiveChunkedBuilder<Int64Type>),
    Time(PrimitiveChunkedBuilder<Int32Type>),
    Bool(BooleanChunkedBuilder),
}

impl ColumnBuilder {
    pub fn new(field: &DatasetField) -> Self {
        let name = PlSmallStr::from_str(&field.name);
        let n = || name.clone();
        let cells = match field.ty {
            FieldType::Text | FieldType::OneOf => Cells::Text(TextBuilder::new(n())),
            FieldType::Int => Cells::Int(PrimitiveChunkedBuilder::new(n(), 0)),
            FieldType::Decimal | FieldType::Money => Cells::Decimal(PrimitiveChunkedBuilder::new(n(), 0), MONEY_SCALE),
            FieldType::Percent => Cells::Decimal(PrimitiveChunkedBuilder::new(n(), 0), PERCENT_SCALE),
            FieldType::Date => Cells::Date(PrimitiveChunkedBuilder::new(n(), 0)),
            FieldType::Datetime => Cells::Datetime(PrimitiveChunkedBuilder::new(n(), 0)),
            FieldType::Time => Cells::Time(PrimitiveChunkedBuilder::new(n(), 0)),
            FieldType::Bool => Cells::Bool(BooleanChunkedBuilder::new(n(), 0)),
        };
        let values = if field.ty == FieldType::OneOf { field.values.clone() } else { Vec::new() };
        Self { name, values, cells }
    }

    /// Appends a value of the field's type; another type counts as empty.
    pub fn push(&mut self, value: &Value<'_>) {
        match (&mut self.cells, value) {
            (Cells::Text(cells), Value::Text(text)) => cells.push(text),
            (Cells::Text(cells), Value::Choice(at)) => match self.values.get(*at) {
                Some(value) => cells.push(value),
                None => cells.push_null(),
            },
            (Cells::Int(cells), Value::Int(int)) => cells.append_value(*int),
            (Cells::Decimal(cells, _), Value::Decimal(mantissa)) => cells.append_value(*mantissa),
            (Cells::Date(cells), Value::Date(day)) => cells.append_value(*day),
            (Cells::Datetime(cells), Value::Datetime(ms)) => cells.append_value(*ms),
            (Cells::Time(cells), Value::Time(second)) => cells.append_value(*second),
            (Cells::Bool(cells), Value::Bool(bool)) => cells.append_value(*bool),
            (Cells::Text(cells), _) => cells.push_null(),
            (Cells::Int(cells) | Cells::Datetime(cells), _) => cells.append_null(),
            (Cells::Decimal(cells, _), _) => cells.append_null(),
            (Cells::Date(cells) | Cells::Time(cells), _) => cells.append_null(),
            (Cells::Bool(cells), _) => cells.append_null(),
        }
    }

    /// A column without any value costs nothing, however long it is.
    pub fn finish(self) -> PolarsResult<Filled> {
        let series = match self.cells {
            Cells::Text(cells) => {
                let texts = cells.finish();
                let rows = texts.len();
                let empty = rows > 0 && texts.is_empty();
                return Ok(if empty { Filled::Plain(Column::full_null(self.name, rows, &DataType::String)) } else { Filled::Texts(texts) });
            }
            Cells::Int(cells) => cells.finish().into_series(),
            Cells::Decimal(cells, scale) => cells.finish().into_series().into_decimal(38, scale)?,
            Cells::Date(cells) => cells.finish().into_series().into_date(),
            Cells::Datetime(cells) => cells.finish().into_series().into_datetime(TimeUnit::Milliseconds, None),
            Cells::Time(cells) => cells.finish().into_series(),
            Cells::Bool(cells) => cells.finish().into_series(),
        };
        debug_assert_eq!(series.name(), &self.name);
        let empty = !series.is_empty() && series.null_count() == series.len();
        Ok(Filled::Plain(if empty { Column::full_null(self.name, series.len(), series.dtype()) } else { series.into_column() }))
    }
}

/// One field's column, of a sheet or of several.
pub enum Filled {
    Plain(Column),
    Texts(Texts),
}

impl Filled {
    /// The column of a field that a sheet does not have.
    pub fn absent(field: &DatasetField, rows: usize) -> Self {
        Filled::Plain(Column::full_null(PlSmallStr::from_str(&field.name), rows, &polars_type(&field.ty)))
    }

    pub fn get(&self, row: usize) -> AnyValue<'_> {
        match self {
            Filled::Plain(column) => column.get(row).unwrap_or(AnyValue::Null),
            Filled::Texts(texts) => texts.get(row).map_or(AnyValue::Null, AnyValue::String),
        }
    }

    pub fn filter(self, kept: &BooleanChunked) -> PolarsResult<Self> {
        Ok(match self {
            Filled::Plain(column) => Filled::Plain(column.filter(kept)?),
            Filled::Texts(texts) => Filled::Texts(texts.filter(kept)?),
        })
    }

    /// The rows of both, one below the other.
    pub fn above(self, other: Self) -> PolarsResult<Self> {
        let none = |column: &Column| Texts::nothing(column.name().clone(), column.len());
        match (self, other) {
            (Filled::Plain(above), Filled::Plain(below)) if above.is_full_null() && below.is_full_null() => {
                Ok(Filled::Plain(Column::full_null(above.name().clone(), above.len() + below.len(), above.dtype())))
            }
            (Filled::Plain(mut above), Filled::Plain(below)) => {
                above.append_owned(below)?;
                Ok(Filled::Plain(above))
            }
            // a plain column among texts is one without any
            (Filled::Texts(above), Filled::Plain(below)) => Ok(Filled::Texts(above.above(none(&below))?)),
            (Filled::Plain(above), Filled::Texts(below)) => Ok(Filled::Texts(none(&above).above(below)?)),
            (Filled::Texts(above), Filled::Texts(below)) => Ok(Filled::Texts(above.above(below)?)),
        }
    }
}
