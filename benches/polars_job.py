"""The complaint job with polars, fastexcel and xlsxwriter: read the register, judge closing deadlines, numbering, samples and
required fields, write findings, statistics and the register. Less than kesu does, so the comparison leans to Python's side.

python3 polars_job.py DATA_DIR OUT_DIR FIRST_DAY LAST_DAY
"""

import sys
from datetime import date
from pathlib import Path

import polars as pl

data, out, first, last = Path(sys.argv[1]), Path(sys.argv[2]), date.fromisoformat(sys.argv[3]), date.fromisoformat(sys.argv[4])
out.mkdir(parents=True, exist_ok=True)

register = pl.read_excel(data / "客诉台账.xlsx", engine="calamine", schema_overrides={"客诉编号": pl.String})
register = register.with_columns(pl.col("受理日期", "结案日期", "交运日期", "生产日期").cast(pl.Date))

seen = pl.when(pl.col("结案日期") <= last).then(pl.col("结案日期"))
limit = pl.when(pl.col("国内外") == "国外").then(20).otherwise(15)
register = register.with_columns(天数=(seen.fill_null(last) - pl.col("受理日期")).dt.total_days(), 期限=limit)
register = register.with_columns(逾期=pl.col("天数") > pl.col("期限"), 缺样品=(pl.col("是否附样品") != "是") | pl.col("业务签注意见").is_null())

needed = ["订单编号", "料号", "交运日期", "数量", "不良数量", "客户要求", "生产单位", "机班别", "生产人员", "生产日期"]
register = register.with_columns(缺项=pl.any_horizontal(pl.col(needed).is_null()) | (pl.col("不良数量") > pl.col("数量")))

prefix = pl.col("客诉编号").str.slice(0, 4)
sequence = pl.col("客诉编号").str.slice(4).cast(pl.Int64, strict=False)
register = register.with_columns(月份=prefix, 序号=sequence).with_columns(
    编号问题=sequence.is_null() | (prefix != pl.col("受理日期").dt.strftime("%y%m")) | ((sequence - sequence.shift(1).over(prefix)).fill_null(sequence) != 1)
)

findings = pl.concat(
    [
        register.filter(pl.col(column)).select(pl.lit(rule).alias("rule"), pl.col("客诉编号").alias("subject"), "责任部门", "天数", "期限")
        for rule, column in [("jiean", "逾期"), ("yangpin", "缺样品"), ("chulibiao", "缺项"), ("bianhao", "编号问题")]
    ]
)
findings.write_csv(out / "findings.csv", include_bom=True)

import xlsxwriter

with xlsxwriter.Workbook(out / "客诉案件统计表.xlsx") as book:
    for group in ["责任部门", "客诉原因类别", "料号", "客户", "国内外"]:
        table = (
            register.filter(pl.col("结案日期").is_between(first, last))
            .group_by(group)
            .agg(件数=pl.len(), 数量=pl.col("数量").sum(), 及时率=1 - pl.col("逾期").mean(), 平均天数=pl.col("天数").mean(), 最长天数=pl.col("天数").max())
            .sort("件数", group, descending=[True, False])
        )
        table.write_excel(book, worksheet=group)
    findings.write_excel(book, worksheet="问题")
with xlsxwriter.Workbook(out / "登记追踪表.xlsx") as book:
    register.write_excel(book, worksheet="登记追踪")
