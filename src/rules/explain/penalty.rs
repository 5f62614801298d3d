//! A penalty as Chinese sentences.

use super::{Teller, joined, labelled};
use crate::rules::kinds::{Base, Penalty, PenaltyRow, Terms};
use crate::rules::words;

/// The figures alone: `第 1 次 罚扣 100 元；第 3 次起 除名（计次：全部数据）`
pub(super) fn figures(terms: &Terms) -> String {
    let row = |row: &PenaltyRow| {
        let label = row.times.map_or_else(|| words::short(&row.when, None), |times| times.chinese());
        labelled(&label, &row.sanction.chinese())
    };
    let back = terms.lookback.map(|lookback| format!("计次：{}", lookback.chinese()));
    let joint = terms.joint.as_ref().map(|joint| format!("主管连带：{}", joint.chinese()));
    let cap = terms.cap.as_ref().map(|cap| format!("每人每月封顶：{}", cap.chinese()));
    joined([joined(terms.rows.iter().map(row))].into_iter().chain(back).chain(joint).chain(cap))
}

impl Teller<'_> {
    pub(super) fn penalty(&self, penalty: &Penalty) -> Vec<String> {
        let dataset = penalty.base.dataset();
        let base = match &penalty.base {
            Base::Rows { dataset, scope } => self.scope(dataset, scope),
            Base::Findings { rules, .. } => format!("规则 {} 查出的每一件违规", rules.join("、")),
        };
        let confirm = penalty.confirm.as_ref().map(|post| format!("，经{post}批准后生效")).unwrap_or_default();
        let forms: Vec<String> = [&penalty.notice, &penalty.announce].into_iter().flatten().map(|form| self.form(form)).collect();
        let mut lines = vec![format!("{base}，开{}{confirm}。", forms.join("、"))];
        lines.extend(once(&penalty.once));
        if penalty.counts() {
            let who = [&penalty.person, &penalty.unit].into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join("、");
            let same = if penalty.same.is_empty() {
                "每一次都算".to_owned()
            } else {
                format!("「{}」相同的算同一种", penalty.same.join("」「"))
            };
            lines.push(format!("按「{who}」计次，{same}；先看日期，同一天的按行的先后。"));
        }
        if let Some((wage, link)) = penalty.wage.as_ref().and_then(|wage| wage.link.as_ref().map(|link| (wage, link))) {
            let month = wage.month.as_ref().map(|month| format!("「{month}」为当月的")).unwrap_or_default();
            lines.push(format!("「{}」取自「{}」{month}行；没有或不止一个数的，无法判定，不罚。", wage.field, link.dataset));
        }
        lines.extend(self.versions(&penalty.terms, |terms| self.terms(dataset, terms)));
        lines
    }

    fn terms(&self, dataset: &str, terms: &Terms) -> String {
        let row = |row: &PenaltyRow| match row.times {
            Some(times) => format!("{}，{}", times.chinese(), row.sanction.chinese()),
            None => format!("{}{}", self.when(dataset, &row.when), row.sanction.chinese()),
        };
        let back = terms.lookback.map(|lookback| format!("计次看{}", lookback.chinese()));
        let joint = terms.joint.as_ref().map(|joint| format!("主管看「{}」，{}", joint.who, joint.chinese()));
        let cap = terms.cap.as_ref().map(|cap| format!("每人每个自然月最多{}", cap.chinese()));
        joined(terms.rows.iter().map(row).chain(back).chain(joint).chain(cap))
    }
}

/// `「员工」「日期」都相同的行是同一次，只算第一行。`
pub(super) fn once(fields: &[String]) -> Option<String> {
    (!fields.is_empty()).then(|| format!("「{}」都相同的行是同一次，只算第一行。", fields.join("」「")))
}
