"""The use cases: what the command line offers, without printing and without parsing."""

from __future__ import annotations

import platform
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path

from portfolio import __version__, quality, rules
from portfolio.db import repository, runs
from portfolio.db.records import RunProject, RunRecord, RunSummary
from portfolio.db.session import Database
from portfolio.domain.portfolio import Portfolio
from portfolio.domain.progress import SolveListener
from portfolio.domain.schedule import Result
from portfolio.domain.text import Lang
from portfolio.errors import CheckFailedError, InputRefusedError
from portfolio.imports import (
    DEFAULT_WORKBOOK,
    ImportOutcome,
    RefusedWorkbookError,
    bring_up_to_date,
    import_workbook,
)
from portfolio.report import json_document
from portfolio.rules import objectives
from portfolio.rules.evaluate import evaluate
from portfolio.scenario import files
from portfolio.scenario.build import build_problem
from portfolio.scenario.plan import Plan
from portfolio.scenario.problem import PlanningProblem
from portfolio.scenario.settings import Scenario
from portfolio.writing import in_place, told

__all__ = [
    "DEFAULT_WORKBOOK",
    "ImportOutcome",
    "RefusedWorkbookError",
    "ScheduleOutcome",
    "ScheduleRequest",
    "bring_up_to_date",
    "check",
    "import_workbook",
    "list_runs",
    "load_portfolio",
    "schedule",
    "verify",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleRequest:
    """What `portfolio schedule` is asked for. `workbook` None: data/projects.xlsx, if there is one."""

    scenario: str
    workbook: Path | None = None
    out: Path = Path("out")
    lang: Lang = "both"
    time_limit_s: Decimal | None = None
    gap: Decimal | None = None


@dataclass(frozen=True, slots=True)
class ScheduleOutcome:
    plan: Plan
    files: tuple[Path, ...]
    imported: ImportOutcome


def schedule(
    database: Database, request: ScheduleRequest, listener: SolveListener | None = None
) -> ScheduleOutcome:
    """The main job: bring the database up to date, solve, check, store the run, write the outputs.

    A plan is returned for an infeasible scenario too; its status says so.

    Raises:
        UsageError, InputRefusedError: the scenario or the workbook cannot be used.
        CheckFailedError: the schedule breaks a rule, or an objective differs when recomputed.
    """
    scenario = _load_scenario(request)
    began = time.monotonic()
    imported = bring_up_to_date(database, request.workbook)
    with database.snapshot() as session:
        portfolio = repository.load_portfolio(session)
        source = repository.last_import(session)
        before = runs.last_starts(session, scenario.name)
    _require_projects(portfolio, request.workbook or DEFAULT_WORKBOOK)
    problem = build_problem(portfolio, scenario)
    folder = request.out / scenario.name
    with told(folder):
        folder.mkdir(parents=True, exist_ok=True)
    seconds = {"import": time.monotonic() - began}
    plan = _solved(problem, listener, seconds, before)
    if source is not None:
        plan = replace(plan, input_name=Path(source.file_name).name, input_sha256=source.file_sha256)
    outputs = folder / "schedule.xlsx", folder / "schedule.json"
    # the files are put in place only once the run is stored: they name it
    with in_place(outputs[0]) as workbook, in_place(outputs[1]) as document, database.session() as session:
        plan = replace(plan, run=runs.reserve_run_name(session, scenario.name))
        with told(outputs[0]):
            plan = _write(plan, workbook, request.lang)
        document.write_bytes(json_document.dumps(plan).encode())
        record = _run_record(plan, scenario, source.id if source else None)
        runs.save_run(session, record)
    return ScheduleOutcome(plan, outputs, imported)


def check(
    database: Database, scenario: str, workbook: Path | None = None
) -> tuple[quality.Report, ImportOutcome]:
    """Brings the database up to date and checks the scenario, without solving it.

    Raises:
        UsageError, InputRefusedError: the scenario or the workbook cannot be used.
    """
    loaded = files.load(files.find(scenario))
    imported = bring_up_to_date(database, workbook)
    with database.snapshot() as session:
        portfolio = repository.load_portfolio(session)
    return quality.check(build_problem(portfolio, loaded)), imported


def list_runs(database: Database) -> tuple[RunSummary, ...]:
    """Every stored run, oldest first."""
    database.upgrade()
    with database.snapshot() as session:
        return runs.list_runs(session)


def load_portfolio(database: Database) -> Portfolio:
    """What the database holds."""
    database.upgrade()
    with database.snapshot() as session:
        return repository.load_portfolio(session)


def verify(problem: PlanningProblem, result: Result) -> None:
    """Holds the solver's schedule against the rules, and its objectives against the recomputed ones.

    Raises:
        CheckFailedError: they disagree. That is a defect of this program, not of the input.
    """
    if result.schedule is None:
        return
    complaints = [violation.text.pick("both", " / ") for violation in rules.check(problem, result.schedule)]
    for objective in result.objectives:
        recomputed = objectives.VALUES[objective.name](problem, result.schedule)
        if recomputed != objective.value:
            complaints.append(f"{objective.name}: solver {objective.value}, recomputed {recomputed}")
    if complaints:
        raise CheckFailedError(
            "排期未通过独立复核，未保存 / the schedule failed the independent check and was not kept:\n"
            + "\n".join(f"  - {complaint}" for complaint in complaints[:20])
        )


def _require_projects(portfolio: Portfolio, workbook: Path) -> None:
    """Without projects there is nothing to decide.

    Raises:
        InputRefusedError: there are none; the message says which sheets to fill in first.
    """
    from portfolio.workbook.layout import SHEETS

    if portfolio.projects:
        return
    empty = [s.title for s in SHEETS if s.needed_to_schedule and not getattr(portfolio, s.table)]
    raise InputRefusedError(
        f"还没有项目可排。请先填写 {workbook} 中的：{'、'.join(empty)}；再运行一次 / there are no projects to schedule"
        f" yet. Fill in these sheets of {workbook} first, then run this again: {', '.join(empty)}"
    )


def _load_scenario(request: ScheduleRequest) -> Scenario:
    scenario = files.load(files.find(request.scenario))
    changed: dict[str, object] = {}
    if request.time_limit_s is not None:
        changed["time_limit_s"] = request.time_limit_s
    if request.gap is not None:
        changed["gap"] = request.gap
    if not changed:
        return scenario
    return scenario.model_copy(update={"solver": scenario.solver.model_copy(update=changed)})


def _solved(
    problem: PlanningProblem,
    listener: SolveListener | None,
    seconds: Mapping[str, float],
    before: Mapping[str, int],
) -> Plan:
    """The checked answer of the solver with what follows from it; `before`: starts of the last run."""
    from portfolio.optimise.reasons import reasons
    from portfolio.optimise.solve import solve

    began = time.monotonic()
    result = solve(problem, listener, before)
    verify(problem, result)
    evaluation, why = None, {}
    if result.schedule is not None:
        evaluation = evaluate(problem, result.schedule)
        interrupted = result.stopped == "interrupted"
        why = reasons(problem, result.schedule, listener, interrupted=interrupted)
    return Plan(
        problem=problem,
        result=result,
        evaluation=evaluation,
        reasons=why,
        created_at=datetime.now(UTC).astimezone().replace(microsecond=0),
        seconds={**seconds, "solve": time.monotonic() - began},
        versions=_versions(),
    )


def _write(plan: Plan, workbook: Path, lang: Lang) -> Plan:
    """Writes the schedule workbook; the plan with the time it took."""
    from portfolio.report.workbook import book

    began = time.monotonic()
    book.write(plan, workbook, lang)
    return replace(plan, seconds={**plan.seconds, "export": time.monotonic() - began})


def _run_record(plan: Plan, scenario: Scenario, import_id: int | None) -> RunRecord:
    lines = plan.evaluation.projects if plan.evaluation else ()
    return RunRecord(
        name=plan.run,
        scenario=scenario.name,
        created_at=plan.created_at,
        inputs_sha256=plan.problem.inputs_sha256,
        import_id=import_id,
        status=plan.result.status,
        stopped=plan.result.stopped,
        scenario_text=scenario.model_dump_json(indent=1),
        document=json_document.dumps(plan),
        versions=plan.versions,
        seconds=plan.seconds,
        projects=tuple(
            RunProject(
                key=line.key,
                selected=line.selected,
                start=line.start,
                finish=line.finish,
                opens=line.opens,
                cost=line.cost,
            )
            for line in lines
        ),
        draws=plan.result.schedule.draws if plan.result.schedule else (),
        objectives=plan.result.objectives,
    )


def _versions() -> dict[str, str]:
    return {
        "portfolio": __version__,
        "ortools": version("ortools"),
        "python": platform.python_version(),
    }
