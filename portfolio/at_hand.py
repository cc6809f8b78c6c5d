"""The plan that a question is asked about: the newest stored run, if it was made from what is there now."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from portfolio import service, stored
from portfolio.db import repository
from portfolio.db.session import Database
from portfolio.domain.portfolio import Portfolio
from portfolio.domain.progress import SolveListener
from portfolio.errors import UsageError, VerificationError
from portfolio.imports import ImportOutcome, bring_up_to_date
from portfolio.rules.evaluate import evaluate
from portfolio.scenario import files
from portfolio.scenario.build import build_problem
from portfolio.scenario.plan import Plan
from portfolio.scenario.problem import PlanningProblem


@dataclass(frozen=True, slots=True)
class AtHand:
    """The scenario's file and its problem over the data as they are now, and what the import did."""

    path: Path
    portfolio: Portfolio
    problem: PlanningProblem
    imported: ImportOutcome


def at_hand(database: Database, scenario: str, workbook: Path | None) -> AtHand:
    """Brings the database up to date and builds the scenario's problem.

    Raises:
        UsageError, InputRefusedError: the scenario or the workbook cannot be used.
    """
    path = files.find(scenario)
    loaded = files.load(path)
    imported = bring_up_to_date(database, workbook)
    with database.snapshot() as session:
        portfolio = repository.load_portfolio(session)
    return AtHand(path, portfolio, build_problem(portfolio, loaded), imported)


def plan_of(database: Database, there: AtHand, listener: SolveListener | None = None) -> Plan:
    """The newest run of the scenario if its inputs are these, else a schedule solved now and not stored. A
    plan without a schedule has the status that says why."""
    from portfolio.optimise.solve import solve

    # A run that is not there, or cannot be brought back, is none: the scenario is solved anew.
    with suppress(UsageError, VerificationError):
        record = stored.record_of(database, there.problem.scenario)
        if record.inputs_sha256 == there.problem.inputs_sha256:
            return stored.plan_of(database, record)
    result = solve(there.problem, listener)
    service.verify(there.problem, result)
    return Plan(
        problem=there.problem,
        result=result,
        evaluation=None if result.schedule is None else evaluate(there.problem, result.schedule),
        created_at=datetime.now(UTC).astimezone().replace(microsecond=0),
    )
