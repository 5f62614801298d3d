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

    pub fn finish(self) -> PolarsResult<StringChunked> {
        let (texts, rows) = (self.texts.finish(), self.rows.finish());
        let each_its_own = texts.len() == rows.len() && rows.null_count() == 0;
        // rows of the same text point at the same bytes
        if each_its_own { Ok(texts) } else { texts.take(&rows) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(texts: &[Option<&str>]) -> StringChunked {
        let mut builder = TextBuilder::new("字段".into());
        for text in texts {
            match text {
                Some(text) => builder.push(text),
                None => builder.push_null(),
            }
        }
        builder.finish().expect("texts")
    }

    #[test]
    fn texts_come_out_in_the_order_they_went_in() {
        let long = "长".repeat(LONGEST);
        let many: Vec<String> = (0..3 * WATCHED).map(|at| format!("客户商行第 {} 号", at % (WATCHED + 7))).collect();
        let mut texts: Vec<Option<&str>> = many.iter().map(|text| Some(text.as_str())).collect();
        texts.extend([None, Some(""), Some(long.as_str()), Some("制造一部"), None, Some(long.as_str()), Some("制造一部")]);
        assert!(column(&texts).iter().eq(texts.iter().copied()), "every row has its own text");
    }

    #[test]
    fn a_text_that_comes_again_is_kept_once() {
        let opinion = "业务认为应由制造部门说明原因并提出改善措施";
        let kept: usize = column(&[Some(opinion); 1_000]).downcast_iter().map(|texts| texts.total_buffer_len()).sum();
        assert_eq!(kept, opinion.len(), "a thousand rows, one text");
    }

    #[test]
    fn without_any_text_the_rows_are_still_there() {
        assert_eq!(column(&[None, None]).null_count(), 2);
        assert_eq!(column(&[]).len(), 0);
    }
}
