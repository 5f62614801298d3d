//! `calc`: numbers, fields, the four operations and brackets.

use rust_decimal::Decimal;

use super::text::Ref;

#[derive(Debug, Clone, PartialEq)]
pub enum Sum {
    Number(Decimal),
    Of(Ref),
    Operation(char, Box<Sum>, Box<Sum>),
}

impl Sum {
    /// The error is a Chinese sentence.
    pub fn read(text: &str) -> Result<Self, String> {
        let mut reader = Reader { rest: text };
        let sum = reader.sum();
        match (sum, reader.peek()) {
            (Some(sum), None) => Ok(sum),
            _ => Err(format!("算式「{text}」到「{}」读不下去：用 + - * / 和括号，字段写作 {{字段}}", reader.rest)),
        }
    }

    pub fn refs(&self) -> Vec<&Ref> {
        match self {
            Sum::Number(_) => Vec::new(),
            Sum::Of(of) => vec![of],
            Sum::Operation(_, left, right) => left.refs().into_iter().chain(right.refs()).collect(),
        }
    }

    /// `None` where a field is blank or the divisor zero.
    pub fn value<E>(&self, field: &mut impl FnMut(&Ref) -> Result<Option<Decimal>, E>) -> Result<Option<Decimal>, E> {
        Ok(match self {
            Sum::Number(number) => Some(*number),
            Sum::Of(of) => field(of)?,
            Sum::Operation(sign, left, right) => match (left.value(field)?, right.value(field)?) {
                (Some(left), Some(right)) => match sign {
                    '+' => left.checked_add(right),
                    '-' => left.checked_sub(right),
                    '*' => left.checked_mul(right),
                    _ => left.checked_div(right),
                },
                _ => None,
            },
        })
    }
}

struct Reader<'t> {
    rest: &'t str,
}

impl Reader<'_> {
    fn peek(&mut self) -> Option<char> {
        self.rest = self.rest.trim_start();
        self.rest.chars().next()
    }

    fn take(&mut self, signs: &[char]) -> Option<char> {
        let next = self.peek().filter(|next| signs.contains(next))?;
        self.rest = &self.rest[next.len_utf8()..];
        Some(next)
    }

    fn sum(&mut self) -> Option<Sum> {
        self.chain(&['+', '-'], Self::product)
    }

    fn product(&mut self) -> Option<Sum> {
        self.chain(&['*', '/'], Self::one)
    }

    fn chain(&mut self, signs: &[char], part: fn(&mut Self) -> Option<Sum>) -> Option<Sum> {
        let mut left = part(self)?;
        while let Some(sign) = self.take(signs) {
            left = Sum::Operation(sign, Box::new(left), Box::new(part(self)?));
        }
        Some(left)
    }

    fn one(&mut self) -> Option<Sum> {
        if self.take(&['(']).is_some() {
            let inside = self.sum()?;
            return self.take(&[')']).map(|_| inside);
        }
        if self.take(&['{']).is_some() {
            let (name, rest) = self.rest.split_once('}')?;
            self.rest = rest;
            return Some(Sum::Of(Ref::read(name.trim())));
        }
        self.peek()?;
        let end = self.rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(self.rest.len());
        let number = self.rest[..end].parse().ok()?;
        self.rest = &self.rest[end..];
        Some(Sum::Number(number))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> Option<Decimal> {
        let sum = Sum::read(text).expect("a sum");
        sum.value::<()>(&mut |of| Ok((of.field == "三").then_some(Decimal::from(3)))).expect("a value")
    }

    #[test]
    fn products_go_before_sums_and_brackets_before_both() {
        assert_eq!(value("1 + 2 * {三}"), Some(Decimal::from(7)));
        assert_eq!(value("(1 + 2) * {三} - 1"), Some(Decimal::from(8)));
        assert_eq!(value("{空} + 1"), None);
        assert_eq!(value("1 / 0"), None);
        for wrong in ["1 +", "(1", "三", "1 2"] {
            assert!(Sum::read(wrong).is_err(), "{wrong}");
        }
    }
}
