"""Which cells to mark: the notices by sheet and cell, the worst first, with limits."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from openpyxl.utils.cell import column_index_from_string

from portfolio.domain.notice import Notice, Severity
from portfolio.domain.text import Text

Cell = tuple[int, int]
"""Row and column, from 1."""

MAX_LISTED = 5_000
"""A file with more problems than this stays usable: the worst are listed and marked, the rest counted."""

ORDER = (Severity.ERROR, Severity.WARNING, Severity.NOTICE)
WORDS = {
    Severity.ERROR: Text("错误", "error"),
    Severity.WARNING: Text("警告", "warning"),
    Severity.NOTICE: Text("提示", "notice"),
}
SYMBOLS = {Severity.ERROR: "✖", Severity.WARNING: "▲", Severity.NOTICE: "●"}
"""Severities must differ without colour too."""

COLOURS = {Severity.ERROR: "C8102F", Severity.WARNING: "D9730D", Severity.NOTICE: "2F6FB7"}
"""RGB. A little off the colours that Excel offers, so that marks of an earlier check are known."""

_CELL = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
LAST_ROW, LAST_COLUMN = 1_048_576, 16_384


@dataclass(frozen=True, slots=True)
class Place:
    """A cell of a sheet, or (`cell` None) the sheet as a whole."""

    sheet: str
    cell: Cell | None = None


def find_place(place: str, titles: Iterable[str]) -> Place | None:
    """What `Sheet!D17` or a sheet's title names; None if it is neither."""
    if place in titles:
        return Place(place)
    title, _, reference = place.rpartition("!")
    found = _CELL.fullmatch(reference)
    if title not in titles or found is None:
        return None
    row, column = int(found[2]), column_index_from_string(found[1])
    return Place(title, (row, column)) if row <= LAST_ROW and column <= LAST_COLUMN else None


def listed(notices: Iterable[Notice]) -> list[Notice]:
    """Errors, then warnings, then notices, else in the order given; the first `MAX_LISTED` of them."""
    return sorted(notices, key=lambda notice: ORDER.index(notice.severity))[:MAX_LISTED]


def by_cell(notices: Iterable[Notice], titles: Sequence[str]) -> dict[str, dict[Cell, list[Notice]]]:
    """Sheet -> cell -> what is to say about it, the worst first."""
    marks: dict[str, dict[Cell, list[Notice]]] = {}
    for notice in listed(notices):
        place = find_place(notice.place, titles)
        if place is not None and place.cell is not None:
            marks.setdefault(place.sheet, {}).setdefault(place.cell, []).append(notice)
    return marks


def counts(notices: Iterable[Notice]) -> Mapping[Severity, int]:
    found = [notice.severity for notice in notices]
    return {severity: found.count(severity) for severity in ORDER}


def severity_word(severity: Severity) -> str:
    words = WORDS[severity]
    return f"{SYMBOLS[severity]} {words.zh} {words.en}"
