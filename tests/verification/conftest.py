"""A small plan in a database and in a file, made without the solver."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from portfolio import service
from portfolio.db import repository, runs
from portfolio.db.session import Database
from portfolio.domain.money import from_wan
from portfolio.domain.portfolio import Portfolio
from portfolio.domain.schedule import Draw, Objective, Reason, Result, Schedule, Status
from portfolio.domain.text import Text
from portfolio.report import json_document
from portfolio.rules.evaluate import evaluate
from portfolio.scenario import files
from portfolio.scenario.build import build_problem
from portfolio.scenario.plan import Plan
from tests.builders import a_project, a_source, capacity, caps, demand, milestone, seats

NOW = datetime(2026, 3, 1, 8, 30, tzinfo=UTC)

SCENARIO = """
[horizon]
first_year = 2021
last_year = 2024
[objective]
order = ["seat_shortage", "targets", "milestones", "priority", "cost"]
[[targets]]
ratio = 0.9
soft = true
[solver]
gap = 0.01
[projects.late]
priority = 4
"""

PORTFOLIO = Portfolio(
    projects=(
        a_project("one", cost=10, duration=2, zone="城区"),
        a_project("two", cost="7.35"),
        a_project("late", cost=100),
    ),
    seats=(seats("one", 90, zone="城区"), seats("two", 45, seats_offline=10)),
    funding_sources=(a_source("s", carry_over_years=1), a_source("shared", county="*")),
    funding_caps=(caps(5, 9, 6), caps(4, 4, 4, 4, source="shared")),
    capacity=(capacity(100),),
    demand=(demand(150, 160, 170, 180), demand(80, zone="城区")),
    milestones=(milestone("one", "open_by", 2022), milestone("late", "start_by", 2023)),
)
"""`one` is built in 2021 and 2022, `two` in 2022; the money is not enough for `late`."""

SCHEDULE = Schedule(
    {"one": 2021, "two": 2022},
    tuple(
        Draw(project, year, source, from_wan(amount))
        for project, year, source, amount in (
            ("one", 2021, "s", "4"),
            ("one", 2022, "s", "6"),
            ("two", 2022, "s", "3.35"),
            ("two", 2022, "shared", "4"),
        )
    ),
)

Tamper = Callable[[dict[str, Any]], object]


def change(path: str, value: object) -> Tamper:
    """Puts `value` at a path such as "projects.0.start"."""
    *way, last = (int(part) if part.isdecimal() and len(part) < 4 else part for part in path.split("."))

    def tamper(document: Any) -> None:
        for part in way:
            document = document[part]
        document[last] = value

    return tamper


@dataclass(frozen=True)
class Stored:
    """A database with one run, and the same plan as a file beside its scenario."""

    database: Database
    folder: Path
    run: str

    @property
    def scenario(self) -> str:
        return str(self.folder / "small.toml")

    @property
    def file(self) -> Path:
        return self.folder / "schedule.json"

    def document(self) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads(self.file.read_text(encoding="utf-8"))
        return loaded

    def tamper(self, change: Tamper) -> None:
        """Changes the document, in the file and in the database."""
        document = self.document()
        change(document)
        words = json.dumps(document)
        self.file.write_text(words, encoding="utf-8")
        self.execute("UPDATE runs SET document = :words", words=words)

    def execute(self, statement: str, **values: object) -> None:
        with self.database.session() as session:
            session.execute(text(statement), values)

    def import_(self, portfolio: Portfolio) -> int:
        with self.database.session() as session:
            return repository.save_import(
                session, portfolio, user="li", file_name="projects.xlsx", file_sha256="f" * 64, now=NOW
            ).id


@pytest.fixture
def stored(tmp_path: Path) -> Iterator[Stored]:
    (tmp_path / "small.toml").write_text(SCENARIO, encoding="utf-8")
    with Database(f"sqlite:///{tmp_path / 'portfolio.db'}") as database:
        database.upgrade()
        made = Stored(database, tmp_path, "small-0001")
        plan = a_plan(made, made.import_(PORTFOLIO))
        made.file.write_text(json_document.dumps(plan), encoding="utf-8")
        yield made


def a_plan(stored: Stored, import_id: int) -> Plan:
    """The plan, as `portfolio schedule` makes and stores it."""
    scenario = files.load(Path(stored.scenario))
    problem = build_problem(PORTFOLIO, scenario)
    evaluation = evaluate(problem, SCHEDULE)
    values = evaluation.objectives
    bounds = {**values, "seat_shortage": values["seat_shortage"] - Decimal("0.5")}
    plan = Plan(
        problem=problem,
        result=Result(
            Status.OPTIMAL,
            SCHEDULE,
            tuple(Objective(name, values[name], bounds[name], proven=True) for name in problem.order),
        ),
        evaluation=evaluation,
        reasons={"late": Reason("cap", Text("钱不够", "the money is not enough"))},
        run=stored.run,
        created_at=NOW,
        seconds={"import": 0.1, "solve": 1.5},
    )
    with stored.database.session() as session:
        runs.reserve_run_name(session, scenario.name)
        runs.save_run(session, service._run_record(plan, scenario, import_id))
    return plan
