"""Two people's edits: rows of one side stand, rows of both are conflicts, and the laws of merging."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portfolio.db.difference import ChangeKind, RowChange, difference
from portfolio.db.merge import REFERENCES, Conflict, Disputed, Merge, Side, merge
from portfolio.domain.portfolio import Portfolio
from portfolio.domain.project import Project
from tests.builders import a_project, a_source, caps, relation, seats

P, Q, R = (a_project(key) for key in "pqr")
DEARER, LATER = replace(P, total_cost=2000), replace(P, earliest_start=2023)


def of(*projects: Project, **tables: object) -> Portfolio:
    return Portfolio(projects=projects, **tables)  # type: ignore[arg-type]


def keys(merged: Merge) -> str:
    assert merged.portfolio is not None, merged.conflicts
    return "".join(project.key for project in merged.portfolio.projects)


# --- rows ---------------------------------------------------------------------------------------

ONE_SIDED: dict[str, tuple[Portfolio, Portfolio, Portfolio, Portfolio, int]] = {
    "changed in the file": (of(P, Q), of(DEARER, Q), of(P, Q), of(DEARER, Q), 0),
    "changed in the database": (of(P, Q), of(P, Q), of(DEARER, Q), of(DEARER, Q), 1),
    "changed in both to the same": (of(P, Q), of(DEARER, Q), of(DEARER, Q), of(DEARER, Q), 0),
    "different rows in each": (of(P, Q), of(DEARER, Q), of(P), of(DEARER), 1),
    "removed in the file": (of(P, Q), of(Q), of(P, Q), of(Q), 0),
    "removed in both": (of(P, Q), of(Q), of(Q), of(Q), 0),
    "added in both alike": (of(), of(P), of(P), of(P), 0),
    "the database has more of the same": (
        of(P), of(DEARER), of(replace(DEARER, notes="x")), of(replace(DEARER, notes="x")), 1,
    ),
    "the file has more of the same": (
        of(P), of(replace(DEARER, notes="x")), of(DEARER), of(replace(DEARER, notes="x")), 0,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", ONE_SIDED.values(), ids=ONE_SIDED)
def test_a_row_that_one_side_changed_is_that_sides(
    case: tuple[Portfolio, Portfolio, Portfolio, Portfolio, int],
) -> None:
    base, file, database, expected, kept = case

    merged = merge(base, file, database)

    assert merged.portfolio == expected
    assert merged.conflicts == ()
    assert len(merged.kept) == kept


def test_what_is_kept_of_the_database_is_told_against_the_file() -> None:
    merged = merge(of(P, Q), of(P, Q), of(DEARER))

    assert merged.kept[0] == RowChange("projects", "p", ChangeKind.CHANGED, "total_cost", "10", "20")
    assert (merged.kept[1].row, merged.kept[1].kind) == ("q", ChangeKind.REMOVED)


CHANGED, REMOVED, ADDED = ChangeKind.CHANGED, ChangeKind.REMOVED, ChangeKind.ADDED
DEAREST = replace(P, total_cost=3000)
CONFLICTS = {
    "one cell, two values": (of(P), of(DEARER), of(DEAREST), CHANGED, CHANGED, [("total_cost", "10", "20", "30")]),
    "two cells of one row": (
        of(P), of(DEARER), of(LATER), CHANGED, CHANGED,
        [("total_cost", "10", "20", "10"), ("earliest_start", None, None, "2023")],
    ),
    "gone in the file": (of(P, Q), of(Q), of(DEARER, Q), REMOVED, CHANGED, [("total_cost", "10", None, "20")]),
    "gone in the database": (of(P, Q), of(DEARER, Q), of(Q), CHANGED, REMOVED, [("total_cost", "10", "20", None)]),
    "added differently": (of(), of(P), of(DEARER), ADDED, ADDED, [("total_cost", None, "10", "20")]),
}  # fmt: skip


@pytest.mark.parametrize("case", CONFLICTS.values(), ids=CONFLICTS)
def test_a_row_that_both_changed_is_a_conflict_until_a_side_is_taken(case: tuple[object, ...]) -> None:
    base, file, database, by_file, by_database, cells = case
    assert isinstance(base, Portfolio)
    assert isinstance(file, Portfolio)
    assert isinstance(database, Portfolio)

    merged = merge(base, file, database)

    assert merged.portfolio is None
    told = tuple(Disputed(*cell) for cell in cells)  # type: ignore[attr-defined]
    assert merged.conflicts == (Conflict("projects", "p", by_file, by_database, told),)  # type: ignore[arg-type]
    assert merge(base, file, database, Side.FILE).portfolio == file
    assert merge(base, file, database, Side.DATABASE).portfolio == database


def test_a_removed_project_is_a_conflict_with_anything_new_of_it() -> None:
    """Taking either side must leave no row that names a project which is gone."""
    own = seats("p", 90)
    base = of(P, Q, seats=(own,))
    file = of(Q)
    database = of(P, Q, seats=(own,), relations=(relation("after", "q", "p"),))

    merged = merge(base, file, database)

    assert [(c.table, c.row, c.file, c.database) for c in merged.conflicts] == [
        ("projects", "p", REMOVED, None),
        ("seats", "p / primary /  / yes", REMOVED, None),
        ("relations", "after / q / p / ", None, ADDED),
    ]
    assert merge(base, file, database, Side.FILE).portfolio == file
    assert merge(base, file, database, Side.DATABASE).portfolio == database


def test_a_removed_source_is_a_conflict_with_new_money_of_it() -> None:
    base = Portfolio(funding_sources=(a_source(),), funding_caps=(caps(1),))
    file = Portfolio(funding_sources=(a_source(),), funding_caps=(caps(2),))

    assert {c.table for c in merge(base, file, Portfolio()).conflicts} == {"funding_sources", "funding_caps"}


def test_every_reference_to_projects_and_sources_is_known(full_portfolio: Portfolio) -> None:
    for table, columns in REFERENCES.items():
        for row in getattr(full_portfolio, table):
            assert all(isinstance(getattr(row, column), str) for column, _ in columns)


# --- order --------------------------------------------------------------------------------------

ORDERS = {
    "a row of the database stands where it stood": ("pq", "pq", "prq", "prq"),
    "a row of the file stands where it stood": ("pq", "prq", "pq", "prq"),
    "the file's order": ("pqr", "rqp", "pqr", "rqp"),
    "the database's order, if the file kept the old one": ("pqr", "pqr", "rqp", "rqp"),
    "the file's order with the database's row": ("pq", "qp", "pqr", "qrp"),
    "new rows of both": ("p", "pq", "pr", "pqr"),
    "below a row that went": ("pqr", "pr", "pqr", "pr"),
}


@pytest.mark.parametrize(("base", "file", "database", "expected"), ORDERS.values(), ids=ORDERS)
def test_rows_keep_their_places(base: str, file: str, database: str, expected: str) -> None:
    by_key = {"p": P, "q": Q, "r": R}
    sides = [of(*(by_key[key] for key in side)) for side in (base, file, database)]

    assert keys(merge(sides[0], sides[1], sides[2])) == expected


# --- laws ---------------------------------------------------------------------------------------


def some(*rows: object) -> st.SearchStrategy[tuple[object, ...]]:
    """Some of the rows, in any order; rows with one key are versions of it."""
    return st.lists(st.sampled_from(rows), max_size=5, unique_by=id).map(tuple)


def versions(*, unique: bool = False) -> st.SearchStrategy[Portfolio]:
    """Portfolios that share rows with one another."""
    own = (seats("p", 90), seats("p", 45), seats("q", 1), seats("q", 2, zone="z"))
    by_key = st.lists(
        st.sampled_from((P, DEARER, LATER, Q, replace(Q, notes="x"), R)), unique_by=lambda row: row.key
    )
    return st.builds(
        Portfolio,
        projects=by_key.map(tuple),
        seats=some(*own[1:]) if unique else some(*own),
        funding_sources=some(a_source(), a_source("t")),
        funding_caps=some(caps(1), caps(1, source="t"))
        if unique
        else some(caps(1), caps(2), caps(1, source="t")),
        relations=some(relation("after", "q", "p"), relation("choose", "r", group="g")),
    )


@given(base=versions(), file=versions(), database=versions())
def test_laws_of_merging(base: Portfolio, file: Portfolio, database: Portfolio) -> None:
    assert merge(base, file, base) == Merge(file)
    assert merge(base, base, database).portfolio == database
    assert merge(base, file, file) == Merge(file)


@given(base=versions(), file=versions(), database=versions())
def test_both_sides_see_the_same_conflicts(base: Portfolio, file: Portfolio, database: Portfolio) -> None:
    turned = {
        replace(c, file=c.database, database=c.file, cells=_turned(c))
        for c in merge(base, database, file).conflicts
    }

    assert {replace(c, cells=_cells(c)) for c in merge(base, file, database).conflicts} == turned


def _cells(conflict: Conflict) -> tuple[Disputed, ...]:
    return tuple(sorted(conflict.cells, key=lambda cell: cell.column))


def _turned(conflict: Conflict) -> tuple[Disputed, ...]:
    return tuple(replace(cell, file=cell.database, database=cell.file) for cell in _cells(conflict))


@given(base=versions(unique=True), file=versions(unique=True), database=versions(unique=True))
def test_what_is_kept_of_the_database_leads_from_the_file_to_the_result(
    base: Portfolio, file: Portfolio, database: Portfolio
) -> None:
    for take in Side:
        merged = merge(base, file, database, take)
        assert merged.portfolio is not None
        cells = {(c.table, c.row, c.column, c.kind) for c in difference(file, merged.portfolio)}
        kept = {(c.table, c.row, c.column, c.kind) for c in merged.kept}
        assert {c for c in cells if c[3] is not ChangeKind.REORDERED} == kept
