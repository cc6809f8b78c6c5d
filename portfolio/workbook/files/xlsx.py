"""Reading .xlsx and .xlsm: the values that Excel or WPS stored, and what stands around them.

A streaming reader of our own, because a general one either leaves out what an importer must know
(formulas that were never calculated, merged cells, hidden rows) or trusts the file with the memory.
Conforms to ECMA-376 part 1, transitional and strict; macros are never looked at.
"""

from __future__ import annotations

from openpyxl.styles.numbers import BUILTIN_FORMATS, is_date_format, is_timedelta_format

from portfolio.workbook.files.archive import Archive, local, relations, whole
from portfolio.workbook.files.limits import MAX_CELLS, Budget, damaged
from portfolio.workbook.files.raw import RawSheet
from portfolio.workbook.files.xlsx_sheet import Book, SheetReader, TextCollector

_CHINESE_DATES = frozenset({*range(27, 37), *range(50, 59)})
"""Built-in formats of Chinese Excel and WPS, such as yyyy年m月 (ECMA-376 part 1, 18.8.30)."""

_MAX_STYLES = 65_500
"""Excel allows 65,490."""


def read(archive: Archive, budget: Budget) -> tuple[RawSheet, ...]:
    """Every worksheet, in the order of the workbook."""
    book = _workbook_part(archive)
    targets = relations(archive, book)
    titles, from_1904 = _titles(archive, book, budget)
    parts = dict(targets.values())
    shared = Book(
        _strings(archive, parts["sharedStrings"], budget) if "sharedStrings" in parts else [],
        _dates(archive, parts["styles"]) if "styles" in parts else {},
        from_1904,
    )
    sheets = []
    for title, relation in titles:
        kind, target = targets.get(relation, ("", ""))
        if kind == "worksheet":
            sheets.append(SheetReader(title, shared, budget).read(archive, target))
        elif not kind:
            raise damaged(f"sheet {title[:100]} is missing")
    return tuple(sheets)


def _workbook_part(archive: Archive) -> str:
    documents = [target for kind, target in relations(archive, "").values() if kind == "officeDocument"]
    return documents[0] if documents else "xl/workbook.xml"


def _titles(archive: Archive, part: str, budget: Budget) -> tuple[list[tuple[str, str]], bool]:
    """(title, relationship id) of the sheets, and whether days are counted from 1904."""
    titles: list[tuple[str, str]] = []
    from_1904 = False

    def sheet(attributes: dict[str, str]) -> None:
        titles.append((attributes.get("name", ""), local(attributes, "id")))
        budget.sheets(len(titles))

    def properties(attributes: dict[str, str]) -> None:
        nonlocal from_1904
        from_1904 = attributes.get("date1904") in ("1", "true")

    archive.parse(part, {"sheet": sheet, "workbookPr": properties}, {})
    if not titles:
        raise damaged("no sheets")
    return titles, from_1904


def _dates(archive: Archive, part: str) -> dict[str, bool]:
    """The styles that make a number a date or time, by their number as text; True: a duration."""
    formats: dict[int, str] = dict(BUILTIN_FORMATS)
    styles: list[int] = []
    inside = False

    def number_format(attributes: dict[str, str]) -> None:
        if len(formats) < _MAX_STYLES:
            formats[whole(attributes.get("numFmtId", ""), -1)] = attributes.get("formatCode", "")

    def start_formats(_: dict[str, str]) -> None:
        nonlocal inside
        inside = True

    def end_formats() -> None:
        nonlocal inside
        inside = False

    def cell_format(attributes: dict[str, str]) -> None:
        if inside and len(styles) < _MAX_STYLES:
            styles.append(whole(attributes.get("numFmtId", ""), 0))

    starts = {"numFmt": number_format, "cellXfs": start_formats, "xf": cell_format}
    archive.parse(part, starts, {"cellXfs": end_formats})
    found: dict[str, bool] = {}
    for style, number in enumerate(styles):
        code = formats.get(number)
        if is_timedelta_format(code):
            found[str(style)] = True
        elif is_date_format(code) or (code is None and number in _CHINESE_DATES):
            found[str(style)] = False
    return found


def _strings(archive: Archive, part: str, budget: Budget) -> list[str]:
    """The texts that cells of every sheet share."""
    strings: list[str] = []
    text = TextCollector()

    def end_item() -> None:
        strings.append(text.take())
        budget.text(strings[-1])
        if len(strings) > MAX_CELLS:
            budget.cells(len(strings))

    archive.parse(
        part,
        {"t": text.start_text, "rPh": text.start_phonetic},
        {"t": text.stop, "rPh": text.end_phonetic, "si": end_item},
        text.add,
    )
    return strings
