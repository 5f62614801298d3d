#!/usr/bin/env python3
"""Times kesu on a year of appraisals of 200 people: weekly and monthly checks, monthly results, the year's end. See README.md here."""

import datetime
import tempfile
from pathlib import Path

import xlsxwriter
from run import ROOT, arguments_of, measure, spread

PEOPLE = 200
OFFICES = 8
YEAR = 2026
SIDES = {
    "德": ("思想道德", "服务态度", "纪律作风", "人际关系"),
    "勤": ("工作出勤", "参与性", "主动性", "协调性"),
    "能": ("业务能力", "组织能力", "管理能力", "创新能力"),
    "绩": ("工作效率", "培训效果", "工作效果", "其它成绩"),
}
FULL = {"德": 5, "勤": 5, "能": 7.5, "绩": 7.5}


def checks():
    """Sort, period and day of every check of a person's year: 52 weeks, 12 months twice, and the end."""
    for week in range(1, 53):
        yield "周检", f"{YEAR}-W{week:02}", datetime.date.fromisocalendar(YEAR, week, 5)
    for month in range(1, 13):
        for sort in ("月检", "月考核"):
            yield sort, f"{YEAR}-{month:02}", datetime.date(YEAR, month, 28)
    yield "年终考评", str(YEAR), datetime.date(YEAR, 12, 30)


def rows():
    for person in range(PEOPLE):
        for number, (sort, period, day) in enumerate(checks()):
            items = [[FULL[side] - (person + number + at) % 3 * 0.5 for at in range(4)] for side in SIDES]
            cells = [cell for side in items for cell in (sum(side), *side)]
            yield [f"员工{person:03}", f"第{person % OFFICES + 1}管理处", sort, period, day, "客户经理", *cells]


def write(folder):
    headings = ["员工", "部门", "考核类型", "期间", "考核日期", "考核人"]
    for side, items in SIDES.items():
        headings += [side, *items]
    with xlsxwriter.Workbook(folder / "考核评分.xlsx") as book:
        sheet, day = book.add_worksheet("考核评分"), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet.write_row(0, 0, headings)
        for at, row in enumerate(rows(), start=1):
            sheet.write_row(at, 0, row[:4])
            sheet.write_datetime(at, 4, datetime.datetime.combine(row[4], datetime.time()), day)
            sheet.write_row(at, 5, row[5:])
    with xlsxwriter.Workbook(folder / "员工名册.xlsx") as book:
        sheet = book.add_worksheet("员工名册")
        sheet.write_row(0, 0, ["员工", "部门", "岗位", "入职日期"])
        for person in range(PEOPLE):
            sheet.write_row(person + 1, 0, [f"员工{person:03}", f"第{person % OFFICES + 1}管理处", "客服员", "2020-01-01"])


def main():
    kesu, runs = arguments_of(__doc__)
    size = PEOPLE * sum(1 for _ in checks())
    with tempfile.TemporaryDirectory(prefix="kesu-appraisal-") as work:
        data, out = Path(work) / "data", Path(work) / "out"
        data.mkdir()
        write(data)
        read = measure(["python3", "-c", f"import openpyxl; sum(1 for _ in openpyxl.load_workbook({str(data / '考核评分.xlsx')!r}, read_only=True).active.values)"])
        print("| people | rows | period | fastest | median | peak memory | openpyxl reading the same rows |\n|---:|---:|---|---:|---:|---:|---:|")
        for period in ("2026-12", "2026"):
            took = spread(runs, kesu, ["--period", period, "--rules", ROOT / "rules", "--pack", "deqinnengji", "--data", data], out)
            print(f"| {PEOPLE} | {size:,} | {period} | {took} | {read.seconds:.2f} s |", flush=True)


if __name__ == "__main__":
    main()
