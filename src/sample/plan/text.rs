//! Texts with places for other values: `GD{yy}{mm}{seq:03}`, `{服务工单.工单号}`.

/// A field of the same row, or of the row of another table that this row refers to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ref {
    pub table: Option<String>,
    pub field: String,
}

impl Ref {
    /// `字段` or `表.字段`.
    pub fn read(text: &str) -> Self {
        match text.split_once('.') {
            Some((table, field)) => Self { table: Some(table.to_owned()), field: field.to_owned() },
            None => Self { table: None, field: text.to_owned() },
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    Words(String),
    Of(Ref),
    /// Running number in the month, with at least so many digits.
    Seq(usize),
    /// Running number in the whole sample.
    No(usize),
    /// The month, in chrono's letters.
    Month(&'static str),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text(pub Vec<Part>);

impl Text {
    /// The error is a Chinese sentence.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once('{') {
            let (inside, behind) = after.split_once('}').ok_or_else(|| format!("「{text}」里的 {{ 没有配对的 }}"))?;
            if !before.is_empty() {
                parts.push(Part::Words(before.to_owned()));
            }
            parts.push(part(inside.trim())?);
            rest = behind;
        }
        if !rest.is_empty() {
            parts.push(Part::Words(rest.to_owned()));
        }
        Ok(Self(parts))
    }

    /// Where the text is nothing but one reference.
    pub fn alone(&self) -> Option<&Ref> {
        match self.0.as_slice() {
            [Part::Of(of)] => Some(of),
            _ => None,
        }
    }

    pub fn refs(&self) -> impl Iterator<Item = &Ref> {
        self.0.iter().filter_map(|part| match part {
            Part::Of(of) => Some(of),
            _ => None,
        })
    }
}

fn part(inside: &str) -> Result<Part, String> {
    let (name, digits) = inside.split_once(':').map_or((inside, None), |(name, digits)| (name, Some(digits)));
    let digits = match digits {
        None => 1,
        Some(digits) => digits.parse().map_err(|_| format!("位数写作 {{{name}:03}}，不是「{inside}」"))?,
    };
    Ok(match name {
        "seq" => Part::Seq(digits),
        "no" => Part::No(digits),
        "yyyy" => Part::Month("%Y"),
        "yy" => Part::Month("%y"),
        "mm" => Part::Month("%m"),
        "m" => Part::Month("%-m"),
        "month" => Part::Month("%Y-%m"),
        "" => return Err("{} 里是空的".to_owned()),
        _ => Part::Of(Ref::read(name)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_numbers_and_references_are_told_apart() {
        let text = Text::read("GD{yy}{seq:03}-{服务工单.工单号}").expect("a text");
        let of = Ref { table: Some("服务工单".to_owned()), field: "工单号".to_owned() };
        assert_eq!(
            text.0,
            [Part::Words("GD".to_owned()), Part::Month("%y"), Part::Seq(3), Part::Words("-".to_owned()), Part::Of(of.clone())]
        );
        assert_eq!(Text::read("{服务工单.工单号}").expect("a text").alone(), Some(&of));
        assert!(Text::read("{没有右括号").is_err());
    }
}
