//! Datasets: what a table's columns are called in each export, and what they mean.

use std::collections::BTreeMap;

/// A table that rules name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Dataset {
    pub name: String,
    /// Fields that together name a row; empty: rows have no key of their own.
    pub key: Vec<String>,
    /// Patterns over `file` or `file#sheet` with `*` and `?`; a sheet that matches none is recognised by its headers.
    pub matches: Vec<String>,
    /// The field that places a row in a month, unless a rule says otherwise.
    pub at: Option<String>,
    /// At least one of these columns must be there; empty: nothing of the kind is asked.
    pub either: Vec<String>,
    pub fields: Vec<Field>,
    pub lookups: Vec<Lookup>,
    pub order: Vec<OrderCheck>,
    /// Filled by the run itself, out of what it proposes; no sheet is taken for it.
    pub made: bool,
}

impl Dataset {
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|f| f.name == name)
    }

    /// A row's key names a month.
    pub fn is_monthly(&self) -> bool {
        self.key.iter().any(|name| self.field(name).is_some_and(Field::is_month))
    }
}

/// One column.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Field {
    /// The name that rules use.
    pub name: String,
    pub aliases: Vec<String>,
    pub ty: FieldType,
    /// The column must be there (cells may still be empty).
    pub required: bool,
    /// For `one_of`: what is allowed.
    pub values: Vec<String>,
    /// For `one_of`: other spellings.
    pub map: BTreeMap<String, String>,
    /// For dates as text that could be read two ways.
    pub day_order: DayOrder,
    /// Texts that mean an empty cell.
    pub null: Vec<String>,
    /// An empty cell takes the value above while the key stays the same: merged cells.
    pub fill_down: bool,
}

impl Field {
    /// A date that stands for its month, as its name says: 月份.
    pub fn is_month(&self) -> bool {
        self.ty == FieldType::Date && self.name.ends_with("月份")
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FieldType {
    #[default]
    Text,
    Int,
    Decimal,
    Money,
    Percent,
    Date,
    Datetime,
    Time,
    Bool,
    OneOf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DayOrder {
    /// Only unambiguous dates are read.
    #[default]
    Ymd,
    Dmy,
    Mdy,
    /// A whole month, quarter or year may stand for its first day.
    Period,
}

/// Fields taken from another dataset's row with the same key value, before any rule looks.
#[derive(Debug, Clone, PartialEq)]
pub struct Lookup {
    pub from: String,
    /// Same field name on both sides; the other dataset's whole key.
    pub on: String,
    pub take: Vec<String>,
}

/// `later` must not lie before `earlier`; a row that breaks this is set aside.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderCheck {
    pub earlier: String,
    pub later: String,
}
