#!/usr/bin/env python3
"""Approves every notice of an 奖罚汇总表.xlsx as a general manager with a pen would: approve.py 奖罚汇总表.xlsx 已批.xlsx [职务]"""

import datetime
import re
import sys

import openpyxl


def approve(book, filled, post="总经理", day=None):
    """Decides on each row that waits, at the amount printed or the least that may be approved; how many comes back."""
    workbook = openpyxl.load_workbook(book)
    sheet = workbook["奖罚汇总"]
    head = next(row for row in sheet.iter_rows() if row[0].value == "单号")
    column = {cell.value: cell.column for cell in head if cell.value}
    signed = {"决定": "批准", "批准人": "王总", "职务": post, "批准日期": day or datetime.date(2026, 11, 15)}
    count = 0
    for row in range(head[0].row + 1, sheet.max_row + 1):
        number = str(sheet.cell(row, 1).value or "")
        if not re.fullmatch(r"\w+-\d{6}-\d{3,}", number) or sheet.cell(row, column["决定"]).value:
            continue
        for name, value in signed.items():
            sheet.cell(row, column[name], value)
        bounds = re.fullmatch(r"(-?[\d.]+)(?:–[\d.]+| 以上)", str(sheet.cell(row, column["可批范围"]).value or ""))
        if bounds:
            sheet.cell(row, column["核定金额（元）"], float(bounds[1]))
        count += 1
    workbook.save(filled)
    return count


if __name__ == "__main__":
    if len(sys.argv) not in (3, 4):
        sys.exit(__doc__)
    print(f"批准 {approve(*sys.argv[1:])} 张")
