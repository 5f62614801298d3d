//! Names that mean nothing: fields in messages, columns in cases, one alias for two fields; versions before their document.

use crate::diag::{Code, Diag, Diags, nearest};
use crate::rules::cases::Case;
use crate::rules::kinds::{Base, Given};
use crate::rules::{Condition, Dated, Kind, Pack, Rule, RuleSet, Shapes};

/// What a message may name besides fields.
const WORDS: &[&str] = &["elapsed", "limit", "overrun", "due", "start", "stop", "amount", "required"];

/// An alias must lead to one field only.
pub fn datasets(rules: &RuleSet, diags: &mut Diags) {
    for dataset in &rules.datasets {
        let mut seen: Vec<(&str, &str)> = Vec::new();
        for field in &dataset.fields {
            for name in std::iter::once(&field.name).chain(&field.aliases) {
                match seen.iter().find(|(known, _)| known == name) {
                    Some((_, other)) if *other == field.name => {
                        let message = format!("数据表「{}」的字段「{}」把「{name}」写了两次", dataset.name, field.name);
                        diags.push(Diag::note(Code::RuleDuplicate, message));
                    }
                    Some((_, other)) => {
                        let message = format!("数据表「{}」里「{name}」既指「{other}」又指「{}」", dataset.name, field.name);
                        diags.push(Diag::error(Code::RuleDuplicate, message).help("一个表头写法只能归一个字段"));
                    }
                    None => seen.push((name, &field.name)),
                }
            }
        }
    }
}

pub fn rule(pack: &Pack, rule: &Rule, shapes: &Shapes, diags: &mut Diags) {
    let head = &rule.head;
    if let (Some(message), Some(shape)) = (&head.message, rule.kind.dataset().and_then(|name| shapes.get(name))) {
        let known: Vec<&str> = shape.fields.iter().map(|f| f.name.as_str()).chain(WORDS.iter().copied()).collect();
        for name in placeholders(message).filter(|name| !known.contains(name)) {
            let near = nearest(name, known.iter().copied()).map(|near| format!("是不是 {{{near}}}？")).unwrap_or_default();
            let diag = Diag::error(Code::RuleFieldUnknown, format!("规则「{}」的 message 里有不认识的 {{{name}}}", head.id));
            diags.push(diag.in_text(&head.file, head.span.clone()).help(format!("{near}可用字段名和 {}", WORDS.join("、"))));
        }
    }
    if uses_sql(rule) {
        let message = format!("规则「{}」使用了 where_sql", head.id);
        diags.push(
            Diag::note(Code::RuleSqlUsed, message).in_text(&head.file, head.span.clone()).help("能写成条件格的请写成条件格，才能查漏档"),
        );
    }
    for (from, source) in versions(&rule.kind) {
        let effective = pack.sources.iter().find(|known| known.id == source).and_then(|known| known.effective);
        if let Some(effective) = effective.filter(|effective| from < *effective) {
            let message = format!("规则「{}」从 {from} 起适用，但依据文件 {source} 到 {effective} 才生效", head.id);
            diags.push(Diag::warning(Code::RuleVersions, message).in_text(&head.file, head.span.clone()).help("把 from 改到生效日或以后"));
        }
    }
}

/// Columns and datasets of cases exist.
pub fn cases(pack: &Pack, cases: &[Case], shapes: &Shapes, diags: &mut Diags) {
    for case in cases {
        for (dataset, rows) in &case.tables {
            let place = |diag: Diag| diag.in_text(&case.file, case.span.clone());
            let Some(shape) = shapes.get(dataset) else {
                let message = format!("用例「{}」（{}）用了不存在的数据表「{dataset}」", case.name, pack.id);
                diags.push(place(Diag::error(Code::RuleDangling, message)));
                continue;
            };
            let mut told: Vec<&str> = Vec::new();
            for (name, _) in rows.iter().flatten().filter(|(name, _)| shape.field(name).is_none()) {
                if !told.contains(&name.as_str()) {
                    let message = format!("用例「{}」的数据表「{dataset}」没有字段「{name}」", case.name);
                    let near = nearest(name, shape.fields.iter().map(|f| f.name.as_str())).map(|near| format!("是不是「{near}」？"));
                    diags.push(place(Diag::error(Code::RuleFieldUnknown, message)).help(near.unwrap_or_default()));
                    told.push(name);
                }
            }
        }
    }
}

/// The names between braces.
fn placeholders(message: &str) -> impl Iterator<Item = &str> {
    message.split('{').skip(1).filter_map(|part| part.split_once('}').map(|(name, _)| name))
}

fn uses_sql(rule: &Rule) -> bool {
    fn in_condition(condition: &Condition) -> bool {
        match condition {
            Condition::Formula(_) => true,
            Condition::All(parts) | Condition::Any(parts) => parts.iter().any(in_condition),
            Condition::Not(inner) => in_condition(inner),
            Condition::Cell { .. } => false,
        }
    }
    let scope = match &rule.kind {
        Kind::Deadline(deadline) => &deadline.scope,
        Kind::Approval(approval) => &approval.scope,
        Kind::Signing(signing) => &signing.scope,
        Kind::Require(require) => &require.scope,
        Kind::Sequence(sequence) => &sequence.scope,
        Kind::Order(order) => &order.scope,
        Kind::Derive(derive) => &derive.scope,
        Kind::Duty(duty) => &duty.scope,
        Kind::Frequency(frequency) => return in_condition(&frequency.scope) || in_condition(&frequency.events.scope),
        Kind::Reconcile(reconcile) => &reconcile.scope,
        Kind::Ratio(ratio) => return ratio.parts().any(|part| in_condition(&part.scope)),
        Kind::Points(points) => match &points.given {
            Given::Rows { scope, .. } => scope,
            Given::Findings(_) => return false,
        },
        Kind::Scorecard(card) => &card.scope,
        Kind::Statistic(statistic) => &statistic.scope,
        Kind::Penalty(penalty) => match &penalty.base {
            Base::Rows { scope, .. } => scope,
            Base::Findings { .. } => return false,
        },
        Kind::Notice(notice) => match &notice.rows {
            Some(rows) => &rows.scope,
            None => return false,
        },
    };
    in_condition(scope)
}

fn versions(kind: &Kind) -> Vec<(chrono::NaiveDate, String)> {
    fn of<T>(dated: &Dated<T>) -> Vec<(chrono::NaiveDate, String)> {
        dated.versions.iter().map(|version| (version.from, version.cite.source.clone())).collect()
    }
    match kind {
        Kind::Deadline(deadline) => of(&deadline.limits),
        Kind::Approval(approval) => of(&approval.tables),
        Kind::Signing(signing) => of(&signing.signers),
        Kind::Require(require) => of(&require.rows),
        Kind::Sequence(sequence) => of(&sequence.templates),
        Kind::Order(order) => of(&order.route),
        Kind::Derive(derive) => of(&derive.formulas),
        Kind::Duty(duty) => of(&duty.terms),
        Kind::Frequency(frequency) => of(&frequency.asks),
        Kind::Reconcile(reconcile) => of(&reconcile.margins),
        Kind::Ratio(ratio) => of(&ratio.targets),
        Kind::Penalty(penalty) => of(&penalty.terms),
        Kind::Points(points) => of(&points.schedules),
        Kind::Scorecard(card) => of(&card.cards),
        Kind::Notice(_) | Kind::Statistic(_) => Vec::new(),
    }
}
