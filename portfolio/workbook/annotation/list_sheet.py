"""The first sheet of a checked copy: every problem, with a link to its cell."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from openpyxl.utils import get_column_letter, quote_sheetname

from portfolio.domain.notice import Notice, Severity
from portfolio.workbook.annotation.formats import Formats
from portfolio.workbook.annotation.marks import (
    COLOURS,
    ORDER,
    WORDS,
    Place,
    counts,
    find_place,
    listed,
    severity_word,
)
from portfolio.workbook.annotation.xmltext import content, plain, quoted
from portfolio.workbook.layout import CHECK_TITLE, SHEETS
from portfolio.workbook.styles import A4, FONT, NAVY, text_width
from portfolio.workbook.words import both_ways, fold

TAB_COLOUR = f"FF{COLOURS[Severity.ERROR]}"
START = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<!-- school-portfolio: as written -->\n'
"""How the sheet's part begins as long as no other program has saved the file: comments do not survive."""

_COLUMNS = (
    ("序号\nNo.", 6),
    ("级别\nSeverity", 17),
    ("位置（点击跳转）\nPlace (click to go)", 26),
    ("列\nColumn", 19),
    ("找到\nFound", 20),
    ("说明和改法", 46),
    ("What to write instead", 46),
)
"""Header, and width in characters."""

_HEADER_ROW = 4
_LONGEST = 300
_LINE_POINTS, _TALLEST = 15.5, 400
_DARK = {Severity.ERROR: "B00E29", Severity.WARNING: "994500", Severity.NOTICE: "1F5A94"}
_PALE = {Severity.ERROR: "FBE3E6", Severity.WARNING: "FDEFD9", Severity.NOTICE: "E3EDF8"}


@dataclass(frozen=True, slots=True)
class ListSheet:
    """The sheet's XML, and the ranges that workbook.xml names for it."""

    xml: bytes
    names: dict[str, str]


@dataclass(frozen=True, slots=True)
class _Looks:
    """Format numbers."""

    title: int
    text: int
    header: int
    cell: int
    number: int
    link: int
    severities: Mapping[Severity, int]


def list_sheet(
    notices: Sequence[Notice], titles: Sequence[str], formats: Formats, *, title: str, file_name: str
) -> ListSheet:
    """The list of problems of the workbook whose sheets are `titles`. `title` is its own."""
    looks = _looks(formats)
    shown = listed(notices)
    rows = [
        _row(number, notice, find_place(notice.place, titles), looks)
        for number, notice in enumerate(shown, start=1)
    ]
    last = max(_HEADER_ROW + len(rows), _HEADER_ROW + 1)
    if more := len(notices) - len(shown):
        text = (
            f"另有 {more} 处未列出、未标记；改好以上各处再导入 / {more} more are neither listed nor marked;"
            " mend these and import again"
        )
        rows.append(f'<row r="{last + 1}">{_text(last + 1, 1, text, looks.text)}</row>')
    sheet = quote_sheetname(title)
    names = {
        "_xlnm._FilterDatabase": f"{sheet}!$A${_HEADER_ROW}:$G${last}",
        "_xlnm.Print_Titles": f"{sheet}!${_HEADER_ROW}:${_HEADER_ROW}",
    }
    head = _head(notices, file_name, looks)
    xml = _worksheet(head + "".join(rows), last, _links(shown, titles))
    return ListSheet(START + xml.encode(), names)


def _looks(formats: Formats) -> _Looks:
    def font(more: str = "", colour: str = "FF262626", size: int = 10) -> str:
        return f'{more}<sz val="{size}"/><color rgb="{colour}"/><name val="{FONT}"/><family val="2"/><charset val="134"/>'

    def fill(colour: str) -> str:
        return f'<fgColor rgb="FF{colour}"/><bgColor indexed="64"/>'

    line = "".join(
        f'<{side} style="thin"><color rgb="FFBFBFBF"/></{side}>'
        for side in ("left", "right", "top", "bottom")
    )
    left = 'horizontal="left" vertical="center" indent="1" wrapText="1"'
    centre = 'horizontal="center" vertical="center" wrapText="1"'
    white = font("<b/>", "FFFFFFFF")
    return _Looks(
        title=formats.add(font("<b/>", f"FF{NAVY}", 16), alignment='vertical="center"'),
        text=formats.add(font(), alignment='vertical="center"'),
        header=formats.add(white, fill(NAVY), line, centre),
        cell=formats.add(font(), border=line, alignment=left),
        number=formats.add(font(), border=line, alignment=centre),
        link=formats.add(font("<u/>", "FF0563C1"), border=line, alignment=left),
        severities={
            severity: formats.add(font("<b/>", f"FF{_DARK[severity]}"), fill(_PALE[severity]), line, centre)
            for severity in ORDER
        },
    )


def _head(notices: Sequence[Notice], file_name: str, looks: _Looks) -> str:
    """The title, the counts, what to do, and the header of the table."""
    found = counts(notices)
    zh = "，".join(f"{WORDS[severity].zh} {count}" for severity, count in found.items())
    en = ", ".join(f"{WORDS[severity].en}s {count}" for severity, count in found.items())
    stored = ("；有错误，未存入任何数据", "; nothing was stored") if found[Severity.ERROR] else ("", "")
    lines = (
        (f"{CHECK_TITLE}　{file_name}".strip(), looks.title, 28),
        (f"{zh}{stored[0]} / {en}{stored[1]}", looks.text, 18),
        (
            "这是副本，原文件未改动：改原文件；或改这里，另存为原文件名，再导入 / A copy: mend your own file, or this one and save it under its name.",
            looks.text,
            18,
        ),
    )
    rows = [
        f'<row r="{number}" ht="{height}" customHeight="1">{_text(number, 1, text, look)}</row>'
        for number, (text, look, height) in enumerate(lines, start=1)
    ]
    cells = "".join(
        _text(_HEADER_ROW, column, name, looks.header) for column, (name, _) in enumerate(_COLUMNS, start=1)
    )
    return "".join(rows) + f'<row r="{_HEADER_ROW}" ht="34" customHeight="1">{cells}</row>'


def _row(number: int, notice: Notice, place: Place | None, looks: _Looks) -> str:
    row = _HEADER_ROW + number
    label = _label(place.sheet, notice.column) if place else ""
    zh, en = notice.text
    texts = (
        (severity_word(notice.severity), looks.severities[notice.severity]),
        (notice.place, looks.link if place else looks.cell),
        (label if notice.column in label else f"{label}\n{notice.column}".strip(), looks.cell),
        (_shortened(notice.found), looks.cell),
        (zh or en, looks.cell),
        (en or zh, looks.cell),
    )
    widths = [width for _, width in _COLUMNS[1:]]
    lines = max(_lines(text, width) for (text, _), width in zip(texts, widths, strict=True))
    height = min(_TALLEST, lines * _LINE_POINTS + 4)
    cells = "".join(_text(row, column, text, look) for column, (text, look) in enumerate(texts, start=2))
    first = f'<c r="A{row}" s="{looks.number}"><v>{number}</v></c>'
    return f'<row r="{row}" ht="{height:g}" customHeight="1">{first}{cells}</row>'


def _label(title: str, key: str) -> str:
    """The Chinese header of a column of the sheet with this title; "" for one that is not known."""
    for sheet in SHEETS:
        if fold(title) in both_ways(sheet.zh, sheet.en):
            try:
                return sheet.column(key).zh
            except KeyError:
                return ""
    return ""


def _shortened(text: str) -> str:
    return f"{text[:_LONGEST]}…" if len(text) > _LONGEST else text


def _lines(text: str, width: float) -> int:
    return sum(max(1, math.ceil(text_width(line) / (width - 2))) for line in plain(text).split("\n"))


def _text(row: int, column: int, text: str, look: int) -> str:
    """A cell with its text in place. It stays text, whatever it begins with."""
    reference = f"{get_column_letter(column)}{row}"
    inner = f'<is><t xml:space="preserve">{content(text)}</t></is>'
    return f'<c r="{reference}" s="{look}" t="inlineStr">{inner}</c>'


def _links(shown: Sequence[Notice], titles: Sequence[str]) -> str:
    links = []
    for row, notice in enumerate(shown, start=_HEADER_ROW + 1):
        place = find_place(notice.place, titles)
        if place is not None:
            cell = f"{get_column_letter(place.cell[1])}{place.cell[0]}" if place.cell else "A1"
            target = quoted(f"{quote_sheetname(place.sheet)}!{cell}")
            links.append(f'<hyperlink ref="C{row}" location={target} display={quoted(notice.place)}/>')
    return f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else ""


def _worksheet(rows: str, last: int, links: str) -> str:
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, (_, width) in enumerate(_COLUMNS, start=1)
    )
    return (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        f'<sheetPr><tabColor rgb="{TAB_COLOUR}"/><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<dimension ref="A1:G{last}"/>'
        '<sheetViews><sheetView showGridLines="0" tabSelected="1" workbookViewId="0">'
        f'<pane ySplit="{_HEADER_ROW}" topLeftCell="A{_HEADER_ROW + 1}" activePane="bottomLeft" state="frozen"/>'
        f'<selection pane="bottomLeft" activeCell="C{_HEADER_ROW + 1}" sqref="C{_HEADER_ROW + 1}"/>'
        '</sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>'
        f"<cols>{columns}</cols><sheetData>{rows}</sheetData>"
        f'<autoFilter ref="A{_HEADER_ROW}:G{last}"/>{links}'
        '<pageMargins left="0.4" right="0.4" top="0.5" bottom="0.6" header="0.3" footer="0.3"/>'
        f'<pageSetup paperSize="{A4}" orientation="landscape" fitToHeight="0"/>'
        "<headerFooter><oddFooter>&amp;L&amp;F&amp;R&amp;P / &amp;N</oddFooter></headerFooter></worksheet>"
    )
