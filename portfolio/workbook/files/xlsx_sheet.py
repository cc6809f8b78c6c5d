"""One worksheet of an .xlsx file: its cells, merged regions and hidden rows.

Every cell passes through here, so the handlers do as little as they can.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from openpyxl.utils.cell import column_index_from_string, range_boundaries
from openpyxl.utils.datetime import MAC_EPOCH, WINDOWS_EPOCH, from_excel

from portfolio.workbook.files.archive import Archive, whole
from portfolio.workbook.files.limits import Budget, SheetBuilder, UnreadableError, damaged
from portfolio.workbook.files.raw import LAST_COLUMN, LAST_ROW, CellError, Raw, RawSheet

_MAX_PIECES = 1000
"""The parser hands over a text in pieces of at most 64 kB; a cell of Excel holds 32,767 characters."""
_MAX_DIGITS = 60


@dataclass(frozen=True, slots=True)
class Book:
    """What the cells of every sheet refer to.

    `dates` has the styles, by their number as text, that make a number a date or a time; True: a
    duration. `from_1904`: days are counted from 1904, as old Macs did.
    """

    strings: list[str]
    dates: Mapping[str, bool]
    from_1904: bool


class TextCollector:
    """Collects the text of the elements that are listened to."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self.into: list[str] | None = None
        self._phonetic = False

    def start_text(self, _: dict[str, str]) -> None:
        self.into = None if self._phonetic else self.pieces

    def stop(self) -> None:
        self.into = None

    def start_phonetic(self, _: dict[str, str]) -> None:
        """Guides to pronunciation stand beside a text and are no part of it."""
        self._phonetic = True

    def end_phonetic(self) -> None:
        self._phonetic = False

    def add(self, text: str) -> None:
        if self.into is not None:
            self.into.append(text)
            if len(self.into) > _MAX_PIECES:
                raise UnreadableError(
                    "有的单元格文字过长，拒绝读取", "a cell holds an unreasonable text; refused"
                )

    def take(self) -> str:
        text = "".join(self.pieces)
        self.pieces.clear()
        # Excel writes a typed _x0041_ as _x005F_x0041_.
        return text.replace("_x005F_", "_") if "_x005F_" in text else text


class SheetReader:
    """Reads the part of one worksheet, element by element."""

    def __init__(self, title: str, book: Book, budget: Budget) -> None:
        self._title, self._book, self._budget = title[:100], book, budget
        self._epoch = MAC_EPOCH if book.from_1904 else WINDOWS_EPOCH
        self._sheet = SheetBuilder(title, budget)
        self._row = self._column = 0
        self._hidden = False
        self._cells: dict[int, Raw] = {}
        self._columns: dict[str, int] = {}
        self._text = TextCollector()
        self._type = self._style = ""
        self._formula: list[str] | None = None

    def read(self, archive: Archive, part: str) -> RawSheet:
        text = self._text
        starts = {
            "row": self._start_row, "c": self._start_cell, "v": text.start_text, "t": text.start_text,
            "f": self._start_formula, "rPh": text.start_phonetic, "mergeCell": self._merge,
        }  # fmt: skip
        ends = {
            "row": self._end_row, "c": self._end_cell, "v": text.stop, "t": text.stop, "f": text.stop,
            "rPh": text.end_phonetic,
        }  # fmt: skip
        archive.parse(part, starts, ends, text.add)
        return self._sheet.sheet()

    def _start_row(self, attributes: dict[str, str]) -> None:
        number = attributes.get("r")
        self._row = self._row + 1 if number is None else whole(number, 0)
        if not 1 <= self._row <= LAST_ROW:
            raise damaged(f"{self._title}: row {(number or str(self._row))[:20]}")
        self._hidden = attributes.get("hidden") in ("1", "true")
        self._column = 0

    def _end_row(self) -> None:
        if self._cells:
            self._sheet.add_row(self._row, self._cells, hidden=self._hidden)
            self._cells = {}

    def _start_cell(self, attributes: dict[str, str]) -> None:
        place = attributes.get("r")
        if place is None:
            self._column += 1
        else:
            letters = place.rstrip("0123456789")
            self._column = self._columns.get(letters) or self._column_number(letters)
        self._type = attributes.get("t", "n")
        self._style = attributes.get("s", "")
        self._formula = None
        self._text.pieces.clear()

    def _column_number(self, letters: str) -> int:
        number = column_index_from_string(letters) if re.fullmatch("[A-Z]{1,3}", letters) else 0
        if not 1 <= number <= LAST_COLUMN:
            raise damaged(f"{self._title}: cell {letters[:20]}{self._row}")
        self._columns[letters] = number
        return number

    def _start_formula(self, _: dict[str, str]) -> None:
        self._text.into = self._formula = []

    def _end_cell(self) -> None:
        text = self._text.take()
        if text:
            self._cells[self._column] = self._value(text)
        elif self._formula is not None and self._type != "str":
            self._cells[self._column] = CellError("=" + "".join(self._formula)[:100], unsaved=True)

    def _value(self, text: str) -> Raw:
        """The value by the type of the cell (ECMA-376 part 1, 18.18.11)."""
        if self._type == "n":
            return self._number(text)
        if self._type == "s":
            return self._shared(text)
        if self._type == "inlineStr" or self._type == "str":
            self._budget.text(text)
            return text
        if self._type == "b":
            return text.strip() in ("1", "true")
        return _iso_date(text) if self._type == "d" else CellError(text[:100])

    def _shared(self, text: str) -> str:
        try:
            index = int(text)
            if index >= 0:
                return self._book.strings[index]
        except (ValueError, IndexError):
            pass
        where = f"{self._title}: row {self._row}, column {self._column}"
        raise damaged(f"{where} refers to a text that is not there")

    def _number(self, text: str) -> Raw:
        """A number, or by its style a date, a time or a duration. A date out of range stays a number."""
        try:
            number = float(text) if "." in text or "E" in text or "e" in text else int(text)
        except ValueError:
            return CellError(text[:100])
        if len(text) > _MAX_DIGITS or "_" in text or not math.isfinite(number):
            return CellError(text[:100])
        duration = self._book.dates.get(self._style)
        if duration is None:
            return number
        try:
            found: Raw = from_excel(number, self._epoch, timedelta=duration)
        except (OverflowError, ValueError):
            return number
        return found

    def _merge(self, attributes: dict[str, str]) -> None:
        try:
            c1, r1, c2, r2 = range_boundaries(attributes.get("ref", ""))
        except ValueError:
            raise damaged(f"{self._title}: merged cells") from None
        if c1 and r1 and c2 and r2 and c1 <= c2 and r1 <= r2:
            self._sheet.add_merged((c1, r1, c2, r2))


def _iso_date(text: str) -> Raw:
    """A date of strict Open XML, such as 2026-03-01 or 2026-03-01T12:30:00."""
    try:
        return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)
    except ValueError:
        return CellError(text[:100])
