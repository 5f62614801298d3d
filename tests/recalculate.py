#!/usr/bin/env python3
"""Recalculates every workbook of a folder in LibreOffice and compares each formula's result with the value kesu cached.

usage: recalculate.py FOLDER
"""

import pathlib
import subprocess
import sys
import tempfile

import openpyxl


def values(path, data_only):
    """{(sheet, cell): value} of every non-empty cell."""
    book = openpyxl.load_workbook(path, data_only=data_only)
    return {(sheet.title, cell.coordinate): cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None}


def recalculated(books, folder):
    """The books as LibreOffice saves them after a hard recalculation."""
    profile = pathlib.Path(folder) / "profile"
    config = profile / "user"
    config.mkdir(parents=True)
    # 0 = always recalculate on load, for files of any program
    (config / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" '
        'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">'
        '<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>'
        "</oor:items>"
    )
    out = pathlib.Path(folder) / "recalculated"
    command = ["soffice", f"-env:UserInstallation=file://{profile}", "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out)]
    subprocess.run([*command, *map(str, books)], check=True, capture_output=True, timeout=600)
    return out


def same(cached, computed):
    if isinstance(cached, (int, float)) and isinstance(computed, (int, float)):
        return abs(cached - computed) <= 1e-9 * max(1.0, abs(cached), abs(computed))
    return (cached or "") == (computed or "")


def main():
    books = sorted(pathlib.Path(sys.argv[1]).glob("*.xlsx"))
    checked = wrong = 0
    with tempfile.TemporaryDirectory() as folder:
        out = recalculated(books, folder)
        for book in books:
            formulas = {place for place, value in values(book, False).items() if isinstance(value, str) and value.startswith("=")}
            cached, computed = values(book, True), values(out / book.name, True)
            for place in sorted(formulas):
                checked += 1
                if not same(cached.get(place), computed.get(place)):
                    wrong += 1
                    print(f"{book.name} {place[0]}!{place[1]}: cached {cached.get(place)!r}, recalculated {computed.get(place)!r}")
    print(f"{sys.argv[1]}: {checked} formulas in {len(books)} workbooks recalculated, {wrong} differ")
    sys.exit(1 if wrong or not checked else 0)


if __name__ == "__main__":
    main()
