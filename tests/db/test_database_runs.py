"""Runs come back as they were saved, under names that are given once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError

from portfolio.db.records import RunProject, RunRecord
from portfolio.db.repository import (
    last_import,
    list_runs,
    load_run,
    reserve_run_name,
    save_run,
)
from portfolio.db.session import Database
from portfolio.domain.portfolio import Portfolio
from portfolio.domain.schedule import Draw, Objective, Status
from portfolio.errors import UsageError

Store = Callable[[Portfolio], None]

RUN = RunRecord(
    scenario="tight-budget",
    created_at=datetime(2026, 3, 1, 16, 30, tzinfo=timezone(timedelta(hours=8))),
    inputs_sha256="a" * 64,
    status=Status.FEASIBLE,
    stopped="time_limit",
    scenario_text='title = "紧预算"\n',
    document='{"format": 1}\n',
    versions={"ortools": "9.15", "portfolio": "0.1.0"},
    seconds={"import": 0.1, "solve": 59.9, "export": 1 / 3},
    projects=(
        RunProject(key="新-2", selected=True, start=2024, finish=2025, opens=2026, cost=1_896_850),
        RunProject(key="新-1", selected=False, cost=5),
    ),
    draws=(Draw("新-2", 2025, "省级", 9_007_199_254_740_993), Draw("新-2", 2025, "县级", 0)),
    objectives=(
        Objective("seat_shortage", Decimal("12.50"), Decimal(12), proven=False),
        Objective("cost", Decimal("0.1"), Decimal("-Infinity"), proven=True),
    ),
)


def saved(database: Database, run: RunRecord) -> str:
    with database.session() as session:
        return save_run(session, run)


def test_a_run_comes_back_equal(database: Database) -> None:
    name = saved(database, RUN)

    with database.snapshot() as session:
        assert load_run(session, name) == replace(RUN, name=name)


def test_runs_are_numbered_over_all_scenarios(database: Database) -> None:
    names = [saved(database, run) for run in (RUN, replace(RUN, scenario="base"), RUN)]

    assert names == ["tight-budget-0001", "base-0002", "tight-budget-0003"]


def test_the_list_has_every_run_with_its_own_objectives(database: Database) -> None:
    saved(database, replace(RUN, objectives=()))
    saved(database, RUN)

    with database.snapshot() as session:
        first, second = list_runs(session)

    assert (first.name, first.objectives) == ("tight-budget-0001", ())
    assert (second.name, second.objectives, second.seconds) == (
        "tight-budget-0002",
        RUN.objectives,
        RUN.seconds,
    )
    assert second.created_at == RUN.created_at
    assert second.created_at.tzinfo is UTC


def test_the_list_does_not_read_documents(database: Database) -> None:
    saved(database, RUN)
    statements: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda _c, _cur, sql, *_: statements.append(sql))

    with database.snapshot() as session:
        list_runs(session)

    assert any("runs" in sql for sql in statements)
    assert not any("document" in sql for sql in statements)


def test_a_reserved_name_is_the_name_of_the_run(database: Database) -> None:
    with database.session() as session:
        name = reserve_run_name(session, "base")
        run = replace(RUN, scenario="base", name=name, document=f'{{"run": "{name}"}}')
        assert save_run(session, run) == name

    with database.snapshot() as session:
        assert load_run(session, "base-0001").document == '{"run": "base-0001"}'


def test_a_name_that_is_not_stored_is_free_again(database: Database) -> None:
    with database.session() as session:
        reserve_run_name(session, "base")

    assert saved(database, replace(RUN, scenario="base")) == "base-0001"


def test_a_name_is_given_once(database: Database) -> None:
    name = saved(database, RUN)

    with pytest.raises(IntegrityError):
        saved(database, replace(RUN, name=name))


@pytest.mark.parametrize("name", ["base-0001", "tight-budget", "tight-budget-x"])
def test_a_name_of_another_scenario_is_a_defect(database: Database, name: str) -> None:
    with pytest.raises(ValueError, match="is not the name of a run of tight-budget"):
        saved(database, replace(RUN, name=name))


def test_an_unknown_run_is_a_usage_error(database: Database) -> None:
    with database.snapshot() as session, pytest.raises(UsageError, match='no run "base-0009"'):
        load_run(session, "base-0009")


def test_a_run_keeps_its_import_and_outlives_its_projects(
    database: Database, store: Store, full_portfolio: Portfolio
) -> None:
    store(full_portfolio)
    with database.snapshot() as session:
        record = last_import(session)
    assert record is not None
    name = saved(database, replace(RUN, import_id=record.id))

    store(Portfolio())

    with database.snapshot() as session:
        assert load_run(session, name) == replace(RUN, name=name, import_id=record.id)


def test_a_run_of_an_unknown_import_is_refused(database: Database) -> None:
    with pytest.raises(IntegrityError):
        saved(database, replace(RUN, import_id=7))


def test_a_time_without_a_zone_is_a_defect(database: Database) -> None:
    with pytest.raises(Exception, match="no time zone"):
        saved(database, replace(RUN, created_at=datetime(2026, 1, 1)))  # noqa: DTZ001 - the point


def test_twenty_thousand_draws_are_stored_in_bulk(database: Database) -> None:
    draws = tuple(Draw(f"{i:05d}", 2026, "省级", i) for i in range(20_000))
    name = saved(database, replace(RUN, draws=draws))

    with database.snapshot() as session:
        assert load_run(session, name).draws == draws
