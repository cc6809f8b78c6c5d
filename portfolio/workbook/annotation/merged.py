"""Merged areas: a problem in one of their cells is shown at the area as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from portfolio.domain.notice import Notice, Severity
from portfolio.workbook.annotation.formats import ALL_SIDES, BOTTOM, LEFT, RIGHT, TOP, Mark
from portfolio.workbook.annotation.marks import ORDER, Cell
from portfolio.workbook.annotation.sheet import Area

_MAX_EDGE = 500
"""An area with more cells at its edge is marked at its first cell only."""


def areas_of(cells: Iterable[Cell], merged: Iterable[Area]) -> dict[Cell, Area]:
    """The merged area of each cell that lies in one."""
    by_row: dict[int, list[int]] = {}
    for row, column in cells:
        by_row.setdefault(row, []).append(column)
    found = {}
    for area in merged:
        first_column, first_row, last_column, last_row = area
        few = last_row - first_row < len(by_row)
        for row in range(first_row, last_row + 1) if few else by_row:
            if first_row <= row <= last_row:
                inside = (c for c in by_row.get(row, ()) if first_column <= c <= last_column)
                found.update({(row, column): area for column in inside})
    return found


def at_heads(
    marks: Mapping[Cell, Sequence[Notice]], areas: Mapping[Cell, Area]
) -> dict[Cell, tuple[Area, list[Notice]]]:
    """The notices by the cell that shows them, with the area it shows: the first cell of a merged area,
    which alone is seen, else the cell itself."""
    heads: dict[Cell, tuple[Area, list[Notice]]] = {}
    for (row, column), notices in marks.items():
        area = areas.get((row, column), (column, row, column, row))
        heads.setdefault((area[1], area[0]), (area, []))[1].extend(notices)
    return heads


def marks_around(area: Area, severity: Severity) -> dict[Cell, Mark]:
    """The marks that draw a border around an area."""
    first_column, first_row, last_column, last_row = area
    if 2 * (last_column - first_column + last_row - first_row) > _MAX_EDGE:
        return {(first_row, first_column): Mark(severity, ALL_SIDES)}
    rows, columns = range(first_row, last_row + 1), range(first_column, last_column + 1)
    edge = {(row, column) for row in rows for column in (first_column, last_column)}
    edge |= {(row, column) for column in columns for row in (first_row, last_row)}
    return {
        (row, column): Mark(
            severity,
            frozenset(
                side
                for side, there in (
                    (LEFT, column == first_column),
                    (RIGHT, column == last_column),
                    (TOP, row == first_row),
                    (BOTTOM, row == last_row),
                )
                if there
            ),
        )
        for row, column in edge
    }


def worst(notices: Iterable[Notice]) -> Severity:
    return min((notice.severity for notice in notices), key=ORDER.index)
