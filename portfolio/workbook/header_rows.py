"""Finding the header of a sheet, which may stand below titles and may take two rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from portfolio.workbook.columns import is_calculated, other_name, own_name
from portfolio.workbook.layout import Sheet
from portfolio.workbook.package import Raw, RawSheet
from portfolio.workbook.reading import is_blank, shown
from portfolio.workbook.words import fold

MOST_COLUMNS, MOST_MERGES = 500, 2000
"""No header is wider, or has more merged cells; a file that is stays quick to read."""

SEARCHED_ROWS = 50
"""The header is the best of this many rows from the top; below, the first that will do."""


@dataclass(frozen=True, slots=True)
class HeaderCell:
    """A cell of the header that is not blank: the lower one where there are two rows, and the group
    above it."""

    number: int
    row: int
    raw: Raw
    group: Raw = None

    @property
    def texts(self) -> tuple[Raw, ...]:
        """What the cell may be called, the likeliest first: itself, with its group, its group."""
        if is_blank(self.group):
            return (self.raw,)
        return (self.raw, f"{shown(self.group)}{shown(self.raw)}", self.group)


@dataclass(frozen=True, slots=True)
class Header:
    """The cells of the header, its last row, and the texts above it."""

    row: int
    cells: tuple[HeaderCell, ...]
    titles: tuple[str, ...]

    @property
    def folded(self) -> dict[int, str]:
        return {cell.number: fold(shown(cell.raw)) for cell in self.cells}

    @property
    def folded_titles(self) -> frozenset[str]:
        return frozenset(map(fold, self.titles))


def find_header(raw: RawSheet, sheet: Sheet) -> Header | None:
    """The row with the most cells that name columns, at least two (or all of its cells, if it has
    fewer); with the row below or above, if they make one header together."""
    top = {number: cells[:MOST_COLUMNS] for number, cells in islice(raw.rows.items(), SEARCHED_ROWS)}
    merged = [area for area in raw.merged if area[1] <= max(top, default=0)][:MOST_MERGES]
    best, most = None, 0
    for number in top:
        named = _named(_with_merges(top, number, merged, down=True), sheet)
        if named > most:
            best, most = number, named
    if best is None:
        rest = islice(raw.rows.items(), SEARCHED_ROWS, None)
        best = next((number for number, cells in rest if _named(cells[:MOST_COLUMNS], sheet)), None)
        top |= {number: raw.rows[number][:MOST_COLUMNS] for number in (best,) if number}
    return None if best is None else _assembled(top, best, merged, sheet)


def _named(cells: Sequence[Raw], sheet: Sheet) -> int:
    """How many cells name a column; 0 if too few to be a header."""
    own = [own_name(cell, sheet) for cell in cells]
    named = sum(
        name is not None or other_name(cell, sheet) is not None for name, cell in zip(own, cells, strict=True)
    )
    filled = sum(not is_blank(cell) for cell in cells)
    keys = any(isinstance(name, str) for name in own) or named > sum(name is not None for name in own)
    return named if keys and named >= min(2, filled) else 0


Merged = Sequence[tuple[int, int, int, int]]


def _with_merges(
    rows: Mapping[int, Sequence[Raw]], number: int, merged: Merged, *, down: bool = False, right: bool = False
) -> list[Raw]:
    """A row with its blank cells filled from the merged cells that cover them."""
    cells = list(rows.get(number, ()))
    for first_column, first_row, last_column, last_row in merged:
        if not first_row <= number <= last_row or (first_row < number and not down):
            continue
        value = _at(rows.get(first_row, ()), first_column)
        for column in range(first_column, (last_column if right else first_column) + 1):
            if is_blank(_at(cells, column)) and not is_blank(value) and column <= MOST_COLUMNS:
                cells += [None] * (column - len(cells))
                cells[column - 1] = value
    return cells


def _at(cells: Sequence[Raw], column: int) -> Raw:
    return cells[column - 1] if column <= len(cells) else None


def _assembled(rows: Mapping[int, Sequence[Raw]], best: int, merged: Merged, sheet: Sheet) -> Header:
    upper, lower = best - 1, best
    if _continues(rows, best, merged, sheet):
        upper, lower = best, best + 1
    groups = _with_merges(rows, upper, merged, right=True)
    own = _with_merges(rows, lower, merged, down=True)
    above = (shown(cell) for row, cells in rows.items() if row < lower for cell in cells)
    titles = tuple(text for text in above if text)
    if upper != best and not _is_group_row(upper, groups, own, merged, sheet):
        groups, upper = [], lower
    cells = []
    for number in range(1, max(len(own), len(groups)) + 1):
        raw, group = _at(own, number), _at(groups, number)
        if not is_blank(raw):
            cells.append(HeaderCell(number, lower, raw, None if group == raw else group))
        elif not is_blank(group) and (upper == best or own_name(group, sheet) is not None):
            cells.append(HeaderCell(number, upper, group))
    return Header(lower, tuple(cells), titles)


def _continues(rows: Mapping[int, Sequence[Raw]], best: int, merged: Merged, sheet: Sheet) -> bool:
    """Whether the row below `best` belongs to the header: a column of it is merged into that row, or
    all its cells name columns."""
    below = rows.get(best + 1, ())
    for first_column, first_row, _, last_row in merged:
        if first_row == best and last_row == best + 1 and own_name(_at(rows[best], first_column), sheet):
            return True
    groups = _with_merges(rows, best, merged, right=True)
    filled = [
        (_at(groups, number), cell)
        for number, cell in enumerate(below, start=1)
        if not is_blank(cell) and not is_calculated(cell)
    ]
    return bool(filled) and all(
        own_name(cell, sheet) is not None or own_name(f"{shown(group)}{shown(cell)}", sheet) is not None
        for group, cell in filled
    )


def _is_group_row(
    upper: int, groups: Sequence[Raw], own: Sequence[Raw], merged: Merged, sheet: Sheet
) -> bool:
    """Whether the row above names groups or columns of this header, and is not a title: it spans some
    of the columns, or fills a gap."""
    spans = any(
        first_row == last_row == upper and 1 < last - first + 1 < len(own)
        for first, first_row, last, last_row in merged
    )
    return spans or any(
        is_blank(_at(own, number)) and own_name(cell, sheet) is not None
        for number, cell in enumerate(groups, start=1)
    )
