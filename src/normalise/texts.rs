//! A column of texts that keeps a text once which comes again and again: departments, products, opinions.

use std::hash::BuildHasher;

use polars::prelude::*;

/// So many texts are looked out for at a time.
const WATCHED: usize = 1 << 10;
/// A longer text hardly comes again, and a thousand of them are too much to remember.
const LONGEST: usize = 256;

/// Fills such a column a text at a time.
pub struct TextBuilder {
    /// Every text when it first came, and again where others took its place in `watched` meanwhile.
    texts: StringChunkedBuilder,
    count: IdxSize,
    /// Of each row, its text's place in `texts`.
    rows: PrimitiveChunkedBuilder<IdxType>,
    /// By a few bits of its hash, the text that came last with them, and its place in `texts`.
    watched: Vec<Option<(String, IdxSize)>>,
    hasher: PlFixedStateQuality,
}

impl TextBuilder {
    pub fn new(name: PlSmallStr) -> Self {
        Self {
            texts: StringChunkedBuilder::new(name.clone(), 0),
            count: 0,
            rows: PrimitiveChunkedBuilder::new(name, 0),
            watched: vec![None; WATCHED],
            hasher: PlFixedStateQuality::default(),
        }
    }

    pub fn push(&mut self, text: &str) {
        let place = if text.len() > LONGEST { self.add(text) } else { self.known(text) };
        self.rows.append_value(place);
    }

    pub fn push_null(&mut self) {
        self.rows.append_null();
    }

    fn known(&mut self, text: &str) -> IdxSize {
        let slot = self.hasher.hash_one(text) as usize % WATCHED;
        if let Some((known, place)) = &self.watched[slot]
            && known == text
        {
            return *place;
        }
        let place = self.add(text);
        match &mut self.watched[slot] {
            Some((known, at)) => {
                known.clear();
                known.push_str(text);
                *at = place;
            }
            free => *free = Some((text.to_owned(), place)),
        }
        place
    }

    fn add(&mut self, text: &str) -> IdxSize {
        self.texts.append_value(text);
        self.count += 1;
        self.count - 1
    }

    pub fn finish(self) -> Texts {
        Texts { texts: self.texts.finish(), rows: self.rows.finish() }
    }
}

/// A column of texts, each kept once or a few times.
pub struct Texts {
    texts: StringChunked,
    /// Of each row, its text's place in `texts`.
    rows: IdxCa,
}

impl Texts {
    pub fn nothing(name: PlSmallStr, rows: usize) -> Self {
        Self { texts: StringChunked::full_null(name.clone(), 0), rows: IdxCa::full_null(name, rows) }
    }

    pub fn is_empty(&self) -> bool {
        self.rows.null_count() == self.rows.len()
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn get(&self, row: usize) -> Option<&str> {
        self.texts.get(self.rows.get(row)? as usize)
    }

    pub fn filter(self, kept: &BooleanChunked) -> PolarsResult<Self> {
        Ok(Self { rows: self.rows.filter(kept)?, ..self })
    }

    /// The rows of both, one below the other.
    pub fn above(mut self, other: Self) -> PolarsResult<Self> {
        let first = self.texts.len() as IdxSize;
        self.texts.append_owned(other.texts)?;
        self.rows.append_owned(other.rows + first)?;
        Ok(self)
    }

    /// Places and texts, or the texts row by row where that is no larger.
    pub fn kept(self) -> PolarsResult<(Column, Option<Series>)> {
        let (texts, rows) = (self.texts.rechunk().into_owned(), self.rows.rechunk().into_owned());
        if texts.len() == rows.len() && rows.null_count() == 0 {
            return Ok((texts.into_column(), None));
        }
        // a place takes a quarter of the room of a text
        match texts.len() * 2 > rows.len() {
            true => Ok((texts.take(&rows)?.into_column(), None)),
            false => Ok((rows.into_column(), Some(texts.into_series()))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(texts: &[Option<&str>]) -> Texts {
        let mut builder = TextBuilder::new("字段".into());
        for text in texts {
            match text {
                Some(text) => builder.push(text),
                None => builder.push_null(),
            }
        }
        builder.finish()
    }

    fn rows(texts: &Texts) -> Vec<Option<&str>> {
        (0..texts.len()).map(|row| texts.get(row)).collect()
    }

    #[test]
    fn texts_come_out_in_the_order_they_went_in() {
        let long = "长".repeat(LONGEST);
        let many: Vec<String> = (0..3 * WATCHED).map(|at| format!("客户商行第 {} 号", at % (WATCHED + 7))).collect();
        let mut all: Vec<Option<&str>> = many.iter().map(|text| Some(text.as_str())).collect();
        all.extend([None, Some(""), Some(long.as_str()), Some("制造一部"), None, Some(long.as_str()), Some("制造一部")]);
        assert_eq!(rows(&texts(&all)), all, "every row has its own text");
    }

    #[test]
    fn a_text_that_comes_again_is_kept_once() {
        let opinion = "业务认为应由制造部门说明原因并提出改善措施";
        let (places, kept) = texts(&[Some(opinion); 1_000]).kept().expect("a column");
        assert_eq!((places.len(), kept.map(|texts| texts.len())), (1_000, Some(1)), "a thousand rows, one text");
    }

    #[test]
    fn texts_that_hardly_come_again_are_kept_row_by_row() {
        let numbers: Vec<String> = (0..100).map(|at| format!("2610{at:02}")).collect();
        let mut all: Vec<Option<&str>> = numbers.iter().map(|text| Some(text.as_str())).collect();
        assert!(texts(&all).kept().expect("a column").1.is_none());
        all.push(None);
        let (column, texts) = texts(&all).kept().expect("a column");
        assert!(texts.is_none());
        assert_eq!((column.len(), column.null_count()), (101, 1));
    }

    #[test]
    fn sheets_stand_below_each_other_and_lose_rows_that_are_left_out() {
        let first = texts(&[Some("业务部"), None, Some("业务部")]);
        let kept = BooleanChunked::from_slice("keep".into(), &[true, true, false]);
        let both = first.filter(&kept).expect("rows").above(texts(&[Some("质管部"), Some("业务部")])).expect("rows");
        assert_eq!(rows(&both), [Some("业务部"), None, Some("质管部"), Some("业务部")]);
        let none = Texts::nothing("字段".into(), 2).above(both).expect("rows");
        assert_eq!(rows(&none)[..4], [None, None, Some("业务部"), None]);
    }

    #[test]
    fn without_any_text_the_rows_are_still_there() {
        assert_eq!(texts(&[None, None]).len(), 2);
        assert!(texts(&[None, None]).is_empty());
        assert_eq!(texts(&[]).len(), 0);
    }
}
