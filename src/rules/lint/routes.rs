//! Routes that cannot be told apart or that ask for nothing.

use crate::diag::{Code, Diag, Diags, Place};
use crate::rules::kinds::Need;
use crate::rules::{Kind, Rule};

pub fn lint(rule: &Rule, diags: &mut Diags) {
    let Kind::Order(order) = &rule.kind else { return };
    let place = |span: &std::ops::Range<usize>| Place::Text { file: rule.head.file.clone(), span: span.clone() };
    for version in &order.route.versions {
        for pair in version.body.windows(2) {
            let Some(both) = pair[0].names.iter().find(|name| pair[1].names.contains(name)) else { continue };
            let message = format!("「{}」的路线上「{both}」连着两站", rule.head.title);
            let diag = Diag::warning(Code::RuleDuplicate, message).at(place(&pair[1].span)).label(place(&pair[0].span), "前一站");
            diags.push(diag.help("同一部门连收两次才算两站；只收一次的请合成一站"));
        }
        if let (true, Some(first)) = (version.body.iter().all(|stop| matches!(stop.need, Need::Never)), version.body.first()) {
            let message = format!("「{}」从 {} 起的路线上每一站都可以不经过", rule.head.title, version.from);
            diags.push(Diag::warning(Code::RuleUnreachable, message).at(place(&first.span)).help("至少留一站不写 optional"));
        }
    }
}
