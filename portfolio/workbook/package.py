"""Opening an .xlsx file: refusals in plain words, and its sheets as plain values.

The values that Excel or WPS stored are read, not the formulas. What that view hides (formulas that
were never calculated, merged cells, hidden rows) is found in the sheet's XML.
"""

from __future__ import annotations

import hashlib
import re
import warnings
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from html import unescape
from io import BytesIO
from pathlib import Path
from zipfile import BadZipFile, ZipFile

from openpyxl.reader.excel import ExcelReader
from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries

from portfolio.errors import InputRefusedError, UsageError

MAX_UNPACKED_BYTES = 400_000_000
"""A workbook that unpacks to more than this is refused: no portfolio needs it."""


@dataclass(frozen=True, slots=True)
class CellError:
    """A cell without a usable value: an error value such as #REF!, or (`unsaved`) a formula whose
    result was never stored."""

    code: str
    unsaved: bool = False


Raw = str | int | float | bool | datetime | date | time | timedelta | CellError | None
"""What a cell can hold."""


@dataclass(frozen=True, slots=True)
class RawSheet:
    """A sheet as it stands in the file: its rows that are not empty, by row number.

    `merged` holds (first column, first row, last column, last row), numbers from 1.
    """

    title: str
    rows: dict[int, tuple[Raw, ...]]
    merged: tuple[tuple[int, int, int, int], ...] = ()
    hidden_rows: frozenset[int] = frozenset()


def read_bytes(path: Path) -> bytes:
    """The content of the file.

    Raises:
        UsageError: there is no such file, or it cannot be opened.
        InputRefusedError: the file is empty.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise UsageError(f"{path}: 文件不存在 / there is no such file") from None
    except OSError as problem:
        raise UsageError(f"{path}: 无法打开 / cannot be opened ({problem.strerror})") from None
    if not data:
        raise InputRefusedError(f"{path}: 文件是空的 / the file is empty")
    return data


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def read_sheets(data: bytes, path: Path) -> tuple[RawSheet, ...]:
    """Every worksheet of the workbook, in its order.

    Raises:
        InputRefusedError: the bytes are not a readable .xlsx workbook; the message says why.
    """
    _refuse_other_formats(data, path)
    try:
        with warnings.catch_warnings():
            # openpyxl warns of extensions it drops; nothing is written back, so nothing is lost.
            warnings.simplefilter("ignore")
            return _parse(data)
    except InputRefusedError:
        raise
    except Exception as problem:  # openpyxl raises whatever a damaged part leads to
        raise InputRefusedError(
            f"{path}: 文件已损坏或不是有效的 xlsx / damaged, or not a valid xlsx file ({problem})"
        ) from problem


_NEED_XLSX = "请在 Excel 或 WPS 中另存为 .xlsx / save it as .xlsx in Excel or WPS"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def _refuse_other_formats(data: bytes, path: Path) -> None:
    """Say what the file is where it is not an .xlsx workbook."""
    reason = ""
    if data.startswith(_OLE):
        encrypted = "EncryptedPackage".encode("utf-16-le") in data
        reason = (
            "文件已加密，请先取消密码 / the file is encrypted; remove its password first"
            if encrypted
            else f"这是旧格式 .xls；{_NEED_XLSX} (found an old .xls file)"
        )
    elif data.lstrip()[:1] == b"<":
        reason = f"这是网页或 XML，不是工作簿；{_NEED_XLSX} (found HTML or XML)"
    elif not data.startswith(b"PK"):
        reason = f"不是 xlsx 工作簿；{_NEED_XLSX} (not an xlsx workbook)"
    else:
        reason = _zip_problem(data)
    if reason:
        raise InputRefusedError(f"{path}: {reason}")


def _zip_problem(data: bytes) -> str:
    """Why a zip file is not an .xlsx workbook; "" if it looks like one."""
    try:
        with ZipFile(BytesIO(data)) as archive:
            parts = {info.filename: info.file_size for info in archive.infolist()}
    except BadZipFile:
        return "文件不完整，请重新复制或保存 / the file is truncated or damaged; copy or save it again"
    if "mimetype" in parts:
        return f"这是 .ods；{_NEED_XLSX} (found an OpenDocument file)"
    if "[Content_Types].xml" not in parts:
        return f"不是 xlsx 工作簿；{_NEED_XLSX} (a zip file, but not an xlsx workbook)"
    if sum(parts.values()) > MAX_UNPACKED_BYTES:
        return "文件解压后过大，拒绝读取 / the file unpacks to an unreasonable size and is refused"
    return ""


def _parse(data: bytes) -> tuple[RawSheet, ...]:
    reader = ExcelReader(BytesIO(data), read_only=True, data_only=True, keep_links=False)
    with reader.archive as archive:
        reader.read()
        parts = {sheet.name: rel.target for sheet, rel in reader.parser.find_sheets()}
        sheets = []
        for worksheet in reader.wb.worksheets:
            xml = _Xml(archive.read(parts[worksheet.title]))
            # A wrong <dimension> would cut rows off or invent millions of them.
            worksheet.reset_dimensions()
            unsaved = xml.unsaved_formulas()
            rows = {
                number: _trimmed(cells, unsaved.get(number, {}))
                for number, cells in enumerate(worksheet.iter_rows(), start=1)
                if cells
            }
            filled = {number: cells for number, cells in rows.items() if cells}
            sheets.append(RawSheet(worksheet.title, filled, xml.merged(), xml.hidden_rows()))
        return tuple(sheets)


def _trimmed(cells: tuple[object, ...], unsaved: dict[int, str]) -> tuple[Raw, ...]:
    """The row's values up to the last that is not blank."""
    values: list[Raw] = []
    length = 0
    for number, cell in enumerate(cells, start=1):
        value: Raw = cell.value  # type: ignore[attr-defined]
        if number in unsaved:
            value = CellError(unsaved[number], unsaved=True)
        elif value is not None and cell.data_type == "e":  # type: ignore[attr-defined]
            value = CellError(str(value))
        values.append(value)
        if value is not None:
            length = number
    return tuple(values[:length])


class _Xml:
    """The facts about a sheet that reading stored values leaves out."""

    _MERGED = re.compile(rb'<(?:\w+:)?mergeCell\b[^>]*\bref="([^"]+)"')
    _ROW = re.compile(rb"<(?:\w+:)?row\b([^>]*)>")
    _FORMULA = re.compile(
        rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b[^>]*?(?:/>|>([^<]*)</(?:\w+:)?f>)"
        rb"\s*(?:<(?:\w+:)?v\b[^>]*>([^<]*))?"
    )
    _REF = re.compile(rb'\br="([A-Z]+[0-9]+)"')

    def __init__(self, content: bytes) -> None:
        self._content = content

    def merged(self) -> tuple[tuple[int, int, int, int], ...]:
        found = (range_boundaries(ref.decode()) for ref in self._MERGED.findall(self._content))
        return tuple(sorted((c1, r1, c2, r2) for c1, r1, c2, r2 in found if c1 and r1 and c2 and r2))

    def hidden_rows(self) -> frozenset[int]:
        hidden = set()
        for attributes in self._ROW.findall(self._content):
            number = re.search(rb'\br="([0-9]+)"', attributes)
            if number and re.search(rb'\bhidden="(?:1|true)"', attributes):
                hidden.add(int(number[1]))
        return frozenset(hidden)

    def unsaved_formulas(self) -> dict[int, dict[int, str]]:
        """Row -> column -> formula, of formulas without a stored result. An empty text (t="str") is
        a result."""
        unsaved: dict[int, dict[int, str]] = {}
        for attributes, formula, value in self._FORMULA.findall(self._content):
            ref = self._REF.search(attributes)
            if value or ref is None or b't="str"' in attributes:
                continue
            row, column = coordinate_to_tuple(ref[1].decode())
            unsaved.setdefault(row, {})[column] = "=" + unescape(formula.decode("utf-8", "replace"))
        return unsaved
