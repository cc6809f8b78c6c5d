"""The use cases: what the command line offers, without printing and without parsing."""

from __future__ import annotations

import platform
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from difflib import get_close_matches
from importlib.metadata import version
from pathlib import Path

from portfolio import __version__, quality, rules, stored
from portfolio.db import repository, runs
from portfolio.db.records import RunProject, RunRecord, RunSummary
from portfolio.db.session import Database
from portfolio.domain.marginal import Place
from portfolio.domain.portfolio import Portfolio
from portfolio.domain.progress import SolveEvent, SolveListener
from portfolio.domain.schedule import Result, Status
from portfolio.domain.text import Lang
from portfolio.errors import CheckFailedError, InputRefusedError, UsageError
from portfolio.imports import (
    DEFAULT_WORKBOOK,
    ImportOutcome,
    RefusedWorkbookError,
    bring_up_to_date,
    import_workbook,
)
from portfolio.report import json_document
from portfolio.report.outputs import Outputs, make_folder, outputs
from portfolio.rules import objectives
from portfolio.rules.evaluate import evaluate
from portfolio.scenario import files
from portfolio.scenario.build import build_problem
from portfolio.scenario.plan import Plan
from portfolio.scenario.problem import PlanningProblem
from portfolio.scenario.settings import Scenario

SHOWN_PROJECTS = 5

__all__ = [
    "DEFAULT_WORKBOOK",
    "ImportOutcome",
    "RefusedWorkbookError",
    "ScheduleOutcome",
    "ScheduleRequest",
    "bring_up_to_date",
    "check",
    "find_project",
    "import_workbook",
    "list_runs",
    "load_plan",
    "load_portfolio",
    "report",
    "schedule",
    "verify",
    "with_repairs",
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
    make_folder(request.out / scenario.name)  # a folder that cannot be written is found before the solve
    seconds = {"import": time.monotonic() - began}
    plan = _solved(problem, listener, seconds, before)
    if source is not None:
        plan = replace(plan, input_name=Path(source.file_name).name, input_sha256=source.file_sha256)
    with database.snapshot() as session:
        name = runs.next_run_name(session, scenario.name)
    # the files are put in place only once the run is stored: they name it
    with outputs(request.out / scenario.name) as out:
        plan = out.write_reports(replace(plan, run=name), request.lang)
        plan = _store(database, plan, scenario, source.id if source else None, out, request.lang)
    return ScheduleOutcome(plan, out.files, imported)


def _store(
    database: Database, plan: Plan, scenario: Scenario, import_id: int | None, out: Outputs, lang: Lang
) -> Plan:
    """Stores the run and writes its document. Its reports are written already, for others' writing must not
    wait for that; if somebody took its name meanwhile, they are written again with the next."""
    with database.session() as session:
        name = runs.reserve_run_name(session, scenario.name)
        if name != plan.run:
            plan = out.write_reports(replace(plan, run=name), lang)
        record = _run_record(plan, scenario, import_id)
        out.write_document(record.document)
        runs.save_run(session, record)
    return plan


def load_plan(database: Database, run: str) -> Plan:
    """The plan of a stored run, as it was.

    Raises:
        UsageError: there is no such run.
        VerificationError: what the database keeps does not lead to it.
    """
    return stored.plan_of(database, stored.record_of(database, run))


def find_project(plan: Plan, words: str) -> str:
    """The key of the plan's project with this key or name.

    Raises:
        UsageError: there is none, or there are several; the message names some.
    """
    candidates = plan.problem.candidates
    if words in candidates:
        return words
    names = {key: (c.row.name_zh, c.row.name_en) for key, c in candidates.items()}
    found = [key for key, known in names.items() if words in known]
    found = found or [
        key for key, known in names.items() if any(words.lower() in n.lower() for n in (key, *known))
    ]
    if len(found) == 1:
        return found[0]
    close = found or get_close_matches(
        words, [*candidates, *(n for known in names.values() for n in known)], n=3
    )
    some = "、".join(close[:SHOWN_PROJECTS]) + (" …" if len(close) > SHOWN_PROJECTS else "")
    if found:
        raise UsageError(f'"{words}" 可指多个项目 / may mean several projects: {some}')
    hint = f"；是否指 / did you mean: {some}" if close else ""
    raise UsageError(f'{plan.run} 里没有项目 / has no project "{words}"{hint}')


def report(database: Database, run: str, folder: Path | None = None, lang: Lang = "both") -> tuple[Path, ...]:
    """Writes all outputs of a stored run again, from what the database keeps; gives the files. `folder`
    None: out/<run>.

    Raises:
        UsageError: there is no such run, or the folder cannot be written.
        VerificationError: what the database keeps does not lead to the plan.
    """
    record = stored.record_of(database, run)
    plan = stored.plan_of(database, record)
    with outputs(folder or Path("out") / plan.run) as out:
        out.write_reports(plan, lang)
        out.write_document(record.document)
    return out.files


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
    from portfolio.optimise.explain.reasons import reasons
    from portfolio.optimise.solve import solve

    began = time.monotonic()
    result = solve(problem, listener, before)
    verify(problem, result)
    evaluation, why, marginal = None, {}, {}
    if result.status is Status.INFEASIBLE:
        result = with_repairs(problem, result, listener)
    if result.schedule is not None:
        evaluation = evaluate(problem, result.schedule)
        interrupted = result.stopped == "interrupted"
        why = reasons(problem, result, listener)
        marginal = {} if interrupted else _marginal(problem, listener)
    return Plan(
        problem=problem,
        result=result,
        evaluation=evaluation,
        reasons=why,
        marginal=marginal,
        created_at=datetime.now(UTC).astimezone().replace(microsecond=0),
        seconds={**seconds, "solve": time.monotonic() - began},
        versions=_versions(),
    )


def with_repairs(problem: PlanningProblem, result: Result, listener: SolveListener | None = None) -> Result:
    """An infeasible result with what would mend it, each repair checked without the solver.

    Raises:
        CheckFailedError: the schedule of a repaired problem breaks a rule: a defect of this program.
    """
    from portfolio.optimise.explain.repairs import find_repairs

    menu = find_repairs(problem, listener)
    for entry in menu.entries:
        verify(entry.problem, Result(Status.FEASIBLE, entry.schedule))
    return replace(result, repairs=menu.repairs, repair_notes=menu.notes)


def _marginal(problem: PlanningProblem, listener: SolveListener | None) -> dict[Place, Decimal]:
    """What more money would be worth, for each cap for which it was worked out. Ctrl-C leaves it out."""
    from portfolio.optimise.explain.marginal import marginal_values

    if listener is not None:
        listener(SolveEvent("marginal", 1, 1, None, None, None, 0.0))
    try:
        return dict(marginal_values(problem).values)
    except KeyboardInterrupt:
        return {}


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
