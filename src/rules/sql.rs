//! Formulas: SQL text over a dataset's fields to a typed [`Formula`]. Only arithmetic, comparison, `CASE`, `COALESCE`,
//! `ROUND`, `LEAST`, `GREATEST`, `IN`, `BETWEEN`, `IS NULL`.

use std::ops::Range;

use sqlparser::ast::{BinaryOperator, Expr, Function, FunctionArg, FunctionArgExpr, FunctionArguments, Spanned, UnaryOperator, Value};
use sqlparser::dialect::GenericDialect;
use sqlparser::parser::Parser;
use sqlparser::tokenizer::{Location, Token};

use super::cell::{self, Family};
use super::shape::Shape;
use super::{Formula, Operator};
use crate::diag::nearest;

/// What is wrong with a formula, in Chinese, and the characters of the text that it is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SqlError {
    pub message: String,
    pub at: Option<Range<usize>>,
}

/// What a part of a formula gives; `None` fits everything (a bare `NULL`).
type Gives = Option<Family>;

/// A formula that gives a number.
pub fn number(text: &str, shape: &Shape) -> Result<Formula, SqlError> {
    whole(text, shape, Family::Number, "公式要得出数字")
}

/// A formula that gives yes or no.
pub fn condition(text: &str, shape: &Shape) -> Result<Formula, SqlError> {
    whole(text, shape, Family::Bool, "where_sql 要得出是或否")
}

/// Where a formula names open parameters, `?提成比例`, with the mark; not within quotes.
pub fn params(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut quote = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match (quote, c) {
            (Some(open), c) if open == c => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            (None, '?') => {
                let mut end = at + c.len_utf8();
                while let Some((next, c)) = chars.next_if(|(_, c)| c.is_alphanumeric() || *c == '_') {
                    end = next + c.len_utf8();
                }
                found.push(at..end);
            }
            _ => {}
        }
    }
    found
}

fn whole(text: &str, shape: &Shape, wanted: Family, otherwise: &str) -> Result<Formula, SqlError> {
    let reader = Reader { text, shape };
    let mut parser = Parser::new(&GenericDialect {}).try_with_sql(text).map_err(|error| reader.syntax(&error.to_string()))?;
    let expr = parser.parse_expr().map_err(|error| reader.syntax(&error.to_string()))?;
    let rest = parser.peek_token();
    if rest.token != Token::EOF {
        let at = reader.characters(rest.span.start, rest.span.end);
        return Err(SqlError { message: format!("公式到「{}」就读不下去了", rest.token), at });
    }
    let (formula, gives) = reader.read(&expr)?;
    match gives.is_none_or(|gives| gives == wanted) {
        true => Ok(formula),
        false => Err(SqlError { message: otherwise.to_owned(), at: None }),
    }
}

struct Reader<'a> {
    text: &'a str,
    shape: &'a Shape,
}

impl Reader<'_> {
    /// The parser ends its messages with `at Line: 1, Column: 5`.
    fn syntax(&self, message: &str) -> SqlError {
        let number = |word: &str| -> Option<u64> {
            let rest = message.rsplit_once(word)?.1;
            rest.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok()
        };
        let location = number("Line: ").zip(number("Column: ")).map(|(line, column)| Location { line, column });
        let at = location.and_then(|at| self.characters(at, Location { line: at.line, column: at.column + 1 }));
        let what = message.split(" at Line").next().unwrap_or(message).trim_start_matches("sql parser error: ");
        SqlError { message: format!("公式写法有误：{what}"), at }
    }

    fn characters(&self, from: Location, to: Location) -> Option<Range<usize>> {
        let offset = |at: Location| -> Option<usize> {
            let line = usize::try_from(at.line).ok()?.checked_sub(1)?;
            let column = usize::try_from(at.column).ok()?.checked_sub(1)?;
            let before: usize = self.text.split('\n').take(line).map(|line| line.chars().count() + 1).sum();
            Some(before + column)
        };
        Some(offset(from)?..offset(to)?)
    }

    fn wrong<T>(&self, expr: &Expr, message: impl Into<String>) -> Result<T, SqlError> {
        let span = expr.span();
        Err(SqlError { message: message.into(), at: self.characters(span.start, span.end) })
    }

    fn read(&self, expr: &Expr) -> Result<(Formula, Gives), SqlError> {
        match expr {
            Expr::Nested(inner) => self.read(inner),
            Expr::Identifier(name) => self.field(expr, &name.value),
            Expr::Value(value) => self.constant(expr, &value.value),
            Expr::UnaryOp { op: UnaryOperator::Minus, expr: inner } => {
                Ok((Formula::Negate(Box::new(self.typed(inner, Family::Number)?)), Some(Family::Number)))
            }
            Expr::UnaryOp { op: UnaryOperator::Plus, expr: inner } => Ok((self.typed(inner, Family::Number)?, Some(Family::Number))),
            Expr::UnaryOp { op: UnaryOperator::Not, expr: inner } => Ok((not(self.typed(inner, Family::Bool)?), Some(Family::Bool))),
            Expr::BinaryOp { left, op, right } => self.binary(expr, left, op, right),
            Expr::IsNull(inner) => Ok((Formula::IsNull(Box::new(self.read(inner)?.0)), Some(Family::Bool))),
            Expr::IsNotNull(inner) => Ok((not(Formula::IsNull(Box::new(self.read(inner)?.0))), Some(Family::Bool))),
            Expr::InList { expr: inner, list, negated } => {
                let mut any: Option<Formula> = None;
                for item in list {
                    let equal = self.compare(expr, inner, Operator::Equal, item)?;
                    any = Some(match any {
                        Some(any) => binary(Operator::Or, any, equal),
                        None => equal,
                    });
                }
                let Some(any) = any else { return self.wrong(expr, "IN 后面的列表是空的") };
                Ok((if *negated { not(any) } else { any }, Some(Family::Bool)))
            }
            Expr::Between { expr: inner, negated, low, high } => {
                let low = self.compare(expr, inner, Operator::AtLeast, low)?;
                let high = self.compare(expr, inner, Operator::AtMost, high)?;
                let both = binary(Operator::And, low, high);
                Ok((if *negated { not(both) } else { both }, Some(Family::Bool)))
            }
            Expr::Case { operand, conditions, else_result, .. } => {
                let mut gives = None;
                let mut branches = Vec::new();
                for branch in conditions {
                    let when = match operand {
                        Some(operand) => self.compare(expr, operand, Operator::Equal, &branch.condition)?,
                        None => self.typed(&branch.condition, Family::Bool)?,
                    };
                    branches.push((when, self.same(&branch.result, &mut gives)?));
                }
                let otherwise = match else_result {
                    Some(result) => self.same(result, &mut gives)?,
                    None => Formula::Null,
                };
                Ok((Formula::Case { branches, otherwise: Box::new(otherwise) }, gives))
            }
            Expr::Function(function) => self.function(expr, function),
            _ => self.wrong(
                expr,
                format!("公式里不能用「{expr}」；可用：+ - * / 比较 AND OR NOT CASE COALESCE ROUND LEAST GREATEST IN BETWEEN IS NULL"),
            ),
        }
    }

    fn field(&self, expr: &Expr, name: &str) -> Result<(Formula, Gives), SqlError> {
        let Some(field) = self.shape.field(name) else {
            let names = self.shape.fields.iter().map(|f| f.name.as_str());
            let near = nearest(name, names).map(|near| format!("，是不是「{near}」？")).unwrap_or_default();
            return self.wrong(expr, format!("数据表「{}」没有字段「{name}」{near}", self.shape.dataset));
        };
        Ok((Formula::Field(field.name.clone()), Some(cell::family(field.ty))))
    }

    fn constant(&self, expr: &Expr, value: &Value) -> Result<(Formula, Gives), SqlError> {
        match value {
            Value::Number(text, _) => match cell::number(text) {
                Some(number) => Ok((Formula::Number(number), Some(Family::Number))),
                None => self.wrong(expr, format!("读不懂数字「{text}」")),
            },
            Value::SingleQuotedString(text) => Ok((Formula::Text(text.clone()), Some(Family::Text))),
            Value::Null => Ok((Formula::Null, None)),
            _ => self.wrong(expr, format!("公式里不能用常数「{expr}」")),
        }
    }

    /// A part that must give a certain kind of value.
    fn typed(&self, expr: &Expr, wanted: Family) -> Result<Formula, SqlError> {
        let mut gives = Some(wanted);
        self.same(expr, &mut gives)
    }

    /// A part that must give what its siblings give.
    fn same(&self, expr: &Expr, gives: &mut Gives) -> Result<Formula, SqlError> {
        let (formula, found) = self.read(expr)?;
        match (*gives, found) {
            (Some(wanted), Some(found)) if wanted != found => {
                self.wrong(expr, format!("「{expr}」是{}，这里要{}", title(found), title(wanted)))
            }
            _ => {
                *gives = gives.or(found);
                Ok(formula)
            }
        }
    }

    fn compare(&self, whole: &Expr, left: &Expr, operator: Operator, right: &Expr) -> Result<Formula, SqlError> {
        let mut gives = None;
        let left = self.same(left, &mut gives)?;
        let right = self.same(right, &mut gives)?;
        let ordered = !matches!(operator, Operator::Equal | Operator::NotEqual);
        if ordered && matches!(gives, Some(Family::Text | Family::Bool)) {
            return self.wrong(whole, "文字和是/否不能比大小");
        }
        Ok(binary(operator, left, right))
    }

    fn binary(&self, whole: &Expr, left: &Expr, operator: &BinaryOperator, right: &Expr) -> Result<(Formula, Gives), SqlError> {
        let arithmetic = |operator: Operator| -> Result<(Formula, Gives), SqlError> {
            let (left, right) = (self.typed(left, Family::Number)?, self.typed(right, Family::Number)?);
            Ok((binary(operator, left, right), Some(Family::Number)))
        };
        let logic = |operator: Operator| -> Result<(Formula, Gives), SqlError> {
            let (left, right) = (self.typed(left, Family::Bool)?, self.typed(right, Family::Bool)?);
            Ok((binary(operator, left, right), Some(Family::Bool)))
        };
        let comparison = |operator: Operator| self.compare(whole, left, operator, right).map(|formula| (formula, Some(Family::Bool)));
        match operator {
            BinaryOperator::Plus => arithmetic(Operator::Add),
            BinaryOperator::Minus => arithmetic(Operator::Subtract),
            BinaryOperator::Multiply => arithmetic(Operator::Multiply),
            BinaryOperator::Divide => arithmetic(Operator::Divide),
            BinaryOperator::And => logic(Operator::And),
            BinaryOperator::Or => logic(Operator::Or),
            BinaryOperator::Eq => comparison(Operator::Equal),
            BinaryOperator::NotEq => comparison(Operator::NotEqual),
            BinaryOperator::Lt => comparison(Operator::Less),
            BinaryOperator::LtEq => comparison(Operator::AtMost),
            BinaryOperator::Gt => comparison(Operator::Greater),
            BinaryOperator::GtEq => comparison(Operator::AtLeast),
            other => self.wrong(whole, format!("公式里不能用运算「{other}」")),
        }
    }

    fn function(&self, expr: &Expr, function: &Function) -> Result<(Formula, Gives), SqlError> {
        let name = function.name.to_string().to_uppercase();
        let arguments = self.arguments(expr, function)?;
        let mut gives = None;
        match (name.as_str(), arguments.as_slice()) {
            ("COALESCE", [_, ..]) => {
                let parts = arguments.iter().map(|part| self.same(part, &mut gives)).collect::<Result<_, _>>()?;
                Ok((Formula::Coalesce(parts), gives))
            }
            ("LEAST" | "GREATEST", [_, _, ..]) => {
                let parts = arguments.iter().map(|part| self.typed(part, Family::Number)).collect::<Result<_, _>>()?;
                let formula = if name == "LEAST" { Formula::Least(parts) } else { Formula::Greatest(parts) };
                Ok((formula, Some(Family::Number)))
            }
            ("ROUND", [value]) => Ok((Formula::Round(Box::new(self.typed(value, Family::Number)?), 0), Some(Family::Number))),
            ("ROUND", [value, digits]) => {
                let value = self.typed(value, Family::Number)?;
                match digits.to_string().parse::<u32>() {
                    Ok(digits) if digits <= 6 => Ok((Formula::Round(Box::new(value), digits), Some(Family::Number))),
                    _ => self.wrong(expr, "ROUND 的位数要写 0 到 6 的整数"),
                }
            }
            ("COALESCE" | "LEAST" | "GREATEST" | "ROUND", _) => self.wrong(expr, format!("{name} 的参数个数不对")),
            _ => self.wrong(expr, format!("没有函数「{name}」，可用：COALESCE ROUND LEAST GREATEST")),
        }
    }

    fn arguments<'e>(&self, expr: &Expr, function: &'e Function) -> Result<Vec<&'e Expr>, SqlError> {
        let FunctionArguments::List(list) = &function.args else { return self.wrong(expr, "函数要写参数") };
        if function.over.is_some() || function.filter.is_some() || list.duplicate_treatment.is_some() {
            return self.wrong(expr, "公式里不能用统计函数");
        }
        let argument = |argument: &'e FunctionArg| match argument {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(inner)) => Ok(inner),
            _ => self.wrong(expr, "函数的参数写法不对"),
        };
        list.args.iter().map(argument).collect()
    }
}

fn binary(operator: Operator, left: Formula, right: Formula) -> Formula {
    Formula::Binary { operator, left: Box::new(left), right: Box::new(right) }
}

fn not(formula: Formula) -> Formula {
    Formula::Not(Box::new(formula))
}

fn title(family: Family) -> &'static str {
    match family {
        Family::Text => "文字",
        Family::Number => "数字",
        Family::Date => "日期",
        Family::Bool => "是/否",
    }
}
