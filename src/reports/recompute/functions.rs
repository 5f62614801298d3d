//! The functions that the workbooks use.

use std::collections::HashMap;
use std::rc::Rc;

use rust_decimal::{Decimal, RoundingStrategy};

use super::Workbook;
use super::bits::Bits;
use super::criteria::Criterion;
use super::parse::Expr;
use super::value::{ABSENT, Array, DIVISION, OVERFLOW, Scalar, VALUE, Value, array};

/// A function's result, or why this evaluator cannot tell it.
type Result<T> = std::result::Result<T, String>;

impl Workbook<'_, '_> {
    pub(super) fn call(&self, name: &str, arguments: &[Expr]) -> Result<Value> {
        let one = |scalar: Scalar| Ok(Value::One(scalar));
        let argument = |at: usize| arguments.get(at).ok_or_else(|| format!("{name} 少了参数"));
        match name {
            "IF" => {
                let chosen = match self.single(argument(0)?)?.truth() {
                    Ok(true) => argument(1)?,
                    Ok(false) => match arguments.get(2) {
                        Some(otherwise) => otherwise,
                        None => return one(Scalar::Bool(false)),
                    },
                    Err(error) => return one(error),
                };
                self.value(chosen)
            }
            "IFERROR" => match self.value(argument(0)?)? {
                Value::One(Scalar::Error(_)) => self.value(argument(1)?),
                value => Ok(value),
            },
            "AND" | "OR" => {
                let mut truths = Vec::new();
                for argument in arguments {
                    match self.single(argument)?.truth() {
                        Ok(truth) => truths.push(truth),
                        Err(error) => return one(error),
                    }
                }
                one(Scalar::Bool(if name == "AND" { truths.iter().all(|t| *t) } else { truths.contains(&true) }))
            }
            "ROUND" => {
                let (number, digits) = (self.single(argument(0)?)?.number(), self.single(argument(1)?)?.number());
                if matches!(&digits, Ok(digits) if digits.is_sign_negative()) {
                    return Err("ROUND 的位数是负数".to_owned());
                }
                one(number.and_then(|number| digits.and_then(|digits| round(number, digits))).map_or_else(|e| e, Scalar::Number))
            }
            "ROUNDUP" => {
                let (number, digits) = (self.single(argument(0)?)?.number(), self.single(argument(1)?)?.number());
                let up = |number: Decimal, digits| rounded(number, digits, RoundingStrategy::AwayFromZero);
                one(number.and_then(|number| digits.and_then(|digits| up(number, digits))).map_or_else(|e| e, Scalar::Number))
            }
            "LARGE" => {
                let (numbers, rank) = (numbers_of(argument(0)?, &self.value(argument(0)?)?), self.single(argument(1)?)?.number());
                one(numbers.and_then(|numbers| rank.and_then(|rank| largest(numbers, rank))).map_or_else(|e| e, Scalar::Number))
            }
            "RANK" => {
                if arguments.len() != 2 {
                    return Err("RANK 只认从大到小".to_owned());
                }
                let (number, range) = (self.single(argument(0)?)?.number(), argument(1)?);
                let falling = self.falling(range)?;
                one(match (number, &*falling) {
                    (Ok(number), Ok(falling)) => {
                        let above = falling.partition_point(|other| *other > number);
                        if falling.get(above) == Some(&number) { Scalar::Number((above + 1).into()) } else { ABSENT }
                    }
                    (Err(error), _) => error,
                    (_, Err(error)) => error.clone(),
                })
            }
            "ISBLANK" => Ok(each(&self.value(argument(0)?)?, |cell| Scalar::Bool(matches!(cell, Scalar::Empty)))),
            "ISNUMBER" => Ok(each(&self.value(argument(0)?)?, |cell| Scalar::Bool(matches!(cell, Scalar::Number(_))))),
            "EXACT" => {
                let wanted = self.single(argument(1)?)?;
                let same = |cell: &Scalar| Scalar::Bool(words(cell).is_some_and(|a| Some(a) == words(&wanted)));
                Ok(each(&self.value(argument(0)?)?, same))
            }
            "SUM" | "AVERAGE" | "COUNT" | "MAX" | "MIN" => {
                let mut numbers = Vec::new();
                for argument in arguments {
                    match numbers_of(argument, &self.value(argument)?) {
                        Ok(found) => numbers.extend(found),
                        // counted are numbers, whatever stands beside them
                        Err(_) if name == "COUNT" => return Err("COUNT 的区域里有错误值".to_owned()),
                        Err(error) => return one(error),
                    }
                }
                one(match name {
                    "SUM" => sum(&numbers),
                    "AVERAGE" => mean(&numbers),
                    "COUNT" => Scalar::Number(numbers.len().into()),
                    "MAX" => Scalar::Number(numbers.into_iter().max().unwrap_or_default()),
                    _ => Scalar::Number(numbers.into_iter().min().unwrap_or_default()),
                })
            }
            "COUNTA" => {
                let mut count = 0usize;
                for argument in arguments {
                    count += match self.value(argument)? {
                        Value::One(cell) => usize::from(cell != Scalar::Empty),
                        Value::Many(cells) => (0..cells.len()).filter(|at| cells.get(*at) != Scalar::Empty).count(),
                    };
                }
                one(Scalar::Number(count.into()))
            }
            "SUMPRODUCT" => {
                let arrays = arguments.iter().map(|argument| self.value(argument)).collect::<Result<Vec<_>>>()?;
                one(sum_of_products(&arrays))
            }
            "COUNTIFS" => one(Scalar::Number(self.picked(arguments)?.count().into())),
            "SUMIFS" | "AVERAGEIFS" | "MAXIFS" | "MINIFS" => {
                let (values, picked) = (self.value(argument(0)?)?, self.picked(arguments.get(1..).unwrap_or_default())?);
                let cells = cells(&values);
                let numbers = picked.ones().filter_map(|at| match cells.get(at) {
                    Scalar::Number(number) => Some(number),
                    _ => None,
                });
                let numbers: Vec<Decimal> = numbers.collect();
                one(match name {
                    "SUMIFS" => sum(&numbers),
                    "MAXIFS" => Scalar::Number(numbers.into_iter().max().unwrap_or_default()),
                    "MINIFS" => Scalar::Number(numbers.into_iter().min().unwrap_or_default()),
                    _ => mean(&numbers),
                })
            }
            _ => Err(format!("不认识函数 {name}")),
        }
    }

    /// Rows that meet every pair of range and criterion.
    fn picked(&self, pairs: &[Expr]) -> Result<Rc<Bits>> {
        let mut picked: Option<Rc<Bits>> = None;
        for pair in pairs.chunks(2) {
            let [range, wanted] = pair else { return Err("条件不成对".to_owned()) };
            let matching = self.matching(range, wanted)?;
            picked = Some(match picked {
                Some(before) if before.len() != matching.len() => return Err("条件区域长短不一".to_owned()),
                Some(before) => Rc::new(before.and(&matching)),
                None => matching,
            });
        }
        picked.ok_or_else(|| "没有条件".to_owned())
    }

    fn matching(&self, range: &Expr, wanted: &Expr) -> Result<Rc<Bits>> {
        let wanted = self.single(wanted)?;
        let key = (range.clone(), format!("{wanted:?}"));
        if let Some(known) = self.masks.borrow().get(&key) {
            return Ok(Rc::clone(known));
        }
        let criterion = Criterion::of(&wanted).ok_or_else(|| format!("读不懂条件 {wanted:?}"))?;
        let bits = match self.value(range)? {
            Value::Many(cells) if criterion.word().is_some() => {
                let rows = self.rows_by_word(range, &cells);
                Bits::of(cells.len(), criterion.word().and_then(|word| rows.get(word)).map_or(&[][..], Vec::as_slice))
            }
            Value::Many(cells) => Bits::new(cells.len(), |at| criterion.holds(&cells.get(at))),
            Value::One(cell) => Bits::new(1, |_| criterion.holds(&cell)),
        };
        let bits = Rc::new(bits);
        self.masks.borrow_mut().insert(key, Rc::clone(&bits));
        Ok(bits)
    }
}

/// Rows of a range by their text in small letters: a table of many people asks for one after the other.
pub(super) type RowsByWord = HashMap<String, Vec<usize>>;

pub(super) type Falling = std::result::Result<Vec<Decimal>, Scalar>;

impl Workbook<'_, '_> {
    /// Numbers of a range from the largest down.
    fn falling(&self, range: &Expr) -> Result<Rc<Falling>> {
        if let Some(known) = self.falling.borrow().get(range) {
            return Ok(Rc::clone(known));
        }
        let mut numbers = numbers_of(range, &self.value(range)?);
        if let Ok(numbers) = &mut numbers {
            numbers.sort_unstable_by(|a, b| b.cmp(a));
        }
        let numbers = Rc::new(numbers);
        self.falling.borrow_mut().insert(range.clone(), Rc::clone(&numbers));
        Ok(numbers)
    }

    fn rows_by_word(&self, range: &Expr, cells: &Array) -> Rc<RowsByWord> {
        let read = || {
            let mut rows = RowsByWord::new();
            for at in 0..cells.len() {
                if let Scalar::Text(text) = cells.get(at) {
                    rows.entry(text.to_lowercase()).or_default().push(at);
                }
            }
            Rc::new(rows)
        };
        Rc::clone(self.words.borrow_mut().entry(range.clone()).or_insert_with(read))
    }
}

/// A text; an empty cell is an empty one.
fn words(cell: &Scalar) -> Option<&str> {
    match cell {
        Scalar::Text(text) => Some(text),
        Scalar::Empty => Some(""),
        _ => None,
    }
}

fn each(value: &Value, change: impl Fn(&Scalar) -> Scalar) -> Value {
    match value {
        Value::One(cell) => Value::One(change(cell)),
        Value::Many(cells) => array(cells.len(), |at| change(&cells.get(at))),
    }
}

/// Numbers of a range; texts, logical values and empty cells there do not count.
fn numbers_of(argument: &Expr, value: &Value) -> std::result::Result<Vec<Decimal>, Scalar> {
    match value {
        Value::One(Scalar::Empty) => Ok(Vec::new()),
        Value::One(Scalar::Text(_) | Scalar::Bool(_)) if matches!(argument, Expr::Range(_)) => Ok(Vec::new()),
        Value::One(cell) => cell.number().map(|number| vec![number]),
        Value::Many(cells) => {
            let mut numbers = Vec::new();
            for at in 0..cells.len() {
                match cells.get(at) {
                    Scalar::Number(number) => numbers.push(number),
                    error @ Scalar::Error(_) => return Err(error),
                    _ => {}
                }
            }
            Ok(numbers)
        }
    }
}

/// A range of one cell is a table of one row.
fn cells(value: &Value) -> Rc<Array> {
    match value {
        Value::Many(cells) => Rc::clone(cells),
        Value::One(cell) => Rc::new(Array::Cells(vec![cell.clone()])),
    }
}

/// Cells that are no numbers count as zero.
fn sum_of_products(arrays: &[Value]) -> Scalar {
    let [first, rest @ ..] = arrays else { return VALUE };
    if let (Value::One(cell), []) = (first, rest) {
        return cell.number().map_or_else(|error| error, Scalar::Number);
    }
    let first = cells(first);
    let others: Vec<Rc<Array>> = rest.iter().map(cells).collect();
    if others.iter().any(|other| other.len() != first.len()) {
        return VALUE;
    }
    let mut sum = Decimal::ZERO;
    let mut add = |at: usize, start: Decimal| -> std::result::Result<(), Scalar> {
        let mut product = start;
        for cells in &others {
            product = product.checked_mul(factor(cells, at)?).ok_or(OVERFLOW)?;
        }
        sum = sum.checked_add(product).ok_or(OVERFLOW)?;
        Ok(())
    };
    let added = match &*first {
        Array::Flags { counts: false, .. } => Ok(()),
        Array::Flags { bits, counts: true } => bits.ones().try_for_each(|at| add(at, Decimal::ONE)),
        Array::Cells(_) => (0..first.len()).try_for_each(|at| factor(&first, at).and_then(|start| add(at, start))),
    };
    added.map_or_else(|error| error, |()| Scalar::Number(sum))
}

fn factor(cells: &Array, at: usize) -> std::result::Result<Decimal, Scalar> {
    match cells.get(at) {
        Scalar::Number(number) => Ok(number),
        error @ Scalar::Error(_) => Err(error),
        _ => Ok(Decimal::ZERO),
    }
}

fn sum(numbers: &[Decimal]) -> Scalar {
    let sum = numbers.iter().try_fold(Decimal::ZERO, |sum, number| sum.checked_add(*number));
    sum.map_or(OVERFLOW, Scalar::Number)
}

fn mean(numbers: &[Decimal]) -> Scalar {
    match sum(numbers) {
        Scalar::Number(sum) => sum.checked_div(Decimal::from(numbers.len())).map_or(DIVISION, Scalar::Number),
        error => error,
    }
}

/// Halves away from zero.
fn round(number: Decimal, digits: Decimal) -> std::result::Result<Decimal, Scalar> {
    rounded(number, digits, RoundingStrategy::MidpointAwayFromZero)
}

fn rounded(number: Decimal, digits: Decimal, how: RoundingStrategy) -> std::result::Result<Decimal, Scalar> {
    let digits: u32 = digits.trunc().try_into().map_err(|_| VALUE)?;
    Ok(number.round_dp_with_strategy(digits, how))
}

/// The largest number of rank 1, the next of rank 2.
fn largest(mut numbers: Vec<Decimal>, rank: Decimal) -> std::result::Result<Decimal, Scalar> {
    let rank: usize = rank.ceil().try_into().map_err(|_| VALUE)?;
    numbers.sort_unstable_by(|a, b| b.cmp(a));
    rank.checked_sub(1).and_then(|at| numbers.get(at)).copied().ok_or(VALUE)
}
