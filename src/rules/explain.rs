//! A rule as Chinese sentences.

mod penalty;
mod scores;

use super::kinds::{
    Approval, Card, Copies, Deadline, DeadlineNotices, Derive, Duty, EventSource, FormCopy, Frequency, Hit, Layout, Link, Margin, Margins,
    Measured, Need, Notice, Numbering, Order, Part, Ratio, Reconcile, Require, RequireRow, SentTo, Sequence, Signer, Signing, Statistic,
    Stop, Subjects, Term, target_words,
};
use super::{Cite, Dated, Kind, Pack, Rule, RuleSet, Shape, Shapes, Status, words};

/// The whole rule, several lines: what it looks at, what it asks, by which clause, since when, and how it is counted.
pub fn sentence(rules: &RuleSet, pack: &Pack, rule: &Rule) -> String {
    let shapes = rules.shapes(pack);
    let teller = Teller { pack, rule, shapes: &shapes };
    let mut lines = vec![format!("{}（{}/{}，{}）", rule.head.title, pack.id, rule.head.id, kind_title(&rule.kind))];
    let clauses: Vec<String> = rule.head.cites.iter().map(|cite| clause(pack, cite)).collect();
    if !clauses.is_empty() {
        lines.push(format!("依据：{}", clauses.join("；")));
    }
    lines.extend(teller.body());
    lines.extend(teller.tail());
    lines.join("\n")
}

/// The figures alone, one line for the audit workbook: `国内 15天；国外 20天`.
pub fn parameters(rule: &Rule) -> String {
    if !rule.head.missing.is_empty() {
        return format!("待补：{}", rule.head.missing.join("、"));
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
        Kind::Signing(signing) => each_version(&signing.signers, |signers| signers.iter().map(signature).collect::<Vec<_>>().join(" → ")),
        Kind::Require(require) => each_version(&require.rows, |rows| {
            joined(rows.iter().map(|row| {
                let fields = (!row.present.is_empty()).then(|| format!("{} 必填", row.present.join("、")));
                let holds = (!row.holds.is_always()).then(|| words::condition(&row.holds, None));
                labelled(
                    &words::short(&row.when, None),
                    &fields.into_iter().chain(holds).chain(elsewhere(row)).collect::<Vec<_>>().join("，"),
                )
            }))
        }),
        Kind::Sequence(sequence) => each_version(&sequence.templates, Numbering::chinese),
        Kind::Order(order) => each_version(&order.route, |stops| route(stops, |when| words::short(when, None))),
        Kind::Derive(derive) => each_version(&derive.formulas, |formula| formula.to_string()),
        Kind::Duty(duty) => each_version(&duty.terms, Term::chinese),
        Kind::Frequency(frequency) => each_version(&frequency.asks, |asks| {
            joined(asks.iter().map(|ask| labelled(&words::short(&ask.when, None), &ask.chinese(frequency.trigger.as_ref()))))
        }),
        Kind::Reconcile(reconcile) => each_version(&reconcile.margins, margins),
        Kind::Ratio(ratio) => each_version(&ratio.targets, |target| target.as_ref().map_or_else(|| "未定目标".to_owned(), target_words)),
        Kind::Penalty(penalty) => each_version(&penalty.terms, penalty::figures),
        Kind::Points(points) => each_version(&points.schedules, scores::schedule),
        Kind::Scorecard(card) => each_version(&card.cards, Card::chinese),
        Kind::Notice(notice) => joined(notice.appeal_days.iter().map(|(from, days)| format!("{from} 起 {days} 天内可申诉"))),
        Kind::Statistic(statistic) => match statistic.by_day {
            Some(day) => format!("次月 {day} 日前"),
            None => String::new(),
        },
    }
}

/// `客诉管理办法 十条（一）`
pub fn clause(pack: &Pack, cite: &Cite) -> String {
    let title = pack.sources.iter().find(|s| s.id == cite.source).map_or(cite.source.as_str(), |s| s.title.as_str());
    format!("{title} {}", cite.clause)
}

/// Chinese name of a rule's kind.
pub fn kind_title(kind: &Kind) -> &'static str {
    match kind {
        Kind::Deadline(_) => "时限",
        Kind::Approval(_) => "核决权限",
        Kind::Signing(_) => "签核",
        Kind::Require(_) => "必填与相符",
        Kind::Sequence(_) => "编号",
        Kind::Order(_) => "先后次序",
        Kind::Derive(_) => "计算",
        Kind::Duty(_) => "定期应做",
        Kind::Frequency(_) => "次数",
        Kind::Reconcile(_) => "两数核对",
        Kind::Ratio(_) => "比率",
        Kind::Points(_) => "扣分",
        Kind::Scorecard(_) => "评分",
        Kind::Penalty(_) => "罚扣",
        Kind::Notice(_) => "单据",
        Kind::Statistic(_) => "统计",
    }
}

/// Headings of the figures of a verdict, see [`crate::ledger::Figures`]; `None` for kinds without figures.
pub fn figure_titles(rule: &Rule) -> Option<[String; 3]> {
    match &rule.kind {
        Kind::Reconcile(reconcile) => Some([reconcile.left.title(), reconcile.right.title(), "差额".to_owned()]),
        Kind::Ratio(ratio) => {
            let [numerator, denominator] = ratio.titles();
            Some([numerator.to_owned(), denominator.to_owned(), rule.head.title.clone()])
        }
        _ => None,
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
            Kind::Signing(signing) => self.signing(signing),
            Kind::Require(require) => self.require(require),
            Kind::Sequence(sequence) => self.sequence(sequence),
            Kind::Order(order) => self.order(order),
            Kind::Derive(derive) => self.derive(derive),
            Kind::Duty(duty) => self.duty(duty),
            Kind::Frequency(frequency) => self.frequency(frequency),
            Kind::Reconcile(reconcile) => self.reconcile(reconcile),
            Kind::Ratio(ratio) => self.ratio(ratio),
            Kind::Points(points) => self.points(points),
            Kind::Scorecard(card) => self.scorecard(card),
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
            lines.push(format!("算法：{first}，{last}。"));
        }
        if let Some(note) = &head.note {
            lines.push(format!("口径：{note}。"));
        }
        if let Some(event) = &head.event {
            lines.push(format!("事件：{event}；别的规则包对同一个人同一天的同一事件也有规定的，放在一起对照。"));
        }
        if head.inferred {
            lines.push("本规则由我方推定，制度没有明写。".to_owned());
        }
        for param in &head.params {
            lines.push(format!("公司补的参数：{} = {}，{} 起，依据：{}。", param.name, param.value, param.from, param.cite));
        }
        if !head.missing.is_empty() {
            let without = if matches!(self.rule.kind, Kind::Notice(_)) { "单上不写申诉的期限" } else { "不作判定" };
            lines.push(format!("制度没有给出：{}。补齐之前{without}，请在 kesu.toml 用 [[param]] 补。", head.missing.join("、")));
        }
        match head.status {
            Status::Preview => lines.push("状态：试行，只统计，不处罚。".to_owned()),
            Status::Retired => lines.push("状态：已停用。".to_owned()),
            Status::Active | Status::MissingParam => {}
        }
        if let Some(resolve) = &head.unpicked {
            lines.push(format!("取舍 {resolve} 采用了别的读法：本规则不作判定。"));
        }
        if !head.when_columns.is_empty() {
            lines.push(format!("数据里有「{}」列的月份才判。", head.when_columns.join("」「")));
        }
        lines.extend(self.layers());
        lines
    }

    /// Who gave which value, where more than the pack itself had a say.
    fn layers(&self) -> Vec<String> {
        let head = &self.rule.head;
        if head.params.is_empty() && !head.layers.iter().any(|layer| layer.pack != head.pack) {
            return Vec::new();
        }
        let told = head.layers.iter().filter(|layer| !layer.keys.is_empty());
        let packs = told.map(|layer| format!("来自 {}（{}）：{}。", layer.pack, layer.file.display(), layer.keys.join("、")));
        let params: Vec<String> = head.params.iter().map(|param| format!("{}（{} 起）", param.name, param.from)).collect();
        let settings = (!params.is_empty()).then(|| format!("来自 kesu.toml 的 [[param]]：{}。", params.join("、")));
        packs.chain(settings).collect()
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
            some => format!("{some}的，"),
        }
    }

    fn versions<T>(&self, dated: &Dated<T>, say: impl Fn(&T) -> String) -> Vec<String> {
        let line =
            |version: &super::Version<T>| format!("{} 起（{}）：{}。", version.from, clause(self.pack, &version.cite), say(&version.body));
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
        let mut lines = vec![format!("{}，从「{}」起到「{}」止。", self.scope(dataset, &deadline.scope), deadline.start, deadline.stop)];
        if let Some(due) = &deadline.due {
            let without = if deadline.no_due_is_met { "算合规" } else { "不适用" };
            lines.push(format!("应在「{due}」之前完成；没有这个时间的{without}。"));
        } else {
            lines.extend(self.versions(&deadline.limits, |rows| {
                joined(rows.iter().map(|row| format!("{}限 {}", self.when(dataset, &row.when), row.limit.chinese())))
            }));
        }
        if let Some(pause) = &deadline.pause {
            lines.push(format!("「{}」里从「{}」到「{}」的时段停表。", pause.dataset, pause.from, pause.to));
        }
        lines.extend(deadline.owner.as_ref().map(|owner| format!("没有写明部门的，由{owner}负责。")));
        lines.push(format!("超过期限为违规（{}）。{}", self.rule.head.severity.title(), self.notices(&deadline.notices)));
        lines
    }

    fn notices(&self, notices: &DeadlineNotices) -> String {
        let open = notices.open.as_ref().map(|id| format!("未完成而逾期的开{}", self.form(id)));
        let late = notices.late.as_ref().map(|id| format!("完成而逾期的开{}", self.form(id)));
        sentence_end(&open.into_iter().chain(late).collect::<Vec<_>>())
    }

    fn approval(&self, approval: &Approval) -> Vec<String> {
        let dataset = &approval.dataset;
        let mut lines = vec![format!(
            "{}，按「{}」核对「{}」。职务由低到高：{}。",
            self.scope(dataset, &approval.scope),
            approval.amount,
            approval.actor,
            approval.rank.join("、")
        )];
        lines.extend(self.versions(&approval.tables, |table| {
            let rows = joined(table.rows.iter().map(|row| format!("{}至少由{}核决", self.when(dataset, &row.when), row.at_least)));
            match table.hit {
                Hit::Unique => rows,
                Hit::First => format!("{rows}；几行同时适用时用第一行"),
                Hit::Highest => format!("{rows}；几行同时适用时用最高职务"),
            }
        }));
        if let Some(promise) = &approval.promise {
            lines.push(format!("「{}」不得早于「{}」。", promise.at, promise.approved));
        }
        if let Some(split) = &approval.split {
            let by = split.by.join("、");
            lines.push(format!("同一{by} {}内合计越档的，提示疑似拆单。", split.within.chinese()));
        }
        lines
    }

    fn signing(&self, signing: &Signing) -> Vec<String> {
        let mut lines = vec![format!("{}，依次签核。", self.scope(&signing.dataset, &signing.scope))];
        lines.extend(self.versions(&signing.signers, |signers| signers.iter().map(signature).collect::<Vec<_>>().join("，然后")));
        lines.push("缺一道、职务不符、先后颠倒都是违规。".to_owned());
        if let Some(issued) = &signing.issued {
            lines.push(format!("「{issued}」空着的，未签的算未到期。"));
        }
        if !signing.rank.is_empty() {
            lines.push(format!("不在 {} 里的职务无法判定。", signing.rank.join("、")));
        }
        lines
    }

    fn require(&self, require: &Require) -> Vec<String> {
        let dataset = &require.dataset;
        let mut lines = vec![format!("{}：", self.scope(dataset, &require.scope))];
        lines.extend(self.versions(&require.rows, |rows| {
            joined(rows.iter().map(|row| {
                let present = (!row.present.is_empty()).then(|| format!("必须填写{}", row.present.join("、")));
                let holds = (!row.holds.is_always()).then(|| format!("必须{}", words::condition(&row.holds, self.shape(dataset))));
                let parts: Vec<String> = present.into_iter().chain(holds).chain(elsewhere(row)).collect();
                format!("{}{}", self.when(dataset, &row.when), parts.join("，并且"))
            }))
        }));
        lines
    }

    fn sequence(&self, sequence: &Sequence) -> Vec<String> {
        let mut lines = vec![format!(
            "{}，「{}」的年月取自「{}」。",
            self.scope(&sequence.dataset, &sequence.scope),
            sequence.number,
            sequence.month_from
        )];
        lines.extend(self.versions(&sequence.templates, |template| {
            format!("样式 {template}（{}），按{}从头编号", template.chinese(), if template.daily() { "日" } else { "月" })
        }));
        lines.push("格式不对、重号、跳号、年月不符都列出。".to_owned());
        lines
    }

    fn order(&self, order: &Order) -> Vec<String> {
        let scope = self.scope(&order.dataset, &order.scope);
        let mut lines = Vec::new();
        match &order.log {
            Some(log) => {
                let at = order.at.as_deref().unwrap_or_default();
                let ties = log.seq.as_ref().map(|seq| format!("，同一时刻的按「{seq}」")).unwrap_or_default();
                lines.push(format!("{scope}是一站，「{}」相同的是一案，按「{at}」排先后{ties}。", log.case.join("」「")));
            }
            None => lines.push(format!("{scope}里，各日期要依次发生。")),
        }
        let shape = self.shape(&order.dataset);
        lines.extend(self.versions(&order.route, |stops| route(stops, |when| words::condition(when, shape))));
        let end = match (&order.done, &order.log) {
            (Some(done), _) => format!("填了「{done}」就算走完"),
            (None, Some(_)) => "到了最后一个必经的站就算走完".to_owned(),
            (None, None) => "各步都有日期就算走完".to_owned(),
        };
        let wrong = if order.log.is_some() { "跳站、倒序、重复到站、路线上没有的站" } else { "跳步、倒序" };
        lines.push(format!("{end}，没有走完的不追究还没到的。{wrong}都列出。"));
        lines
    }

    fn derive(&self, derive: &Derive) -> Vec<String> {
        let mut lines = vec![format!("{}，算出「{}」。", self.scope(&derive.dataset, &derive.scope), derive.field)];
        lines.extend(self.versions(&derive.formulas, |formula| formula.to_string()));
        if let Some(apportion) = &derive.apportion {
            lines.push(format!(
                "同一{}的各份加起来正好等于「{}」，尾差归「{}」最大的一份。",
                apportion.within, apportion.whole, apportion.by
            ));
        }
        lines
    }

    fn duty(&self, duty: &Duty) -> Vec<String> {
        let told = duty.period.as_ref().map_or_else(|| format!("按「{}」归期", duty.done), |period| format!("按「{period}」归期"));
        let mut lines =
            vec![format!("{}算「{}」的一次提交，{told}，时间看「{}」。", self.scope(&duty.dataset, &duty.scope), duty.name, duty.done)];
        lines.extend(self.versions(&duty.terms, |term| {
            let rolls =
                if term.roll.unwrap_or(self.pack.conventions.roll_last_day) { "末日逢休顺延" } else { "末日逢休不顺延" };
            format!("{}，{rolls}", term.chinese())
        }));
        lines.push(format!("到期不交、迟交为违规（{}）。{}", self.rule.head.severity.title(), self.notices(&duty.notices)));
        lines
    }

    fn frequency(&self, frequency: &Frequency) -> Vec<String> {
        let (dataset, events) = (&frequency.dataset, &frequency.events);
        let each = self.scope(dataset, &frequency.scope);
        let subject = match &frequency.subjects {
            Subjects::Rows => format!("{each}是一个对象"),
            Subjects::By { fields, values } if values.is_empty() => format!("{each}里每个「{}」是一个对象", fields.join("、")),
            Subjects::By { fields, values } => format!("「{}」的 {} 各是一个对象", fields.join("、"), values.join("、")),
            Subjects::One(name) => format!("对象是「{name}」"),
        };
        let since = frequency.since.as_ref().map(|since| format!("，从「{since}」起")).unwrap_or_default();
        let until = frequency.until.as_ref().map(|until| format!("，到「{until}」止")).unwrap_or_default();
        let counted = match &events.source {
            EventSource::Own(fields) => format!("本行的「{}」有一个日期算一次", fields.join("」「")),
            EventSource::Rows { on, at } => {
                let on: Vec<String> = on.iter().map(|(own, theirs)| format!("{own} 对 {theirs}")).collect();
                let on = if on.is_empty() { String::new() } else { format!("（{}）", on.join("、")) };
                let weight = events.sum.as_ref().map_or_else(|| "算一次".to_owned(), |sum| format!("按「{sum}」算次数"));
                format!("{}{on}按「{at}」{weight}", self.scope(&events.dataset, &events.scope))
            }
        };
        let mut lines = vec![format!("{subject}{since}{until}。"), format!("{counted}。")];
        lines.extend(penalty::once(&events.once));
        lines.extend(self.versions(&frequency.asks, |asks| {
            joined(asks.iter().map(|ask| format!("{}{}", self.when(dataset, &ask.when), ask.chinese(frequency.trigger.as_ref()))))
        }));
        let partial = if frequency.owes_partial { "也要做" } else { "不适用" };
        lines.push(format!("只占一期一部分的{partial}。{}", self.notices(&frequency.notices)));
        lines
    }

    fn reconcile(&self, reconcile: &Reconcile) -> Vec<String> {
        let by = if reconcile.by.is_empty() { String::new() } else { format!("，{}相同的合起来", reconcile.by.join("、")) };
        let (scope, left, right) = (self.scope(&reconcile.dataset, &reconcile.scope), reconcile.left.title(), &reconcile.right);
        let right = match &right.formula {
            super::Formula::Number(constant) => right.shown(*constant),
            _ => format!("「{}」", right.title()),
        };
        let mut lines = vec![format!("{scope}{by}，「{left}」与{right}核对。")];
        lines.extend(self.versions(&reconcile.margins, |body| {
            let unless = body.unless.as_ref().map(|unless| words::condition(unless, self.shape(&reconcile.dataset)));
            let unless = unless.map(|unless| format!("。不合而{unless}的仍算合规")).unwrap_or_default();
            format!("{}{unless}", margins(body))
        }));
        lines
    }

    fn ratio(&self, ratio: &Ratio) -> Vec<String> {
        let part = |part: &Part| {
            let sum = part.sum.as_ref().map_or_else(|| "行数".to_owned(), |formula| format!("{formula} 的合计"));
            format!("{}的{sum}", self.scope(&part.dataset, &part.scope))
        };
        let group = if ratio.group.is_empty() { "全体".to_owned() } else { format!("每个{}", ratio.group.join("、")) };
        let mut lines = vec![format!("{group}一个比率。")];
        match &ratio.measured {
            Measured::Parts { numerator, denominator } => {
                lines.push(format!("分子「{}」：{}。", numerator.title, part(numerator)));
                lines.push(format!("分母「{}」：{}。", denominator.title, part(denominator)));
            }
            Measured::Per { numerator, denominators, title } => {
                lines.push(format!("分子「{}」：{}。", numerator.title, part(numerator)));
                let each = denominators.versions.iter().map(|version| format!("{} 起 {}", version.from, version.body.normalize()));
                lines.push(format!("分母「{title}」：{}。", joined(each)));
            }
            Measured::Kept { rule, .. } => {
                lines.push(format!("规则 {rule} 判为合规的，除以它判为合规、违规和无法判定的；没到期和不适用的不算。"));
            }
        }
        lines.extend(self.versions(&ratio.targets, |target| match target {
            Some(target) => format!("目标 {}", target_words(target)),
            None => "没有定目标，只列数字".to_owned(),
        }));
        lines
    }

    fn notice(&self, notice: &Notice) -> Vec<String> {
        let original = notice.original_extra.then(|| "正本".to_owned());
        let copies: Vec<String> = original.into_iter().chain(notice.copies.iter().map(copy)).collect();
        let copies = if copies.is_empty() { String::new() } else { format!("，各联：{}", copies.join("、")) };
        let mut lines = vec![format!("单据「{}」{copies}。正文：{}", notice.form, notice.body)];
        if let Some(rows) = &notice.rows {
            let columns: Vec<&str> = rows.columns.iter().map(|column| column.title.as_str()).collect();
            let each = rows.unit.as_ref().map(|unit| format!("，一个{unit}一张")).unwrap_or_default();
            let scope = self.scope(&rows.dataset, &rows.scope);
            lines.push(format!("列出{scope}，按「{}」归入月份{each}；列：{}。", rows.at, columns.join("、")));
        }
        lines
    }

    fn statistic(&self, statistic: &Statistic) -> Vec<String> {
        let by = statistic.by_day.map(|day| format!("，次月 {day} 日前作成")).unwrap_or_default();
        let what = match &statistic.layout {
            Layout::Summary { groups, .. } => format!("按 {} 统计", groups.join("、")),
            Layout::Register { .. } => "逐案登记".to_owned(),
            Layout::Listing(sections) => {
                let lists = sections.iter().map(|section| format!("「{}」列出 {}", section.title, section.rules.join("、")));
                format!("清单：{}", joined(lists))
            }
            Layout::StationTimes(times) => format!("按 {} 统计各站时效", times.rules.join("、")),
            Layout::Dues(dues) => format!("按 {} 列应做、已做、缺", dues.rules.join("、")),
            Layout::Points(book) => format!("按规则 {} 汇总扣分", book.rule),
            Layout::Scores(book) => {
                let class = book.class.as_ref().map(|class| format!("（{class}）")).unwrap_or_default();
                format!("按规则 {}{class} 作{}", book.rule, book.book.title())
            }
            Layout::Losses(table) => format!("按 {} 列「{}」", table.groups.join(" × "), table.loss.share),
        };
        let subjects = match &statistic.at {
            Some(at) => format!("{}，按「{at}」归入月份，", self.scope(&statistic.dataset, &statistic.scope)),
            None => String::new(),
        };
        let mut lines = vec![format!("依据：{}", statistic.clause), format!("{subjects}{what}{by}。")];
        if !statistic.send.is_empty() {
            let each = statistic.send.iter().map(|to| match to {
                SentTo::Office(name) => format!("{name}（全表）"),
                SentTo::Each(field) => format!("每个{field}（各自的行）"),
            });
            lines.push(format!("分送：{}。", each.collect::<Vec<_>>().join("、")));
        }
        lines
    }
}

/// `第二联 会计查核（送会计）`
fn copy(copy: &FormCopy) -> String {
    match &copy.to {
        None => copy.mark.clone(),
        Some(SentTo::Office(name)) => format!("{}（送{name}）", copy.mark),
        Some(SentTo::Each(unit)) => format!("{}（送该{unit}）", copy.mark),
    }
}

/// `业务部→总经理室→[研发部](只在…时必经)`
fn route(stops: &[Stop], say: impl Fn(&super::Condition) -> String) -> String {
    let stop = |stop: &Stop| match &stop.need {
        Need::Always => stop.title.clone(),
        Need::Never => format!("[{}]", stop.title),
        Need::When(when) => format!("[{}]（只在{}时必经）", stop.title, say(when)),
    };
    stops.iter().map(stop).collect::<Vec<_>>().join("→")
}

/// What a requirement asks of other datasets.
fn elsewhere(row: &RequireRow) -> impl Iterator<Item = String> {
    let exists = row.exists.as_ref().map(|link| format!("{}里必须有对应的行（{}）", counterpart(link), joints(link)));
    exists.into_iter().chain(row.copies.as_ref().map(copies))
}

fn counterpart(link: &Link) -> String {
    match words::condition(&link.scope, None) {
        all if all.is_empty() => format!("「{}」", link.dataset),
        some => format!("「{}」中{some}的行", link.dataset),
    }
}

fn joints(link: &Link) -> String {
    let pair = |(own, theirs): &(String, String)| if own == theirs { format!("{own}相同") } else { format!("{own}等于它的{theirs}") };
    link.on.iter().map(pair).collect::<Vec<_>>().join("，且")
}

fn copies(copies: &Copies) -> String {
    let slips = copies.of.iter().map(|slip| match &slip.by {
        Some(_) if slip.copy.is_some() => format!("{}由{}签收", slip.title, slip.signer),
        _ => format!("{}有人签收", slip.title),
    });
    let slips: Vec<String> = slips.collect();
    let issued = copies.issued.as_ref().map(|issued| format!("，签收不早于「{issued}」")).unwrap_or_default();
    format!("{}里（{}）必须有：{}{issued}", counterpart(&copies.link), joints(&copies.link), slips.join("、"))
}

/// `业务主管（业务部经理或业务部副理）`
fn signature(signer: &Signer) -> String {
    let posts = signer.posts.join("或");
    if posts.is_empty() || posts == signer.title { signer.title.clone() } else { format!("{}（{posts}）", signer.title) }
}

/// `允许多：10%；允许少：不限`
fn margins(margins: &Margins) -> String {
    let exact = |margin: &Margin| matches!(margin, Margin::Amount(amount) if amount.is_zero());
    match exact(&margins.over) && exact(&margins.under) {
        true => "两数必须相等".to_owned(),
        false => format!("允许多：{}；允许少：{}", margins.over.chinese(), margins.under.chinese()),
    }
}

fn labelled(label: &str, value: &str) -> String {
    if label.is_empty() { value.to_owned() } else { format!("{label} {value}") }
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join("；")
}

fn sentence_end(parts: &[String]) -> String {
    if parts.is_empty() { String::new() } else { format!("{}。", parts.join("，")) }
}

fn each_version<T>(dated: &Dated<T>, say: impl Fn(&T) -> String) -> String {
    match dated.versions.as_slice() {
        [only] => say(&only.body),
        all => all.iter().map(|version| format!("{} 起 {}", version.from, say(&version.body))).collect::<Vec<_>>().join("；"),
    }
}
