"""Reading OpenDocument spreadsheets (.ods), as LibreOffice, Excel and WPS write them.

Streamed like .xlsx and for the same reasons; error values, merged cells and hidden rows are kept.
Attributes have the prefixes that the standard (OpenDocument 1.3, part 3) and every program uses.
"""

from __future__ import annotations

import math
import re
from datetime import date, datetime, time, timedelta

from portfolio.workbook.files.archive import Archive, whole
from portfolio.workbook.files.limits import MAX_ROWS, Budget, SheetBuilder, encrypted
from portfolio.workbook.files.raw import ERROR_CODES, CellError, Raw, RawSheet

_CONTENT = "content.xml"
_NUMBERS = frozenset({"float", "percentage", "currency"})
_LIBREOFFICE_ERROR = re.compile(r"Err:\d{3}")


def read(archive: Archive, budget: Budget) -> tuple[RawSheet, ...]:
    """Every sheet, in the order of the file."""
    _refuse_encrypted(archive)
    reader = _Reader(budget)
    starts = {
        "table": reader.start_table, "table-row": reader.start_row, "table-cell": reader.start_cell,
        "covered-table-cell": reader.start_cell, "annotation": reader.start_annotation,
        "p": reader.start_paragraph, "s": reader.spaces, "tab": reader.tab, "line-break": reader.line_break,
    }  # fmt: skip
    ends = {
        "table": reader.end_table, "table-row": reader.end_row, "table-cell": reader.end_cell,
        "covered-table-cell": reader.end_cell, "annotation": reader.end_annotation,
        "p": reader.end_paragraph,
    }  # fmt: skip
    archive.parse(_CONTENT, starts, ends, reader.text)
    return tuple(reader.sheets)


def _refuse_encrypted(archive: Archive) -> None:
    def encryption(_: dict[str, str]) -> None:
        raise encrypted()

    if "META-INF/manifest.xml" in archive:
        archive.parse("META-INF/manifest.xml", {"encryption-data": encryption}, {})


class _Reader:
    """Follows content.xml element by element; a table inside a cell is not read."""

    def __init__(self, budget: Budget) -> None:
        self.sheets: list[RawSheet] = []
        self._budget = budget
        self._tables = self._annotations = 0
        self._sheet: SheetBuilder | None = None
        self._row = self._column = 0
        self._row_count = 1
        self._hidden = False
        self._cells: dict[int, Raw] = {}
        self._cell: dict[str, str] = {}
        self._words: list[str] = []
        self._in_paragraph = False

    # --- tables and rows

    def start_table(self, attributes: dict[str, str]) -> None:
        self._tables += 1
        if self._tables > 1:
            return
        self._budget.sheets(len(self.sheets) + 1)
        self._sheet = SheetBuilder(attributes.get("table:name", ""), self._budget)
        self._row = 1

    def end_table(self) -> None:
        self._tables -= 1
        if self._tables == 0 and self._sheet is not None:
            self.sheets.append(self._sheet.sheet())
            self._sheet = None

    def start_row(self, attributes: dict[str, str]) -> None:
        if self._tables > 1:
            return
        self._row_count = whole(attributes.get("table:number-rows-repeated", ""), 1)
        self._hidden = attributes.get("table:visibility") in ("collapse", "filter")
        self._column = 1
        self._cells = {}

    def end_row(self) -> None:
        if self._tables > 1 or self._sheet is None:
            return
        if self._cells:
            # One more than allowed is enough to be refused.
            for number in range(self._row, self._row + min(self._row_count, MAX_ROWS + 1)):
                self._sheet.add_row(number, self._cells, hidden=self._hidden)
        self._row += self._row_count

    # --- cells

    def start_cell(self, attributes: dict[str, str]) -> None:
        if self._tables > 1:
            return
        self._cell = attributes
        self._words.clear()

    def end_cell(self) -> None:
        if self._tables > 1 or self._sheet is None:
            return
        cell = self._cell
        count = whole(cell.get("table:number-columns-repeated", ""), 1)
        value = self._value()
        if value is not None and value != "":
            # A value repeated far to the right is left out there; the first of them is told of.
            for column in range(self._column, self._column + min(count, 1000)):
                self._cells[column] = value
        if "table:number-columns-spanned" in cell or "table:number-rows-spanned" in cell:
            right = self._column + whole(cell.get("table:number-columns-spanned", ""), 1) - 1
            below = self._row + whole(cell.get("table:number-rows-spanned", ""), 1) - 1
            if right > self._column or below > self._row:
                self._sheet.add_merged((self._column, self._row, right, below))
        self._column += count

    def _value(self) -> Raw:
        kind = self._cell.get("office:value-type", "")
        shown = "".join(self._words)
        formula = self._cell.get("table:formula")
        if formula is not None and (shown in ERROR_CODES or _LIBREOFFICE_ERROR.fullmatch(shown)):
            return CellError(shown)
        if kind in _NUMBERS:
            return _number(self._cell.get("office:value", ""))
        if kind == "date":
            return _date(self._cell.get("office:date-value", ""))
        if kind == "time":
            return _time(self._cell.get("office:time-value", ""))
        if kind == "boolean":
            return self._cell.get("office:boolean-value") == "true"
        if kind == "string" or shown:
            return self._cell.get("office:string-value") or shown
        return None if formula is None else CellError(f"={formula.partition('=')[2]}"[:100], unsaved=True)

    # --- text

    def start_annotation(self, _: dict[str, str]) -> None:
        self._annotations += 1

    def end_annotation(self) -> None:
        self._annotations -= 1

    def start_paragraph(self, _: dict[str, str]) -> None:
        self._in_paragraph = True
        if self._words:
            self.text("\n")

    def end_paragraph(self) -> None:
        self._in_paragraph = False

    def spaces(self, attributes: dict[str, str]) -> None:
        self.text(" " * min(whole(attributes.get("text:c", ""), 1), 1000))

    def tab(self, _: dict[str, str]) -> None:
        self.text("\t")

    def line_break(self, _: dict[str, str]) -> None:
        self.text("\n")

    def text(self, text: str) -> None:
        if self._in_paragraph and not self._annotations and self._tables == 1:
            self._words.append(text)
            self._budget.text(text)


def _number(text: str) -> Raw:
    try:
        number = float(text)
    except ValueError:
        return CellError(text[:100])
    if not math.isfinite(number):
        return CellError(text[:100])
    return int(number) if number.is_integer() and abs(number) < 1e15 else number


def _date(text: str) -> Raw:
    try:
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    except ValueError:
        return CellError(text[:100])


_TIME = re.compile(r"(-?)PT?(\d{1,7})H(\d{1,2})M(\d{1,2})(?:[.,]\d+)?S")


def _time(text: str) -> Raw:
    """A time of the day such as PT03H04M00S, or a duration where it is longer than a day."""
    found = _TIME.fullmatch(text)
    if not found:
        return CellError(text[:100])
    length = timedelta(hours=int(found[2]), minutes=int(found[3]), seconds=int(found[4]))
    if found[1]:
        return -length
    return length if length >= timedelta(days=1) else time(int(found[2]), int(found[3]), int(found[4]))
