//! Formula text to a tree: the part of Excel's grammar that the workbooks use.

use rust_decimal::Decimal;

/// Cells of one sheet, zero-based, both corners inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Range {
    pub sheet: usize,
    pub first: (usize, usize),
    pub last: (usize, usize),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operator {
    Equal,
    Unequal,
    Less,
    AtMost,
    Greater,
    AtLeast,
    Join,
    Add,
    Subtract,
    Multiply,
    Divide,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Expr {
    Number(Decimal),
    Text(String),
    Bool(bool),
    Range(Range),
    Negate(Box<Expr>),
    Binary(Operator, Box<Expr>, Box<Expr>),
    /// Name in capitals, arguments.
    Call(String, Vec<Expr>),
}

/// Where a formula stands and what its names mean.
pub struct Names<'n> {
    /// Sheet of references that name none.
    pub own: usize,
    pub sheets: &'n [String],
}

/// # Errors
/// What could not be read, in Chinese.
pub fn parse(text: &str, names: &Names<'_>) -> Result<Expr, String> {
    let mut parser = Parser { rest: text, names };
    let expr = parser.comparison()?;
    parser.space();
    if parser.rest.is_empty() { Ok(expr) } else { Err(format!("读不懂「{}」", parser.rest)) }
}

struct Parser<'t, 'n> {
    rest: &'t str,
    names: &'n Names<'n>,
}

impl<'t> Parser<'t, '_> {
    fn space(&mut self) {
        self.rest = self.rest.trim_start();
    }

    fn takes(&mut self, token: &str) -> bool {
        self.space();
        let found = self.rest.strip_prefix(token);
        self.rest = found.unwrap_or(self.rest);
        found.is_some()
    }

    fn needs(&mut self, token: &str) -> Result<(), String> {
        if self.takes(token) { Ok(()) } else { Err(format!("「{}」之前应有「{token}」", self.rest)) }
    }

    /// The first of `operators` that stands here; longer ones come first.
    fn operator(&mut self, operators: &[(&str, Operator)]) -> Option<Operator> {
        operators.iter().find(|(token, _)| self.takes(token)).map(|(_, operator)| *operator)
    }

    fn chain(&mut self, operators: &[(&str, Operator)], part: fn(&mut Self) -> Result<Expr, String>) -> Result<Expr, String> {
        let mut left = part(self)?;
        while let Some(operator) = self.operator(operators) {
            left = Expr::Binary(operator, Box::new(left), Box::new(part(self)?));
        }
        Ok(left)
    }

    fn comparison(&mut self) -> Result<Expr, String> {
        use Operator::{AtLeast, AtMost, Equal, Greater, Less, Unequal};
        let operators = [("<>", Unequal), ("<=", AtMost), (">=", AtLeast), ("=", Equal), ("<", Less), (">", Greater)];
        self.chain(&operators, Self::joined)
    }

    fn joined(&mut self) -> Result<Expr, String> {
        self.chain(&[("&", Operator::Join)], Self::sum)
    }

    fn sum(&mut self) -> Result<Expr, String> {
        self.chain(&[("+", Operator::Add), ("-", Operator::Subtract)], Self::product)
    }

    fn product(&mut self) -> Result<Expr, String> {
        self.chain(&[("*", Operator::Multiply), ("/", Operator::Divide)], Self::signed)
    }

    fn signed(&mut self) -> Result<Expr, String> {
        if self.takes("-") { Ok(Expr::Negate(Box::new(self.signed()?))) } else { self.single() }
    }

    fn single(&mut self) -> Result<Expr, String> {
        if self.takes("(") {
            let inner = self.comparison()?;
            self.needs(")")?;
            return Ok(inner);
        }
        match self.rest.chars().next() {
            Some('"') => self.quoted('"').map(Expr::Text),
            Some(c) if c.is_ascii_digit() || c == '.' => self.number(),
            Some('\'') => {
                let sheet = self.quoted('\'')?;
                self.needs("!")?;
                self.range(Some(&sheet))
            }
            Some(_) => self.named(),
            None => Err("公式没有写完".to_owned()),
        }
    }

    /// What stands between two `mark`s; a doubled one is one inside.
    fn quoted(&mut self, mark: char) -> Result<String, String> {
        let mut text = String::new();
        let mut chars = self.rest.char_indices().skip(1).peekable();
        while let Some((at, c)) = chars.next() {
            if c != mark {
                text.push(c);
            } else if chars.peek().is_some_and(|(_, next)| *next == mark) {
                text.push(mark);
                chars.next();
            } else {
                self.rest = &self.rest[at + c.len_utf8()..];
                return Ok(text);
            }
        }
        Err(format!("「{}」缺收尾的引号", self.rest))
    }

    fn word(&mut self, belongs: impl Fn(char) -> bool) -> &'t str {
        let end = self.rest.find(|c: char| !belongs(c)).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        word
    }

    fn number(&mut self) -> Result<Expr, String> {
        let digits = self.word(|c| c.is_ascii_digit() || c == '.');
        digits.parse().map(Expr::Number).map_err(|_| format!("「{digits}」不是数字"))
    }

    /// A function, `TRUE` or `FALSE`, or a reference.
    fn named(&mut self) -> Result<Expr, String> {
        let before = self.rest;
        let word = self.word(|c| c.is_alphanumeric() || "$._".contains(c));
        if word.is_empty() {
            return Err(format!("读不懂「{before}」"));
        }
        if self.takes("(") {
            return self.arguments().map(|arguments| Expr::Call(word.to_ascii_uppercase(), arguments));
        }
        if self.takes("!") {
            return self.range(Some(word));
        }
        match word {
            "TRUE" => Ok(Expr::Bool(true)),
            "FALSE" => Ok(Expr::Bool(false)),
            _ => {
                self.rest = before;
                self.range(None)
            }
        }
    }

    fn arguments(&mut self) -> Result<Vec<Expr>, String> {
        let mut arguments = Vec::new();
        if self.takes(")") {
            return Ok(arguments);
        }
        loop {
            arguments.push(self.comparison()?);
            if self.takes(")") {
                return Ok(arguments);
            }
            self.needs(",")?;
        }
    }

    fn range(&mut self, sheet: Option<&str>) -> Result<Expr, String> {
        let sheet = match sheet {
            None => self.names.own,
            Some(name) => self.names.sheets.iter().position(|s| s == name).ok_or_else(|| format!("没有工作表「{name}」"))?,
        };
        let first = self.cell()?;
        let last = if self.takes(":") { self.cell()? } else { first };
        let corner = |pick: fn(usize, usize) -> usize| (pick(first.0, last.0), pick(first.1, last.1));
        Ok(Expr::Range(Range { sheet, first: corner(usize::min), last: corner(usize::max) }))
    }

    /// `$C$5` as (4, 2).
    fn cell(&mut self) -> Result<(usize, usize), String> {
        let word = self.word(|c| c.is_ascii_alphanumeric() || c == '$');
        let wrong = || format!("「{word}」不是单元格");
        let plain = word.replace('$', "");
        let letters = plain.find(|c: char| c.is_ascii_digit()).ok_or_else(wrong)?;
        let (letters, row) = plain.split_at(letters);
        let row = row.parse::<usize>().ok().and_then(|row| row.checked_sub(1)).ok_or_else(wrong)?;
        let known = (1..=3).contains(&letters.len()) && letters.bytes().all(|b| b.is_ascii_uppercase());
        let column = letters.bytes().fold(0, |sum, b| sum * 26 + usize::from(b.saturating_sub(b'A')) + 1);
        if known { Ok((row, column - 1)) } else { Err(wrong()) }
    }
}
