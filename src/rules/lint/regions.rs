//! All dimensions of a table of rows together: which rows answer in which region, and regions alike merged into a few boxes.

use std::collections::{BTreeMap, BTreeSet};

use super::axis::{Atom, Axis, fields_of, literal, step};
use super::truth::{Truth, holds};
use crate::rules::{Condition, FieldType, Literal, Shape, words};

/// More regions than this are not looked at.
const MOST_REGIONS: usize = 200_000;

/// The space that a table's conditions divide.
pub struct Space {
    pub axes: Vec<Axis>,
}

/// One index into each axis' atoms.
pub type Point = Vec<usize>;

/// A set of atoms on each axis.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Region(pub Vec<BTreeSet<usize>>);

impl Space {
    /// The space of all fields that `conditions` name; `None` where it is too large to look at.
    pub fn new(shape: &Shape, conditions: &[&Condition]) -> Option<Self> {
        let mut names = Vec::new();
        conditions.iter().for_each(|condition| fields_of(condition, &mut names));
        let axes: Vec<Axis> = names.iter().filter_map(|name| shape.field(name)).map(|field| Axis::new(field, conditions)).collect();
        let size = axes.iter().try_fold(1usize, |size, axis| size.checked_mul(axis.atoms.len()))?;
        (size <= MOST_REGIONS).then_some(Self { axes })
    }

    /// Every point, the last axis running fastest.
    pub fn points(&self) -> Vec<Point> {
        let mut points = vec![Vec::new()];
        for axis in &self.axes {
            points = points
                .into_iter()
                .flat_map(|point| {
                    (0..axis.atoms.len()).map(move |at| {
                        let mut point = point.clone();
                        point.push(at);
                        point
                    })
                })
                .collect();
        }
        points
    }

    pub fn truth(&self, condition: &Condition, point: &[usize]) -> Truth {
        holds(condition, &|name| {
            let (at, axis) = self.axes.iter().enumerate().find(|(_, axis)| axis.field == name)?;
            Some(axis.example(&axis.atoms[point[at]]))
        })
    }

    /// Points with the same answer as few boxes.
    pub fn merge<K: Ord + Clone>(&self, points: Vec<(K, Point)>) -> Vec<(K, Region)> {
        let single = |point: Point| Region(point.into_iter().map(|at| BTreeSet::from([at])).collect());
        let mut boxes: Vec<(K, Region)> = points.into_iter().map(|(key, point)| (key, single(point))).collect();
        for axis in (0..self.axes.len()).rev() {
            let mut alike: BTreeMap<(K, Vec<BTreeSet<usize>>), BTreeSet<usize>> = BTreeMap::new();
            for (key, Region(mut sets)) in boxes {
                let own = std::mem::take(&mut sets[axis]);
                alike.entry((key, sets)).or_default().extend(own);
            }
            boxes = alike
                .into_iter()
                .map(|((key, mut sets), own)| {
                    sets[axis] = own;
                    (key, Region(sets))
                })
                .collect();
        }
        boxes
    }

    /// `客诉金额大于 100000 且小于 100001（100000.01 到 100000.99）`; dimensions that do not matter are left out.
    pub fn describe(&self, region: &Region) -> String {
        let parts: Vec<String> = self
            .axes
            .iter()
            .zip(&region.0)
            .filter(|(axis, set)| set.len() < axis.atoms.len())
            .map(|(axis, set)| axis.describe(set))
            .collect();
        if parts.is_empty() { "任何情况".to_owned() } else { parts.join("，且") }
    }

    /// `客诉金额 = 100000.01，国内外 = 国内`: one row that lies in the region.
    pub fn example(&self, region: &Region) -> String {
        let part = |(axis, set): (&Axis, &BTreeSet<usize>)| {
            let atom = &axis.atoms[*set.first()?];
            Some(match axis.example(atom) {
                Some(value) => format!("{} = {}", axis.field, words::literal_in(&value, Some(axis.ty)).trim()),
                None => format!("{} 空白", axis.field),
            })
        };
        self.axes.iter().zip(&region.0).filter_map(part).collect::<Vec<_>>().join("，")
    }
}

impl Axis {
    fn describe(&self, set: &BTreeSet<usize>) -> String {
        let mut parts = Vec::new();
        let mut run: Vec<usize> = Vec::new();
        for &at in set {
            if run.last().is_some_and(|last| last + 1 != at) {
                parts.push(self.describe_run(&run));
                run.clear();
            }
            run.push(at);
        }
        parts.push(self.describe_run(&run));
        parts.join(" 或 ")
    }

    /// Neighbouring atoms as one stretch where they lie on a line, one by one elsewhere.
    fn describe_run(&self, run: &[usize]) -> String {
        let (Some(first), Some(last)) = (run.first(), run.last()) else { return String::new() };
        let on_line = |atom: &Atom| !matches!(atom, Atom::Missing | Atom::OtherText | Atom::Value(Literal::Text(_) | Literal::Bool(_)));
        if !run.iter().all(|at| on_line(&self.atoms[*at])) {
            let names: Vec<String> = run.iter().map(|at| self.name(&self.atoms[*at])).collect();
            return names.join(" 或 ");
        }
        if let (true, Atom::Value(value)) = (first == last, &self.atoms[*first]) {
            return format!("{}恰为{}", self.field, words::literal_in(value, Some(self.ty)));
        }
        let low = match &self.atoms[*first] {
            Atom::Between { low, .. } => low.and_then(|low| literal(self.ty, low)).map(|low| (low, false)),
            Atom::Value(value) => Some((value.clone(), true)),
            _ => None,
        };
        let high = match &self.atoms[*last] {
            Atom::Between { high, .. } => high.and_then(|high| literal(self.ty, high)).map(|high| (high, false)),
            Atom::Value(value) => Some((value.clone(), true)),
            _ => None,
        };
        let say = |end: &Option<(Literal, bool)>, inside: &str, outside: &str| {
            end.as_ref().map(|(value, is_inside)| {
                format!("{}{}", if *is_inside { inside } else { outside }, words::literal_in(value, Some(self.ty)))
            })
        };
        let ends: Vec<String> = say(&low, "不低于", "大于").into_iter().chain(say(&high, "不超过", "小于")).collect();
        let fen = self.fen_range(&self.atoms[*first], first == last);
        format!("{}{}{fen}", self.field, if ends.is_empty() { "为任意值".to_owned() } else { ends.join("且") })
    }

    /// The first and last fen of an open stretch of money.
    fn fen_range(&self, atom: &Atom, alone: bool) -> String {
        match (atom, step(self.ty)) {
            (Atom::Between { low: Some(low), high: Some(high) }, Some(step)) if alone && self.ty == FieldType::Money => {
                let [first, last]: [String; 2] = [low + step, high - step].map(crate::ledger::figure);
                if first == last { format!("（{first}）") } else { format!("（{first} 到 {last}）") }
            }
            _ => String::new(),
        }
    }

    fn name(&self, atom: &Atom) -> String {
        match (atom, self.example(atom)) {
            (Atom::Missing, _) | (_, None) => format!("{}空白", self.field),
            (_, Some(value)) => format!("{}为{}", self.field, words::literal_in(&value, Some(self.ty)).trim()),
        }
    }
}
