"""The complaint job with polars, fastexcel and xlsxwriter: what `kesu run` does with the four workbooks of `kesu sample`.

python3 polars_job.py DATA_DIR OUT_DIR FIRST_DAY LAST_DAY

It reads every column of 客诉台账, 流转记录, 核决记录 and 责任与损失, judges closing and desk deadlines (open cases as of LAST_DAY), approvals,
split approvals, shares of the loss, required fields, numbering and the fines, and writes findings.csv, the books 客诉案件统计表 (formulas with
their values up to 20,000 rows), 登记追踪表, 催办单, 洽办单, 奖罚通知单, 核决权限稽核表, 责任部门损失金额表, 各站时效统计, 编号稽核 and 稽核底稿, and
a folder a department in 分送. Rules are written out here, not read from files.

Left out, which leans the comparison to this side: detecting and mapping columns, repairs, rejected and double rows, origins and links to
source cells, the route of the form (九条（三）), reports of rules that judged nothing, the overview of all packs, the manifest, charts, page
set-up and styles beyond headers, dates and money.
"""

import math
import sys
from datetime import date, datetime
from pathlib import Path

import polars as pl
import xlsxwriter

import paper
from paper import Formula, Notice, Period

ID = "客诉编号"
BLANK = pl.lit(None, pl.String)
LONG = 200_000


# reading and judging


def read(data, name):
    frame = pl.read_excel(data / f"{name}.xlsx", engine="calamine", schema_overrides={ID: pl.String})
    day = [column for column in frame.columns if column.endswith("日期")]
    return frame.with_columns(pl.col(day).cast(pl.Date)).with_columns(行=pl.int_range(2, pl.len() + 2), 文件=pl.lit(name))


def text(number):
    """A number without needless zeros."""
    return number.round(2).cast(pl.Decimal(18, 2)).cast(pl.String).str.replace(r"\.?0+$", "")


def cents(number):
    return number.round(2).cast(pl.Decimal(18, 2)).cast(pl.String)


def found(frame, rule, subject, message, **columns):
    """Findings of one rule in one shape."""
    none = {name: BLANK for name in ("person", "start", "due", "stop")} | {
        name: pl.lit(None, pl.Float64) for name in ("limit", "elapsed", "overrun", "amount")
    }
    given = {"unit": pl.col("责任部门"), "file": pl.col("文件"), "row": pl.col("行"), "closed": BLANK} | none | columns
    return frame.select(
        pl.lit(rule).alias("rule"),
        pl.col(subject).alias("subject") if isinstance(subject, str) else subject.alias("subject"),
        message.alias("message"),
        **given,
    )


def judge_closing(register, period):
    """Adds due, days and lateness to the register; cases that ended before the period are no subject any more."""
    limit = pl.col("国内外").replace_strict(paper.LIMITS, default=None, return_dtype=pl.Int64)
    seen = pl.when(pl.col("结案日期") <= period.last).then(pl.col("结案日期"))
    frame = register.with_columns(期限=limit, 结案日期=seen).with_columns(天数=(seen.fill_null(period.last) - pl.col("受理日期")).dt.total_days())
    frame = frame.with_columns(应完成日=pl.col("受理日期") + pl.duration(days=pl.col("期限")), 超=pl.col("天数") - pl.col("期限"))
    return frame.with_columns(
        在内=(pl.col("受理日期") <= period.last) & (pl.col("结案日期").is_null() | (pl.col("结案日期") >= period.first)),
        逾期=pl.col("超") > 0,
    )


def closing(cases):
    late = cases.filter(pl.col("在内") & pl.col("逾期"))
    message = pl.format("{} 自受理起 {}天，结案期限 {}天，逾期 {}天", ID, "天数", "期限", "超")
    return found(late, "jiean", ID, message, **deadline(late, "受理日期", "结案日期", "%Y-%m-%d"))


def deadline(frame, start, stop, clock):
    return {
        "start": pl.col(start).dt.strftime(clock),
        "due": pl.col("应完成日").dt.strftime("%Y-%m-%d"),
        "stop": pl.col(stop).dt.strftime(clock),
        "limit": pl.col("期限").cast(pl.Float64),
        "elapsed": pl.col("天数").cast(pl.Float64),
        "overrun": pl.col("超").cast(pl.Float64),
    }


def judge_desks(routes, cases, period):
    """One frame of all desks a limit is asked of, in order of the desks; a passage can be under two limits."""
    end = datetime.combine(period.last, datetime.max.time())
    routes = routes.join(cases.select(ID, "国内外", "结案日期"), on=ID, how="left").filter(pl.col("收文时间") <= end)
    routes = routes.with_columns(送出时间=pl.when(pl.col("送出时间") <= end).then(pl.col("送出时间")))
    spent = pl.col("送出时间").fill_null(end) - pl.col("收文时间")
    days = (pl.col("送出时间").dt.date().fill_null(period.last) - pl.col("收文时间").dt.date()).dt.total_days().cast(pl.Float64)
    parts = []
    for desk in paper.DESKS:
        here = (pl.col("站别") == desk.station) & pl.col("站序").is_between(desk.low, desk.high)
        if desk.market:
            here &= pl.col("国内外") == desk.market
        hours = desk.limit is not None and desk.limit < 1
        elapsed = (spent.dt.total_seconds() / 86400).round(4) if hours else days
        parts.append(
            routes.filter(here).with_columns(
                站=pl.lit(desk.name),
                rule=pl.lit(desk.rule),
                words=pl.lit(desk.words),
                期限=pl.lit(desk.limit, pl.Float64),
                天数=elapsed,
                应完成日=pl.col("收文时间").dt.date() + pl.duration(days=math.floor(desk.limit or 0)),
            )
        )
    return pl.concat(parts).with_columns(超=pl.col("天数") - pl.col("期限"))


def desks_late(desks, period):
    late = desks.filter((pl.col("超") > 0) & (pl.col("送出时间").is_null() | (pl.col("送出时间").dt.date() >= period.first)))
    days = [text(pl.col(name)) for name in ("天数", "期限", "超")]
    message = pl.format("{} 第 {} 站{}{} {}天，时限 {}天，逾期 {}天", ID, pl.col("站序").cast(pl.Int64), "站别", "words", *days)
    subject = pl.format("{}/{}", ID, pl.col("站序").cast(pl.Int64))
    columns = deadline(late, "收文时间", "送出时间", "%Y-%m-%dT%H:%M")
    return [
        found(part, part["rule"][0], subject, message, unit=pl.col("站别"), person=pl.col("经手人"), **columns)
        for part in late.partition_by("rule", maintain_order=True)
    ]


def judge_approvals(approvals, cases, period):
    """Every approval of the period, and every promise of it that nobody has approved yet."""
    frame = approvals.join(cases.select(ID, "责任部门", "客户"), on=ID, how="left")
    seen = [pl.when(pl.col(name) <= period.last).then(pl.col(name)).alias(name) for name in ("核决日期", "对客户承诺日期")]
    promised = pl.col("对客户承诺日期")
    frame = (
        frame.with_columns(承诺=promised).with_columns(seen).filter(pl.coalesce("核决日期", "对客户承诺日期").is_between(period.first, period.last))
    )
    amount = pl.col("客诉金额")
    needed = pl.when(amount <= 0).then(None).when(amount <= 100_000).then(0).when(amount <= 150_000).then(1).otherwise(2)
    rank = pl.col("核决人职务").replace_strict(paper.RANK, default=None, return_dtype=pl.Int32)
    frame = frame.with_columns(需=needed, 级=rank).with_columns(
        至少应由=pl.col("需").replace_strict(dict(enumerate(paper.POSTS)), default=None, return_dtype=pl.String)
    )
    low = pl.when(pl.col("级") < pl.col("需")).then(
        pl.format(
            "越权核决：客诉金额 {} 应由{}{}核决，实为{}",
            text(amount),
            "至少应由",
            pl.when(pl.col("需") < 2).then(pl.lit("以上")).otherwise(pl.lit("")),
            "核决人职务",
        )
    )
    early = pl.when(promised < pl.col("核决日期")).then(
        pl.format("先承诺后核决：对客户承诺日期 {} 早于核决日期 {}", promised.dt.to_string("iso"), pl.col("核决日期").dt.to_string("iso"))
    )
    alone = pl.when(promised.is_not_null() & pl.col("核决日期").is_null()).then(
        pl.format("未核决先承诺：对客户承诺日期 {}，至 {} 尚未核决", promised.dt.to_string("iso"), pl.lit(str(period.last)))
    )
    frame = frame.with_columns(错=pl.concat_str(low, early, alone, separator="；", ignore_nulls=True).replace("", None))
    said = pl.format("{} 客诉金额 {} 元由{}核决，不合核决权限：{}", ID, text(amount), "核决人职务", "错")
    return frame.with_columns(说明=said).sort(pl.col("说明").is_null(), maintain_order=True)


def approvals_wrong(judged):
    wrong = judged.filter(pl.col("说明").is_not_null())
    day = {"start": pl.col("承诺").dt.strftime("%Y-%m-%d"), "stop": pl.col("核决日期").dt.strftime("%Y-%m-%d")}
    return found(wrong, "hejue", ID, pl.col("说明"), person=pl.col("核决人"), amount=pl.col("客诉金额"), **day)


def split_approvals(judged):
    """Approvals of one customer within seven days, each within its approver's power, together beyond all of them."""
    alone = judged.filter((pl.col("级") >= pl.col("需")) & pl.col("核决日期").is_not_null() & pl.col("客户").is_not_null()).sort("核决日期")
    windows = alone.rolling("核决日期", period="8d", group_by="客户").agg(
        笔数=pl.len(), 合计=pl.col("客诉金额").sum(), 最高=pl.col("级").max(), 各行=pl.col("行")
    )
    total = pl.col("合计")
    needed = pl.when(total <= 100_000).then(0).when(total <= 150_000).then(1).otherwise(2)
    rows = windows.filter((pl.col("笔数") > 1) & (needed > pl.col("最高"))).explode("各行")["各行"].unique()
    return alone.filter(pl.col("行").is_in(rows.implode()))


def share_losses(shares, cases):
    """Loss of the case by its class, and each department's part: rounded to the fen, the rest with the largest share."""

    def given(name):
        return pl.col(name) if name in shares.columns else pl.lit(None, pl.Float64)

    kind = pl.col("损失类别")
    loss = (
        pl.when(kind == "索赔")
        .then(given("实际赔偿金额"))
        .when(kind == "折让")
        .then(given("实际折让金额"))
        .when(kind == "退回")
        .then((given("实际退回数量") * given("实际售价") * 0.25).round(2))
        .when(kind == "重修")
        .then(given("重新处理费用") + given("搬运费") + given("损耗金额").fill_null(0))
    )
    frame = shares.join(cases.select(ID, "客户", "料号", "结案日期"), on=ID, how="left").with_columns(损失金额=loss)
    frame = frame.with_columns(部门损失=(pl.col("损失金额") * pl.col("责任比率")).round(2))
    rest = pl.col("损失金额").first().over(ID) - pl.col("部门损失").sum().over(ID)
    largest = pl.col("责任比率").rank("ordinal", descending=True).over(ID) == 1
    whole = (pl.col("责任比率").sum().over(ID) - 1).abs() <= 0.0001
    return frame.with_columns(首=largest, 合一=whole, 部门损失=pl.when(largest & whole).then(pl.col("部门损失") + rest).otherwise(pl.col("部门损失")))


def fines(shares, period):
    due = shares.filter(pl.col("结案日期").is_between(period.first, period.last) & (pl.col("部门损失") > 0))
    subject = pl.concat_str(ID, "责任部门", "责任人", separator="/", ignore_nulls=True)
    part, fine, closed = pl.col("部门损失"), (pl.col("部门损失") * paper.RATE).round(2), pl.col("结案日期").dt.strftime("%Y-%m-%d")
    ratio = text(pl.col("责任比率") * 100)
    of_unit = pl.format(
        "{} 责任归属{}，责任比率 {}%，部门损失 {} 元：部门损失 {} × 10% = {}", ID, "责任部门", ratio, text(part), cents(part), cents(fine)
    )
    of_person = pl.format("{} 责任人{}（{}）：定额 {}.00 元", ID, "责任人", "责任部门", pl.lit(str(paper.FINE)))
    wrong = shares.filter(~pl.col("合一") & pl.col("首"))
    return [
        found(wrong, "bilv-heji", ID, pl.format("{} 责任比率合计不是 100%", ID)),
        found(due, "bumen-fakou", subject, of_unit, amount=fine, closed=closed),
        found(
            due.filter(pl.col("责任人").is_not_null()),
            "geren-fakou",
            subject,
            of_person,
            person=pl.col("责任人"),
            amount=pl.lit(float(paper.FINE)),
            closed=closed,
        ),
    ]


def required_fields(cases, period):
    due = cases.filter(pl.col("受理日期").is_between(period.first, period.last))
    out = []
    for rule, (names, words) in paper.REQUIRED.items():
        missing = pl.concat_str([pl.when(pl.col(name).is_null()).then(pl.lit(name)) for name in names], separator="、", ignore_nulls=True)
        wrong = [pl.when(missing != "").then(pl.format("缺：{}", missing))]
        if rule == "chulibiao":
            wrong.append(pl.when(pl.col("不良数量") > pl.col("数量")).then(pl.lit("不良数量多于数量")))
        if rule == "yangpin":
            wrong.append(pl.when(pl.col("是否附样品").ne_missing("是")).then(pl.lit("是否附样品应为「是」")))
        asked = due.filter(pl.col("客诉原因类别") == "质量异常") if rule == "shengchan" else due
        asked = asked.with_columns(错=pl.concat_str(wrong, separator="；", ignore_nulls=True)).filter(pl.col("错") != "")
        out.append(found(asked, rule, ID, pl.format("{}" + words + "{}", ID, "错")))
    unsaid = due.filter((pl.col("处理方式") == "退货") & ~pl.col("客户要求").fill_null("").str.contains("客户加工中未确定", literal=True))
    unnamed = cases.filter(pl.col("结案日期").is_between(period.first, period.last) & pl.col("客诉原因类别").is_null())
    return out + [
        found(unsaid, "weiding", ID, pl.format("{} 退换货数量未定，没有注明「客户加工中未确定」", ID)),
        found(unnamed, "leibie", ID, pl.format("{} 没有分类", ID)),
    ]


def numbering(register, period):
    """Doubles, wrong shapes, wrong months, and the numbers a month lacks."""
    due = register.filter(pl.col("受理日期").is_between(period.first, period.last))
    month = pl.col(ID).str.slice(0, 4)
    shape = pl.col(ID).str.contains(r"^\d{6,}$")
    said = (
        pl.when(~shape)
        .then(pl.format("格式不合：{}", ID))
        .when(month != pl.col("受理日期").dt.strftime("%y%m"))
        .then(pl.format("年月不符：{}", ID))
        .when(pl.col(ID).is_duplicated() & ~pl.col(ID).is_first_distinct())
        .then(pl.format("重号：{}", ID))
    )
    wrong = due.with_columns(错=said).filter(pl.col("错").is_not_null())
    numbers = due.filter(shape).select(月=month, 号=pl.col(ID).str.slice(4).cast(pl.Int64))
    every = numbers.group_by("月").agg(号=pl.int_range(1, pl.col("号").max() + 1)).explode("号").sort("月", "号")
    gaps = every.join(numbers, on=["月", "号"], how="anti", maintain_order="left").select(
        **{ID: pl.col("月") + pl.col("号").cast(pl.String).str.zfill(2)}
    )
    nowhere = {"unit": BLANK, "file": BLANK, "row": pl.lit(None, pl.Int64)}
    return [found(wrong, "bianhao", ID, pl.col("错")), found(gaps, "bianhao", ID, pl.format("缺号：{}", ID), **nowhere)], due.height + gaps.height


def numbered(findings, period):
    """Adds the form each finding is on, and its number."""
    rule, shown = pl.col("rule"), pl.col("rule") != paper.NO_FORM
    kinds = pl.Series([name for name, rule in paper.RULES.items() if rule.kind == "deadline"])
    kind = (
        pl.when(rule.is_in(kinds.implode()) & shown & pl.col("stop").is_null())
        .then(pl.lit("催办单"))
        .when(rule.is_in(kinds.implode()) & shown)
        .then(pl.lit("洽办单"))
        .when(rule.is_in(["bumen-fakou", "geren-fakou"]))
        .then(pl.lit("奖罚通知单"))
    )
    findings = findings.with_columns(form=kind, to=pl.when(rule == "geren-fakou").then(pl.col("person")).otherwise(pl.col("unit")))
    ids = findings.filter(pl.col("form").is_not_null()).select("form", "to").unique().sort("form", "to")
    number = pl.format(
        "{}-{}-{}",
        pl.col("form").replace_strict(paper.PREFIX, return_dtype=pl.String),
        pl.lit(period.code),
        pl.int_range(1, pl.len() + 1).over("form").cast(pl.String).str.zfill(3),
    )
    return findings.join(ids.with_columns(notice=number), on=["form", "to"], how="left", maintain_order="left")


# writing


class Book:
    """One workbook, written row by row; a very long one without keeping its rows, which saves memory and costs an eighth more time."""

    def __init__(self, path, rows=0):
        path.parent.mkdir(parents=True, exist_ok=True)
        self.book = xlsxwriter.Workbook(path, {"constant_memory": rows > LONG})
        self.bold, self.day = self.book.add_format({"bold": True}), self.book.add_format({"num_format": "yyyy-mm-dd"})
        self.clock, self.money = self.book.add_format({"num_format": "yyyy-mm-dd hh:mm"}), self.book.add_format({"num_format": "#,##0.00"})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.book.close()

    def rows(self, name, rows):
        sheet = self.book.add_worksheet(name)
        for r, row in enumerate(rows):
            for c, cell in enumerate(row):
                if isinstance(cell, Formula):
                    sheet.write_formula(r, c, cell.text, None, "" if cell.value is None else cell.value)
                elif cell is not None:
                    sheet.write(r, c, cell)
        return sheet

    def table(self, name, above, frame, below=()):
        """A frame under some rows: dates as numbers of days, every column with the writer of its type."""
        sheet = self.rows(name, above)
        writers = []
        for c, (column, dtype) in enumerate(frame.schema.items()):
            shown = (
                self.day
                if dtype == pl.Date
                else self.clock
                if dtype == pl.Datetime
                else self.money
                if "金额" in column or column == "部门损失"
                else None
            )
            writers.append((c, sheet.write_string if dtype == pl.String else sheet.write_number, shown))
            sheet.set_column(c, c, 12)
            sheet.write(len(above), c, column, self.bold)
        days = [(pl.col(pl.Date).cast(pl.Int32) + 25569), (pl.col(pl.Datetime).dt.epoch("s") / 86400 + 25569)]
        for r, row in enumerate(frame.with_columns(days).iter_rows(), len(above) + 1):
            for (c, write, shown), cell in zip(writers, row):
                if cell is not None:
                    write(r, c, cell, shown)
        for r, row in enumerate(below, len(above) + 1 + frame.height):
            sheet.write_row(r, 0, row)


def tallies(frame, by, *, ordered=True):
    out = frame.group_by(pl.col(by).alias("key")).agg(
        count=pl.len(),
        loss=pl.col("损失金额").sum(),
        met=(pl.col("按期") == "是").sum(),
        late=(pl.col("按期") == "否").sum(),
        mean=pl.col("天数").mean(),
        most=pl.col("天数").max(),
    )
    return out.sort(["count", "key"] if ordered else ["key"], descending=[True, False] if ordered else False, nulls_last=True).to_dicts()


def month_of(column):
    return pl.col(column).dt.year() * 100 + pl.col(column).dt.month()


def in_spans(frame, period):
    """Rows closed in the period, the one before or a year ago, with their month."""
    near = pl.any_horizontal(pl.col("统计月").is_between(*span) for span in period.spans().values())
    return frame.with_columns(统计月=month_of("结案日期")).filter(near).with_columns(工作表=pl.col("文件"), 文件=pl.col("文件") + ".xlsx")


def statistics_book(path, period, cases, shares):
    first = shares.filter("首").select(ID, "损失类别", "损失金额")
    detail = (
        in_spans(cases.join(first, on=ID, how="left", maintain_order="left"), period)
        .with_columns(
            客诉金额=pl.lit(None, pl.Float64),
            按期=pl.when(pl.col("逾期")).then(pl.lit("否")).otherwise(pl.lit("是")),
            损失金额=pl.col("损失金额").fill_null(0),
            损失类别=pl.col("损失类别").fill_null("（无损失类别）"),
        )
        .select(paper.DETAIL)
    )
    spans = {name: detail.filter(pl.col("统计月").is_between(*span)) for name, span in period.spans().items()}
    nothing = {"count": 0, "loss": 0, "met": 0, "late": 0, "mean": None, "most": None}
    totals = {name: next(iter(tallies(part.with_columns(all=pl.lit(0)), "all")), nothing) for name, part in spans.items()}
    groups = {group: tallies(spans["本期"], group) for group in paper.GROUPS}
    parts = in_spans(shares, period)
    units, total = unit_losses(parts, period)
    with Book(path, detail.height) as book:
        book.rows("统计表", paper.statistics(period, totals, groups, detail.height))
        closed = spans["本期"]
        above = period.head("客诉案件统计表 · 责任归属确认") + [[f"依据：{paper.PACK_NAME} 九条（九）"]]
        if closed.height > paper.MOST_CONFIRMED:
            note = f"本期结案 {closed.height} 件，多于 {paper.MOST_CONFIRMED} 件，不逐案列出签章；各案的责任部门与损失见「损失分摊明细」。"
            book.rows("责任归属确认", [*above, paper.CONFIRM, [note]])
        else:
            borne = shares.select(ID, "责任部门", "责任比率", "损失类别", "部门损失")
            listed = (
                closed.drop("损失类别")
                .join(borne, on=ID, how="left", maintain_order="left", suffix="_")
                .with_columns(责任部门=pl.coalesce("责任部门_", "责任部门"))
            )
            book.table("责任归属确认", above, listed.select(*paper.CONFIRM[:8], *(BLANK.alias(name) for name in paper.CONFIRM[8:])))
        book.rows("图表", paper.months_table(period, tallies(detail, "统计月", ordered=False), detail.height))
        book.rows("部门损失", paper.borne(period, units, total, parts.height))
        book.table("明细", period.head("客诉案件统计表 · 明细") + paper.over(detail.height), detail)
        book.table("损失分摊明细", period.head("客诉案件统计表 · 损失分摊明细") + paper.over(parts.height), parts.select(paper.SHARES))
    return parts, units, total


def unit_losses(parts, period):
    this, before, year = (pl.col("统计月").is_between(*span) for span in period.spans().values())
    share, now = pl.col("部门损失"), pl.col("部门损失").filter(this)
    classes = {name: share.filter(this & (pl.col("损失类别") == name)).sum() for name in paper.LOSS_CLASSES}
    has = parts.select(before.any().alias("上期"), year.any().alias("去年同期")).row(0, named=True)
    past = {name: share.filter(when).sum() if has[name] else pl.lit(None, pl.Float64) for name, when in [("上期", before), ("去年同期", year)]}
    units = parts.group_by(key="责任部门").agg(count=this.sum(), loss=now.sum(), undecided=now.null_count(), **classes, **past)
    units = units.filter(pl.col("count") > 0).sort("loss", descending=True).to_dicts()
    return units, sum(unit["loss"] for unit in units)


def losses_book(path, period, parts, units, total):
    with Book(path) as book:
        book.rows("损失金额表", paper.losses(period, units, total, parts.height))
        book.table("明细", period.head("责任部门损失金额表 · 明细") + paper.over(parts.height), parts.select(paper.LOSSES))


def stations_book(path, period, desks):
    closed = desks.filter(pl.col("结案日期").is_between(period.first, period.last))
    names = closed["站"].unique(maintain_order=True)
    state = (
        pl.when(pl.col("期限").is_null())
        .then(pl.lit("不适用"))
        .when(pl.col("超") > 0)
        .then(pl.lit("否"))
        .when(pl.col("送出时间").is_not_null())
        .then(pl.lit("是"))
    )
    titles = {name: rule.title for name, rule in paper.RULES.items()}
    detail = closed.with_columns(
        站号=pl.col("站").replace_strict(names, range(1, len(names) + 1), return_dtype=pl.Int64),
        时限规则=pl.col("rule").replace_strict(titles, return_dtype=pl.String),
        承办部门=pl.col("站别"),
        时限=text(pl.col("期限")) + "天",
        按期=state,
        天数=pl.when(pl.col("送出时间").is_not_null()).then(pl.col("天数")),
        工作表=pl.col("文件"),
        文件=pl.col("文件") + ".xlsx",
    )
    days, done = pl.col("天数"), pl.col("天数").count()
    desks = (
        detail.group_by("站号", maintain_order=True)
        .agg(
            number=pl.col("站号").first(),
            name=pl.col("站").first(),
            unit=pl.col("站别").first(),
            limit=pl.col("时限").first(),
            count=pl.len(),
            done=done,
            mean=days.mean(),
            ninetieth=days.drop_nulls().sort().get((done * 9 + 9) // 10 - 1),
            most=days.max(),
            met=(pl.col("按期") == "是").sum(),
            late=(pl.col("按期") == "否").sum(),
        )
        .to_dicts()
    )
    with Book(path, detail.height) as book:
        book.rows("各站时效", paper.stations(period, desks, detail.height))
        book.table("明细", period.head("各站时效统计 · 明细") + paper.over(detail.height), detail.select(paper.TIMES))


def register_table(cases, routes, period):
    end = datetime.combine(period.last, datetime.max.time())
    seen = routes.filter(pl.col("收文时间") <= end).with_columns(送出时间=pl.when(pl.col("送出时间") <= end).then(pl.col("送出时间")))
    passed = seen.group_by(ID, "站别").agg(收=pl.col("收文时间").min(), 送=pl.col("送出时间").max())
    passed = passed.with_columns(
        话=pl.concat_str(pl.col("收").dt.strftime("收 %m-%d %H:%M"), pl.col("送").dt.strftime("送 %m-%d %H:%M"), separator="\n", ignore_nulls=True)
    )
    wide = passed.pivot("站别", index=ID, values="话")
    wide = wide.with_columns(BLANK.alias(name) for name in paper.STATIONS if name not in wide.columns)
    waiting = seen.filter(pl.col("送出时间").is_null()).sort("站序").group_by(ID).agg(当前站=pl.col("站别").last())
    late, ended = pl.col("逾期"), pl.col("结案日期").is_not_null()
    state = (
        pl.when(ended & late)
        .then(pl.lit("△ 逾期结案"))
        .when(ended)
        .then(pl.lit("√ 已结"))
        .when(late)
        .then(pl.lit("▲ 在办逾期"))
        .otherwise(pl.lit("○ 在办"))
    )
    frame = cases.filter("在内").join(wide, on=ID, how="left", maintain_order="left").join(waiting, on=ID, how="left", maintain_order="left")
    return frame.with_columns(状态=state, 逾期天数=pl.when(late).then(pl.col("超")), 当前站=pl.when(~ended).then(pl.col("当前站"))).select(
        paper.REGISTER
    )


def register_book(path, period, table, unit=None):
    states = dict(table["状态"].value_counts().iter_rows())
    counts = "，".join(f"{state[2:]} {states.get(state, 0)} 件" for state in ("○ 在办", "▲ 在办逾期", "√ 已结", "△ 逾期结案"))
    head = period.head("登记追踪表" + (f" · {unit}" if unit else ""))
    head += [
        [f"依据：{paper.PACK_NAME} 九条（三）    起算日不计入；末日逢休不顺延    各站：收 = 收文，送 = 送出（月-日）"],
        [f"合计 {table.height} 件：{counts}，无法判定 0 件"],
    ]
    with Book(path, table.height) as book:
        book.table("登记追踪表", head, table, [[], ["登记人：______________   总经理室主管：______________"]])


def approvals_book(path, period, judged):
    source = pl.col("文件") + ".xlsx[" + pl.col("文件") + "]"
    state = pl.when(pl.col("说明").is_null()).then(pl.lit("合规")).otherwise(pl.lit("▲ 违规"))
    table = judged.with_columns(
        结果=state, 编号=pl.col(ID), 承诺日期=pl.col("承诺"), 部门=pl.col("责任部门"), 出处=source, **{"金额（元）": pl.col("客诉金额")}
    ).select(paper.APPROVALS)
    wrong = table.filter(pl.col("说明").is_not_null())
    said = [[f"共核 {table.height} 件：合规 {table.height - wrong.height} 件，违规 {wrong.height} 件"], [f"依据：{paper.PACK_NAME} 十一条"]]
    split = split_approvals(judged).select("行")
    with Book(path, table.height) as book:
        book.table("越权清单", period.head("核决权限稽核表 · 越权清单") + said, wrong)
        suspects = table.join(split, on="行", how="semi")
        book.table("疑似拆单", period.head("核决权限稽核表 · 疑似拆单"), suspects, [] if suspects.height else [["本期没有发现。"]])
        book.table("全部核决记录", period.head("核决权限稽核表 · 全部核决记录") + said, table)


def problems(findings):
    of = {
        name: pl.col("rule").replace_strict({key: value(rule) for key, rule in paper.RULES.items()}, return_dtype=pl.String)
        for name, value in [
            ("程度", lambda rule: paper.SEVERITY[rule.severity]),
            ("规则", lambda rule: rule.title),
            ("条款", lambda rule: f"{paper.PACK_NAME} {rule.clause}"),
        ]
    }
    days = {name: text(pl.col(column)) + "天" for name, column in [("期限", "limit"), ("已用", "elapsed"), ("逾期", "overrun")]}
    return findings.with_columns(
        结果=pl.lit("▲ 违规"),
        编号=pl.col("subject"),
        部门=pl.col("unit"),
        责任人=pl.col("person"),
        起=pl.col("start").str.replace("T", " "),
        应完成=pl.col("due"),
        实际=pl.col("stop").str.replace("T", " "),
        说明=pl.col("message"),
        出处=pl.col("file") + ".xlsx[" + pl.col("file") + "]",
        行=pl.col("row"),
        **of,
        **days,
        **{"金额（元）": pl.col("amount")},
    ).select(*paper.PROBLEMS, "unit")


def audit_book(path, period, table, findings, read_rows):
    with Book(path) as book:
        totals = [[f"{name}.xlsx", name, name, rows + 1, rows, 0, 0, 1, 0, "√ 平"] for name, rows in read_rows.items()]
        heads = ["文件", "工作表", "数据表", "读入行", "采用", "拒收", "重复", "标题合计等", "未识别", "勾稽"]
        book.rows("控制总数", [*period.head("稽核底稿 · 控制总数"), heads, *totals])
        counts = findings["rule"].value_counts(sort=True).iter_rows()
        rules = [
            [f"{paper.PACK}/{rule}", paper.RULES[rule].title, f"{paper.PACK_NAME} {paper.RULES[rule].clause}", number] for rule, number in counts
        ]
        book.rows("规则一览", [*period.head("稽核底稿 · 规则一览"), ["规则编号", "标题", "依据条款", "违规"], *rules])
        book.table("问题清单", period.head("稽核底稿 · 问题清单") + [[f"共 {table.height} 条。"]], table)


def numbers_book(path, period, findings, register, judged):
    wrong = findings.filter(pl.col("rule") == "bianhao").join(
        register.select(ID, "受理日期", "客户", "料号"), left_on="subject", right_on=ID, how="left", maintain_order="left"
    )
    kind = pl.col("message").str.split("：").list.first()
    table = wrong.select(
        结果=pl.lit("▲ 违规"),
        编号="subject",
        受理日期="受理日期",
        客户="客户",
        料号="料号",
        问题=kind,
        部门="unit",
        说明="message",
        出处="file",
        行="row",
    )
    sums = [[name, None, number, number, 0] for name, number in table["问题"].value_counts(sort=True).iter_rows()]
    head = period.head("编号稽核 · 编号问题") + [
        [f"共核 {judged} 项：合规 {judged - table.height} 项，违规 {table.height} 项"],
        [f"依据：{paper.PACK_NAME} 八条"],
        ["按问题小计", None, "件数", "违规", "无法判定"],
        *sums,
        [],
    ]
    with Book(path) as book:
        book.table("编号问题", head, table, [[], ["总经理室经办：______________   总经理室主管：______________"]])


def notices_of(findings):
    """Forms by kind, in order of their numbers."""
    out = {kind: [] for kind in paper.COPIES}
    parts = findings.filter(pl.col("notice").is_not_null()).partition_by("notice", maintain_order=True)
    for part in sorted(parts, key=lambda part: part["notice"][0]):
        lines = part.with_columns(text(pl.col("limit", "elapsed", "overrun"))).to_dicts()
        out[lines[0]["form"]].append(Notice(lines[0]["form"], lines[0]["notice"], lines[0]["to"], lines[0]["unit"], lines))
    return out


def case_histories(notices, cases, routes, approvals, period):
    """What the annexes tell, of the cases that are in one."""
    ids = list({line["subject"].split("/")[0] for forms in notices.values() for form in forms for line in form.lines[: paper.ANNEX]})
    end = datetime.combine(period.last, datetime.max.time())
    known = approvals.select(
        ID, "核决人职务", *(pl.when(pl.col(day) <= period.last).then(pl.col(day)).alias(day) for day in ("核决日期", "对客户承诺日期"))
    )
    chosen = (
        cases.filter(pl.col(ID).is_in(ids))
        .join(known, on=ID, how="left")
        .select(ID, "生产日期", "交运日期", "受理日期", "结案日期", "核决人职务", "核决日期", "对客户承诺日期")
    )
    out = {case[ID]: case | {"stops": []} for case in chosen.iter_rows(named=True)}
    for stop in routes.filter(pl.col(ID).is_in(ids)).sort("站序").iter_rows(named=True):
        seen = {name: stop[name] if stop[name] and stop[name] <= end else None for name in ("收文时间", "送出时间")}
        out[stop[ID]]["stops"].append(stop | seen)
    return out


def send(out, period, notices, cases, table, problem_table):
    """Copies of the offices, and every department's own register, findings and forms."""
    folder = paper.send_forms(Book, out, period, notices, cases)
    for part in table.partition_by("责任部门"):
        register_book(folder(part["责任部门"][0]) / "登记追踪表.xlsx", period, part, part["责任部门"][0])
    for part in problem_table.filter(pl.col("unit").is_not_null()).partition_by("unit"):
        with Book(folder(part["unit"][0]) / "问题清单.xlsx") as book:
            book.table("问题清单", period.head("问题清单") + [[f"共 {part.height} 条。"]], part.drop("unit"))


def write_csv(path, findings, data):
    of = {
        name: pl.col("rule").replace_strict({key: getattr(rule, name) for key, rule in paper.RULES.items()}, return_dtype=pl.String)
        for name in ("kind", "severity", "clause")
    }
    days = {name: text(pl.col(name)) + "d" for name in ("limit", "elapsed", "overrun")}
    fixed = {"pack": pl.lit(paper.PACK), "version": pl.lit(paper.VERSION), "outcome": pl.lit("breached"), "points": BLANK}
    rows = findings.with_columns(
        **of, **days, **fixed, sheet=pl.col("file"), file=pl.lit(f"{data}/") + pl.col("file") + ".xlsx", amount=cents(pl.col("amount"))
    )
    rows.with_columns(clause=pl.lit(paper.PACK_NAME + " ") + pl.col("clause")).select(paper.CSV).write_csv(
        path, include_bom=True, line_terminator="\r\n"
    )


def main(data, out, first, last):
    period = Period(date.fromisoformat(first), date.fromisoformat(last))
    data, out = Path(data), Path(out)
    out.mkdir(parents=True, exist_ok=True)
    tables = {name: read(data, name) for name in ("客诉台账", "核决记录", "流转记录", "责任与损失")}
    register, approvals, routes, shares = tables.values()

    cases = judge_closing(register, period)
    desks = judge_desks(routes, cases, period)
    judged = judge_approvals(approvals, cases, period)
    shares = share_losses(shares, cases)
    numbers, judged_numbers = numbering(register, period)
    parts = [approvals_wrong(judged), closing(cases), *desks_late(desks, period), *fines(shares, period), *required_fields(cases, period), *numbers]
    findings = numbered(pl.concat(parts, how="vertical_relaxed"), period)
    write_csv(out / "findings.csv", findings, data)

    own = out / paper.PACK_NAME
    losses = statistics_book(own / "客诉案件统计表.xlsx", period, cases, shares)
    losses_book(own / "责任部门损失金额表.xlsx", period, *losses)
    stations_book(own / "各站时效统计.xlsx", period, desks)
    approvals_book(own / "核决权限稽核表.xlsx", period, judged)
    table = register_table(cases, routes, period)
    register_book(own / "登记追踪表.xlsx", period, table)
    numbers_book(own / "编号稽核.xlsx", period, findings, register, judged_numbers)
    listed = problems(findings)
    audit_book(own / "稽核底稿.xlsx", period, listed.drop("unit"), findings, {name: frame.height for name, frame in tables.items()})
    notices = notices_of(findings)
    histories = case_histories(notices, cases, routes, approvals, period)
    for kind, forms in notices.items():
        paper.notice_book(Book, own / f"{kind}.xlsx", period, kind, forms, paper.COPIES[kind], histories)
    send(out, period, notices, histories, table, listed)


if __name__ == "__main__":
    main(*sys.argv[1:])
