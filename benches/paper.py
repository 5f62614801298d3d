"""What polars_job.py and pandas_job.py print, without any table library: the rules' names, the pages of the notices, and the small
tables of the statistics with their formulas. All of it is plain rows of values; the jobs judge, count and write them."""

import shutil
from collections import namedtuple
from dataclasses import dataclass
from datetime import date, timedelta

COMPANY, PACK, PACK_NAME, VERSION = "示例制造有限公司", "kesu-banfa", "客诉管理办法", "2020-01-01"
RATE, FINE = 0.10, 100  # 部门罚扣比例, 个人罚扣金额
FORMULA_ROWS, MOST_KEYS, MOST_CONFIRMED, ANNEX, PAGE, SHORT = 20_000, 500, 5_000, 50, 30, 4

Rule = namedtuple("Rule", "title kind severity clause")
RULES = {
    "hejue": Rule("客诉金额核决权限", "approval", "critical", "十一条"),
    "jiean": Rule("结案期限", "deadline", "major", "十条（一）"),
    "zhan-shouzhan": Rule("总经理室首站时限", "deadline", "minor", "十条（二）"),
    "zhan-niyijian": Rule("业务部门拟意见时限", "deadline", "minor", "十条（二）"),
    "zhan-zonghe": Rule("总经理室综合意见时限（表定半天）", "deadline", "minor", "十条（二）"),
    "zonghe-yiri": Rule("总经理室综合意见期限（一日）", "deadline", "minor", "九条（五）"),
    "zhan-chuli": Rule("业务部门依批示处理时限", "deadline", "minor", "十条（二）"),
    "zhan-zhiguan": Rule("质管部站时限", "deadline", "minor", "十条（二）"),
    "zhan-zhizao": Rule("制造部站时限", "deadline", "minor", "十条（二）"),
    "zhan-yanfa": Rule("研发部站时限", "deadline", "minor", "十条（二）"),
    "bilv-heji": Rule("每案责任比率合计", "reconcile", "major", "九条（九）"),
    "bumen-fakou": Rule("责任部门罚扣", "penalty", "major", "十二条（二）"),
    "geren-fakou": Rule("责任人罚扣", "penalty", "major", "十二条（二）"),
    "chanpin": Rule("被诉产品四项必查", "require", "minor", "七条（一）1"),
    "shengchan": Rule("制造部门四项必报", "require", "minor", "七条（四）2"),
    "chulibiao": Rule("客户抱怨处理表填写", "require", "minor", "九条（一）"),
    "yangpin": Rule("附异常样品与签注意见", "require", "minor", "九条（一）"),
    "weiding": Rule("退换货数量未定的注记", "require", "minor", "九条（一）"),
    "leibie": Rule("客诉原因分类", "require", "minor", "五条"),
    "bianhao": Rule("客诉编号", "sequence", "minor", "八条"),
}
REQUIRED = {
    "chanpin": (["订单编号", "料号", "数量", "交运日期"], " 的订单编号、料号、数量、交运日期没有填齐："),
    "shengchan": (["生产单位", "机班别", "生产人员", "生产日期"], " 的生产单位、机班别、生产人员、生产日期没有填齐："),
    "chulibiao": (["订单编号", "料号", "交运日期", "数量", "不良数量", "客户要求"], " 的处理表没有填齐，或不良数量大于交运数量："),
    "yangpin": (["业务签注意见"], " 送总经理室时没有附异常样品或没有签注意见："),
}
SEVERITY = {"critical": "严重", "major": "较重", "minor": "轻微"}
RANK = {"业务部门经理": 0, "副总经理": 1, "总经理": 2}
POSTS = list(RANK)
LIMITS = {"国内": 15, "国外": 20}
STATIONS = ["总经理室", "质管部", "制造部", "研发部", "业务部门", "经理室"]
Desk = namedtuple("Desk", "rule station low high market limit name words")
DESKS = [
    Desk("zhan-shouzhan", "总经理室", 0, 1, None, 0.5, "总经理室首站 0.5天", "停留"),
    Desk("zhan-niyijian", "业务部门", 0, 5, "国内", 3, "业务部门拟意见 3天", "停留"),
    Desk("zhan-niyijian", "业务部门", 0, 5, "国外", 7, "业务部门拟意见 7天", "停留"),
    Desk("zhan-zonghe", "总经理室", 2, 99, None, 0.5, "总经理室综合意见 0.5天", "停留"),
    Desk("zonghe-yiri", "总经理室", 2, 99, None, 1, "总经理室综合意见 1天", "作综合意见用了"),
    Desk("zhan-chuli", "业务部门", 6, 99, None, 6, "业务部门依批示处理 6天", "依批示处理用了"),
    Desk("zhan-zhiguan", "质管部", 0, 99, None, None, "质管部站", "停留"),
    Desk("zhan-zhizao", "制造部", 0, 99, None, None, "制造部站", "停留"),
    Desk("zhan-yanfa", "研发部", 0, 99, None, None, "研发部站", "停留"),
]
NO_FORM = "zhan-zonghe"  # listed for the audit, no reminder
LOSS_CLASSES = ["索赔", "折让", "退回", "重修"]
GROUPS = ["责任部门", "客诉原因类别", "料号", "客户", "国内外", "损失类别"]
CSV = (
    "pack rule version clause kind outcome severity subject unit person start due stop limit elapsed overrun amount points file "
    "sheet row message notice"
).split()
PROBLEMS = "结果 程度 规则 编号 部门 责任人 起 应完成 实际 期限 已用 逾期 金额（元） 条款 说明 出处 行".split()
APPROVALS = "结果 编号 金额（元） 核决人职务 至少应由 承诺日期 核决日期 部门 核决人 说明 出处 行".split()
REGISTER = [
    "客诉编号",
    "客户",
    "国内外",
    "料号",
    "客诉原因类别",
    "责任部门",
    "受理日期",
    "结案日期",
    "处理方式",
    "应完成日",
    "天数",
    "逾期天数",
    "状态",
    "当前站",
    *STATIONS,
]
DETAIL = ["客诉编号", *GROUPS[:6], "受理日期", "结案日期", "处理方式", "客诉金额", "统计月", "天数", "按期", "损失金额", "文件", "工作表", "行"]
SHARES = ["客诉编号", "责任部门", "责任人", "责任比率", "损失类别", "损失金额", "统计月", "部门损失", "文件", "工作表", "行"]
LOSSES = [
    "客诉编号",
    "责任部门",
    "损失类别",
    "客户",
    "料号",
    "责任人",
    "责任比率",
    "损失金额",
    "结案日期",
    "统计月",
    "部门损失",
    "文件",
    "工作表",
    "行",
]
TIMES = [
    "站号",
    "时限规则",
    "承办部门",
    "时限",
    "客诉编号",
    "站序",
    "收文时间",
    "送出时间",
    "经手人",
    "结案日期",
    "天数",
    "按期",
    "文件",
    "工作表",
    "行",
]
CONFIRM = [
    "客诉编号",
    "客户",
    "料号",
    "责任部门",
    "责任比率",
    "损失类别",
    "部门损失",
    "处理方式",
    "改善对策与处理结果",
    *(f"{unit}\n签章/日期" for unit in ("制造部", "质管部", "研发部", "有关部门")),
]
STATISTICS_SIGNED = "会签：制造部：______________   质管部：______________   研发部：______________   总经理室：______________"

Formula = namedtuple("Formula", "text value")


@dataclass
class Period:
    first: date
    last: date

    @property
    def months(self):
        return self.first.year * 12 + self.first.month - 1, self.last.year * 12 + self.last.month - 1

    def span(self, back=0):
        """First and last month as numbers like 202608, some months earlier."""
        return tuple((m - back) // 12 * 100 + (m - back) % 12 + 1 for m in self.months)

    def spans(self):
        """This period, the one before it and the same one of last year."""
        begin, end = self.months
        return {"本期": self.span(), "上期": self.span(end - begin + 1), "去年同期": self.span(12)}

    @property
    def code(self):
        return "".join(dict.fromkeys(map(str, self.span())))

    @property
    def words(self):
        year = "" if self.first.year == self.last.year else f"{self.last.year}年"
        until = "" if self.span()[0] == self.span()[1] else f"至{year}{self.last.month}月"
        return f"{self.first.year}年{self.first.month}月{until}"

    @property
    def day(self):
        return f"{self.last.year}年{self.last.month}月{self.last.day}日"

    def head(self, title):
        return [[COMPANY + title], [f"期间：{self.words}    截至：{self.day}"]]


def named(span):
    return "至".join(dict.fromkeys(f"{m // 100}-{m % 100:02}" for m in span))


# statistics


def ranges(sheet, first, last):
    return lambda letter: f"{sheet}!${letter}${first}:${letter}${last}"


def in_span(column, span):
    return f"{column},{span[0]}" if span[0] == span[1] else f'{column},">={span[0]}",{column},"<={span[1]}"'


def held(column, span):
    return f"({column}={span[0]})" if span[0] == span[1] else f"({column}>={span[0]})*({column}<={span[1]})"


def counted(row, tally, span, of, key=None):
    """Formulas of one line of the statistics: count, loss, in time, late, undecided, rate, mean and longest days."""
    where = in_span(of("L"), span) + (f",{of(key)},$A{row}" if key else "")
    some = held(of("L"), span) + (f"*({of(key)}=$A{row})" if key else "")
    loss = Formula(f"=ROUND(SUMIFS({of('O')},{where}),2)", tally["loss"])
    return Formula(f"=COUNTIFS({where})", tally["count"]), [
        loss,
        Formula(f'=COUNTIFS({where},{of("N")},"是")', tally["met"]),
        Formula(f'=COUNTIFS({where},{of("N")},"否")', tally["late"]),
        Formula(f"=B{row}-F{row}-G{row}", tally["count"] - tally["met"] - tally["late"]),
        Formula(f'=IF(F{row}+G{row}=0,"",F{row}/(F{row}+G{row}))', rate(tally)),
        Formula(f'=IF(COUNTIFS({where},{of("M")},"<>")=0,"",AVERAGEIFS({of("M")},{where}))', tally["mean"]),
        Formula(f'=IF(SUMPRODUCT({some}*ISNUMBER({of("M")}))=0,"",SUMPRODUCT(MAX({some}*{of("M")})))', tally["most"]),
    ]


def rate(tally):
    return tally["met"] / (tally["met"] + tally["late"]) if tally["met"] + tally["late"] else None


def statistics(period, totals, groups, rows):
    """Sheet 统计表; `totals` by span name, `groups` by column, each a list of tallies in order."""
    live = rows <= FORMULA_ROWS
    of = ranges("明细", 4, rows + 3)
    out = period.head("客诉案件统计表")
    due = period.months[1] + 1
    out.append([f"应于 {due // 12} 年 {due % 12 + 1} 月 10 日前编制    依据：{PACK_NAME} 九条（九）"])
    if not live:
        out.append(["明细超过公式行数上限，本表各数字为数值，不是公式。"])
    heads = ["件数", "占比", "累计占比", "损失金额（元）", "按期", "逾期", "未判定", "及时率", "平均天数", "最长天数"]
    out += [[], ["一、总计"], ["项目", *heads]]
    top = len(out) + 1
    for name, span in period.spans().items():
        tally = totals[name]
        if tally["count"]:
            count, rest = counted(len(out) + 1, tally, span, of)
            out.append([f"{name}（{named(span)}）", count, None, None, *rest])
        else:
            out.append([f"{name}（{named(span)}）", "无数据"])
    for at, name in [(1, "上期"), (2, "去年同期")]:
        line = f"较{name}增减"
        if totals[name]["count"]:
            out.append([line, *difference(out[top - 1], out[top - 1 + at], top, top + at)])
        else:
            out.append([line, "—"])
    for number, (group, keys) in enumerate(groups.items()):
        out += [[], [f"{'二三四五六七八九'[number]}、按{group}"], [group, *heads]]
        begin, running = len(out) + 1, 0
        for tally in keys[:MOST_KEYS]:
            row = len(out) + 1
            running += tally["count"]
            count, rest = counted(row, tally, period.span(), of, "BCDEFG"[GROUPS.index(group)])
            share = Formula(f'=IF($B${top}=0,"",B{row}/$B${top})', tally["count"] / totals["本期"]["count"])
            sums = Formula(f'=IF($B${top}=0,"",SUM(B${begin}:B{row})/$B${top})', running / totals["本期"]["count"])
            out.append([tally["key"], count, share, sums, *rest])
        if len(keys) > MOST_KEYS:
            others = keys[MOST_KEYS:]
            out.append(
                [f"另有 {len(others)} 项共 {sum(t['count'] for t in others)} 件、损失 {sum(t['loss'] for t in others):.2f} 元未逐项列出，见明细。"]
            )
        elif keys:
            out.append(["合计", *group_total(out[begin - 1 :], begin, len(out), top, totals["本期"])])
    out += [
        [],
        ["口径：以「结案日期」落在当期的案件计件；及时率 = 按期 ÷（按期 + 逾期），未判定的不计入分母；起算日不计入；末日逢休不顺延。"],
        [],
        [STATISTICS_SIGNED],
    ]
    return out if live else plain(out)


def difference(now, then, row, other):
    def less(column):
        letter = "ABCDEFGHIJK"[column]
        a, b = now[column], then[column]
        factor = "*100" if letter == "I" else ""
        value = None if a.value is None or b.value is None else (a.value - b.value) * (100 if factor else 1)
        return Formula(f"=({letter}{row}-{letter}{other}){factor}", value)

    return [less(1), None, None, *(less(column) for column in range(4, 11))]


def group_total(rows, begin, end, top, tally):
    row = end + 1
    total = {
        letter: Formula(f"=SUM({letter}{begin}:{letter}{end})", sum(line["ABCDEFGH".index(letter)].value for line in rows)) for letter in "BCEFGH"
    }
    return [
        total["B"],
        total["C"],
        None,
        total["E"],
        total["F"],
        total["G"],
        total["H"],
        Formula(f"=F{row}/(F{row}+G{row})", rate(tally)),
        Formula(f"=J{top}", tally["mean"]),
        Formula(f"=MAX(K{begin}:K{end})", tally["most"]),
    ]


def plain(rows):
    """The same rows with values in place of formulas."""
    return [[cell.value if isinstance(cell, Formula) else cell for cell in row] for row in rows]


def months_table(period, months, rows):
    of = ranges("明细", 4, rows + 3)
    out = period.head("客诉案件统计表 · 图表") + [["月份", "结案件数", "按期", "逾期", "及时率", "损失金额（元）"]]
    for tally in months:
        row = len(out) + 1
        out.append(
            [
                tally["key"],
                Formula(f"=COUNTIFS({of('L')},$A{row})", tally["count"]),
                Formula(f'=COUNTIFS({of("L")},$A{row},{of("N")},"是")', tally["met"]),
                Formula(f'=COUNTIFS({of("L")},$A{row},{of("N")},"否")', tally["late"]),
                Formula(f'=IF(C{row}+D{row}=0,"",C{row}/(C{row}+D{row}))', rate(tally)),
                Formula(f"=ROUND(SUMIFS({of('O')},{of('L')},$A{row}),2)", tally["loss"]),
            ]
        )
    return out if rows <= FORMULA_ROWS else plain(out)


def borne(period, units, total, rows):
    """Sheet 部门损失; `units` are tallies with count, loss, undecided, 上期 and 去年同期, the largest loss first."""
    of = ranges("损失分摊明细", 4, rows + 3)
    span = period.span()
    out = period.head("客诉案件统计表 · 部门损失")
    out += [
        ["部门损失 = 案件损失 × 责任比率，各部门合计等于案件损失，分到分；未定笔数是损失或比率没有定的，不在金额里。"],
        ["责任部门", "分摊笔数", "本期分摊损失（元）", "占比", "未定笔数", "上期（元）", "去年同期（元）"],
    ]
    end = len(out) + len(units)
    for unit in units:
        row = len(out) + 1
        mine = f"{in_span(of('G'), span)},{of('B')},$A{row}"
        out.append(
            [
                unit["key"],
                Formula(f"=COUNTIFS({mine})", unit["count"]),
                Formula(f"=ROUND(SUMIFS({of('H')},{mine}),2)", unit["loss"]),
                Formula(f'=IF($C${end + 1}=0,"",C{row}/$C${end + 1})', unit["loss"] / total if total else None),
                Formula(f"=SUMPRODUCT({held(of('G'), span)}*({of('B')}=$A{row})*ISBLANK({of('H')}))", unit["undecided"]),
                *(earlier(unit, name, span, of("H"), of("G"), of("B"), row) for name, span in list(period.spans().items())[1:]),
            ]
        )
    sums = [
        Formula(f"=SUM({letter}5:{letter}{end})", sum(unit[key] for unit in units))
        for letter, key in [("B", "count"), ("C", "loss"), ("E", "undecided")]
    ]
    out.append(["合计", sums[0], sums[1], 1, sums[2], *(overall(units, name) for name in ("上期", "去年同期"))])
    out.append(["与统计表相差", None, Formula(f"=ROUND(C{end + 1}-统计表!E7,2)", 0)])
    return out if rows <= FORMULA_ROWS else plain(out)


def earlier(unit, name, span, amounts, months, names, row):
    return "无数据" if unit[name] is None else Formula(f"=ROUND(SUMIFS({amounts},{in_span(months, span)},{names},$A{row}),2)", unit[name])


def overall(units, name):
    return "无数据" if any(unit[name] is None for unit in units) else sum(unit[name] for unit in units)


def losses(period, units, total, rows):
    """Sheet 损失金额表; like `borne`, with a column a class of loss."""
    of = ranges("明细", 4, rows + 3)
    span = period.span()
    out = period.head("责任部门损失金额表")
    out += [
        [f"依据：{PACK_NAME} 九条（六）"],
        ["口径：「结案日期」在本期的案件，按责任比率分摊到部门，金额到分；未定笔数是损失或比率没有定的，不在金额里。"],
        ["责任部门", *LOSS_CLASSES, "合计（元）", "占比", "累计占比", "笔数", "未定笔数", "上期（元）", "去年同期（元）"],
    ]
    end, running = len(out) + len(units), 0
    for unit in units:
        row = len(out) + 1
        running += unit["loss"]
        mine = f"{in_span(of('J'), span)},{of('B')},$A{row}"
        out.append(
            [
                unit["key"],
                *(Formula(f"=ROUND(SUMIFS({of('K')},{mine},{of('C')},{letter}$5),2)", unit[name]) for letter, name in zip("BCDE", LOSS_CLASSES)),
                Formula(f"=ROUND(SUMIFS({of('K')},{mine}),2)", unit["loss"]),
                Formula(f'=IF($F${end + 1}=0,"",F{row}/$F${end + 1})', unit["loss"] / total if total else None),
                Formula(f'=IF($F${end + 1}=0,"",SUM(F$6:F{row})/$F${end + 1})', running / total if total else None),
                Formula(f"=COUNTIFS({mine})", unit["count"]),
                Formula(f"=SUMPRODUCT({held(of('J'), span)}*({of('B')}=$A{row})*ISBLANK({of('K')}))", unit["undecided"]),
                *(earlier(unit, name, span, of("K"), of("J"), of("B"), row) for name, span in list(period.spans().items())[1:]),
            ]
        )
    sums = {
        letter: Formula(f"=ROUND(SUM({letter}6:{letter}{end}),2)", sum(unit[key] for unit in units))
        for letter, key in [*zip("BCDE", LOSS_CLASSES), ("F", "loss"), ("I", "count"), ("J", "undecided")]
    }
    out.append(
        ["合计", *(sums[letter] for letter in "BCDEF"), 1, None, sums["I"], sums["J"], *(overall(units, name) for name in ("上期", "去年同期"))]
    )
    out += [[], ["会签：制造部：______________   质管部：______________   业务部门：______________   总经理室：______________"]]
    return out if rows <= FORMULA_ROWS else plain(out)


def stations(period, desks, rows):
    """Sheet 各站时效; `desks` are tallies with number, name, unit, limit, count, done, mean, ninetieth, most, met and late."""
    of = ranges("明细", 4, rows + 3)
    out = period.head("各站时效统计")
    out += [
        [f"依据：{PACK_NAME} 十四条    起算日不计入；末日逢休不顺延"],
        ["口径：「结案日期」在本期的案件的各站；逾期率 = 逾期 ÷（按期 + 逾期）。"],
        ["站号", "站（时限规则）", "承办部门", "时限", "件次", "已办完", "平均天数", "P90 天数", "最长天数", "按期", "逾期", "未判定", "逾期率"],
    ]
    for desk in desks:
        row, mine = len(out) + 1, f"{of('A')},$A{len(out) + 1}"
        judged = desk["met"] + desk["late"]
        days = f"({of('A')}=$A{row})*{of('K')}"
        out.append(
            [
                desk["number"],
                desk["name"],
                desk["unit"],
                desk["limit"] or "未定",
                Formula(f"=COUNTIFS({mine})", desk["count"]),
                Formula(f'=COUNTIFS({mine},{of("K")},"<>")', desk["done"]),
                Formula(f'=IF(F{row}=0,"",AVERAGEIFS({of("K")},{mine}))', desk["mean"]),
                Formula(f'=IF(F{row}=0,"",SUMPRODUCT(LARGE({days},F{row}-ROUNDUP(F{row}*9/10,0)+1)))', desk["ninetieth"]),
                Formula(f'=IF(F{row}=0,"",SUMPRODUCT(MAX({days})))', desk["most"]),
                Formula(f'=COUNTIFS({mine},{of("L")},"是")', desk["met"]),
                Formula(f'=COUNTIFS({mine},{of("L")},"否")', desk["late"]),
                Formula(f"=E{row}-J{row}-K{row}", desk["count"] - judged),
                Formula(f'=IF(J{row}+K{row}=0,"",K{row}/(J{row}+K{row}))', desk["late"] / judged if judged else None),
            ]
        )
    out += [[], ["总经理室经办：______________   总经理室主管：______________"]]
    return out if rows <= FORMULA_ROWS else plain(out)


def over(rows):
    """The note above a table that is too long for formulas."""
    return [[f"本表 {rows} 行，超过 {FORMULA_ROWS} 行的公式上限：统计表各数字为数值，不是公式。"]] if rows > FORMULA_ROWS else []


# notices

COPIES = {
    "催办单": ["承办单位（人）", "总经理室存"],
    "洽办单": ["逾期部门", "总经理室存"],
    "奖罚通知单": ["正本", "第一份 总经理室自存", "第二份 会计单位查核", "第三份 处罚部门扣奖金"],
}
PREFIX = {"催办单": "CB", "洽办单": "QB", "奖罚通知单": "JF"}
WORDS = {
    "催办单": ("下列客诉案件仍在处理中而已逾期限，请即办理，并将办理情形报总经理室生产管理组。", "要求完成日（请填）", "承办部门签收"),
    "洽办单": ("下列客诉案件已办结，经查时效逾期，请查明逾期原因并填复。", "逾期原因（请填）", "逾期部门主管"),
}
DIGITS = "零壹贰叁肆伍陆柒捌玖"


@dataclass
class Notice:
    """One form: `lines` are findings as dictionaries."""

    kind: str
    number: str
    recipient: str
    unit: str
    lines: list

    @property
    def amount(self):
        return sum(line["amount"] or 0 for line in self.lines)

    @property
    def sheet(self):
        return f"{self.recipient}-{self.number[-3:]}"


def notice_sheets(period, kind, notices, copies, cases):
    """Sheets of one book of notices: a list of them, then a sheet a recipient with its copies and the annex."""
    if len(notices) > 1:
        money = kind == "奖罚通知单"
        rows = period.head(f"{kind}目录") + [["编号", "受文", "案件数", *(["金额（元）"] if money else []), "签收"]]
        yield "目录", rows + [[n.number, n.recipient, len(n.lines), *([n.amount] if money else [])] for n in notices]
    page = penalty_page if kind == "奖罚通知单" else reminder_page
    for notice in notices:
        rows = []
        told = kind != "奖罚通知单" or notice.recipient == notice.unit
        short = len(notice.lines) <= SHORT
        for copy in copies:
            page(rows, period, notice, copy)
            if told and short:
                annex(rows, notice, cases)
        if told and not short:
            annex(rows, notice, cases)
        yield notice.sheet, rows


def pages(rows, lines, heads, again):
    """Numbered lines, a page after another, each page after the first with its heads again; returns the ranges they take."""
    taken = []
    for at in range(0, len(lines), PAGE):
        if at:
            rows += [*again(at // PAGE + 1), heads]
        begin = len(rows) + 1
        rows += [[at + number, *line] for number, line in enumerate(lines[at : at + PAGE], 1)]
        taken.append((begin, len(rows)))
    return taken


def reminder_page(rows, period, notice, copy):
    opening, last, signed = WORDS[notice.kind]
    mark = "▲" if notice.kind == "催办单" else "△"
    rows += [
        [copy],
        [COMPANY],
        [notice.kind],
        [f"编号：{notice.number}    受文部门：{notice.recipient}    期间：{period.words}    日期：{period.day}"],
        [opening],
    ]
    station = [line for line in notice.lines if line["rule"] != "jiean"]
    kinds = [("逾案件期限（总期限等）", [line for line in notice.lines if line["rule"] == "jiean"]), ("逾站期限", station)]
    heads = ["序号", "编号", "逾期类型", "起", "应完成", "实际完成", "期限", "已用", "逾期", last]
    rows.append(heads)
    for name, found in kinds:
        if found:
            rows.append([f"{name}（{len(found)} 件）"])
            lines = [
                [
                    line["subject"].replace("/", " / "),
                    RULES[line["rule"]].title,
                    line["start"].replace("T", " "),
                    line["due"],
                    (line["stop"] or "未完成").replace("T", " "),
                    f"{line['limit']}天",
                    f"{line['elapsed']}天",
                    f"{mark} {line['overrun']}天",
                ]
                for line in found
            ]
            pages(
                rows, lines, heads, lambda page: [[f"{copy}    {notice.kind}    编号：{notice.number}    {notice.recipient}    （续）第 {page} 页"]]
            )
    clauses = "；".join(dict.fromkeys(f"{PACK_NAME} {RULES[line['rule']].clause}" for line in notice.lines))
    rows += [
        [f"合计 {len(notice.lines)} 件。"],
        [f"依据：{PACK_NAME} 十四条；{clauses}"],
        [f"口径：起算日不计入；末日逢休不顺延；截至 {period.last}。▲ 为尚未完成，△ 为已完成而逾期。"],
        [],
        [f"开单人：______________   总经理室主管：______________   {signed}：______________"],
    ]


def penalty_page(rows, period, notice, copy):
    own = notice.recipient == notice.unit
    of = "" if own else f"    部门：{notice.unit}"
    stamp = [copy, None, None, None, "草稿·待批"]
    rows += [
        stamp,
        [COMPANY],
        [notice.kind],
        [f"编号：{notice.number}    受处罚人（单位）：{notice.recipient}{of}    期间：{period.words}    日期：{period.day}"],
        ["下列客诉案件经总经理室判定责任归属，拟予罚扣。本单经总经理批准后生效。"],
    ]
    lines = []
    for line in notice.lines:
        case, unit, *person = line["subject"].split("/")
        who = f"{case} / {unit} /\n{''.join(person)}" if own else f"客诉编号 {case} /\n责任部门 {unit} /\n责任人 {''.join(person)}"
        said, _, sum_of = line["message"].partition("：")
        rule = RULES[line["rule"]]
        lines.append([who, f"{rule.title}：{said}", f"{PACK_NAME}\n{rule.clause}", f"结案日期\n{line['closed']}", sum_of, line["amount"]])
    heads = ["序号", "编号", "案由", "依据条款", "日期", "金额计算", "金额（元）"]
    rows.append(heads)
    taken = pages(rows, lines, heads, lambda page: [stamp, [f"{notice.kind}    编号：{notice.number}    {notice.recipient}    （续）第 {page} 页"]])
    sums = ",".join(f"G{a}:G{b}" for a, b in taken)
    rows += [
        ["合计", None, None, None, None, None, Formula(f"=ROUND(SUM({sums}),2)", notice.amount)],
        [f"人民币（大写）：{capitals(notice.amount)}"],
        [f"依据：{PACK_NAME} 十二条（二）"],
        ["本单经总经理批准后生效；批准前为草稿，不得据以扣款。"],
        ["申诉：对本单有异议的，请以签呈专案呈报（九条（十一））。制度未定申诉期限。"],
        ["份别：第一份 总经理室自存、第二份 会计单位查核、第三份 处罚部门扣奖金（共 3 份，正本另存）"],
        [],
        ["总经理室经办：______________   总经理室主管：______________   总经理批准：______________   受罚单位（人）签收：______________"],
    ]


def annex(rows, notice, cases):
    """What happened in the first fifty cases, and how each would have kept the rule."""
    rows += [[f"{notice.kind} 附页：逐案说明"], [f"编号：{notice.number}    {notice.recipient}    （各联共用，请随各联复印）"]]
    for number, line in enumerate(notice.lines[:ANNEX], 1):
        rule, case = RULES[line["rule"]], cases[line["subject"].split("/")[0]]
        rows.append([f"{number}. {line['subject'].replace('/', ' / ')}  {rule.title}（{PACK_NAME} {rule.clause}）"])
        rows.append(["经过", None, history(line, case)])
        if rule.kind == "penalty":
            rows.append(["由谁决定", None, "罚扣待总经理批准"])
            continue
        rows.append(["计日", None, days_counted(line)])
        verb = "结案" if line["rule"] == "jiean" else "送出"
        kept = (
            f"{verb}提前 {line['overrun']}天，即不晚于 {line['due']}"
            if line["stop"]
            else f"在 {line['due']} 前{verb}；到现在已迟 {line['overrun']}天"
        )
        rows.append(["怎样就合规", None, kept])
        if case.get("核决日期") and line["rule"] == "jiean":
            rows.append(["由谁决定", None, f"核决人职务 {case['核决人职务']}，核决日期 {case['核决日期']:%Y-%m-%d}"])
    if len(notice.lines) > ANNEX:
        rows.append([f"另有 {len(notice.lines) - ANNEX} 件没有列在附页。"])


def history(line, case):
    events = [(case[name], word, "") for name, word in [("生产日期", "生产"), ("交运日期", "交运"), ("受理日期", "受理")]]
    for stop in case["stops"]:
        if line["rule"] == "jiean" or line["subject"].endswith(f"/{stop['站序']:.0f}"):
            events += [(stop["收文时间"], f"{stop['站别']}收文", " %H:%M"), (stop["送出时间"], f"{stop['站别']}送出", " %H:%M")]
    if line["rule"] == "jiean":
        events += [(case.get("核决日期"), "核决", ""), (case.get("对客户承诺日期"), "对客户承诺", "")]
    events.append((case["结案日期"], "结案", ""))
    events = sorted((event for event in events if event[0]), key=lambda event: f"{event[0]:%Y%m%d}")
    return "；".join(f"{at:{'' if number else '%Y-'}%m-%d{clock}} {word}" for number, (at, word, clock) in enumerate(events))


def days_counted(line):
    start, due = date.fromisoformat(line["start"][:10]), date.fromisoformat(line["due"])
    late, end = due + timedelta(1), start + timedelta(int(line["elapsed"]))
    what = "受理日期" if line["rule"] == "jiean" else "收文时间"
    days = f"期限 {line['limit']}天，已用 {line['elapsed']}天，逾期 {line['overrun']}天：{start:%m-%d} 起算日（{what}）不计入"
    kept = f"{start + timedelta(1):%m-%d}至{due:%m-%d} 第 1–{line['limit']} 天"
    return f"{days}；{kept}；{late:%m-%d}至{end:%m-%d} 第 {int(line['limit']) + 1}–{line['elapsed']} 天（逾期）"


def capitals(amount):
    """An amount below a trillion yuan in Chinese capitals."""
    fen = round(amount * 100)
    yuan, jiao, fen = fen // 100, fen // 10 % 10, fen % 10
    text, zero = "", False
    for at, digit in enumerate(str(yuan)):
        place = len(str(yuan)) - 1 - at
        if digit != "0":
            text += ("零" if zero else "") + DIGITS[int(digit)] + ["", "拾", "佰", "仟"][place % 4]
        zero = digit == "0" and bool(text)
        if place % 4 == 0 and str(yuan)[max(0, at - 3) : at + 1].strip("0"):
            text, zero = text + ["", "万", "亿"][place // 4], False
    text = f"{text}元" if yuan else ""
    if not jiao and not fen:
        return f"{text or '零元'}整"
    return text + (DIGITS[jiao] + "角" if jiao else "零" if text else "") + (DIGITS[fen] + "分" if fen else "整")


def notice_book(book_of, path, period, kind, notices, copies, cases):
    """`book_of` opens a workbook of the job's own library."""
    with book_of(path) as book:
        for name, rows in notice_sheets(period, kind, notices, copies, cases):
            book.rows(name, rows)


def send_forms(book_of, out, period, notices, cases):
    """The forms of every department and the copies of the offices; what comes back gives the folder of a unit."""

    def folder(unit):
        return out / "分送" / unit / PACK_NAME

    for kind, forms in notices.items():
        notice_book(book_of, folder("总经理室") / f"{kind}.xlsx", period, kind, forms, COPIES[kind][1:2], cases)
        for unit in sorted({form.unit for form in forms}):
            own = [form for form in forms if form.unit == unit]
            copy = COPIES[kind][-1:] if kind == "奖罚通知单" else COPIES[kind][:1]
            notice_book(book_of, folder(unit) / f"{kind}.xlsx", period, kind, own, copy, cases)
    notice_book(book_of, folder("会计") / "奖罚通知单.xlsx", period, "奖罚通知单", notices["奖罚通知单"], COPIES["奖罚通知单"][2:3], cases)
    for name in ("客诉案件统计表", "责任部门损失金额表"):
        shutil.copyfile(out / PACK_NAME / f"{name}.xlsx", folder("会计") / f"{name}.xlsx")
    return folder
