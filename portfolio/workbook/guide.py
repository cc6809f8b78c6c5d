"""The first sheet of the input workbook: how to fill it in, in Chinese and English, and how far it is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import quote_sheetname
from xlsxwriter.worksheet import Worksheet

from portfolio.domain.text import Text
from portfolio.workbook.facts import Facts
from portfolio.workbook.formulas import Columns
from portfolio.workbook.guide_words import ASK, COLOURS, COUNTS, SECTIONS, SUBTITLE, TITLE
from portfolio.workbook.layout import GUIDE_TITLE, LISTS_TITLE
from portfolio.workbook.revision import Revision
from portfolio.workbook.styles import A4, NAVY, ORANGE, Styles, set_up_print, text_width
from portfolio.workbook.table_sheet import TableSheet

_WIDTHS = (36.0, 70.0, 76.0, 12.0, 14.0)
_LAST = len(_WIDTHS) - 1
_LINE = "D9D9D9"


def add_guide(
    book: xlsxwriter.Workbook,
    styles: Styles,
    tables: Sequence[TableSheet],
    facts: Facts,
    revision: Revision | None = None,
) -> None:
    """Write the guide: what each sheet is for and how far it is, colours, units, blanks, how to run, whom to
    ask, and the revision."""
    _Guide(book, styles).write(tables, facts, revision)


class _Guide:
    def __init__(self, book: xlsxwriter.Workbook, styles: Styles) -> None:
        self._sheet: Worksheet = book.add_worksheet(GUIDE_TITLE)
        self._styles = styles
        self._row = 0

    def write(self, tables: Sequence[TableSheet], facts: Facts, revision: Revision | None) -> None:
        self._sheet.hide_gridlines(2)
        self._sheet.set_tab_color("#A6A6A6")
        for number, width in enumerate(_WIDTHS):
            self._sheet.set_column(number, number, width)
        self._title(revision)
        self._sheets(tables, facts)
        self._colours()
        for heading, lines in SECTIONS:
            self._heading(heading)
            for label, line in lines:
                self._line(f"{label.zh} {label.en}", line)
            self._row += 1
        self._ask()
        set_up_print(self._sheet, A4)
        self._sheet.set_portrait()
        self._sheet.fit_to_pages(1, 1)

    def _title(self, revision: Revision | None) -> None:
        self._sheet.set_row(0, 36)
        self._sheet.write_string(0, 0, TITLE, self._styles.plain(font_size=18, bold=True, font_color=NAVY))
        self._sheet.write_string(1, 0, SUBTITLE, self._styles.plain(font_size=11, font_color="595959"))
        if revision:
            small = self._styles.plain(font_size=9, font_color="595959")
            self._sheet.write_string(2, 0, revision.label.pick("both"), small)
        self._row = 3

    def _heading(self, text: Text, *more: str) -> None:
        style = self._styles.plain(font_size=11, bold=True, font_color="FFFFFF", bg_color=NAVY)
        centred = self._styles.plain(bold=True, font_color="FFFFFF", bg_color=NAVY, align="center")
        words = [f"{text.zh} {text.en}", "", "", *more]
        self._sheet.set_row(self._row, 22)
        for number in range(len(_WIDTHS)):
            word = words[number] if number < len(words) else ""
            self._sheet.write_string(self._row, number, word, centred if number > 2 else style)
        self._row += 1

    def _line(self, label: str, text: Text, style: Format | None = None) -> None:
        """A label, and a text in both languages; the row is as high as the longer one."""
        face = self._styles.plain(text_wrap=True, bottom=1, bottom_color=_LINE)
        for number, words in enumerate((label, text.zh, text.en, "", "")):
            self._sheet.write_string(self._row, number, words, style if style and number == 0 else face)
        lines = max(text_width(text.zh) / _WIDTHS[1], 0.9 * text_width(text.en) / _WIDTHS[2])
        self._sheet.set_row(self._row, 21 if lines <= 1 else 37)
        self._row += 1

    def _sheets(self, tables: Sequence[TableSheet], facts: Facts) -> None:
        """A line a sheet, with a link, its rows, and how many of them the check complains of."""
        self._heading(Text("工作表", "Sheets"), *COUNTS)
        first = self._row
        for table in tables:
            layout = table.layout
            needed = (
                Text("（排期必需）", " (needed to schedule)") if layout.needed_to_schedule else Text("", "")
            )
            self._link(layout.title, Text(layout.about.zh + needed.zh, layout.about.en + needed.en))
            self._counts(table.columns, len(table.records), table.said(facts))
        rule: Mapping[str, Any] = {
            "type": "cell",
            "criteria": ">",
            "value": 0,
            "format": self._styles.mark(ORANGE),
        }
        self._sheet.conditional_format(first, _LAST, self._row - 1, _LAST, dict(rule))
        self._link(
            LISTS_TITLE,
            Text(
                "下拉选项的取值；区县和片区随所填自动增加",
                "the values of the drop-downs; counties and zones grow with what is typed",
            ),
        )
        self._row += 1

    def _link(self, title: str, text: Text) -> None:
        style = self._styles.plain(font_color="2F5597", underline=1, bottom=1, bottom_color=_LINE)
        self._line(title, text)
        self._sheet.write_url(self._row - 1, 0, f"internal:{quote_sheetname(title)}!A1", style, title)

    def _counts(self, columns: Columns, rows: int, complaints: int) -> None:
        style = self._styles.plain(align="center", bottom=1, bottom_color=_LINE, num_format="#,##0;-#,##0;–")
        check = columns.whole("check")
        for number, formula, value in (
            (_LAST - 1, f'COUNTIF({check},"?*")', rows),
            (_LAST, f'COUNTIFS({check},"?*",{check},"<>OK")', complaints),
        ):
            self._sheet.write_formula(self._row - 1, number, f"={formula}", style, value)

    def _colours(self) -> None:
        self._heading(Text("颜色", "Colours"))
        for colour, text in COLOURS:
            self._line("", text, self._styles.plain(bg_color=colour, top=2, bottom=2, border_color="FFFFFF"))
        self._row += 1

    def _ask(self) -> None:
        """Whom to ask: lines to fill in, with what belongs there."""
        heading, lines = ASK
        self._heading(heading)
        blank = self._styles.plain(bottom=1, bottom_color="7F7F7F", bg_color="FFFBE6")
        label = self._styles.plain(font_color=NAVY)
        for name, text in lines:
            self._line(f"{name.zh} {name.en}", text, label)
            if not text.zh:
                self._sheet.write_blank(self._row - 1, 1, None, blank)
