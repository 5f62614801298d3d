//! A table's columns, in which texts that come again and again are kept once.

use std::collections::BTreeMap;

use polars::prelude::*;

/// Columns of one length. They look like those of a [`DataFrame`]; a column of texts, where that is smaller, is kept as its
/// different texts and their places, and opened by whoever reads it.
#[derive(Debug, Clone, Default)]
pub struct Frame {
    /// Of a column in `texts`: each row's place there, `UInt32`.
    columns: DataFrame,
    /// `String` series by column.
    texts: BTreeMap<PlSmallStr, Series>,
}

/// What is known of columns without reading them.
pub trait Columns {
    /// # Errors
    /// There is no column of that name.
    fn dtype(&self, name: &str) -> PolarsResult<DataType>;

    /// # Errors
    /// There is no column of that name.
    fn null_count(&self, name: &str) -> PolarsResult<usize>;

    fn height(&self) -> usize;
}

impl Columns for DataFrame {
    fn dtype(&self, name: &str) -> PolarsResult<DataType> {
        Ok(self.column(name)?.dtype().clone())
    }

    fn null_count(&self, name: &str) -> PolarsResult<usize> {
        Ok(self.column(name)?.null_count())
    }

    fn height(&self) -> usize {
        DataFrame::height(self)
    }
}

impl Columns for Frame {
    fn dtype(&self, name: &str) -> PolarsResult<DataType> {
        let (column, texts) = self.kept(name)?;
        Ok(if texts.is_some() { DataType::String } else { column.dtype().clone() })
    }

    fn null_count(&self, name: &str) -> PolarsResult<usize> {
        Ok(self.columns.column(name)?.null_count())
    }

    fn height(&self) -> usize {
        self.columns.height()
    }
}

impl From<DataFrame> for Frame {
    fn from(columns: DataFrame) -> Self {
        Self { columns, texts: BTreeMap::new() }
    }
}

impl Frame {
    /// `texts`: of the columns that hold places, the texts.
    pub(super) fn new(columns: DataFrame, texts: BTreeMap<PlSmallStr, Series>) -> Self {
        Self { columns, texts }
    }

    pub fn height(&self) -> usize {
        self.columns.height()
    }

    pub fn names(&self) -> impl Iterator<Item = &PlSmallStr> {
        self.columns.columns().iter().map(Column::name)
    }

    pub fn has(&self, name: &str) -> bool {
        self.columns.column(name).is_ok()
    }

    /// All columns; of those with shared texts the ones that are asked for are opened.
    pub fn lazy(&self) -> LazyFrame {
        self.opened(self.columns.clone())
    }

    /// The same, and each row's number (`UInt32`), counted from `first`, in a column of its own.
    ///
    /// # Errors
    /// There is a column of that name.
    pub fn numbered(&self, name: &str, first: u32) -> PolarsResult<LazyFrame> {
        let numbers = UInt32Chunked::from_vec(name.into(), (first..).take(self.height()).collect());
        let mut columns = self.columns.clone();
        columns.hstack_mut(&[numbers.into_column()])?;
        Ok(self.opened(columns))
    }

    fn opened(&self, columns: DataFrame) -> LazyFrame {
        let opened = self.texts.iter().map(|(name, texts)| lit(texts.clone()).gather(col(name.clone()), true).alias(name.clone()));
        let opened: Vec<Expr> = opened.collect();
        if opened.is_empty() { columns.lazy() } else { columns.lazy().with_columns(opened) }
    }

    /// One column, opened.
    ///
    /// # Errors
    /// There is no column of that name.
    pub fn column(&self, name: &str) -> PolarsResult<Column> {
        let (column, texts) = self.kept(name)?;
        match texts {
            Some(texts) => Ok(texts.take(column.idx()?)?.into_column()),
            None => Ok(column.clone()),
        }
    }

    /// One cell.
    ///
    /// # Errors
    /// There is no such column or row.
    pub fn get(&self, name: &str, row: usize) -> PolarsResult<AnyValue<'_>> {
        let (column, texts) = self.kept(name)?;
        match (texts, column.get(row)?) {
            (Some(texts), AnyValue::UInt32(place)) => texts.get(place as usize),
            (_, value) => Ok(value),
        }
    }

    /// A column as it is kept: its values, or their places among texts.
    ///
    /// # Errors
    /// There is no column of that name.
    pub fn kept(&self, name: &str) -> PolarsResult<(&Column, Option<&Series>)> {
        Ok((self.columns.column(name)?, self.texts.get(name)))
    }

    #[must_use]
    pub fn slice(&self, first: usize, rows: usize) -> Self {
        Self { columns: self.columns.slice(first as i64, rows), texts: self.texts.clone() }
    }

    /// # Errors
    /// A row is not there.
    pub fn take(&self, rows: &IdxCa) -> PolarsResult<Self> {
        Ok(Self { columns: self.columns.take(rows)?, texts: self.texts.clone() })
    }

    /// # Errors
    /// There is no column of one of the names.
    pub fn select<'n>(&self, names: impl IntoIterator<Item = &'n str>) -> PolarsResult<Self> {
        let columns = self.columns.select(names)?;
        let kept = |name: &PlSmallStr| columns.column(name).is_ok();
        let texts = self.texts.iter().filter(|(name, _)| kept(name)).map(|(name, texts)| (name.clone(), texts.clone())).collect();
        Ok(Self { columns, texts })
    }

    /// The columns of both, side by side.
    ///
    /// # Errors
    /// A name comes twice, or the lengths differ.
    pub fn beside(mut self, other: Self) -> PolarsResult<Self> {
        self.columns.hstack_mut(other.columns.columns())?;
        self.texts.extend(other.texts);
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `部门` kept as two texts, `数量` as it is.
    fn frame() -> Frame {
        let places = UInt32Chunked::from_iter_options("部门".into(), [Some(1), None, Some(0), Some(1)].into_iter());
        let columns = vec![places.into_series().into_column(), Column::new("数量".into(), [1_i64, 2, 3, 4])];
        let texts = BTreeMap::from([("部门".into(), Series::new("部门".into(), ["制造一部", "质管部"]))]);
        Frame::new(DataFrame::new(4, columns).expect("columns"), texts)
    }

    fn words(column: &Column) -> Vec<Option<String>> {
        column.as_materialized_series().str().expect("texts").iter().map(|text| text.map(str::to_owned)).collect()
    }

    const WHOLE: [Option<&str>; 4] = [Some("质管部"), None, Some("制造一部"), Some("质管部")];

    #[test]
    fn whoever_reads_a_column_of_shared_texts_sees_texts() {
        let frame = frame();
        let expected: Vec<_> = WHOLE.iter().map(|text| text.map(str::to_owned)).collect();
        assert_eq!(frame.dtype("部门").expect("a type"), DataType::String);
        assert_eq!(frame.null_count("部门").expect("a count"), 1);
        assert_eq!(words(&frame.column("部门").expect("a column")), expected);
        assert_eq!(words(frame.lazy().collect().expect("rows").column("部门").expect("a column")), expected);
        assert_eq!(frame.get("部门", 2).expect("a cell"), AnyValue::String("制造一部"));
        assert!(frame.get("部门", 1).expect("a cell").is_null());
    }

    #[test]
    fn rows_are_numbered_from_where_the_part_begins() {
        let rows = frame().slice(1, 3).numbered("行", 1).expect("a new name").collect().expect("rows");
        assert_eq!(rows.column("行").expect("numbers").u32().expect("numbers").to_vec(), [Some(1), Some(2), Some(3)]);
        assert_eq!(words(rows.column("部门").expect("a column"))[1], Some("制造一部".to_owned()));
        assert!(frame().numbered("数量", 0).is_err());
    }

    #[test]
    fn parts_of_a_frame_keep_their_texts() {
        let frame = frame();
        assert_eq!(words(&frame.slice(2, 2).column("部门").expect("a column")), [Some("制造一部".to_owned()), Some("质管部".to_owned())]);
        let rows = IdxCa::from_vec("row".into(), vec![3, 1]);
        assert_eq!(words(&frame.take(&rows).expect("rows").column("部门").expect("a column")), [Some("质管部".to_owned()), None]);
        let alone = frame.select(["部门"]).expect("columns");
        let beside = frame.select(["数量"]).expect("columns").beside(alone).expect("columns");
        assert_eq!(beside.names().map(PlSmallStr::as_str).collect::<Vec<_>>(), ["数量", "部门"]);
        assert_eq!(beside.get("部门", 0).expect("a cell"), AnyValue::String("质管部"));
    }

    #[test]
    fn a_condition_on_a_text_finds_its_rows() {
        let found = frame().lazy().filter(col("部门").eq(lit("质管部"))).select([col("数量")]).collect().expect("rows");
        assert_eq!(found.column("数量").expect("a column").i64().expect("numbers").to_vec(), [Some(1), Some(4)]);
    }
}
