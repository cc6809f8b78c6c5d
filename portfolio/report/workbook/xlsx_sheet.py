"""A worksheet of very many plain cells, which are put aside when the sheet is done.

XlsxWriter looks through every formula for thirty functions younger than Excel 2013, asks of every row for
every column, and keeps the cells of all sheets until the end. A plan of 20,000 projects has 2.5 million
cells, half a million of them formulas: without all that it takes a third of the time and less than half
of the memory (docs/benchmarks.md).
"""
# ruff: noqa: SLF001  # a subclass of XlsxWriter's classes, whose methods for subclasses have no public names

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterable
from functools import cache
from io import StringIO
from types import MappingProxyType
from typing import IO, Any

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import (
    CellBlankTuple,
    CellFormulaTuple,
    CellNumberTuple,
    CellRichStringTuple,
    CellStringTuple,
    Worksheet,
)
from xlsxwriter.xmlwriter import XMLwriter

KEPT = 1 << 20
"""Bytes of a finished sheet that stay in memory; a larger one goes to a file without a name."""

_column = cache(xl_col_to_name)


class Sheet(Worksheet):  # type: ignore[misc]
    """Formulas may use functions of Excel 2007 only, and are taken as they are: text that they quote is
    never mistaken for a function."""

    def __init__(self) -> None:
        super().__init__()
        self.table: Any
        self.row_info: dict[int, Any]
        self.table_cells: dict[tuple[int, int], Any]
        self.rich: set[int] = set()
        """The shared strings that are runs of text in several fonts."""
        self._fonts: dict[Any, str] = {}
        self._rows: IO[str] | None = None

    def put_aside(self, needed: Iterable[int] = ()) -> None:
        """Render the rows and forget their cells, but for the rows `needed` by charts. No cell may be
        written after this."""
        self.fh = tempfile.SpooledTemporaryFile(KEPT, "w+", encoding="utf-8", newline="")  # noqa: SIM115
        self._write_rows()
        self._rows = self.fh
        kept = {row: MappingProxyType(self.table[row]) for row in needed if row in self.table}
        self.table = MappingProxyType(kept)
        self.row_info, self.table_cells = {}, {}

    def forget(self) -> None:
        """Let go of the rows that were put aside."""
        if self._rows:
            self._rows.close()

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002
        return formula.removeprefix("=")

    def _write_formula(
        self, row: int, col: int, formula: str, cell_format: Any = None, value: float | str = 0
    ) -> int:
        refused = int(self._check_dimensions(row, col))
        if not refused:
            self.table[row][col] = CellFormulaTuple(formula.removeprefix("="), cell_format, value)
        return refused

    def _write_rich_string(self, row: int, col: int, *args: Any) -> int:
        """Pairs of a font's format and its text, then the format of the cell."""
        *runs, cell_format = args
        fonts, texts = runs[::2], runs[1::2]
        xml = "".join(
            f"<r>{self._font(font)}<t{preserved(text)}>{escaped(text)}</t></r>"
            for font, text in zip(fonts, texts, strict=True)
        )
        refused = int(self._check_dimensions(row, col))
        if not refused:
            index = self.str_table._get_shared_string_index(xml)
            self.rich.add(index)
            self.table[row][col] = CellRichStringTuple(index, cell_format, "".join(texts))
        return refused

    def _font(self, font: Any) -> str:
        if font not in self._fonts:
            self.rstring = XMLwriter()
            self.rstring._set_filehandle(StringIO())
            self._write_font(font)
            self._fonts[font] = self.rstring.fh.getvalue()
        return self._fonts[font]

    # Cells are named by row and column, never as A1: so without the look at each call's arguments.
    write_blank = Worksheet._write_blank
    write_formula = _write_formula
    write_number = Worksheet._write_number
    write_rich_string = _write_rich_string
    write_string = Worksheet._write_string

    def _write_rows(self) -> None:
        if self._rows:
            self._rows.seek(0)
            shutil.copyfileobj(self._rows, self.fh)
            return
        for row in sorted(self.table.keys() | self.row_info.keys()):
            cells, info = self.table.get(row), self.row_info.get(row)
            if cells:
                self._write_row(row, None, info)
                self._write_cells(row, sorted(cells.items()))
                self._xml_end_tag("row")
            elif info:
                self._write_empty_row(row, None, info)

    def _write_cells(self, row: int, cells: list[tuple[int, Any]]) -> None:
        number = row + 1
        ready: list[str] = []
        for col, cell in cells:
            if cell.format is None or (xml := self._cell(cell)) is None:
                self.fh.write("".join(ready))
                ready.clear()
                self._write_cell(row, col, cell)  # the rare kinds, by XlsxWriter
            else:
                style = cell.format.xf_index or cell.format._get_xf_index()
                ready.append(f'<c r="{_column(col)}{number}" s="{style}"{xml}')
        self.fh.write("".join(ready))

    def _cell(self, cell: Any) -> str | None:
        """What follows the style of a cell; None for a kind that is not known here."""
        kind = type(cell)
        if kind is CellNumberTuple:
            return f"><v>{cell.number:.16G}</v></c>"
        if kind is CellStringTuple or kind is CellRichStringTuple:
            return f' t="s"><v>{cell.string}</v></c>'
        if kind is CellBlankTuple:
            return "/>"
        if kind is CellFormulaTuple and not isinstance(cell.value, bool):
            formula, value = escaped(cell.formula), cell.value
            if isinstance(value, str):
                return f' t="str"><f>{formula}</f><v>{escaped(value)}</v></c>'
            return f"><f>{formula}</f><v>{value}</v></c>"
        return None


_NOT_XML = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_CODED = re.compile(f"{_NOT_XML.pattern}|_x[0-9a-fA-F]{{4}}_")


def for_attribute(text: str) -> str:
    """Text without what no attribute of XML may hold; unlike cells, attributes have no codes for that."""
    return _NOT_XML.sub("", text)


def preserved(text: str) -> str:
    """The mark of a text that begins or ends with a blank or a new line."""
    return ' xml:space="preserve"' if text != text.strip() else ""


def escaped(text: str) -> str:
    """Text as it stands between tags. XlsxWriter lets the control characters of formulas through, and
    no program opens such a file."""
    if _CODED.search(text):
        text = Worksheet._escape_control_characters(text)
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
