//! The generator's own picture of a month: plain values, before any workbook spoils them.

use chrono::{NaiveDate, NaiveDateTime};

use super::office::month_end;
use super::record::Record;

/// One complaint with everything that hangs on it. Money is in fen.
#[derive(Debug, Clone)]
pub struct Case {
    /// As printed; a planted one may be malformed.
    pub number: String,
    pub customer: String,
    pub abroad: bool,
    pub order: String,
    pub product: usize,
    pub shipped: NaiveDate,
    pub quantity: i64,
    pub bad: i64,
    pub returned: i64,
    pub demand: &'static str,
    pub reason: &'static str,
    pub human: bool,
    pub sample: bool,
    pub opinion: &'static str,
    pub heard: NaiveDate,
    pub filled: NaiveDate,
    pub accepted: NaiveDate,
    pub investigated: NaiveDate,
    pub reported: NaiveDate,
    pub closed: Option<NaiveDate>,
    /// Zero: the complaint caused no loss.
    pub amount: i64,
    pub method: Method,
    pub department: &'static str,
    pub person: &'static str,
    pub workshop: &'static str,
    pub shift: &'static str,
    pub worker: &'static str,
    pub made: NaiveDate,
    pub remark: Option<&'static str>,
    /// Columns left empty by a plant.
    pub blank: Vec<&'static str>,
    pub stations: Vec<Station>,
    pub approval: Option<Approval>,
    pub loss: Option<Loss>,
    /// The complaint was upheld.
    pub founded: bool,
    /// Further columns of the register.
    pub trail: Record,
}

/// One desk on the route.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Station {
    /// 1 to 7; 4 is the optional 研发部.
    pub seat: usize,
    pub desk: &'static str,
    pub received: NaiveDateTime,
    pub sent: Option<NaiveDateTime>,
}

/// Who sits at which seat.
pub fn desk(seat: usize) -> &'static str {
    ["总经理室", "质管部", "制造部", "研发部", "业务部门", "总经理室", "业务部门"][seat - 1]
}

#[derive(Debug, Clone)]
pub struct Approval {
    pub amount: i64,
    /// Index into [`super::names::POSTS`].
    pub post: usize,
    pub date: NaiveDate,
    pub promised: NaiveDate,
    /// Further columns of the approval.
    pub paper: Record,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// 赔款, loss class 索赔
    Compensation,
    /// 折让
    Discount,
    /// 退货, loss class 退回
    Return,
    /// 重处理, loss class 重修
    Rework,
    None,
}

impl Method {
    pub fn title(self) -> &'static str {
        match self {
            Method::Compensation => "赔款",
            Method::Discount => "折让",
            Method::Return => "退货",
            Method::Rework => "重处理",
            Method::None => "无",
        }
    }

    pub fn loss_class(self) -> &'static str {
        match self {
            Method::Compensation => "索赔",
            Method::Discount => "折让",
            Method::Return => "退回",
            Method::Rework => "重修",
            Method::None => "",
        }
    }
}

/// What a closed case cost, and who bears it. Figures are of the whole case.
#[derive(Debug, Clone)]
pub struct Loss {
    pub compensation: Option<i64>,
    pub discount: Option<i64>,
    pub returned: Option<i64>,
    pub price: Option<i64>,
    pub rework: Option<i64>,
    pub freight: Option<i64>,
    pub waste: Option<i64>,
    /// Department, person, per cent.
    pub shares: Vec<(&'static str, &'static str, u32)>,
    /// Further columns of the first share.
    pub paper: Record,
}

impl Case {
    pub fn is_blank(&self, column: &str) -> bool {
        self.blank.contains(&column)
    }

    /// Closed within the months that are reported on.
    pub fn closed_in_time(&self) -> bool {
        self.closed.is_some_and(|closed| closed <= month_end(10))
    }

    pub fn product_code(&self) -> &'static str {
        super::names::PRODUCTS[self.product].0
    }
}
