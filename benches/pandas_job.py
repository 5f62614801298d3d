"""The same job as polars_job.py with pandas and openpyxl.

python3 pandas_job.py DATA_DIR OUT_DIR FIRST_DAY LAST_DAY
"""

import sys
from pathlib import Path

import pandas as pd

data, out, first, last = Path(sys.argv[1]), Path(sys.argv[2]), pd.Timestamp(sys.argv[3]), pd.Timestamp(sys.argv[4])
out.mkdir(parents=True, exist_ok=True)

register = pd.read_excel(data / "客诉台账.xlsx", engine="openpyxl", dtype={"客诉编号": str})
seen = register["结案日期"].where(register["结案日期"] <= last)
register["天数"] = (seen.fillna(last) - register["受理日期"]).dt.days
register["期限"] = register["国内外"].map({"国内": 15, "国外": 20})
register["逾期"] = register["天数"] > register["期限"]
register["缺样品"] = (register["是否附样品"] != "是") | register["业务签注意见"].isna()

needed = ["订单编号", "料号", "交运日期", "数量", "不良数量", "客户要求", "生产单位", "机班别", "生产人员", "生产日期"]
register["缺项"] = register[needed].isna().any(axis=1) | (register["不良数量"] > register["数量"])

register["月份"] = register["客诉编号"].str[:4]
register["序号"] = pd.to_numeric(register["客诉编号"].str[4:], errors="coerce")
step = register.groupby("月份")["序号"].diff().fillna(register["序号"])
register["编号问题"] = register["序号"].isna() | (register["月份"] != register["受理日期"].dt.strftime("%y%m")) | (step != 1)

findings = pd.concat(
    [
        register.loc[register[column], ["客诉编号", "责任部门", "天数", "期限"]].assign(rule=rule)
        for rule, column in [("jiean", "逾期"), ("yangpin", "缺样品"), ("chulibiao", "缺项"), ("bianhao", "编号问题")]
    ]
)
findings.to_csv(out / "findings.csv", index=False, encoding="utf-8-sig")

closed = register[register["结案日期"].between(first, last)]
with pd.ExcelWriter(out / "客诉案件统计表.xlsx", engine="openpyxl") as book:
    for group in ["责任部门", "客诉原因类别", "料号", "客户", "国内外"]:
        table = closed.groupby(group).agg(
            件数=("客诉编号", "size"), 数量=("数量", "sum"), 逾期率=("逾期", "mean"), 平均天数=("天数", "mean"), 最长天数=("天数", "max")
        )
        table.sort_values("件数", ascending=False).to_excel(book, sheet_name=group)
    findings.to_excel(book, sheet_name="问题", index=False)
register.to_excel(out / "登记追踪表.xlsx", sheet_name="登记追踪", index=False, engine="openpyxl")
