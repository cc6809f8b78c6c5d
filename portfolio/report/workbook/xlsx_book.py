"""XlsxWriter's workbook with named cell styles, plain sheets, and text that nothing takes for markup."""
# ruff: noqa: SLF001  # as in xlsx_sheet

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from io import StringIO, TextIOWrapper
from typing import Any

import xlsxwriter
from xlsxwriter.packager import Packager
from xlsxwriter.sharedstrings import SharedStrings

from portfolio.report.workbook.xlsx_sheet import KEPT, Sheet, escaped, preserved
from portfolio.report.workbook.xlsx_styles import CellFormat, StyleSheet


class Book(xlsxwriter.Workbook):  # type: ignore[misc]
    """A workbook; `add_style` before the formats that belong to the style."""

    worksheet_class = Sheet

    def __init__(self, filename: str, options: Mapping[str, Any]) -> None:
        self.named: dict[str, CellFormat] = {}
        super().__init__(filename, {**options, "in_memory": True})

    def __exit__(self, kind: type[BaseException] | None, *rest: object) -> None:
        """Nothing is written when an exception ends the work."""
        try:
            if kind is None:
                self.close()
        finally:
            self.fileclosed = True
            for sheet in self.worksheets():
                sheet.forget()

    def add_style(self, name: str, properties: Mapping[str, Any]) -> int:
        """A named cell style of all `properties`; returns the `xf_id` for the formats of its cells."""
        number = len(self.named) + 1
        self.named[name] = style = self.add_format(properties, number)
        style._get_xf_index()
        return number

    def add_format(self, properties: Mapping[str, Any] | None = None, xf_id: int = 0) -> CellFormat:
        """A format of the named style `xf_id`; 0 stands for Normal."""
        merged = {**self.default_format_properties, **(properties or {})}
        made = CellFormat(merged, self.xf_format_indices, self.dxf_format_indices)
        made.xf_id = made.xf_id or xf_id
        self.formats.append(made)
        return made

    def finish(self, sheet: Sheet) -> None:
        """Put the rows of a sheet aside; its charts, which store what their cells show, keep theirs."""
        needed: set[int] = set()
        for _, _, chart, *_ in sheet.charts:
            for part in (chart, chart.combined):
                for reference in part.formula_ids if part else ():
                    name, cells = self._get_chart_range(reference)
                    if name == sheet.name:
                        needed |= set(range(cells[0], cells[2] + 1))
        sheet.put_aside(needed)

    def _get_packager(self) -> Packager:
        return _Packager()


class _Packager(Packager):  # type: ignore[misc]
    """Writes the parts of the file, two of them in our own way, to where large ones are not in memory."""

    def _filename(self, xml_filename: str) -> _Part:
        part = _Part()
        self.filenames.append((part, xml_filename, True))
        return part

    def _write_styles_file(self) -> None:
        book = self.workbook
        styles = StyleSheet(book.named)
        styles._set_style_properties(
            [
                book.xf_formats, book.palette, book.font_count, book.num_formats, book.border_count,
                book.fill_count, book.custom_colors, book.dxf_formats, book.has_comments,
            ]
        )  # fmt: skip
        styles._set_xml_writer(self._filename("xl/styles.xml"))
        styles._assemble_xml_file()

    def _write_shared_strings_file(self) -> None:
        table = self.workbook.str_table
        if not table.count:
            return
        strings = _Strings(set().union(*(sheet.rich for sheet in self.workbook.worksheets())))
        strings.string_table = table
        strings._set_xml_writer(self._filename("xl/sharedStrings.xml"))
        strings._assemble_xml_file()


class _Part(StringIO):
    """A part while it is written: XlsxWriter's own are in memory twice over, or in a thousand files."""

    def __init__(self) -> None:
        super().__init__()
        self._file = tempfile.SpooledTemporaryFile(KEPT)  # noqa: SIM115  # closed once it is read
        self._text = TextIOWrapper(self._file, "utf-8", newline="\n")
        self.write = self._text.write  # type: ignore[method-assign]  # called for every tag

    def getvalue(self) -> bytes:  # type: ignore[override]  # the parts of this packager are binary
        self._text.flush()
        self._file.seek(0)
        with self._file:
            return self._file.read()


class _Strings(SharedStrings):  # type: ignore[misc]
    """XlsxWriter writes any text from `<r>` to `</r>` as markup; here only what is rich text."""

    def __init__(self, rich: set[int]) -> None:
        super().__init__()
        self._rich = rich

    def _write_sst_strings(self) -> None:
        for number, text in enumerate(self.string_table.string_array):
            if number in self._rich:
                self._xml_rich_si_element(text)
            else:
                self.fh.write(f"<si><t{preserved(text)}>{escaped(text)}</t></si>")
