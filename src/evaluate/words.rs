//! Conditions in Chinese, as a message needs them.

use crate::rules::words::literal_in;
use crate::rules::{Condition, FieldType, Literal, Operand, Ordering, Test};

/// Marks a phrase that names an empty field: messages gather these into one list.
pub(super) const ABSENT: &str = "缺：";
/// Around the post that an approval needed.
pub(super) const NEEDS_POST: &str = "应由";
pub(super) const SIGNED_BY: &str = "核决";

pub(super) fn absent(field: &str) -> String {
    format!("{ABSENT}{field}")
}

/// `缺：料号、数量；不良数量 > 数量`
pub(super) fn gather<'a>(phrases: impl Iterator<Item = &'a str> + Clone) -> String {
    let fields: Vec<&str> = phrases.clone().filter_map(|phrase| phrase.strip_prefix(ABSENT)).collect();
    let others = phrases.filter(|phrase| !phrase.starts_with(ABSENT)).map(str::to_owned);
    let missing = (!fields.is_empty()).then(|| format!("{ABSENT}{}", fields.join("、")));
    missing.into_iter().chain(others).collect::<Vec<_>>().join("；")
}

/// A field's type, where it is known: a time of day is kept as seconds.
pub(super) type TypeOf<'a> = dyn Fn(&str) -> Option<FieldType> + 'a;

/// What is to be seen where the condition does not hold.
pub(super) fn violated(condition: &Condition, types: &TypeOf) -> String {
    let words = Words(types);
    match condition {
        Condition::Cell { field, test: Test::Present } => absent(field),
        Condition::Cell { field, test: Test::Compare(ordering, right) } => words.compared(field, "", opposite(*ordering), right),
        Condition::Not(inner) => match &**inner {
            Condition::Cell { field, test: Test::Missing } => absent(field),
            Condition::Cell { test: Test::Compare(..), .. } => words.said(inner, Mood::Is),
            inner => words.said(inner, Mood::ShouldNot),
        },
        condition => words.said(condition, Mood::Should),
    }
}

/// How a sentence puts a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mood {
    Should,
    ShouldNot,
    Is,
}

impl Mood {
    fn opposite(self) -> Self {
        match self {
            Mood::Should => Mood::ShouldNot,
            Mood::ShouldNot | Mood::Is => Mood::Should,
        }
    }

    /// Before a verb.
    fn prefix(self) -> &'static str {
        match self {
            Mood::Should => "应",
            Mood::ShouldNot => "不应",
            Mood::Is => "",
        }
    }
}

/// Sentences about the fields of one table.
struct Words<'a>(&'a TypeOf<'a>);

impl Words<'_> {
    fn said(&self, condition: &Condition, mood: Mood) -> String {
        let each =
            |parts: &[Condition], mood, between: &str| parts.iter().map(|part| self.said(part, mood)).collect::<Vec<_>>().join(between);
        match (condition, mood) {
            (Condition::All(parts), Mood::ShouldNot) => format!("不应同时：{}", each(parts, Mood::Is, "，且")),
            (Condition::All(parts), mood) => each(parts, mood, "，且"),
            (Condition::Any(parts), Mood::ShouldNot) => each(parts, mood, "，且"),
            (Condition::Any(parts), mood) => each(parts, mood, "，或"),
            (Condition::Not(inner), Mood::Is) => format!("并非{}", self.said(inner, Mood::Is)),
            (Condition::Not(inner), mood) => self.said(inner, mood.opposite()),
            (Condition::Formula(_), mood) => format!("{}合规则所定的算式", mood.prefix()),
            (Condition::Cell { field, test }, mood) => self.cell(field, test, mood),
        }
    }

    fn cell(&self, field: &str, test: &Test, mood: Mood) -> String {
        let should = mood.prefix();
        match (test, mood) {
            (Test::OneOf(values), _) => format!("{field}{should}为{}", self.one_of(field, values)),
            (Test::Missing, Mood::Is) => format!("{field}未填"),
            (Test::Present, Mood::Is) => format!("{field}已填"),
            (Test::Missing, Mood::Should) | (Test::Present, Mood::ShouldNot) => format!("{field}应为空"),
            (Test::Present, Mood::Should) | (Test::Missing, Mood::ShouldNot) => format!("{field}应填写"),
            (Test::Like(pattern), _) => format!("{field}{}", like(pattern, should)),
            (Test::Compare(ordering, right), Mood::ShouldNot) => self.compared(field, "应", opposite(*ordering), right),
            (Test::Compare(ordering, right), _) => self.compared(field, should, Sign::of(*ordering), right),
            (Test::Interval { low: Some((low, true)), high: Some((high, true)) }, _) => {
                format!("{field}{should}在 {} 至 {} 之间", self.literal(field, low), self.literal(field, high))
            }
            (Test::Interval { low, high }, _) => {
                let end = |value: &Literal, sign: Sign| format!("{}{}", self.verb(field, sign), self.operand(field, value));
                let low = low.as_ref().map(|(value, inside)| end(value, if *inside { Sign::AtLeast } else { Sign::Greater }));
                let high = high.as_ref().map(|(value, inside)| end(value, if *inside { Sign::AtMost } else { Sign::Less }));
                format!("{field}{should}{}", low.into_iter().chain(high).collect::<Vec<_>>().join("且"))
            }
        }
    }

    /// `「甲」`, `「甲」或「乙」`, `「甲」「乙」「丙」之一`.
    fn one_of(&self, field: &str, values: &[Literal]) -> String {
        let mut known: Vec<String> = Vec::new();
        let mut shown = Vec::new();
        for value in values {
            let text = self.quoted(field, value);
            let folded = folded(&text);
            if !known.contains(&folded) {
                known.push(folded);
                shown.push(text);
            }
        }
        match shown.as_slice() {
            [one, other] => format!("{one}或{}", other.trim_start()),
            [_, _, _, ..] => format!("{}之一", shown.join(if shown.iter().all(|text| text.ends_with('」')) { "" } else { "、" })),
            _ => shown.concat(),
        }
    }

    /// `签到时间晚于 08:30`, `解决人与首接人相同`.
    fn compared(&self, field: &str, should: &str, sign: Sign, right: &Operand) -> String {
        match (sign, right) {
            (Sign::Equal, Operand::Field(other)) => format!("{field}{should}与{other}相同"),
            (Sign::NotEqual, Operand::Field(other)) => format!("{field}{should}与{other}不同"),
            (Sign::Equal, Operand::Literal(value)) => format!("{field}{should}为{}", self.quoted(field, value)),
            (Sign::NotEqual, Operand::Literal(value)) => {
                format!("{field}{}为{}", if should.is_empty() { "不" } else { "不应" }, self.quoted(field, value))
            }
            (sign, Operand::Field(other)) => format!("{field}{should}{}{other}", self.verb(field, sign)),
            (sign, Operand::Literal(value)) => format!("{field}{should}{}{}", self.verb(field, sign), self.operand(field, value)),
        }
    }

    /// Days and times are earlier or later, figures smaller or larger.
    fn verb(&self, field: &str, sign: Sign) -> &'static str {
        let dated = matches!((self.0)(field), Some(FieldType::Date | FieldType::Datetime | FieldType::Time));
        match (sign, dated) {
            (Sign::Less, true) => "早于",
            (Sign::AtMost, true) => "不晚于",
            (Sign::Greater, true) => "晚于",
            (Sign::AtLeast, true) => "不早于",
            (Sign::Less, false) => "少于",
            (Sign::AtMost, false) => "不多于",
            (Sign::Greater, false) => "多于",
            (Sign::AtLeast, false) => "不少于",
            (Sign::Equal, _) => "等于",
            (Sign::NotEqual, _) => "不等于",
        }
    }

    fn literal(&self, field: &str, value: &Literal) -> String {
        literal_in(value, (self.0)(field)).trim().to_owned()
    }

    /// Behind a verb: a figure is set apart by a space.
    fn operand(&self, field: &str, value: &Literal) -> String {
        format!(" {}", self.literal(field, value))
    }

    fn quoted(&self, field: &str, value: &Literal) -> String {
        match value {
            Literal::Text(_) | Literal::Bool(_) => format!("「{}」", self.literal(field, value)),
            _ => self.operand(field, value),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    Less,
    AtMost,
    Greater,
    AtLeast,
    Equal,
    NotEqual,
}

impl Sign {
    fn of(ordering: Ordering) -> Self {
        match ordering {
            Ordering::Less => Sign::Less,
            Ordering::AtMost => Sign::AtMost,
            Ordering::Greater => Sign::Greater,
            Ordering::AtLeast => Sign::AtLeast,
            Ordering::NotEqual => Sign::NotEqual,
        }
    }
}

fn opposite(ordering: Ordering) -> Sign {
    match ordering {
        Ordering::Less => Sign::AtLeast,
        Ordering::AtMost => Sign::Greater,
        Ordering::Greater => Sign::AtMost,
        Ordering::AtLeast => Sign::Less,
        Ordering::NotEqual => Sign::Equal,
    }
}

/// A pattern without its stars: `应含「五笔」`, `应以「、」分列 6 项`.
fn like(pattern: &str, should: &str) -> String {
    let parts: Vec<&str> = pattern.split('*').filter(|part| !part.is_empty()).collect();
    let (open, shut) = (pattern.starts_with('*'), pattern.ends_with('*'));
    match parts.as_slice() {
        [] => format!("{should}填写"),
        [one] if open && shut => format!("{should}含「{one}」"),
        [one] if open => format!("{should}以「{one}」结尾"),
        [one] if shut => format!("{should}以「{one}」开头"),
        [one] => format!("{should}为「{one}」"),
        [first, rest @ ..] if open && shut && rest.iter().all(|part| part == first) => {
            format!("{should}以「{first}」分列 {} 项", parts.len() + 1)
        }
        parts => format!("{should}依次含{}", parts.iter().map(|part| format!("「{part}」")).collect::<String>()),
    }
}

/// Spellings of one name are alike in this: `E-mail`, `Email` and `email`.
fn folded(text: &str) -> String {
    let letters: String = text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    if letters.is_empty() { text.to_owned() } else { letters }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(field: &str, test: Test) -> Condition {
        Condition::Cell { field: field.to_owned(), test }
    }

    fn text(text: &str) -> Literal {
        Literal::Text(text.to_owned())
    }

    fn said(condition: &Condition) -> String {
        violated(condition, &|field| match field {
            "签到时间" => Some(FieldType::Time),
            "执行日期" => Some(FieldType::Date),
            _ => None,
        })
    }

    #[test]
    fn a_time_of_day_reads_as_on_a_clock() {
        let half_past_eight = Operand::Literal(Literal::Number(30_600.into()));
        assert_eq!(said(&cell("签到时间", Test::Compare(Ordering::AtMost, half_past_eight))), "签到时间晚于 08:30");
    }

    #[test]
    fn values_stand_in_quotes_and_spellings_of_one_name_are_told_once() {
        assert_eq!(said(&cell("合格", Test::OneOf(vec![Literal::Bool(true)]))), "合格应为「是」");
        let spellings = vec![text("E-mail"), text("Email"), text("email"), text("电话")];
        assert_eq!(said(&cell("方式", Test::OneOf(spellings))), "方式应为「E-mail」或「电话」");
        let three = vec![text("甲"), text("乙"), text("丙")];
        assert_eq!(said(&cell("等级", Test::OneOf(three))), "等级应为「甲」「乙」「丙」之一");
    }

    #[test]
    fn patterns_are_told_without_their_stars() {
        let like = |pattern: &str| said(&cell("题型", Test::Like(pattern.to_owned())));
        assert_eq!(like("*五笔*"), "题型应含「五笔」");
        assert_eq!(like("KS*"), "题型应以「KS」开头");
        assert_eq!(like("*、*、*、*、*、*"), "题型应以「、」分列 6 项");
    }

    #[test]
    fn what_must_not_be_is_not_negated_twice() {
        let not = |condition| Condition::Not(Box::new(condition));
        let same = cell("解决人", Test::Compare(Ordering::NotEqual, Operand::Field("首接人".to_owned())));
        assert_eq!(said(&same), "解决人与首接人相同");
        assert_eq!(said(&not(same)), "解决人与首接人不同");
        assert_eq!(said(&not(cell("上级", Test::Like("*网店客服*".to_owned())))), "上级不应含「网店客服」");
        assert_eq!(said(&not(cell("类别", Test::OneOf(vec![text("私事")])))), "类别不应为「私事」");
        assert_eq!(said(&not(cell("原因", Test::Missing))), "缺：原因");
    }

    #[test]
    fn figures_are_fewer_or_more_and_days_earlier_or_later() {
        let zero = Operand::Literal(Literal::Number(0.into()));
        assert_eq!(said(&cell("告知分钟", Test::Compare(Ordering::Greater, zero))), "告知分钟不多于 0");
        let reported = Operand::Field("异议上报日期".to_owned());
        assert_eq!(said(&cell("执行日期", Test::Compare(Ordering::AtMost, reported))), "执行日期晚于异议上报日期");
    }
}
