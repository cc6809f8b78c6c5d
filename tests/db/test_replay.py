"""The trail of imports leads back to the data of any of them, rows in their order, or says that it does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import text

from portfolio.db.difference import ChangeKind, RowChange, difference
from portfolio.db.replay import replayed
from portfolio.db.repository import portfolio_as_of, save_import
from portfolio.db.session import Database
from portfolio.db.trail import file_as_of
from portfolio.domain.fingerprint import portfolio_sha256
from portfolio.domain.portfolio import TABLES, Portfolio
from portfolio.domain.project import Project, Stage
from portfolio.errors import UsageError, VerificationError
from tests.db.conftest import NOW
from tests.db.test_database_properties import portfolios

Store = Callable[[Portfolio], None]

NOTHING = Portfolio()


def projects(*keys: str, **more: Any) -> Portfolio:
    return Portfolio(
        projects=tuple(Project(key=key, county="甲县", stage=Stage.PRIMARY, **more) for key in keys)
    )


def as_of(database: Database, import_id: int) -> Portfolio:
    with database.snapshot() as session:
        return portfolio_as_of(session, import_id)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(first=portfolios(), second=portfolios(), third=portfolios())
def test_the_differences_lead_to_the_last_portfolio(
    first: Portfolio, second: Portfolio, third: Portfolio
) -> None:
    trail = [difference(NOTHING, first), difference(first, second), difference(second, third)]

    back = replayed(trail)

    assert back == third
    assert portfolio_sha256(back) == portfolio_sha256(third)


@pytest.mark.parametrize("table", TABLES)
def test_every_column_comes_back(full_portfolio: Portfolio, table: str) -> None:
    trail = [
        difference(NOTHING, full_portfolio),
        difference(full_portfolio, NOTHING),
        difference(NOTHING, full_portfolio),
    ]

    assert getattr(replayed(trail), table) == getattr(full_portfolio, table)


def test_a_row_that_comes_above_others_is_told_with_its_place() -> None:
    changes = difference(projects("b", "d"), projects("a", "b", "c", "d", "e"))

    assert [(c.row, c.kind, c.old) for c in changes] == [
        ("a", ChangeKind.ADDED, ""),
        ("c", ChangeKind.ADDED, "b"),
        ("e", ChangeKind.ADDED, None),
    ]


def test_rows_that_come_go_and_move_keep_their_order() -> None:
    steps = [NOTHING, *(projects(*keys) for keys in ("abc", "cxab", "xyc", "", "q", "cqy"))]
    trail = [difference(old, new) for old, new in pairwise(steps)]

    for count in range(len(steps)):
        assert replayed(trail[:count]) == steps[count]


def test_the_data_of_each_import_can_be_had(
    database: Database, store: Store, full_portfolio: Portfolio
) -> None:
    turned = {table: tuple(reversed(getattr(full_portfolio, table))) for table in TABLES}
    states = [full_portfolio, replace(full_portfolio, **turned), NOTHING, projects("b"), projects("a", "b")]
    for state in states:
        store(state)

    for number, state in enumerate(states, start=1):
        assert as_of(database, number) == state


def test_an_unknown_import_is_wrong_usage(database: Database) -> None:
    with pytest.raises(UsageError, match="no import 1"):
        as_of(database, 1)


LOST = {
    "order of a reordered table": "UPDATE import_changes SET new_value = NULL WHERE kind = 'reordered'",
    "place of a new row": "UPDATE import_changes SET old_value = NULL WHERE kind = 'added'",
    "row above": "UPDATE import_changes SET old_value = '?' WHERE old_value IS NOT NULL",
    "a row": "DELETE FROM import_changes WHERE row_key = 'b' AND kind = 'added'",
    "content of a row": "UPDATE import_changes SET new_value = 'null' WHERE kind = 'added'",
    "a needed cell": "UPDATE import_changes SET new_value = '{\"key\": \"b\"}' WHERE row_key = 'b'",
}


@pytest.mark.parametrize("statement", LOST.values(), ids=LOST)
def test_a_trail_that_leads_nowhere_is_told(database: Database, store: Store, statement: str) -> None:
    for state in (projects("a", "b"), projects("b", "c", "a"), NOTHING):
        store(state)
    with database.session() as session:
        session.execute(text(statement))

    with pytest.raises(VerificationError, match="do not lead to the data of import 2"):
        as_of(database, 2)


def test_two_rows_of_one_name_are_told() -> None:
    (change,) = difference(NOTHING, projects("a"))

    with pytest.raises(ValueError, match="two rows"):
        replayed([(change, change)])
    with pytest.raises(ValueError, match="projects"):
        replayed([[RowChange("projects", "a", ChangeKind.REMOVED)]])


def test_changed_data_in_the_tables_are_not_taken_for_an_import(database: Database, store: Store) -> None:
    store(projects("a"))
    with database.session() as session:
        session.execute(text("UPDATE projects SET county = '乙县'"))

    assert as_of(database, 1) == projects("a")


def test_the_file_of_a_merging_import_can_be_had_too(database: Database, full_portfolio: Portfolio) -> None:
    said = replace(full_portfolio, projects=tuple(reversed(full_portfolio.projects)), norms=())
    with database.session() as session:
        save_import(
            session,
            full_portfolio,
            user="li",
            file_name="a.xlsx",
            file_sha256="f" * 64,
            now=NOW,
            file_content=said,
        )
        save_import(session, NOTHING, user="li", file_name="b.xlsx", file_sha256="f" * 64, now=NOW)

    with database.snapshot() as session:
        assert file_as_of(session, 1, NOTHING) == said
        assert file_as_of(session, 2, NOTHING) == NOTHING
