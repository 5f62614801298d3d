#!/usr/bin/env python3
"""Makes the two forms that come with the pack kesu-banfa. The same bytes come out every time.

usage: make_forms.py FOLDER      (rules/kesu-banfa/forms)
"""

import datetime
import io
import pathlib
import struct
import sys
import zipfile
import zlib

import openpyxl
from openpyxl.drawing.image import Image
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, OneCellAnchor
from openpyxl.drawing.xdr import XDRPositiveSize2D
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.utils.units import pixels_to_EMU
from openpyxl.worksheet.page import PageMargins
from openpyxl.worksheet.properties import PageSetupProperties

DAY = datetime.datetime(2026, 11, 22)
FONT = "宋体"
THIN = Side(style="thin")
BOX = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
GREY = PatternFill("solid", fgColor="EDEDED")
DATE = 'yyyy"年"m"月"d"日"'
MONEY = "#,##0.00"


def logo():
    """A ring with a bar through it, 48 by 48, one byte a pixel."""

    def pixel(x, y):
        dx, dy = x - 23.5, y - 23.5
        inside = 15 <= (dx * dx + dy * dy) ** 0.5 <= 22
        bar = abs(dy) <= 3 and abs(dx) <= 15
        return 1 if inside or bar else 0

    rows = b"".join(b"\0" + bytes(pixel(x, y) for x in range(48)) for y in range(48))

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", struct.pack(">IIBBBBB", 48, 48, 8, 3, 0, 0, 0)),
            chunk(b"PLTE", bytes([255, 255, 255, 31, 78, 121])),
            chunk(b"IDAT", zlib.compress(rows, 9)),
            chunk(b"IEND", b""),
        ]
    )


class Form:
    """One sheet, written from top to bottom."""

    def __init__(self, title, widths):
        self.book = openpyxl.Workbook()
        self.sheet = self.book.active
        self.sheet.title = title
        self.last = get_column_letter(len(widths))
        for number, width in enumerate(widths, 1):
            self.sheet.column_dimensions[get_column_letter(number)].width = width

    def cell(self, place, value, *, size=11, bold=False, align="left", border=None, fill=None, number=None, color=None, wrap=True):
        """`place` is `A1` or a range to merge."""
        first = self.sheet[place.split(":")[0]]
        first.value = value
        first.font = Font(name=FONT, size=size, bold=bold, color=color)
        first.alignment = Alignment(horizontal=align, vertical="center", wrap_text=wrap)
        if number:
            first.number_format = number
        cells = [first]
        if ":" in place:
            self.sheet.merge_cells(place)
            cells = [cell for row in self.sheet[place] for cell in row]
        for cell in cells:
            if border:
                cell.border = border
            if fill:
                cell.fill = fill

    def heights(self, heights):
        for row, height in heights.items():
            self.sheet.row_dimensions[row].height = height

    def heading(self, title, recipient, half):
        """Rows 1 to 5: company, title, number and day, recipient and period, the sentence above the table."""
        last = self.last
        left, right = get_column_letter(half), get_column_letter(half + 1)
        after = get_column_letter(half + 2)
        self.cell(f"B1:{get_column_letter(len(self.sheet.column_dimensions) - 1)}1", "{{公司}}", size=14, align="center")
        self.cell(f"{last}1", "{{状态}}", bold=True, align="right", color="C00000")
        self.cell(f"A2:{last}2", title, size=20, bold=True, align="center")
        self.cell(f"A3:{left}3", "编号:{{单据编号}}")
        self.cell(f"{right}3", "日期:", align="right")
        self.cell(f"{after}3:{last}3", "{{单据日期}}", number=DATE)
        self.cell(f"A4:{left}4", recipient + ":{{受文}}", bold=True)
        self.cell(f"{right}4", "期间:", align="right")
        self.cell(f"{after}4:{last}4", "{{期间}}")
        self.cell(f"A5:{last}5", "{{正文}}")
        self.heights({1: 40, 2: 34, 3: 20, 4: 20, 5: 34})
        picture = Image(io.BytesIO(logo()))
        size = XDRPositiveSize2D(pixels_to_EMU(44), pixels_to_EMU(44))
        picture.anchor = OneCellAnchor(_from=AnchorMarker(col=0, colOff=40_000, row=0, rowOff=40_000), ext=size)
        self.sheet.add_image(picture)

    def table(self, columns):
        """Row 6 the headings, row 7 the one that repeats; `columns` are heading, place to fill, alignment, number format."""
        for number, (heading, hole, align, style) in enumerate(columns, 1):
            letter = get_column_letter(number)
            self.cell(f"{letter}6", heading, bold=True, align="center", border=BOX, fill=GREY)
            self.cell(f"{letter}7", hole, size=10, align=align, border=BOX, number=style)
        self.heights({6: 24})

    def signatures(self, row, names):
        """Boxes side by side, a name above and room to sign below; `names` by the columns that a box takes."""
        for columns, name in names.items():
            first, last = columns.split(":")
            places = [f"{first}{at}" if first == last else f"{first}{at}:{last}{at}" for at in (row, row + 1)]
            self.cell(places[0], name, size=10, align="center", border=BOX, fill=GREY)
            self.cell(places[1], None, border=BOX)
        self.heights({row: 20, row + 1: 44})

    def explain(self, holes):
        """The second sheet."""
        sheet = self.book.create_sheet("填写说明")
        sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 24, 70
        lines = [
            ("本模板怎么用", ""),
            ("改版面", "字体、列宽、边框、图片、打印设置都可以改。"),
            ("占位", "下面的名称前后各写两个花括号就是占位;写在单元格里,一格可以写几个,也可以夹在文字中间。"),
            ("明细行", "写有明细占位的那一行会按条数重复;下面的行、图片、合并、打印区域跟着下移。只能有一行。"),
            ("合计", "公式的区域只写明细行这一行,例如 SUM(G7:G7),填写时随明细变长。"),
            ("日期", "格子设成日期格式的填真正的日期,否则填文字。"),
            ("名称", "意思"),
            *holes,
        ]
        for row, (name, words) in enumerate(lines, 1):
            for column, text in ((1, name), (2, words)):
                cell = sheet.cell(row, column, text)
                cell.font = Font(name=FONT, size=10, bold=row in (1, 7))
                cell.alignment = Alignment(vertical="top", wrap_text=True)
        sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0

    def save(self, path, rows):
        sheet = self.sheet
        sheet.page_setup.paperSize = sheet.PAPERSIZE_A4
        sheet.page_setup.orientation = "portrait"
        sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
        sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
        sheet.page_margins = PageMargins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.print_options.horizontalCentered = True
        sheet.print_area = f"A1:{self.last}{rows}"
        sheet.print_title_rows = "6:6"
        sheet.oddFooter.center.text = "第 &P 页,共 &N 页"
        sheet.sheet_view.showGridLines = False
        properties = self.book.properties
        properties.creator, properties.title = "kesu", sheet.title
        properties.created = properties.modified = DAY
        packed = io.BytesIO()
        self.book.save(packed)
        # openpyxl notes the time of saving in the zip and in the properties
        with zipfile.ZipFile(packed) as made, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as out:
            for item in made.infolist():
                data = made.read(item)
                if item.filename == "docProps/core.xml":
                    now = self.book.properties.modified.strftime("%Y-%m-%dT%H:%M:%SZ")
                    data = data.replace(now.encode(), DAY.strftime("%Y-%m-%dT%H:%M:%SZ").encode())
                out.writestr(zipfile.ZipInfo(item.filename, DAY.timetuple()[:6]), data, zipfile.ZIP_DEFLATED, 9)


HEADING = [
    ("公司", "kesu.toml 的 company"),
    ("单据编号、单据日期、期间", "本单的编号、日期、所属期间"),
    ("受文、部门", "受文的人或单位;案件所属部门"),
    ("状态", "批准之前是「草稿·待批」"),
    ("正文、依据、附注", "规则里写的正文、条款、说明与申诉办法"),
    ("件数、合计金额、大写金额", "明细条数;金额合计(罚单才有)"),
]


def penalty(folder):
    form = Form("奖罚通知单", [6, 11, 30, 17, 14, 24, 13])
    form.heading("奖 罚 通 知 单", "受处罚人(单位)", 4)
    form.table(
        [
            ("序号", "{{序号}}", "center", None),
            ("客诉编号", "{{编号}}", "center", None),
            ("案由", "{{案由}}", "left", None),
            ("依据条款", "{{依据条款}}", "left", None),
            ("日期", "{{日期}}", "center", None),
            ("金额计算", "{{金额计算}}", "left", None),
            ("金额(元)", "{{金额}}", "right", MONEY),
        ]
    )
    form.cell("A8:F8", "合计", bold=True, align="center", border=BOX)
    form.cell("G8", "=SUM(G7:G7)", bold=True, align="right", border=BOX, number=MONEY)
    form.cell("A9:B9", "人民币(大写)", bold=True, align="center", border=BOX)
    form.cell("C9:G9", "{{大写金额}}", bold=True, border=BOX)
    form.cell("A10:G10", "依据:{{依据}}", size=10)
    form.cell("A11:G11", "{{附注}}", size=10)
    form.heights({8: 22, 9: 22, 10: 34, 11: 62})
    form.signatures(12, {"A:B": "总经理室经办", "C:C": "总经理室主管", "D:E": "总经理批准", "F:G": "受罚单位（人）签收"})
    # large amounts are bold, which a black and white print shows, too
    form.sheet.conditional_formatting.add("G7", FormulaRule(formula=["$G7>=1000"], font=Font(bold=True)))
    lines = [("序号、编号、案由、依据条款、日期", "明细行:每一案"), ("金额计算、金额", "明细行:算式与金额")]
    form.explain(HEADING + lines)
    form.save(folder / "奖罚通知单.xlsx", 13)


def reminder(folder):
    form = Form("催办单", [6, 11, 18, 14, 14, 14, 10, 12, 18])
    form.heading("催 办 单", "受文部门", 5)
    form.table(
        [
            ("序号", "{{序号}}", "center", None),
            ("客诉编号", "{{编号}}", "center", None),
            ("逾期类型", "{{逾期类型}}", "left", None),
            ("起", "{{起}}", "center", None),
            ("应完成", "{{应完成}}", "center", None),
            ("实际完成", "{{实际完成}}", "center", None),
            ("期限", "{{期限}}", "center", None),
            ("逾期", "{{逾期}}", "center", None),
            ("要求完成日(请填)", "", "center", DATE),
        ]
    )
    form.cell("A8:C8", "合计(件)", bold=True, align="center", border=BOX)
    form.cell("D8", "=COUNTA(B7:B7)", bold=True, align="center", border=BOX)
    form.cell("E8:I8", None, border=BOX)
    form.cell("A9:I9", "依据:{{依据}}", size=10)
    form.cell("A10:I10", "{{附注}}", size=10)
    form.heights({8: 22, 9: 34, 10: 62})
    form.signatures(11, {"A:C": "开单人", "D:F": "总经理室主管", "G:I": "承办部门签收"})
    lines = [("序号、编号、逾期类型、起、应完成", "明细行:每一逾期"), ("实际完成、期限、已用、逾期", "明细行:时日")]
    form.explain(HEADING + lines)
    form.save(folder / "催办单.xlsx", 12)


def main():
    folder = pathlib.Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    penalty(folder)
    reminder(folder)


if __name__ == "__main__":
    main()
