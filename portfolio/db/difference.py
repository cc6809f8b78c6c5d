"""What an import changes, row by row and cell by cell: the audit trail, and the preview before it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from json import dumps
from typing import Any

from portfolio.domain.fingerprint import decimal_text
from portfolio.domain.money import to_wan
from portfolio.domain.portfolio import TABLES, Portfolio


class ChangeKind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    REORDERED = "reordered"


@dataclass(frozen=True, slots=True)
class RowChange:
    """One changed cell, or a row that came or went, or a table whose rows stand in another order.

    `row` is the natural key in words; a second row with the same key ends in " #2". `column` is the
    field, the year ("2026") or, for spending, "year_1"; it is "" except for a changed cell. `old`
    and `new` are texts as in the workbook, money in 万元, None where blank; for a row that came or
    went, the JSON object of its filled cells.

    So that the order of rows can be had back too, `old` of a row that came above rows which were
    there is the row it stands below ("": none), and `new` of a reordered table is the JSON list of
    the rows that stayed.
    """

    table: str
    row: str
    kind: ChangeKind
    column: str = ""
    old: str | None = None
    new: str | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows, not cells."""

    added: int
    removed: int
    changed: int


NATURAL_KEYS: Mapping[str, tuple[str, ...]] = {
    "projects": ("key",),
    "seats": ("project", "stage", "zone", "public"),
    "spending": ("project",),
    "funding_sources": ("key",),
    "funding_caps": ("source",),
    "project_funding": ("project", "source"),
    "capacity": ("county", "zone", "stage", "public"),
    "demand": ("county", "zone", "stage"),
    "relations": ("kind", "project", "other", "group"),
    "milestones": ("project", "kind"),
    "norms": ("county", "stage", "nature"),
}
"""The columns by which a row is recognised in the next version of its table."""

KEY_JOINER = " / "
"""Stands between the values of a natural key in `RowChange.row`."""

MONEY = frozenset({"total_cost", "amounts"})
Identity = tuple[tuple[Hashable, ...], int]
"""Values of the natural key, and the number of the row among those with the same key."""


def difference(old: Portfolio, new: Portfolio) -> tuple[RowChange, ...]:
    """Everything that differs, in the order of tables, rows of `new`, then removed rows, columns.

    Empty if and only if the portfolios are equal.
    """
    return tuple(
        change for table in TABLES for change in _table(table, getattr(old, table), getattr(new, table))
    )


def count_changes(changes: Sequence[RowChange]) -> Counts:
    """How many rows were added, removed and changed; a reordered table is none of them."""
    rows = Counter(kind for kind, _, _ in {(c.kind, c.table, c.row) for c in changes})
    return Counts(rows[ChangeKind.ADDED], rows[ChangeKind.REMOVED], rows[ChangeKind.CHANGED])


def row_changes(table: str, identity: Identity, old: Any, new: Any) -> Iterator[RowChange]:
    """What makes the row `old` into `new`; None is a row that is not there."""
    if old is None:
        yield RowChange(table, row_words(identity), ChangeKind.ADDED, new=_whole(new))
    elif new is None:
        yield RowChange(table, row_words(identity), ChangeKind.REMOVED, old=_whole(old))
    elif old != new:
        yield from _cell_changes(table, identity, old, new)


def identified(table: str, rows: Sequence[Any]) -> dict[Identity, Any]:
    """The rows of a table by what they are recognised by, in their order."""
    columns = NATURAL_KEYS[table]
    seen: Counter[tuple[Hashable, ...]] = Counter()
    found: dict[Identity, Any] = {}
    for row in rows:
        key = tuple(getattr(row, column) for column in columns)
        seen[key] += 1
        found[key, seen[key]] = row
    return found


def row_words(identity: Identity) -> str:
    """What changes call a row: its natural key in words."""
    values, number = identity
    text = KEY_JOINER.join(_text("", value) or "" for value in values)
    return text if number == 1 else f"{text} #{number}"


def row_cells(row: Any) -> dict[str, str]:
    """The filled cells of a row: column -> text as in the workbook."""
    cells: dict[str, str] = {}
    for name in row.__dataclass_fields__:
        value = getattr(row, name)
        if isinstance(value, Mapping):
            cells |= {str(year): _text(name, value[year]) or "" for year in sorted(value)}
        elif name == "shares":
            cells |= {f"year_{n}": _text("", share) or "" for n, share in enumerate(value, start=1)}
        else:
            text = _text(name, value)
            if text is not None:
                cells[name] = text
    return cells


def _table(table: str, old: Sequence[Any], new: Sequence[Any]) -> Iterator[RowChange]:
    if old == new:
        return
    before, after = identified(table, old), identified(table, new)
    inserted = _inserted(before, after)
    for identity, row in after.items():
        for change in row_changes(table, identity, before.get(identity), row):
            place = inserted.get(identity)
            yield change if place is None else replace(change, old=place)
    for identity, row in before.items():
        if identity not in after:
            yield from row_changes(table, identity, row, None)
    stayed = [identity for identity in after if identity in before]
    if [identity for identity in before if identity in after] != stayed:
        order = dumps([row_words(identity) for identity in stayed], ensure_ascii=False)
        yield RowChange(table, "", ChangeKind.REORDERED, new=order)


def _inserted(before: Mapping[Identity, Any], after: Mapping[Identity, Any]) -> dict[Identity, str]:
    """The new rows that do not simply follow the rows that were there: the row each stands below."""
    rows = list(after)
    last = max((place for place, identity in enumerate(rows) if identity in before), default=-1)
    return {
        identity: row_words(rows[place - 1]) if place else ""
        for place, identity in enumerate(rows[: last + 1])
        if identity not in before
    }


def _cell_changes(table: str, identity: Identity, old: Any, new: Any) -> Iterator[RowChange]:
    before, after = row_cells(old), row_cells(new)
    columns = [*after, *(column for column in before if column not in after)]
    for column in columns:
        was, becomes = before.get(column), after.get(column)
        if was != becomes:
            yield RowChange(table, row_words(identity), ChangeKind.CHANGED, column, was, becomes)


def _whole(row: Any) -> str:
    return dumps(row_cells(row), ensure_ascii=False)


def _text(column: str, value: Any) -> str | None:
    """A value as the workbook shows it."""
    if column == "carry_over_years" and value is None:
        return "unlimited"
    if value is None or value in ("", ()):
        return None
    if column in MONEY:
        return decimal_text(to_wan(value))
    return _WRITERS.get(type(value), str)(value)


_WRITERS: Mapping[type, Callable[[Any], str]] = {
    bool: lambda value: "yes" if value else "no",
    Decimal: decimal_text,
    tuple: ";".join,
}
