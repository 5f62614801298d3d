//! A rule as Chinese sentences.

use super::kinds::{
    Approval, Base, Deadline, Derive, FormCopy, Hit, Layout, Notice, Penalty, Require, Sanction, SentTo, Sequence, Statistic,
};
use super::{Cite, Dated, Kind, Pack, Rule, RuleSet, Shape, Shapes, Status, words};
use rust_decimal::Decimal;

/// The whole rule, several lines: what it looks at, what it asks, by which clause, since when, and how it is counted.
pub fn sentence(rules: &RuleSet, pack: &Pack, rule: &Rule) -> String {
    let shapes = rules.shapes();
    let teller = Teller { pack, rule, shapes: &shapes };
    let mut lines = vec![format!("{}({}/{},{})", rule.head.title, pack.id, rule.head.id, kind_title(&rule.kind))];
    let clauses: Vec<String> = rule.head.cites.iter().map(|cite| clause(pack, cite)).collect();
    if !clauses.is_empty() {
        lines.push(format!("依据:{}", clauses.join(";")));
    }
    lines.extend(teller.body());
    lines.extend(teller.tail());
    lines.join("\n")
}

/// The figures alone, one line for the audit workbook: `国内 15天;国外 20天`.
pub fn parameters(rule: &Rule) -> String {
    if !rule.head.missing.is_empty() {
        return format!("待补:{}", rule.head.missing.join("、"));
    }
    match &rule.kind {
        Kind::Deadline(deadline) => match &deadline.due {
            Some(due) => format!("到「{due}」"),
            None => each_version(&deadline.limits, |rows| {
                joined(rows.iter().map(|row| labelled(&words::short(&row.when, None), &row.limit.chinese())))
            }),
        },
        Kind::Approval(approval) => each_version(&approval.tables, |table| {
            joined(table.rows.iter().map(|row| labelled(&words::short(&row.when, None), &row.at_least)))
        }),
        Kind::Require(require) => each_version(&require.rows, |rows| {
            joined(rows.iter().map(|row| {
                let fields = (!row.present.is_empty()).then(|| format!("{} 必填", row.present.join("、")));
                let holds = (!row.holds.is_always()).then(|| words::condition(&row.holds, None));
                labelled(&words::short(&row.when, None), &fields.into_iter().chain(holds).collect::<Vec<_>>().join(","))
            }))
        }),
        Kind::Sequence(sequence) => each_version(&sequence.templates, |template| template.to_string()),
        Kind::Derive(derive) => each_version(&derive.formulas, |formula| formula.to_string()),
        Kind::Penalty(penalty) => each_version(&penalty.rows, |rows| {
            joined(rows.iter().map(|row| labelled(&words::short(&row.when, None), &sanction(&row.sanction))))
        }),
        Kind::Notice(notice) => joined(notice.appeal_days.iter().map(|(from, days)| format!("{from} 起 {days} 天内可申诉"))),
        Kind::Statistic(statistic) => match statistic.by_day {
            Some(day) => format!("次月 {day} 日前"),
            None => String::new(),
        },
    }
}

/// `客诉管理办法 十条(一)`
pub fn clause(pack: &Pack, cite: &Cite) -> String {
    let title = pack.sources.iter().find(|s| s.id == cite.source).map_or(cite.source.as_str(), |s| s.title.as_str());
    format!("{title} {}", cite.clause)
}

/// Chinese name of a rule's kind.
pub fn kind_title(kind: &Kind) -> &'static str {
    match kind {
        Kind::Deadline(_) => "时限",
        Kind::Approval(_) => "核决权限",
        Kind::Require(_) => "必填与相符",
        Kind::Sequence(_) => "编号",
        Kind::Derive(_) => "计算",
        Kind::Penalty(_) => "罚扣",
        Kind::Notice(_) => "单据",
        Kind::Statistic(_) => "统计",
    }
}

struct Teller<'a> {
    pack: &'a Pack,
    rule: &'a Rule,
    shapes: &'a Shapes,
}

impl Teller<'_> {
    fn body(&self) -> Vec<String> {
        match &self.rule.kind {
            Kind::Deadline(deadline) => self.deadline(deadline),
            Kind::Approval(approval) => self.approval(approval),
            Kind::Require(require) => self.require(require),
            Kind::Sequence(sequence) => self.sequence(sequence),
            Kind::Derive(derive) => self.derive(derive),
            Kind::Penalty(penalty) => self.penalty(penalty),
            Kind::Notice(notice) => self.notice(notice),
            Kind::Statistic(statistic) => self.statistic(statistic),
        }
    }

    /// Status, conventions, reading, supplied and missing parameters.
    fn tail(&self) -> Vec<String> {
        let head = &self.rule.head;
        let mut lines = Vec::new();
        if let Kind::Deadline(_) = self.rule.kind {
            let first = if self.pack.conventions.count_first_day { "起算日计入" } else { "起算日不计入" };
            let last = if self.pack.conventions.roll_last_day { "末日逢休顺延" } else { "末日逢休不顺延" };
            lines.push(format!("算法:{first},{last}。"));
        }
        if let Some(note) = &head.note {
            lines.push(format!("口径:{note}。"));
        }
        if head.inferred {
            lines.push("本规则由我方推定,制度没有明写。".to_owned());
        }
        for param in &head.params {
            lines.push(format!("公司补的参数:{} = {},{} 起,依据:{}。", param.name, param.value, param.from, param.cite));
        }
        if !head.missing.is_empty() {
            let without = if matches!(self.rule.kind, Kind::Notice(_)) { "单上不写申诉的期限" } else { "不作判定" };
            lines.push(format!("制度没有给出:{}。补齐之前{without},请在 kesu.toml 用 [[param]] 补。", head.missing.join("、")));
        }
        match head.status {
            Status::Preview => lines.push("状态:试行,只统计,不处罚。".to_owned()),
            Status::Retired => lines.push("状态:已停用。".to_owned()),
            Status::Active | Status::MissingParam => {}
        }
        lines
    }

    fn shape(&self, dataset: &str) -> Option<&Shape> {
        self.shapes.get(dataset)
    }

    fn scope(&self, dataset: &str, scope: &super::Condition) -> String {
        match words::condition(scope, self.shape(dataset)) {
            all if all.is_empty() => format!("「{dataset}」的每一行"),
            some => format!("「{dataset}」中{some}的每一行"),
        }
    }

    fn when(&self, dataset: &str, when: &super::Condition) -> String {
        match words::condition(when, self.shape(dataset)) {
            always if always.is_empty() => String::new(),
            some => format!("{some}的,"),
        }
    }

    fn versions<T>(&self, dated: &Dated<T>, say: impl Fn(&T) -> String) -> Vec<String> {
        let line =
            |version: &super::Version<T>| format!("{} 起({}):{}。", version.from, clause(self.pack, &version.cite), say(&version.body));
        dated.versions.iter().map(line).collect()
    }

    fn form(&self, id: &str) -> String {
        let found = self.pack.rules.iter().find(|rule| rule.head.id == id);
        match found.map(|rule| &rule.kind) {
            Some(Kind::Notice(notice)) => notice.form.clone(),
            _ => id.to_owned(),
        }
    }

    fn deadline(&self, deadline: &Deadline) -> Vec<String> {
        let dataset = &deadline.dataset;
        let mut lines = vec![format!("{},从「{}」起到「{}」止。", self.scope(dataset, &deadline.scope), deadline.start, deadline.stop)];
        if let Some(due) = &deadline.due {
            let without = if deadline.no_due_is_met { "算合规" } else { "不适用" };
            lines.push(format!("应在「{due}」之前完成;没有这个时间的{without}。"));
        } else {
            lines.extend(self.versions(&deadline.limits, |rows| {
                joined(rows.iter().map(|row| format!("{}限 {}", self.when(dataset, &row.when), row.limit.chinese())))
            }));
        }
        if let Some(pause) = &deadline.pause {
            lines.push(format!("「{}」里从「{}」到「{}」的时段停表。", pause.dataset, pause.from, pause.to));
        }
        let open = deadline.notices.open.as_ref().map(|id| format!("未完成而逾期的开{}", self.form(id)));
        let late = deadline.notices.late.as_ref().map(|id| format!("完成而逾期的开{}", self.form(id)));
        let notices: Vec<String> = open.into_iter().chain(late).collect();
        lines.push(format!("超过期限为违规({})。{}", self.rule.head.severity.title(), sentence_end(&notices)));
        lines
    }

    fn approval(&self, approval: &Approval) -> Vec<String> {
        let dataset = &approval.dataset;
        let mut lines = vec![format!(
            "{},按「{}」核对「{}」。职务由低到高:{}。",
            self.scope(dataset, &approval.scope),
            approval.amount,
            approval.actor,
            approval.rank.join("、")
        )];
        lines.extend(self.versions(&approval.tables, |table| {
            let rows = joined(table.rows.iter().map(|row| format!("{}至少由{}核决", self.when(dataset, &row.when), row.at_least)));
            match table.hit {
                Hit::Unique => rows,
                Hit::First => format!("{rows};几行同时适用时用第一行"),
                Hit::Highest => format!("{rows};几行同时适用时用最高职务"),
            }
        }));
        if let Some(promise) = &approval.promise {
            lines.push(format!("「{}」不得早于「{}」。", promise.at, promise.approved));
        }
        if let Some(split) = &approval.split {
            let by = split.by.join("、");
            lines.push(format!("同一{by} {}内合计越档的,提示疑似拆单。", split.within.chinese()));
        }
        lines
    }

    fn require(&self, require: &Require) -> Vec<String> {
        let dataset = &require.dataset;
        let mut lines = vec![format!("{}:", self.scope(dataset, &require.scope))];
        lines.extend(self.versions(&require.rows, |rows| {
            joined(rows.iter().map(|row| {
                let present = (!row.present.is_empty()).then(|| format!("必须填写{}", row.present.join("、")));
                let holds = (!row.holds.is_always()).then(|| format!("必须{}", words::condition(&row.holds, self.shape(dataset))));
                let parts: Vec<String> = present.into_iter().chain(holds).collect();
                format!("{}{}", self.when(dataset, &row.when), parts.join(",并且"))
            }))
        }));
        lines
    }

    fn sequence(&self, sequence: &Sequence) -> Vec<String> {
        let mut lines = vec![format!(
            "{},「{}」的年月取自「{}」。",
            self.scope(&sequence.dataset, &sequence.scope),
            sequence.number,
            sequence.month_from
        )];
        lines.extend(self.versions(&sequence.templates, |template| format!("样式 {template}({}),按月从头编号", template.chinese())));
        lines.push("格式不对、重号、跳号、年月不符都列出。".to_owned());
        lines
    }

    fn derive(&self, derive: &Derive) -> Vec<String> {
        let mut lines = vec![format!("{},算出「{}」。", self.scope(&derive.dataset, &derive.scope), derive.field)];
        lines.extend(self.versions(&derive.formulas, |formula| formula.to_string()));
        if let Some(apportion) = &derive.apportion {
            lines.push(format!(
                "同一{}的各份加起来正好等于「{}」,尾差归「{}」最大的一份。",
                apportion.within, apportion.whole, apportion.by
            ));
        }
        lines
    }

    fn penalty(&self, penalty: &Penalty) -> Vec<String> {
        let base = match &penalty.base {
            Base::Rows { dataset, scope } => self.scope(dataset, scope),
            Base::Findings { rules, .. } => format!("规则 {} 查出的每一件违规", rules.join("、")),
        };
        let confirm = penalty.confirm.as_ref().map(|post| format!(",经{post}批准后生效")).unwrap_or_default();
        let mut lines = vec![format!("{base},开{}{confirm}。", self.form(&penalty.notice))];
        let dataset = penalty.base.dataset();
        lines.extend(self.versions(&penalty.rows, |rows| {
            joined(rows.iter().map(|row| format!("{}{}", self.when(dataset, &row.when), sanction(&row.sanction))))
        }));
        lines
    }

    fn notice(&self, notice: &Notice) -> Vec<String> {
        let original = notice.original_extra.then(|| "正本".to_owned());
        let copies: Vec<String> = original.into_iter().chain(notice.copies.iter().map(copy)).collect();
        let copies = if copies.is_empty() { String::new() } else { format!(",各联:{}", copies.join("、")) };
        let mut lines = vec![format!("单据「{}」{copies}。正文:{}", notice.form, notice.body)];
        if let Some(rows) = &notice.rows {
            let columns: Vec<&str> = rows.columns.iter().map(|column| column.title.as_str()).collect();
            let each = rows.unit.as_ref().map(|unit| format!(",一个{unit}一张")).unwrap_or_default();
            let scope = self.scope(&rows.dataset, &rows.scope);
            lines.push(format!("列出{scope},按「{}」归入月份{each};列:{}。", rows.at, columns.join("、")));
        }
        lines
    }

    fn statistic(&self, statistic: &Statistic) -> Vec<String> {
        let by = statistic.by_day.map(|day| format!(",次月 {day} 日前作成")).unwrap_or_default();
        let what = match &statistic.layout {
            Layout::Summary { groups, .. } => format!("按 {} 统计", groups.join("、")),
            Layout::Register { .. } => "逐案登记".to_owned(),
        };
        let mut lines = vec![
            format!("依据:{}", statistic.clause),
            format!("{},按「{}」归入月份,{what}{by}。", self.scope(&statistic.dataset, &statistic.scope), statistic.at),
        ];
        if !statistic.send.is_empty() {
            let each = statistic.send.iter().map(|to| match to {
                SentTo::Office(name) => format!("{name}(全表)"),
                SentTo::Each(field) => format!("每个{field}(各自的行)"),
            });
            lines.push(format!("分送:{}。", each.collect::<Vec<_>>().join("、")));
        }
        lines
    }
}

/// `第二联 会计查核(送会计)`
fn copy(copy: &FormCopy) -> String {
    match &copy.to {
        None => copy.mark.clone(),
        Some(SentTo::Office(name)) => format!("{}(送{name})", copy.mark),
        Some(SentTo::Each(unit)) => format!("{}(送该{unit})", copy.mark),
    }
}

fn sanction(sanction: &Sanction) -> String {
    match sanction {
        Sanction::Fixed(amount) => format!("罚扣 {} 元", amount.normalize()),
        Sanction::Share { of, rate } => format!("罚扣{of}的 {}%", (rate * Decimal::ONE_HUNDRED).normalize()),
    }
}

fn labelled(label: &str, value: &str) -> String {
    if label.is_empty() { value.to_owned() } else { format!("{label} {value}") }
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(";")
}

fn sentence_end(parts: &[String]) -> String {
    if parts.is_empty() { String::new() } else { format!("{}。", parts.join(",")) }
}

fn each_version<T>(dated: &Dated<T>, say: impl Fn(&T) -> String) -> String {
    match dated.versions.as_slice() {
        [only] => say(&only.body),
        all => all.iter().map(|version| format!("{} 起 {}", version.from, say(&version.body))).collect::<Vec<_>>().join(";"),
    }
}
