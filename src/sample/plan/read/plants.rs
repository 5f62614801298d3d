//! Plants and what must be found.

use std::ops::Range;

use super::{Reader, Scope, known_fields};
use crate::rules::{Kind, Mark};
use crate::sample::plan::condition::Condition;
use crate::sample::plan::found::{Expect, Find, When};
use crate::sample::plan::plan::Plant;
use crate::sample::plan::text::{Part, Text};
use crate::sample::plan::written::{WrittenExpect, WrittenPlant};

/// Keys of a table in `finds`; those of an `[[expect]]` are read by serde.
const FIND_KEYS: [&str; 4] = ["rule", "outcome", "subject", "month"];

impl Reader<'_> {
    pub(super) fn plant(&mut self, written: &Mark<WrittenPlant>) -> Option<Plant> {
        let Some(name) = &written.table else {
            self.wrong(written.span(), "[[plant]] 缺少 table");
            return None;
        };
        let Some(table) = self.tables.iter().position(|table| table.name == **name) else {
            let known: Vec<String> = self.tables.iter().map(|table| table.name.clone()).collect();
            self.unknown(name.span(), "没有表", name, known.iter().map(String::as_str));
            return None;
        };
        let own = [known_fields(&self.tables[table]), written.set.keys().cloned().collect()].concat();
        let dataset = self.tables[table].dataset.clone();
        let set = self.fields(&written.set, &Scope { own: &own, dataset: dataset.as_deref(), before: table });
        let condition = match written.r#where.as_ref().map(|condition| (Condition::read(condition), condition.span())) {
            None => Condition::default(),
            Some((Ok(condition), _)) => condition,
            Some((Err(message), span)) => {
                self.wrong(span, message);
                return None;
            }
        };
        let count = match &written.count {
            None => Some(1),
            Some(count) if count.as_str() == Some("all") => None,
            Some(count) => match count.as_integer().and_then(|number| usize::try_from(number).ok()).filter(|number| *number > 0) {
                Some(number) => Some(number),
                None => {
                    self.wrong(count.span(), "count 写行数，或 \"all\"");
                    return None;
                }
            },
        };
        if written.drop && (written.add || !written.set.is_empty()) {
            self.wrong(written.span(), "drop 的行不写，不能再写 add 或 set");
        }
        let finds: Vec<Find> = written.finds.iter().filter_map(|find| self.find(find, table)).collect();
        Some(Plant {
            table,
            count,
            months: self.months_of(written.months.as_deref()),
            condition,
            set,
            drop: written.drop,
            add: written.add,
            finds,
            note: written.note.clone(),
            span: name.span(),
        })
    }

    fn find(&mut self, written: &Mark<toml::Value>, table: usize) -> Option<Find> {
        let span = written.span();
        let keys = match &**written {
            toml::Value::String(rule) => toml::Table::from_iter([("rule".to_owned(), toml::Value::String(rule.clone()))]),
            toml::Value::Table(keys) => keys.clone(),
            _ => toml::Table::new(),
        };
        if let Some(wrong) = keys.keys().find(|key| !FIND_KEYS.contains(&key.as_str())) {
            self.unknown(span, "finds 里不认识的键", wrong, FIND_KEYS.into_iter());
            return None;
        }
        let said = |key: &str| keys.get(key).and_then(toml::Value::as_str);
        let rule = self.rule(said("rule").unwrap_or_default(), span.clone())?;
        let outcome = self.outcome(said("outcome"), span.clone())?;
        let subject = said("subject").map(|text| self.text(text, span.clone()));
        let subject = match subject {
            Some(None) => return None,
            Some(Some(text)) => Some(text),
            None => None,
        };
        if subject.is_none() && self.tables[table].dataset.is_none() {
            self.wrong(span, "只供引用的表没有主键，finds 要写 subject");
            return None;
        }
        let when = match keys.get("month") {
            None => When::Same,
            Some(toml::Value::Array(months)) => {
                let text = |month: &toml::Value| Some(Mark::new(span.clone(), month.as_str()?.to_owned()));
                let Some(months) = months.iter().map(text).collect::<Option<Vec<_>>>().filter(|months| !months.is_empty()) else {
                    self.wrong(span, "month 里的月份要加引号，至少一个，如 [\"2026-09\"]");
                    return None;
                };
                When::In(self.months_of(Some(&months)))
            }
            Some(month) => match month.as_str().unwrap_or_default() {
                "same" => When::Same,
                "next" => When::Next,
                "onward" => When::Onward,
                "after" => When::After,
                text if text.starts_with('{') => When::On(self.text(text, span.clone())?),
                text => {
                    let known = ["same", "next", "onward", "after"];
                    self.unknown(span, "month 不认识", text, known.into_iter());
                    return None;
                }
            },
        };
        Some(Find { rule, outcome, subject, when, span })
    }

    pub(super) fn expect(&mut self, written: &Mark<WrittenExpect>) -> Option<Expect> {
        let (Some(rule), Some(subject)) = (&written.rule, &written.subject) else {
            self.wrong(written.span(), "[[expect]] 要写 rule 和 subject");
            return None;
        };
        let outcome_span = written.outcome.as_ref().map_or(written.span(), Mark::span);
        let text = self.text(subject, subject.span())?;
        if text.0.iter().any(|part| !matches!(part, Part::Words(_) | Part::Month(_))) {
            self.wrong(subject.span(), "[[expect]] 不属于哪一行，subject 里只能用月份");
            return None;
        }
        Some(Expect {
            rule: self.rule(rule, rule.span())?,
            outcome: self.outcome(written.outcome.as_ref().map(|outcome| outcome.as_str()), outcome_span)?,
            subject: text,
            months: self.months_of(written.months.as_deref()),
            note: written.note.clone(),
        })
    }

    fn text(&mut self, text: &str, span: Range<usize>) -> Option<Text> {
        match Text::read(text) {
            Ok(text) => Some(text),
            Err(message) => {
                self.wrong(span, message);
                None
            }
        }
    }

    fn rule(&mut self, id: &str, span: Range<usize>) -> Option<String> {
        let pack = self.pack;
        let judges = |kind: &Kind| !matches!(kind, Kind::Notice(_) | Kind::Statistic(_));
        let ids = pack.rules.iter().filter(|rule| judges(&rule.kind)).map(|rule| rule.head.id.as_str());
        if ids.clone().any(|known| known == id) {
            return Some(id.to_owned());
        }
        self.unknown(span, "没有会判定的规则", id, ids);
        None
    }

    fn outcome(&mut self, word: Option<&str>, span: Range<usize>) -> Option<&'static str> {
        const OUTCOMES: [&str; 2] = ["breached", "indeterminate"];
        let Some(word) = word else { return Some(OUTCOMES[0]) };
        let known = OUTCOMES.into_iter().find(|known| *known == word);
        if known.is_none() {
            self.unknown(span, "outcome 不认识", word, OUTCOMES.into_iter());
        }
        known
    }
}
