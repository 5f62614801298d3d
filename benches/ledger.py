#!/usr/bin/env python3
"""Times a year with a ledger: each month run, approved, closed, then every month done over, and verified. See README.md here."""

import datetime
import shutil
import tempfile
from pathlib import Path

from approve import approve
from run import ROOT, arguments_of, measure

OFFENCES = 200
PEOPLE = 80
HEADINGS = "单号,日期,员工,部门,类别"


def register(year, month):
    """So many offences on the month's working weeks, each tenth of them grave."""
    for at in range(OFFENCES):
        day = datetime.date(year, month, 1 + at % 28)
        sort = "重大" if at % 10 == 0 else "违纪"
        yield f"{year}{month:02}-{at + 1},{day},员工{at % PEOPLE + 1},{'制造部业务部质管部'[at % 3 * 3:][:3]},{sort}"


def main():
    kesu, runs = arguments_of(__doc__)
    with tempfile.TemporaryDirectory(prefix="kesu-ledger-") as work:
        rules, data, out = (Path(work) / name for name in ("rules", "data", "out"))
        shutil.copytree(ROOT / "tests/it/fixtures/ledger/rules", rules)
        shutil.copytree(ROOT / "rules/calendars", rules / "calendars")
        data.mkdir()
        where = ["--rules", rules, "--data", data, "--out", out]
        months = [f"2026-{month:02}" for month in range(1, 13)]
        for at, month in enumerate(months):
            # one file for each month, as a company keeps them; all stay there
            lines = [HEADINGS, *register(2026, at + 1)]
            (data / f"违纪登记-{month}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
            measure([kesu, "run", "--period", month, *where])
            approve(out / month / "奖罚汇总表.xlsx", Path(work) / "已批.xlsx", day=datetime.date(2027, 1, 5))
            measure([kesu, "approve", Path(work) / "已批.xlsx", "--out", out])
            measure([kesu, "run", "--period", month, *where])
            if at < 11:
                closed = f"2026-{at + 2:02}-10"
                measure([kesu, "close", "--period", month, "--on", closed, "--by", "李会计", "--out", out])
        size = (out / "ledger.sqlite").stat().st_size / 1024
        print(f"{12 * OFFENCES:,} offences of {PEOPLE} people, ledger {size:,.0f} KB, eleven months closed\n")
        print("| done over | fastest | slowest month | all twelve |\n|---|---:|---:|---:|")
        for name, command in [("kesu run", ["run", "--period"]), ("kesu verify", ["verify"])]:
            each = []
            for month in months:
                arguments = [*command, month, *where] if name == "kesu run" else [*command, out / month, "--ledger", out / "ledger.sqlite"]
                # inputs of later months lie beside those of the closed ones: a correction is made, and that is timed too
                took = [measure([kesu, *arguments], accept=(0, 3) if name == "kesu verify" else (0,)) for _ in range(runs)]
                each.append(min(t.seconds for t in took))
            print(f"| {name} | {min(each):.2f} s | {max(each):.2f} s | {sum(each):.2f} s |", flush=True)


if __name__ == "__main__":
    main()
