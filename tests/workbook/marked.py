"""Notices to mark, and what can be seen of them in a checked copy."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from io import BytesIO

import openpyxl
from openpyxl.workbook import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from portfolio.domain.notice import Notice, Severity
from portfolio.domain.text import Text
from portfolio.workbook.annotation import marks
from tests.workbook.packages import looks, unzipped, zipped

PROJECTS = "项目 Projects"


def a_notice(
    place: str,
    severity: Severity = Severity.ERROR,
    found: str = "待定",
    zh: str = "不是金额",
    en: str = "no amount",
) -> Notice:
    return Notice(severity=severity, place=place, column="total_cost", found=found, text=Text(zh, en))


NOTICES = (
    a_notice(f"{PROJECTS}!B2"),
    a_notice(f"{PROJECTS}!B3", Severity.WARNING),
    a_notice(f"{PROJECTS}!A4", Severity.NOTICE),
    a_notice(f"{PROJECTS}!C7"),
    a_notice(f"{PROJECTS}!Z400"),
    a_notice("It's 2!A1"),
    a_notice(PROJECTS),
    a_notice("elsewhere"),
)


def with_parts(data: bytes, **changes: Callable[[bytes], bytes]) -> bytes:
    """The file with some parts changed; `__` stands for `/`."""
    parts = unzipped(data)
    for name, change in changes.items():
        key = next(k for k in parts if k.replace("/", "__").replace(".", "_") == name)
        parts[key] = change(parts[key])
    return zipped(parts)


@lru_cache(maxsize=2)
def opened(data: bytes) -> Workbook:
    return openpyxl.load_workbook(BytesIO(data))


def sheet_of(data: bytes, title: str = PROJECTS) -> Worksheet:
    return opened(data)[title]


def lines_of(data: bytes) -> dict[str, str]:
    """Cell -> the line of its left border, where it has the colour of a mark."""
    colours = {f"FF{colour}" for colour in marks.COLOURS.values()}
    return {
        cell.coordinate: cell.border.left.style
        for row in sheet_of(data).iter_rows()
        for cell in row
        if cell.border.left and cell.border.left.color and cell.border.left.color.rgb in colours
    }


def all_looks(data: bytes) -> list[tuple[object, ...]]:
    """Every cell's value and format; only the value in a file that came without formats."""
    without = "xl/sheets/one.xml" in unzipped(data)
    return [look[:3] if without else look for look in looks(data)]


def sides_of(data: bytes, cell: str) -> list[str | None]:
    border = sheet_of(data)[cell].border
    return [side.style if side else None for side in (border.left, border.right, border.top, border.bottom)]


def notes(drawing: bytes) -> int:
    return len(re.findall(rb"ObjectType=.Note", drawing))


def comment(data: bytes, cell: str) -> str:
    found = sheet_of(data)[cell].comment
    return found.text if found else ""


def saved_by_openpyxl(data: bytes) -> bytes:
    openpyxl.load_workbook(BytesIO(data)).save(buffer := BytesIO())
    return buffer.getvalue()
