//! Conditions in Chinese, as a message needs them.

use crate::rules::{Condition, Literal, Operand, Ordering, Test};

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

/// What is to be seen where the condition does not hold.
pub(super) fn violated(condition: &Condition) -> String {
    let Condition::Cell { field, test } = condition else {
        return format!("不符合：{}", stated(condition));
    };
    match test {
        Test::Present => absent(field),
        Test::Compare(ordering, operand) => {
            let opposite = match ordering {
                Ordering::Less => ">=",
                Ordering::AtMost => ">",
                Ordering::Greater => "<=",
                Ordering::AtLeast => "<",
                Ordering::NotEqual => "=",
            };
            format!("{field} {opposite} {}", operand_words(operand))
        }
        _ => stated(condition),
    }
}

/// What the condition asks for.
pub(super) fn stated(condition: &Condition) -> String {
    let join = |parts: &[Condition], word: &str| parts.iter().map(stated).collect::<Vec<_>>().join(word);
    match condition {
        Condition::All(parts) => join(parts, "且"),
        Condition::Any(parts) => join(parts, "或"),
        Condition::Not(inner) => format!("不是「{}」", stated(inner)),
        Condition::Formula(_) => "规则里的 SQL 条件".to_owned(),
        Condition::Cell { field, test } => match test {
            Test::OneOf(values) => format!("{field}应为{}", values.iter().map(literal).collect::<Vec<_>>().join("或")),
            Test::Missing => format!("{field}应为空"),
            Test::Present => format!("{field}应填写"),
            Test::Like(pattern) => format!("{field}应写作「{pattern}」"),
            Test::Compare(ordering, operand) => {
                let sign = match ordering {
                    Ordering::Less => "<",
                    Ordering::AtMost => "<=",
                    Ordering::Greater => ">",
                    Ordering::AtLeast => ">=",
                    Ordering::NotEqual => "≠",
                };
                format!("{field} 应 {sign} {}", operand_words(operand))
            }
            Test::Interval { low, high } => {
                let low = low.as_ref().map_or("(".to_owned(), |(v, inside)| format!("{}{}", if *inside { "[" } else { "(" }, literal(v)));
                let high = high.as_ref().map_or(")".to_owned(), |(v, inside)| format!("{}{}", literal(v), if *inside { "]" } else { ")" }));
                format!("{field}应在 {low}..{high} 之内")
            }
        },
    }
}

fn operand_words(operand: &Operand) -> String {
    match operand {
        Operand::Field(field) => field.clone(),
        Operand::Literal(value) => literal(value),
    }
}

fn literal(value: &Literal) -> String {
    match value {
        Literal::Text(text) => format!("「{text}」"),
        Literal::Number(number) => number.normalize().to_string(),
        Literal::Date(date) => date.format("%Y-%m-%d").to_string(),
        Literal::Datetime(at) => at.format("%Y-%m-%d %H:%M").to_string(),
        Literal::Bool(yes) => if *yes { "是" } else { "否" }.to_owned(),
    }
}
