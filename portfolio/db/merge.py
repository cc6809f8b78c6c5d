"""Two people's edits brought together: what a file says, and what others stored since its base.

The unit is the row, not the cell: the cells of a row belong together (a cost and its basis, a least
and a greatest share), and nobody has looked at a row that is half of one person's and half of another's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from portfolio.db.difference import (
    NATURAL_KEYS,
    ChangeKind,
    Identity,
    RowChange,
    identified,
    row_cells,
    row_changes,
    row_words,
)
from portfolio.domain.portfolio import TABLES, Portfolio


class Side(StrEnum):
    """Whose row stands where both sides changed it."""

    FILE = "file"
    DATABASE = "database"


@dataclass(frozen=True, slots=True)
class Disputed:
    """A cell of a row in conflict: its text at the base, in the file and in the database; None: blank,
    or no such row."""

    column: str
    base: str | None
    file: str | None
    database: str | None


@dataclass(frozen=True, slots=True)
class Conflict:
    """A row that both sides changed. `file` and `database` say what each did to it; None: nothing to
    the row itself, but it belongs to one that only the other side removed."""

    table: str
    row: str
    file: ChangeKind | None
    database: ChangeKind | None
    cells: tuple[Disputed, ...]


@dataclass(frozen=True, slots=True)
class Merge:
    """What comes of both sides.

    `portfolio` is None while a conflict is not settled. `kept` is what stays of the database against
    the file: changes that lead from the file's rows to the database's.
    """

    portfolio: Portfolio | None
    conflicts: tuple[Conflict, ...] = ()
    kept: tuple[RowChange, ...] = ()


REFERENCES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "projects": (("key", "projects"),),
    "seats": (("project", "projects"),),
    "spending": (("project", "projects"),),
    "funding_sources": (("key", "funding_sources"),),
    "funding_caps": (("source", "funding_sources"),),
    "project_funding": (("project", "projects"), ("source", "funding_sources")),
    "relations": (("project", "projects"), ("other", "projects")),
    "milestones": (("project", "projects"),),
}
"""Table -> its columns that name a project or a source; both stand for themselves in their own table."""

Owner = tuple[str, str]
"""A project or a source that a row belongs to: table and key."""

Rows = Mapping[Identity, Any]
Sides = tuple[Rows, Rows, Rows]
"""The rows of a table at the base, in the file and in the database."""


def merge(base: Portfolio, file: Portfolio, database: Portfolio, take: Side | None = None) -> Merge:
    """The file with what changed in the database since `base`.

    A row that one side changed, added or removed is that side's. One that both changed is fine if they
    agree: both rows are equal, or one has all the changed cells of the other and more. Otherwise it is
    a conflict; `take` settles all of them for one side, whole rows at a time. A project or a source that
    one side removed while the other changed or added anything of it is a conflict in all its rows.

    Rows keep the file's order if the file changed it, else the database's; rows of the other side
    stand below the row they stood below there.
    """
    sides = {table: _sides(table, base, file, database) for table in TABLES}
    contested = _contested(sides)
    conflicts: list[Conflict] = []
    kept: list[RowChange] = []
    tables: dict[str, tuple[Any, ...]] = {}
    for table, (before, mine, theirs) in sides.items():
        rows: dict[Identity, Any] = {}
        for identity in dict.fromkeys((*mine, *theirs)):
            three = before.get(identity), mine.get(identity), theirs.get(identity)
            choice = _choice(table, *three, contested)
            if choice is None:
                conflicts.append(_conflict(table, identity, *three))
                choice = take or Side.FILE
            row = three[1] if choice is Side.FILE else three[2]
            if choice is Side.DATABASE:
                kept += row_changes(table, identity, three[1], row)
            if row is not None:
                rows[identity] = row
        order = _order(list(before), list(mine), list(theirs), rows)
        tables[table] = tuple(rows[identity] for identity in order)
    settled = take is not None or not conflicts
    return Merge(Portfolio(**tables) if settled else None, tuple(conflicts), tuple(kept))


def _sides(table: str, base: Portfolio, file: Portfolio, database: Portfolio) -> Sides:
    before, mine, theirs = (identified(table, getattr(side, table)) for side in (base, file, database))
    return before, mine, theirs


def _choice(table: str, base: Any, mine: Any, theirs: Any, contested: set[Owner]) -> Side | None:
    """Whose row stands; None: both changed it. Of equal rows the file's."""
    if mine == theirs:
        return Side.FILE
    if contested and contested.intersection(_owners(table, mine or theirs)):
        return None
    if mine == base:
        return Side.DATABASE
    if theirs == base:
        return Side.FILE
    if base is None or mine is None or theirs is None:
        return None
    by_file, by_database = _changed_cells(base, mine), _changed_cells(base, theirs)
    if by_database <= by_file:
        return Side.FILE
    return Side.DATABASE if by_file <= by_database else None


def _changed_cells(old: Any, new: Any) -> set[tuple[str, str | None]]:
    before, after = row_cells(old), row_cells(new)
    return {(c, after.get(c)) for c in {*before, *after} if before.get(c) != after.get(c)}


# --- projects and sources that one side removed -------------------------------------------------


def _owners(table: str, row: Any) -> Iterator[Owner]:
    for column, target in REFERENCES.get(table, ()):
        key = getattr(row, column)
        if key:
            yield target, key


def _contested(sides: Mapping[str, Sides]) -> set[Owner]:
    """Projects and sources that only one side removed, while the other changed or added a row of them."""
    removed: tuple[set[Owner], set[Owner]] = (set(), set())
    for target in ("projects", "funding_sources"):
        before, *after = sides[target]
        for gone, rows in zip(removed, after, strict=True):
            gone |= {(target, row.key) for identity, row in before.items() if identity not in rows}
    contested: set[Owner] = set()
    for gone, place in ((removed[0], 2), (removed[1], 1)):
        if gone:
            touched = _touched(sides, place)
            contested |= gone & touched
    return contested


def _touched(sides: Mapping[str, Sides], place: int) -> set[Owner]:
    """The owners of the rows that a side (1: file, 2: database) changed or added."""
    touched: set[Owner] = set()
    for table, three in sides.items():
        before, after = three[0], three[place]
        for identity, row in after.items():
            if row != before.get(identity):
                touched.update(_owners(table, row))
    return touched


# --- telling ------------------------------------------------------------------------------------


def _conflict(table: str, identity: Identity, base: Any, mine: Any, theirs: Any) -> Conflict:
    was, file, database = ({} if row is None else row_cells(row) for row in (base, mine, theirs))
    columns = [
        column
        for column in dict.fromkeys((*file, *database, *was))
        if file.get(column) != database.get(column)
        and column not in NATURAL_KEYS[table]
        # of a row that is gone on one side, only what the other side changed
        and (None not in (mine, theirs) or base is None or _differs(column, was, file or database))
    ]
    return Conflict(
        table,
        row_words(identity),
        _kind(base, mine),
        _kind(base, theirs),
        tuple(Disputed(c, was.get(c), file.get(c), database.get(c)) for c in columns),
    )


def _differs(column: str, one: Mapping[str, str], other: Mapping[str, str]) -> bool:
    return one.get(column) != other.get(column)


def _kind(base: Any, row: Any) -> ChangeKind | None:
    if base == row:
        return None
    if base is None:
        return ChangeKind.ADDED
    return ChangeKind.REMOVED if row is None else ChangeKind.CHANGED


# --- order --------------------------------------------------------------------------------------


def _order(
    base: Sequence[Identity], mine: Sequence[Identity], theirs: Sequence[Identity], rows: Iterable[Identity]
) -> list[Identity]:
    """`rows` in the order of one side, the rest below the row it follows on the other side."""
    wanted, in_base, in_file = set(rows), set(base), set(mine)
    moved = [i for i in base if i in in_file] != [i for i in mine if i in in_base]
    first, second = (mine, theirs) if moved else (theirs, mine)
    frame = [identity for identity in first if identity in wanted]
    framed = set(frame)
    below: dict[Identity | None, list[Identity]] = defaultdict(list)
    above: Identity | None = None
    for identity in second:
        if identity in framed:
            above = identity
        elif identity in wanted:
            below[above].append(identity)
    order = list(below[None])
    for identity in frame:
        order += (identity, *below[identity])
    return order
