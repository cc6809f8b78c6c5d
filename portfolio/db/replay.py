"""The audit trail read forward: the portfolio that the changes of all imports lead to.

The inverse of `difference`; works on the texts of the cells, and reads them once at the end.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from enum import Enum
from itertools import count, takewhile
from json import loads
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from portfolio.db.difference import MONEY, ChangeKind, RowChange
from portfolio.db.mapping import TABLE_MAPS
from portfolio.domain.money import from_wan
from portfolio.domain.portfolio import Portfolio

Cells = dict[str, str]
"""The filled cells of a row: column -> text."""

Rows = dict[str, Cells]
"""The rows of a table by the words that the changes call them, in their order."""


def replayed(imports: Iterable[Sequence[RowChange]]) -> Portfolio:
    """The portfolio after these imports, the oldest first, from an empty one.

    Raises:
        ValueError: the changes do not fit together; the text says where.
    """
    tables: dict[str, Rows] = defaultdict(dict)
    for changes in imports:
        by_table: dict[str, list[RowChange]] = defaultdict(list)
        for change in changes:
            by_table[change.table].append(change)
        for table, own in by_table.items():
            try:
                tables[table] = _after(tables[table], own)
            except (LookupError, TypeError) as error:
                raise ValueError(f"{table}: {error}") from None
    return Portfolio(**{t.name: _table(t.name, t.row_type, tables[t.name]) for t in TABLE_MAPS})


def _after(rows: Rows, changes: Sequence[RowChange]) -> Rows:
    """The rows of a table after one import: rows go, others take their new order, then rows come."""
    kinds: dict[ChangeKind, list[RowChange]] = defaultdict(list)
    for change in changes:
        kinds[change.kind].append(change)
    for change in kinds[ChangeKind.REMOVED]:
        del rows[change.row]
    for change in kinds[ChangeKind.REORDERED]:
        order = loads(change.new or "[]")
        if set(order) != set(rows):
            raise ValueError(f"{change.table}: 未记录行的次序 the order of its rows was not kept")
        rows = {row: rows[row] for row in order}
    for change in kinds[ChangeKind.CHANGED]:
        if change.new is None:
            del rows[change.row][change.column]
        else:
            rows[change.row][change.column] = change.new
    return _with_new_rows(rows, kinds[ChangeKind.ADDED])


def _with_new_rows(rows: Rows, added: Sequence[RowChange]) -> Rows:
    order = ["", *rows]
    below: dict[str, str] = {}
    for change in added:
        if change.row in rows:
            raise ValueError(f"{change.table}: 两行同名 two rows are called {change.row}")
        rows[change.row] = loads(change.new or "")
        if change.old is None:
            order.append(change.row)
        else:
            below[change.old] = change.row
    placed: Rows = {}
    for first in order:
        row: str | None = first
        while row is not None:
            if row:
                placed[row] = rows[row]
            row = below.pop(row, None)
    if len(placed) != len(rows):
        raise LookupError(f"未记录新行的位置 the place of new rows was not kept: {', '.join(below)}")
    return placed


def _table(name: str, row_type: type[Any], rows: Rows) -> tuple[Any, ...]:
    readers = {field: _field_reader(field, hint) for field, hint in get_type_hints(row_type).items()}
    found = []
    for words, cells in rows.items():
        try:
            found.append(row_type(**{field: read(cells) for field, read in readers.items()}))
        except (ValueError, TypeError, AttributeError, InvalidOperation) as error:
            raise ValueError(f"{name} {words}: {error}") from None
    return tuple(found)


def _field_reader(name: str, hint: Any) -> Callable[[Cells], Any]:
    """What reads a field from the cell or cells that show it."""
    if name == "shares":
        return _shares
    read = from_wan if name in MONEY else _reader(hint)
    if get_origin(hint) is Mapping:
        return lambda cells: {int(year): read(text) for year, text in cells.items() if year.isdecimal()}

    def value(cells: Cells) -> Any:
        text = cells.get(name)
        if text is None:
            return _blank(name, hint)
        if name == "carry_over_years" and text == "unlimited":
            return None
        return read(text)

    return value


def _shares(cells: Cells) -> tuple[Decimal, ...]:
    written = takewhile(lambda column: column in cells, (f"year_{n}" for n in count(1)))
    return tuple(Decimal(cells[column]) for column in written)


def _blank(name: str, hint: Any) -> Any:
    if NoneType in get_args(hint):
        return None
    if hint is str:
        return ""
    if get_origin(hint) is tuple:
        return ()
    raise ValueError(f"{name}: 空白 blank")


def _reader(hint: Any) -> Callable[[str], Any]:
    """What turns a cell's text into a value of the type."""
    if isinstance(hint, UnionType):
        (kind,) = set(get_args(hint)) - {NoneType}
        return _reader(kind)
    if get_origin(hint) is Mapping:
        return _reader(get_args(hint)[1])
    if get_origin(hint) is tuple:
        kind = get_args(hint)[0]
        return lambda text: tuple(kind(part) for part in text.split(";"))
    if hint is bool:
        return lambda text: text == "yes"
    if isinstance(hint, type) and issubclass(hint, Enum | Decimal | int | str):
        return hint
    raise TypeError(f"no cell holds {hint}")
