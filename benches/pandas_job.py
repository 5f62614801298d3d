"""The complaint job with pandas and openpyxl: the same as polars_job.py, with the same books and the same findings.

python3 pandas_job.py DATA_DIR OUT_DIR FIRST_DAY LAST_DAY

What polars_job.py leaves out is left out here as well. openpyxl cannot store the value of a formula beside it, so below 20,000 rows the formulas
of the statistics have no values until a spreadsheet program opens the book. With lxml installed openpyxl writes about a sixth faster.
"""

import sys
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pandas as pd
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

import paper
from paper import Formula, Notice, Period

ID = "客诉编号"
BOLD = Font(bold=True)
FOUND = "rule subject message unit file row closed person start due stop limit elapsed overrun amount".split()


# reading and judging


def read(data, name):
    frame = pd.read_excel(data / f"{name}.xlsx", engine="openpyxl", dtype={ID: str})
    return frame.assign(行=np.arange(2, len(frame) + 2), 文件=name)


def text(numbers):
    """Numbers without needless zeros."""
    return cents(numbers).str.replace(r"\.?0+$", "", regex=True)


def cents(numbers):
    return numbers.map("{:.2f}".format, na_action="ignore").astype("str").where(numbers.notna())


def days_text(days):
    return days.dt.strftime("%Y-%m-%d")


def found(frame, rule, subject, message, **columns):
    """Findings of one rule in one shape."""
    given = {
        "rule": rule,
        "subject": subject,
        "message": message,
        "unit": frame["责任部门"] if "责任部门" in frame else None,
        "file": frame["文件"],
        "row": frame["行"],
    }
    return pd.DataFrame(given | columns, index=frame.index).reindex(columns=FOUND)


def judge_closing(register, period):
    """Adds due, days and lateness to the register; cases that ended before the period are no subject any more."""
    first, last = pd.Timestamp(period.first), pd.Timestamp(period.last)
    frame = register.copy()
    frame["结案日期"] = frame["结案日期"].where(frame["结案日期"] <= last)
    frame["期限"] = frame["国内外"].map(paper.LIMITS)
    frame["天数"] = (frame["结案日期"].fillna(last) - frame["受理日期"]).dt.days
    frame["应完成日"] = frame["受理日期"] + pd.to_timedelta(frame["期限"], unit="D")
    frame["超"] = frame["天数"] - frame["期限"]
    frame["在内"] = (frame["受理日期"] <= last) & (frame["结案日期"].isna() | (frame["结案日期"] >= first))
    frame["逾期"] = frame["超"] > 0
    return frame


def deadline(frame, start, stop, clock):
    return {
        "start": frame[start].dt.strftime(clock),
        "due": days_text(frame["应完成日"]),
        "stop": frame[stop].dt.strftime(clock),
        "limit": frame["期限"],
        "elapsed": frame["天数"],
        "overrun": frame["超"],
    }


def closing(cases):
    late = cases[cases["在内"] & cases["逾期"]]
    message = late[ID] + " 自受理起 " + text(late["天数"]) + "天，结案期限 " + text(late["期限"]) + "天，逾期 " + text(late["超"]) + "天"
    return found(late, "jiean", late[ID], message, **deadline(late, "受理日期", "结案日期", "%Y-%m-%d"))


def judge_desks(routes, cases, period):
    """One frame of all desks a limit is asked of, in order of the desks; a passage can be under two limits."""
    end, last = pd.Timestamp(datetime.combine(period.last, datetime.max.time())), pd.Timestamp(period.last)
    routes = routes.merge(cases[[ID, "国内外", "结案日期"]], on=ID, how="left")
    routes = routes[routes["收文时间"] <= end]
    routes["送出时间"] = routes["送出时间"].where(routes["送出时间"] <= end)
    hours = ((routes["送出时间"].fillna(end) - routes["收文时间"]).dt.total_seconds() / 86400).round(4)
    days = (routes["送出时间"].dt.normalize().fillna(last) - routes["收文时间"].dt.normalize()).dt.days.astype(float)
    parts = []
    for desk in paper.DESKS:
        here = (routes["站别"] == desk.station) & routes["站序"].between(desk.low, desk.high)
        if desk.market:
            here &= routes["国内外"] == desk.market
        part = routes[here].assign(站=desk.name, rule=desk.rule, words=desk.words, 期限=np.nan if desk.limit is None else float(desk.limit))
        part["天数"] = (hours if desk.limit is not None and desk.limit < 1 else days)[here]
        part["应完成日"] = part["收文时间"].dt.normalize() + pd.Timedelta(days=int(desk.limit or 0))
        parts.append(part)
    desks = pd.concat(parts, ignore_index=True)
    return desks.assign(超=desks["天数"] - desks["期限"])


def desks_late(desks, period):
    late = desks[(desks["超"] > 0) & ~(desks["送出时间"] < pd.Timestamp(period.first))]
    number = late["站序"].astype(int).astype(str)
    message = (
        late[ID]
        + " 第 "
        + number
        + " 站"
        + late["站别"]
        + late["words"]
        + " "
        + text(late["天数"])
        + "天，时限 "
        + text(late["期限"])
        + "天，逾期 "
        + text(late["超"])
        + "天"
    )
    columns = deadline(late, "收文时间", "送出时间", "%Y-%m-%dT%H:%M")
    return found(late, late["rule"], late[ID] + "/" + number, message, **columns | {"unit": late["站别"], "person": late["经手人"]})


def needed_post(amount):
    return pd.cut(amount, [0, 100_000, 150_000, np.inf], labels=False)


def judge_approvals(approvals, cases, period):
    """Every approval of the period, and every promise of it that nobody has approved yet."""
    first, last = pd.Timestamp(period.first), pd.Timestamp(period.last)
    frame = approvals.merge(cases[[ID, "责任部门", "客户"]], on=ID, how="left").assign(承诺=approvals["对客户承诺日期"])
    for name in ("核决日期", "对客户承诺日期"):
        frame[name] = frame[name].where(frame[name] <= last)
    frame = frame[frame["核决日期"].fillna(frame["对客户承诺日期"]).between(first, last)]
    frame["需"], frame["级"] = needed_post(frame["客诉金额"]), frame["核决人职务"].map(paper.RANK)
    frame["至少应由"] = frame["需"].map(dict(enumerate(paper.POSTS)))
    promised, approved, amount = frame["对客户承诺日期"], frame["核决日期"], text(frame["客诉金额"])
    above = np.where(frame["需"] < 2, "以上", "")
    low = ("越权核决：客诉金额 " + amount + " 应由" + frame["至少应由"] + above + "核决，实为" + frame["核决人职务"]).where(
        frame["级"] < frame["需"], ""
    )
    early = ("先承诺后核决：对客户承诺日期 " + days_text(promised) + " 早于核决日期 " + days_text(approved)).where(promised < approved, "")
    alone = ("未核决先承诺：对客户承诺日期 " + days_text(promised) + f"，至 {period.last} 尚未核决").where(promised.notna() & approved.isna(), "")
    wrong = joined([low, early, alone])
    frame["说明"] = (frame[ID] + " 客诉金额 " + amount + " 元由" + frame["核决人职务"] + "核决，不合核决权限：" + wrong).where(wrong != "")
    return pd.concat([frame[frame["说明"].notna()], frame[frame["说明"].isna()]])


def joined(parts, between="；"):
    """Texts of several columns, with a sign between those that are not empty."""
    out = parts[0]
    for part in parts[1:]:
        out = out + np.where((out != "") & (part != ""), between, "") + part
    return out


def approvals_wrong(judged):
    wrong = judged[judged["说明"].notna()]
    day = {"start": days_text(wrong["承诺"]), "stop": days_text(wrong["核决日期"])}
    return found(wrong, "hejue", wrong[ID], wrong["说明"], person=wrong["核决人"], amount=wrong["客诉金额"], **day)


def split_approvals(judged):
    """Rows of approvals of one customer within seven days, each within its approver's power, together beyond all of them."""
    alone = judged[(judged["级"] >= judged["需"]) & judged["核决日期"].notna() & judged["客户"].notna()].sort_values(["客户", "核决日期"])
    again = alone["客户"].eq(alone["客户"].shift()) & (alone["核决日期"].diff() <= pd.Timedelta(days=7))
    near = alone[alone["客户"].isin(alone.loc[again, "客户"])]
    rows = []
    for _, own in near.groupby("客户"):
        for day in own["核决日期"].unique():
            window = own[own["核决日期"].between(day - pd.Timedelta(days=7), day)]
            if len(window) > 1 and needed_post(window[["客诉金额"]].sum()).iloc[0] > window["级"].max():
                rows += window["行"].tolist()
    return rows


def share_losses(shares, cases):
    """Loss of the case by its class, and each department's part: rounded to the fen, the rest with the largest share."""

    def given(name):
        return shares[name] if name in shares else pd.Series(np.nan, index=shares.index)

    amounts = [
        given("实际赔偿金额"),
        given("实际折让金额"),
        (given("实际退回数量") * given("实际售价") * 0.25).round(2),
        given("重新处理费用") + given("搬运费") + given("损耗金额").fillna(0),
    ]
    frame = shares.merge(cases[[ID, "客户", "料号", "结案日期"]], on=ID, how="left")
    frame["损失金额"] = np.select([shares["损失类别"] == name for name in paper.LOSS_CLASSES], amounts, np.nan)
    part = (frame["损失金额"] * frame["责任比率"]).round(2)
    by = frame.groupby(ID)
    frame["首"] = by["责任比率"].rank(method="first", ascending=False) == 1
    frame["合一"] = (by["责任比率"].transform("sum") - 1).abs() <= 0.0001
    rest = by["损失金额"].transform("first") - part.groupby(frame[ID]).transform("sum")
    return frame.assign(部门损失=part + rest.where(frame["首"] & frame["合一"], 0))


def fines(shares, period):
    due = shares[shares["结案日期"].between(pd.Timestamp(period.first), pd.Timestamp(period.last)) & (shares["部门损失"] > 0)]
    subject = joined([due[ID], due["责任部门"].fillna(""), due["责任人"].fillna("")], "/")
    part, fine, closed = due["部门损失"], (due["部门损失"] * paper.RATE).round(2), days_text(due["结案日期"])
    of_unit = (
        due[ID]
        + " 责任归属"
        + due["责任部门"]
        + "，责任比率 "
        + text(due["责任比率"] * 100)
        + "%，部门损失 "
        + text(part)
        + " 元：部门损失 "
        + cents(part)
        + " × 10% = "
        + cents(fine)
    )
    of_person = due[ID] + " 责任人" + due["责任人"] + "（" + due["责任部门"] + f"）：定额 {paper.FINE}.00 元"
    wrong = shares[~shares["合一"] & shares["首"]]
    person = found(due, "geren-fakou", subject, of_person, person=due["责任人"], amount=float(paper.FINE), closed=closed)
    return [
        found(wrong, "bilv-heji", wrong[ID], wrong[ID] + " 责任比率合计不是 100%"),
        found(due, "bumen-fakou", subject, of_unit, amount=fine, closed=closed),
        person[person["person"].notna()],
    ]


def required_fields(cases, period):
    first, last = pd.Timestamp(period.first), pd.Timestamp(period.last)
    due = cases[cases["受理日期"].between(first, last)]
    out = []
    for rule, (names, words) in paper.REQUIRED.items():
        asked = due[due["客诉原因类别"] == "质量异常"] if rule == "shengchan" else due
        missing = joined([pd.Series(np.where(asked[name].isna(), name, ""), asked.index) for name in names], "、")
        wrong = [("缺：" + missing).where(missing != "", "")]
        if rule == "chulibiao":
            wrong.append(pd.Series(np.where(asked["不良数量"] > asked["数量"], "不良数量多于数量", ""), asked.index))
        if rule == "yangpin":
            wrong.append(pd.Series(np.where(asked["是否附样品"] != "是", "是否附样品应为「是」", ""), asked.index))
        said = joined(wrong)
        asked, said = asked[said != ""], said[said != ""]
        out.append(found(asked, rule, asked[ID], asked[ID] + words + said))
    unsaid = due[(due["处理方式"] == "退货") & ~due["客户要求"].fillna("").str.contains("客户加工中未确定", regex=False)]
    unnamed = cases[cases["结案日期"].between(first, last) & cases["客诉原因类别"].isna()]
    return out + [
        found(unsaid, "weiding", unsaid[ID], unsaid[ID] + " 退换货数量未定，没有注明「客户加工中未确定」"),
        found(unnamed, "leibie", unnamed[ID], unnamed[ID] + " 没有分类"),
    ]


def numbering(register, period):
    """Doubles, wrong shapes, wrong months, and the numbers a month lacks."""
    due = register[register["受理日期"].between(pd.Timestamp(period.first), pd.Timestamp(period.last))]
    shape = due[ID].str.fullmatch(r"\d{6,}")
    month = due[ID].str[:4]
    kind = np.select([~shape, month != due["受理日期"].dt.strftime("%y%m"), due[ID].duplicated()], ["格式不合：", "年月不符：", "重号："], "")
    wrong = due[kind != ""]
    numbers = due.loc[shape, ID].str[4:].astype(int).groupby(month[shape])
    gaps = [f"{name}{number:02}" for name, taken in numbers for number in np.setdiff1d(np.arange(1, taken.max() + 1), taken)]
    gaps = pd.DataFrame({"rule": "bianhao", "subject": gaps, "message": [f"缺号：{number}" for number in gaps]}).reindex(columns=FOUND)
    return [found(wrong, "bianhao", wrong[ID], kind[kind != ""] + wrong[ID]), gaps], len(due) + len(gaps)


def numbered(findings, period):
    """Adds the form each finding is on, and its number."""
    rule = findings["rule"]
    timed = rule.map({name: rule.kind == "deadline" for name, rule in paper.RULES.items()}) & (rule != paper.NO_FORM)
    kind = np.select([timed & findings["stop"].isna(), timed, rule.isin(["bumen-fakou", "geren-fakou"])], list(paper.COPIES), "")
    findings = findings.assign(form=kind, to=findings["person"].where(rule == "geren-fakou", findings["unit"]))
    ids = findings.loc[kind != "", ["form", "to"]].drop_duplicates().sort_values(["form", "to"])
    number = (ids.groupby("form").cumcount() + 1).astype(str).str.zfill(3)
    return findings.merge(ids.assign(notice=ids["form"].map(paper.PREFIX) + f"-{period.code}-" + number), on=["form", "to"], how="left")


# writing


def values(frame):
    """Rows as tuples, None for what is missing; columns of days without a clock as dates."""
    columns = []
    for _, column in frame.items():
        cells = column.astype(object)
        if column.dtype.kind == "M":
            days = (column.dropna() == column.dropna().dt.normalize()).all()
            cells = pd.Series(column.dt.date if days else column.dt.to_pydatetime(), dtype=object)
        columns.append(np.where(column.isna().to_numpy(), None, cells.to_numpy(dtype=object)))
    return zip(*columns)


class Book:
    """One workbook, written row by row."""

    def __init__(self, path):
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path, self.book = path, Workbook(write_only=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.book.save(self.path)

    def rows(self, name, rows):
        sheet = self.book.create_sheet(name)
        for row in rows:
            sheet.append([cell.text if isinstance(cell, Formula) else cell for cell in row])
        return sheet

    def table(self, name, above, frame, below=()):
        sheet = self.rows(name, above)
        heads = []
        for column in frame.columns:
            heads.append(WriteOnlyCell(sheet, column))
            heads[-1].font = BOLD
        sheet.append(heads)
        for row in values(frame):
            sheet.append(row)
        for row in below:
            sheet.append(row)


def records(frame):
    return [dict(zip(frame.columns, row)) for row in values(frame)]


def tallies(frame, by, *, ordered=True):
    frame = frame.assign(met=frame["按期"] == "是", late=frame["按期"] == "否")
    out = frame.groupby(by).agg(
        count=(ID, "size"), loss=("损失金额", "sum"), met=("met", "sum"), late=("late", "sum"), mean=("天数", "mean"), most=("天数", "max")
    )
    out = out.rename_axis("key").reset_index()
    return records(out.sort_values(["count", "key"], ascending=[False, True]) if ordered else out)


def between(months, span):
    return months.between(*span)


def in_spans(frame, period):
    """Rows closed in the period, the one before or a year ago, with their month."""
    closed = frame[frame["结案日期"].notna()]
    months = closed["结案日期"].dt.year * 100 + closed["结案日期"].dt.month
    near = np.logical_or.reduce([between(months, span) for span in period.spans().values()])
    return closed.assign(统计月=months.astype(int), 工作表=closed["文件"], 文件=closed["文件"] + ".xlsx")[near]


def statistics_book(path, period, cases, shares):
    detail = in_spans(cases.merge(shares.loc[shares["首"], [ID, "损失类别", "损失金额"]], on=ID, how="left"), period)
    detail = detail.assign(
        客诉金额=np.nan,
        按期=np.where(detail["逾期"], "否", "是"),
        损失金额=detail["损失金额"].fillna(0),
        损失类别=detail["损失类别"].fillna("（无损失类别）"),
    )[paper.DETAIL]
    spans = {name: detail[between(detail["统计月"], span)] for name, span in period.spans().items()}
    nothing = {"count": 0, "loss": 0, "met": 0, "late": 0, "mean": None, "most": None}
    totals = {name: next(iter(tallies(part.assign(all=0), "all")), nothing) for name, part in spans.items()}
    groups = {group: tallies(spans["本期"], group) for group in paper.GROUPS}
    parts = in_spans(shares, period)
    units, total = unit_losses(parts, period)
    with Book(path) as book:
        book.rows("统计表", paper.statistics(period, totals, groups, len(detail)))
        closed = spans["本期"]
        above = period.head("客诉案件统计表 · 责任归属确认") + [[f"依据：{paper.PACK_NAME} 九条（九）"]]
        if len(closed) > paper.MOST_CONFIRMED:
            note = f"本期结案 {len(closed)} 件，多于 {paper.MOST_CONFIRMED} 件，不逐案列出签章；各案的责任部门与损失见「损失分摊明细」。"
            book.rows("责任归属确认", [*above, paper.CONFIRM, [note]])
        else:
            borne = shares[[ID, "责任部门", "责任比率", "损失类别", "部门损失"]]
            listed = closed.drop(columns="损失类别").merge(borne, on=ID, how="left", suffixes=("", "_"))
            listed["责任部门"] = listed["责任部门_"].fillna(listed["责任部门"])
            book.table("责任归属确认", above, listed.reindex(columns=paper.CONFIRM))
        book.rows("图表", paper.months_table(period, tallies(detail, "统计月", ordered=False), len(detail)))
        book.rows("部门损失", paper.borne(period, units, total, len(parts)))
        book.table("明细", period.head("客诉案件统计表 · 明细") + paper.over(len(detail)), detail)
        book.table("损失分摊明细", period.head("客诉案件统计表 · 损失分摊明细") + paper.over(len(parts)), parts[paper.SHARES])
    return parts, units, total


def unit_losses(parts, period):
    spans = {name: parts[between(parts["统计月"], span)] for name, span in period.spans().items()}
    this = spans["本期"].groupby("责任部门")
    units = this.agg(count=(ID, "size"), loss=("部门损失", "sum"), undecided=("部门损失", lambda part: part.isna().sum()))
    for name in paper.LOSS_CLASSES:
        now = spans["本期"]
        units[name] = now[now["损失类别"] == name].groupby("责任部门")["部门损失"].sum().reindex(units.index, fill_value=0)
    for name in ("上期", "去年同期"):
        units[name] = spans[name].groupby("责任部门")["部门损失"].sum().reindex(units.index, fill_value=0) if len(spans[name]) else None
    units = records(units.rename_axis("key").reset_index().sort_values("loss", ascending=False))
    return units, sum(unit["loss"] for unit in units)


def losses_book(path, period, parts, units, total):
    with Book(path) as book:
        book.rows("损失金额表", paper.losses(period, units, total, len(parts)))
        book.table("明细", period.head("责任部门损失金额表 · 明细") + paper.over(len(parts)), parts[paper.LOSSES])


def stations_book(path, period, desks):
    detail = desks[desks["结案日期"].between(pd.Timestamp(period.first), pd.Timestamp(period.last))]
    done = detail["送出时间"].notna()
    detail = detail.assign(
        站号=pd.factorize(detail["站"])[0] + 1,
        时限规则=detail["rule"].map({name: rule.title for name, rule in paper.RULES.items()}),
        承办部门=detail["站别"],
        时限=text(detail["期限"]) + "天",
        按期=np.select([detail["期限"].isna(), detail["超"] > 0, done], ["不适用", "否", "是"], None),
        天数=detail["天数"].where(done),
        工作表=detail["文件"],
        文件=detail["文件"] + ".xlsx",
    )
    desks = []
    for number, own in detail.groupby("站号"):
        days = own["天数"].dropna().sort_values()
        judged = own["按期"].value_counts()
        desks.append(
            {
                "number": number,
                "name": own["站"].iloc[0],
                "unit": own["站别"].iloc[0],
                "limit": None if own["时限"].isna().all() else own["时限"].iloc[0],
                "count": len(own),
                "done": len(days),
                "mean": days.mean() if len(days) else None,
                "ninetieth": days.iloc[(len(days) * 9 + 9) // 10 - 1] if len(days) else None,
                "most": days.max() if len(days) else None,
                "met": int(judged.get("是", 0)),
                "late": int(judged.get("否", 0)),
            }
        )
    with Book(path) as book:
        book.rows("各站时效", paper.stations(period, desks, len(detail)))
        book.table("明细", period.head("各站时效统计 · 明细") + paper.over(len(detail)), detail[paper.TIMES])


def register_table(cases, routes, period):
    end = pd.Timestamp(datetime.combine(period.last, datetime.max.time()))
    seen = routes[routes["收文时间"] <= end]
    seen = seen.assign(送出时间=seen["送出时间"].where(seen["送出时间"] <= end))
    passed = seen.groupby([ID, "站别"]).agg(收=("收文时间", "min"), 送=("送出时间", "max"))
    said = joined([passed["收"].dt.strftime("收 %m-%d %H:%M"), passed["送"].dt.strftime("送 %m-%d %H:%M").fillna("")], "\n")
    wide = said.unstack("站别").reindex(columns=paper.STATIONS)
    waiting = seen[seen["送出时间"].isna()].sort_values("站序").groupby(ID)["站别"].last().rename("当前站")
    frame = cases[cases["在内"]].join(wide, on=ID).join(waiting, on=ID)
    ended, late = frame["结案日期"].notna(), frame["逾期"]
    frame["状态"] = np.select([ended & late, ended, late], ["△ 逾期结案", "√ 已结", "▲ 在办逾期"], "○ 在办")
    return frame.assign(逾期天数=frame["超"].where(late), 当前站=frame["当前站"].where(~ended))[paper.REGISTER]


def register_book(path, period, table, unit=None):
    states = table["状态"].value_counts()
    counts = "，".join(f"{state[2:]} {states.get(state, 0)} 件" for state in ("○ 在办", "▲ 在办逾期", "√ 已结", "△ 逾期结案"))
    head = period.head("登记追踪表" + (f" · {unit}" if unit else ""))
    head += [
        [f"依据：{paper.PACK_NAME} 九条（三）    起算日不计入；末日逢休不顺延    各站：收 = 收文，送 = 送出（月-日）"],
        [f"合计 {len(table)} 件：{counts}，无法判定 0 件"],
    ]
    with Book(path) as book:
        book.table("登记追踪表", head, table, [[], ["登记人：______________   总经理室主管：______________"]])


def approvals_book(path, period, judged):
    wrong = judged["说明"].notna()
    table = judged.assign(
        结果=np.where(wrong, "▲ 违规", "合规"),
        编号=judged[ID],
        承诺日期=judged["承诺"],
        部门=judged["责任部门"],
        出处=judged["文件"] + ".xlsx[" + judged["文件"] + "]",
        **{"金额（元）": judged["客诉金额"]},
    )[paper.APPROVALS]
    said = [[f"共核 {len(table)} 件：合规 {(~wrong).sum()} 件，违规 {wrong.sum()} 件"], [f"依据：{paper.PACK_NAME} 十一条"]]
    suspects = table[table["行"].isin(split_approvals(judged))]
    with Book(path) as book:
        book.table("越权清单", period.head("核决权限稽核表 · 越权清单") + said, table[wrong])
        book.table("疑似拆单", period.head("核决权限稽核表 · 疑似拆单"), suspects, [] if len(suspects) else [["本期没有发现。"]])
        book.table("全部核决记录", period.head("核决权限稽核表 · 全部核决记录") + said, table)


def problems(findings):
    rule = findings["rule"]
    columns = {
        "结果": "▲ 违规",
        "程度": rule.map({name: paper.SEVERITY[rule.severity] for name, rule in paper.RULES.items()}),
        "规则": rule.map({name: rule.title for name, rule in paper.RULES.items()}),
        "编号": findings["subject"],
        "部门": findings["unit"],
        "责任人": findings["person"],
        "起": findings["start"].str.replace("T", " "),
        "应完成": findings["due"],
        "实际": findings["stop"].str.replace("T", " "),
        "期限": text(findings["limit"]) + "天",
        "已用": text(findings["elapsed"]) + "天",
        "逾期": text(findings["overrun"]) + "天",
        "金额（元）": findings["amount"],
        "条款": rule.map({name: f"{paper.PACK_NAME} {rule.clause}" for name, rule in paper.RULES.items()}),
        "说明": findings["message"],
        "出处": findings["file"] + ".xlsx[" + findings["file"] + "]",
        "行": findings["row"],
    }
    return pd.DataFrame(columns, index=findings.index)


def audit_book(path, period, table, findings, read_rows):
    with Book(path) as book:
        totals = [[f"{name}.xlsx", name, name, rows + 1, rows, 0, 0, 1, 0, "√ 平"] for name, rows in read_rows.items()]
        heads = ["文件", "工作表", "数据表", "读入行", "采用", "拒收", "重复", "标题合计等", "未识别", "勾稽"]
        book.rows("控制总数", [*period.head("稽核底稿 · 控制总数"), heads, *totals])
        counts = findings["rule"].value_counts().items()
        rules = [
            [f"{paper.PACK}/{rule}", paper.RULES[rule].title, f"{paper.PACK_NAME} {paper.RULES[rule].clause}", number] for rule, number in counts
        ]
        book.rows("规则一览", [*period.head("稽核底稿 · 规则一览"), ["规则编号", "标题", "依据条款", "违规"], *rules])
        book.table("问题清单", period.head("稽核底稿 · 问题清单") + [[f"共 {len(table)} 条。"]], table)


def numbers_book(path, period, findings, register, judged):
    wrong = findings[findings["rule"] == "bianhao"].merge(register[[ID, "受理日期", "客户", "料号"]], left_on="subject", right_on=ID, how="left")
    table = pd.DataFrame(
        {
            "结果": "▲ 违规",
            "编号": wrong["subject"],
            "受理日期": wrong["受理日期"],
            "客户": wrong["客户"],
            "料号": wrong["料号"],
            "问题": wrong["message"].str.split("：").str[0],
            "部门": wrong["unit"],
            "说明": wrong["message"],
            "出处": wrong["file"],
            "行": wrong["row"],
        }
    )
    sums = [[name, None, number, number, 0] for name, number in table["问题"].value_counts().items()]
    head = period.head("编号稽核 · 编号问题") + [
        [f"共核 {judged} 项：合规 {judged - len(table)} 项，违规 {len(table)} 项"],
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
    days = {name: text(findings[name]) for name in ("limit", "elapsed", "overrun")}
    for number, part in findings.assign(**days).dropna(subset="notice").groupby("notice"):
        lines = records(part)
        out[lines[0]["form"]].append(Notice(lines[0]["form"], number, lines[0]["to"], lines[0]["unit"], lines))
    return out


def case_histories(notices, cases, routes, approvals, period):
    """What the annexes tell, of the cases that are in one."""
    ids = list({line["subject"].split("/")[0] for forms in notices.values() for form in forms for line in form.lines[: paper.ANNEX]})
    end = datetime.combine(period.last, datetime.max.time())
    known = approvals[[ID, "核决人职务", "核决日期", "对客户承诺日期"]].copy()
    for day in ("核决日期", "对客户承诺日期"):
        known[day] = known[day].where(known[day] <= end)
    chosen = cases[cases[ID].isin(ids)][[ID, "生产日期", "交运日期", "受理日期", "结案日期"]].merge(known, on=ID, how="left")
    out = {case[ID]: case | {"stops": []} for case in records(chosen)}
    for stop in records(routes[routes[ID].isin(ids)].sort_values("站序", kind="stable")):
        seen = {name: stop[name] if stop[name] and stop[name] <= end else None for name in ("收文时间", "送出时间")}
        out[stop[ID]]["stops"].append(stop | seen)
    return out


def send(out, period, notices, cases, table, problem_table):
    """Copies of the offices, and every department's own register, findings and forms."""
    folder = paper.send_forms(Book, out, period, notices, cases)
    for unit, part in table.groupby("责任部门"):
        register_book(folder(unit) / "登记追踪表.xlsx", period, part, unit)
    for unit, part in problem_table.groupby("部门"):
        with Book(folder(unit) / "问题清单.xlsx") as book:
            book.table("问题清单", period.head("问题清单") + [[f"共 {len(part)} 条。"]], part)


def write_csv(path, findings, data):
    of = {name: findings["rule"].map({key: getattr(rule, name) for key, rule in paper.RULES.items()}) for name in ("kind", "severity", "clause")}
    days = {name: text(findings[name]) + "d" for name in ("limit", "elapsed", "overrun")}
    rows = findings.assign(
        **of,
        **days,
        pack=paper.PACK,
        version=paper.VERSION,
        outcome="breached",
        points=None,
        sheet=findings["file"],
        file=f"{data}/" + findings["file"] + ".xlsx",
        amount=cents(findings["amount"]),
        row=findings["row"].astype("Int64"),
    )
    rows["clause"] = paper.PACK_NAME + " " + rows["clause"]
    rows[paper.CSV].to_csv(path, index=False, encoding="utf-8-sig", lineterminator="\r\n")


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
    parts = [approvals_wrong(judged), closing(cases), desks_late(desks, period), *fines(shares, period), *required_fields(cases, period), *numbers]
    findings = numbered(pd.concat([part for part in parts if len(part)], ignore_index=True), period)
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
    audit_book(own / "稽核底稿.xlsx", period, listed, findings, {name: len(frame) for name, frame in tables.items()})
    notices = notices_of(findings)
    histories = case_histories(notices, cases, routes, approvals, period)
    for kind, forms in notices.items():
        paper.notice_book(Book, own / f"{kind}.xlsx", period, kind, forms, paper.COPIES[kind], histories)
    send(out, period, notices, histories, table, listed)


if __name__ == "__main__":
    main(*sys.argv[1:])
