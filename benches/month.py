#!/usr/bin/env python3
"""Times kesu on a big month: 5,000 complaints with 20,000 and with 40,000 rows of their routes. See README.md here."""

import datetime
import shutil
import tempfile
from pathlib import Path

import xlsxwriter
from run import ROOT, arguments_of, measure, spread

COMPLAINTS = 5_000
HEADINGS = ["客诉编号", "站序", "站别", "收文时间", "送出时间", "经手人"]
DESKS = ["总经理室", "质管部", "制造部", "研发部", "业务部门", "总经理室", "质管部", "业务部门"]


def routes(path, each):
    """`each` desks a complaint, half a working day at every desk."""
    with xlsxwriter.Workbook(path) as book:
        sheet, moment = book.add_worksheet("流转记录"), book.add_format({"num_format": "yyyy/m/d h:mm"})
        sheet.write_row(0, 0, HEADINGS)
        for at in range(COMPLAINTS):
            month, number = 8 + at * 3 // COMPLAINTS, at - (at * 3 // COMPLAINTS) * COMPLAINTS // 3
            received = datetime.datetime(2026, month, 1 + number % 20, 9)
            for desk in range(each):
                row = at * each + desk + 1
                sent = received + datetime.timedelta(hours=4)
                sheet.write_row(row, 0, [f"26{month:02}{number + 1:02}", desk + 1, DESKS[desk]])
                sheet.write_datetime(row, 3, received, moment)
                sheet.write_datetime(row, 4, sent, moment)
                sheet.write_string(row, 5, "经手人")
                received = sent + datetime.timedelta(hours=1)


def main():
    kesu, runs = arguments_of(__doc__)
    with tempfile.TemporaryDirectory(prefix="kesu-month-") as work:
        data, out = Path(work) / "data", Path(work) / "out"
        measure([kesu, "sample", data, "--rows", COMPLAINTS, "--seed", 1])
        shutil.rmtree(data / "_答案")
        print("| complaints | rows of routes | period | fastest | median | peak memory |\n|---:|---:|---|---:|---:|---:|")
        for each in (4, 8):
            routes(data / "流转记录.xlsx", each)
            for period in ("2026-10", "2026-08..2026-10"):
                took = spread(runs, kesu, ["--period", period, "--rules", ROOT / "rules/kesu-banfa", "--data", data], out)
                print(f"| {COMPLAINTS:,} | {COMPLAINTS * each:,} | {period} | {took} |", flush=True)


if __name__ == "__main__":
    main()
