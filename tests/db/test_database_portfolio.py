"""The portfolio comes back from the database exactly as it was saved, or nothing was saved."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields, replace
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Connection, event, select, text
from sqlalchemy.exc import IntegrityError

from portfolio.db.mapping import TABLE_MAPS
from portfolio.db.repository import last_import, load_portfolio, save_import
from portfolio.db.session import Database
from portfolio.db.tables import Base
from portfolio.domain.demand import Demand
from portfolio.domain.funding import FundingCaps
from portfolio.domain.portfolio import Portfolio
from portfolio.domain.project import Milestone, MilestoneKind, Project, SeatEffect, Stage
from portfolio.errors import InputRefusedError

Store = Callable[[Portfolio], None]
Dump = Callable[[], Any]


def loaded(database: Database) -> Portfolio:
    with database.snapshot() as session:
        return load_portfolio(session)


def test_a_new_database_holds_the_empty_portfolio(database: Database) -> None:
    assert loaded(database) == Portfolio()


def test_a_full_portfolio_comes_back_equal(
    database: Database, store: Store, full_portfolio: Portfolio
) -> None:
    store(full_portfolio)

    assert loaded(database) == full_portfolio


def test_the_example_sets_every_field(full_portfolio: Portfolio) -> None:
    """Otherwise the test above could miss a column."""
    for table in TABLE_MAPS:
        rows = getattr(full_portfolio, table.name)
        for field in fields(table.row_type):
            values = [getattr(row, field.name) for row in rows]
            assert any(value != field.default for value in values), f"{table.name}.{field.name}"


def test_figures_keep_their_type_and_every_digit(
    database: Database, store: Store, full_portfolio: Portfolio
) -> None:
    store(full_portfolio)

    back = loaded(database)

    share = back.project_funding[0].max_share
    assert isinstance(share, Decimal)
    assert str(share) == "0.333333333333333333333333"
    assert type(back.projects[0].total_cost) is int
    assert back.funding_caps[2].amounts == {2025: 9_007_199_254_740_993}  # not a double
    assert back.projects[0].mandatory is True
    assert back.funding_sources[0].stages == (Stage.SENIOR, Stage.PRIMARY)


@pytest.mark.parametrize("table", TABLE_MAPS, ids=lambda table: table.name)
def test_rows_keep_their_order(
    database: Database, store: Store, full_portfolio: Portfolio, table: Any
) -> None:
    turned = replace(full_portfolio, **{table.name: tuple(reversed(getattr(full_portfolio, table.name)))})

    store(full_portfolio)
    store(turned)

    assert loaded(database) == turned
    assert turned != full_portfolio


def test_the_order_is_the_position_not_the_place_in_the_file(
    database: Database, store: Store, full_portfolio: Portfolio
) -> None:
    store(full_portfolio)
    with database.session() as session:
        session.execute(text("UPDATE projects SET position = 99 WHERE position = 0"))

    first, *others = full_portfolio.projects
    assert loaded(database).projects == (*others, first)


def test_a_second_import_replaces_the_first(
    database: Database, store: Store, full_portfolio: Portfolio
) -> None:
    store(full_portfolio)
    smaller = Portfolio(projects=full_portfolio.projects[:1])

    store(smaller)

    assert loaded(database) == smaller


def test_an_exception_in_the_middle_keeps_everything_as_it_was(
    database: Database, store: Store, dump: Dump, full_portfolio: Portfolio
) -> None:
    store(full_portfolio)
    before = dump()

    def fail(_c: Connection, _cursor: Any, statement: str, *_: Any) -> None:
        if statement.startswith("INSERT INTO milestones"):
            raise RuntimeError("power cut")

    event.listen(database.engine, "before_cursor_execute", fail)
    with pytest.raises(RuntimeError, match="power cut"):
        store(replace(full_portfolio, projects=tuple(reversed(full_portfolio.projects))))
    event.remove(database.engine, "before_cursor_execute", fail)

    assert dump() == before
    assert before["projects"]


BROKEN: dict[str, dict[str, Any]] = {
    "double project": {"projects": (Project(key="a", county="c", stage=Stage.PRIMARY),) * 2},
    "milestone of an unknown project": {
        "milestones": (Milestone(project="?", kind=MilestoneKind.OPEN_BY, year=2026),)
    },
    "seats of an unknown project": {"seats": (SeatEffect(project="?", stage=Stage.PRIMARY),)},
    "caps of an unknown source": {"funding_caps": (FundingCaps(source="?", amounts={2025: 1}),)},
    "negative demand": {"demand": (Demand(county="c", stage=Stage.PRIMARY, seats={2025: -1}),)},
    "a cost beyond 64 bits": {
        "projects": (Project(key="a", county="c", stage=Stage.PRIMARY, total_cost=2**63),)
    },
    "not a number": {
        "projects": (Project(key="a", county="c", stage=Stage.PRIMARY, floor_area_m2=Decimal("NaN")),)
    },
    "half a character": {"projects": (Project(key="a\ud800", county="c", stage=Stage.PRIMARY),)},
}


@pytest.mark.parametrize("tables", BROKEN.values(), ids=BROKEN)
def test_what_the_database_refuses_is_an_input_error_and_changes_nothing(
    store: Store, dump: Dump, full_portfolio: Portfolio, tables: dict[str, Any]
) -> None:
    store(full_portfolio)
    before = dump()

    with pytest.raises(InputRefusedError, match=f"table {next(iter(tables))} was refused"):
        store(replace(full_portfolio, **tables) if "projects" not in tables else Portfolio(**tables))

    assert dump() == before


def test_a_caller_who_goes_on_after_a_refusal_keeps_the_old_portfolio(
    database: Database, store: Store, full_portfolio: Portfolio
) -> None:
    store(full_portfolio)
    with database.session() as session:
        now = last_import(session)
        assert now is not None
        with pytest.raises(InputRefusedError):
            save_import(
                session, Portfolio(**BROKEN["double project"]), user="", file_name="", file_sha256="",
                now=now.imported_at,
            )  # fmt: skip

    assert loaded(database) == full_portfolio


def test_references_hold_for_other_programs_too(
    database: Database, store: Store, full_portfolio: Portfolio
) -> None:
    store(full_portfolio)

    with pytest.raises(IntegrityError), database.session() as session:
        session.execute(text("DELETE FROM projects WHERE key = '新-1'"))
    with pytest.raises(IntegrityError), database.session() as session:
        session.execute(text("UPDATE projects SET stage = 'university'"))


def test_five_thousand_projects_come_back_equal(database: Database, store: Store) -> None:
    keys = [f"{number * 7919 % 5000:05d}" for number in range(5000)]
    large = Portfolio(
        projects=tuple(Project(key=k, county="甲县", stage=Stage.PRIMARY, total_cost=int(k)) for k in keys),
        seats=tuple(SeatEffect(project=k, stage=Stage.PRIMARY, seats_added=45) for k in keys),
        milestones=tuple(Milestone(project=k, kind=MilestoneKind.OPEN_BY, year=2027) for k in keys),
    )
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda _c, _cur, sql, *_: statements.append(sql))

    store(large)

    assert loaded(database) == large
    assert len(statements) < 100  # bulk: the number of statements does not grow with the rows


@pytest.mark.parametrize("table", TABLE_MAPS, ids=lambda table: table.name)
def test_every_field_of_the_domain_has_a_column_and_every_column_a_field(table: Any) -> None:
    columns = set(table.table.columns.keys()) - {"position"}

    assert columns == set(table.columns)
    if table.figures:
        assert table.figures.field in {field.name for field in fields(table.row_type)}


def test_money_is_never_a_float() -> None:
    kinds = {
        str(column.type)
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.name in ("total_cost", "amount", "cost")
    }

    assert kinds == {"BIGINT"}


def test_a_snapshot_sees_one_state_while_an_import_is_stored(
    database: Database, store: Store, full_portfolio: Portfolio
) -> None:
    store(full_portfolio)

    with database.snapshot() as session:
        session.execute(select(Base.metadata.tables["projects"])).all()
        store(Portfolio())  # does not wait for the reader
        seen = load_portfolio(session)

    assert seen == full_portfolio
    assert loaded(database) == Portfolio()
