"""Writes a plan and reads the workbook back: stored values, formulas, and what LibreOffice calculates."""

from __future__ import annotations

import os
import shutil
import subprocess
import warnings
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook import Workbook as Book
from openpyxl.worksheet.worksheet import Worksheet as Sheet

from portfolio.domain.text import Lang
from portfolio.report.workbook.book import write
from portfolio.scenario.plan import Plan

RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load">
<prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>
"""
"""Settings under which LibreOffice calculates every formula anew when it opens a workbook."""

REQUIRED = "PORTFOLIO_TESTS_NEED_OFFICE" in os.environ
"""Set where LibreOffice must be there: its tests then fail without it instead of being skipped."""

needs_office = pytest.mark.skipif(
    shutil.which("soffice") is None and not REQUIRED, reason="LibreOffice is not installed"
)


def opened(path: Path, *, formulas: bool = False) -> Book:
    """The workbook; extensions that openpyxl does not know are left aside."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(path, data_only=not formulas)


def written(plan: Plan, folder: Path, lang: Lang = "both") -> Book:
    """The workbook of a plan, with the stored values."""
    path = folder / "schedule.xlsx"
    write(plan, path, lang)
    return opened(path)


def recalculated(path: Path, folder: Path) -> Book:
    """The workbook after LibreOffice has calculated it."""
    profile, out = folder / "profile", folder / "calculated"
    (profile / "user").mkdir(parents=True, exist_ok=True)
    (profile / "user" / "registrymodifications.xcu").write_text(RECALCULATE, encoding="utf-8")
    command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless"]
    command += ["--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(out), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    return opened(out / path.name)


def rows(sheet: Sheet) -> list[list[Any]]:
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def row_with(sheet: Sheet, text: str, column: int = 0, nth: int = 0) -> list[Any]:
    """The n-th row whose cell in `column` contains `text`."""
    found = [row for row in rows(sheet) if isinstance(row[column], str) and text in row[column]]
    return found[nth]


def texts(sheet: Sheet) -> list[str]:
    return [value for row in rows(sheet) for value in row if isinstance(value, str)]


def numbers(row: list[Any]) -> list[float]:
    return [value for value in row if isinstance(value, int | float)]


def year_rows(sheet: Sheet, column: int, word: str) -> list[list[Any]]:
    """The figures under 2021 to 2026 in every row whose label begins with `word`; blank is 0."""
    table = rows(sheet)
    first = next(row.index(2021) for row in table if 2021 in row and 2026 in row)
    return [
        [v or 0 for v in row[first : first + 6]] for row in table if str(row[column] or "").startswith(word)
    ]


def foot(sheet: Sheet, part: str) -> str:
    """The `left`, `center` or `right` part of the page's footer."""
    item = getattr(sheet.oddFooter, part)
    return str(item.text or "") if item else ""
