"""The use cases: what the command line offers, without printing and without parsing."""

from __future__ import annotations

import getpass
import hashlib
import os
import platform
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from importlib.metadata import version
from pathlib import Path

from portfolio import __version__, rules
from portfolio.db import repository, runs
from portfolio.db.difference import RowChange, difference
from portfolio.db.records import ImportRecord, RunProject, RunRecord, RunSummary
from portfolio.db.session import Database
from portfolio.domain.notice import Notice, Severity
from portfolio.domain.portfolio import Portfolio
from portfolio.domain.progress import SolveListener
from portfolio.domain.schedule import Result
from portfolio.domain.text import Lang
from portfolio.errors import CheckFailedError, InputRefusedError, UsageError
from portfolio.report import json_document
from portfolio.rules import objectives
from portfolio.rules.evaluate import evaluate
from portfolio.scenario import files
from portfolio.scenario.build import build_problem
from portfolio.scenario.plan import Plan
from portfolio.scenario.problem import PlanningProblem
from portfolio.scenario.settings import Scenario

DEFAULT_WORKBOOK = Path("data/projects.xlsx")


class RefusedWorkbookError(InputRefusedError):
    """A workbook with errors; nothing was stored. `notices` has every problem with its place."""

    def __init__(self, path: Path, notices: Iterable[Notice]) -> None:
        self.path = path
        self.notices = tuple(notices)
        count = sum(notice.severity is Severity.ERROR for notice in self.notices)
        super().__init__(f"{path}: {count} 处错误，未存入任何数据 / {count} errors, nothing was stored")


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What reading a workbook led to. `record` is None for a dry run, or where the database was up
    to date already."""

    notices: tuple[Notice, ...] = ()
    changes: tuple[RowChange, ...] = ()
    record: ImportRecord | None = None
    up_to_date: bool = False


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


def import_workbook(database: Database, workbook: Path, *, dry_run: bool = False) -> ImportOutcome:
    """Reads a workbook and, unless it is a dry run, makes it the content of the database.

    Raises:
        RefusedWorkbookError: it has errors; the database stays as it was.
    """
    from portfolio.workbook.reader import read

    database.upgrade()
    with database.session() as session:
        existing = repository.load_portfolio(session)
        found = read(workbook, existing)
        if found.portfolio is None:
            raise RefusedWorkbookError(workbook, found.notices)
        changes = difference(existing, found.portfolio)
        if dry_run:
            return ImportOutcome(found.notices, changes)
        record = repository.save_import(
            session,
            found.portfolio,
            user=_user(),
            file_name=str(workbook.resolve()),
            file_sha256=found.sha256,
            now=datetime.now(UTC),
        )
    return ImportOutcome(found.notices, changes, record)


def bring_up_to_date(database: Database, workbook: Path | None) -> ImportOutcome:
    """Imports the workbook if it changed since the database last took it in.

    A workbook that is named must be what the database holds afterwards. The default one gives way
    to a later import of another workbook, as long as it has not been edited since.

    Raises:
        UsageError: there is neither a workbook nor anything in the database.
        RefusedWorkbookError: the workbook has errors.
    """
    database.upgrade()
    path = workbook or DEFAULT_WORKBOOK
    with database.snapshot() as session:
        history = repository.list_imports(session)
    if workbook is None and not path.is_file():
        if history:
            return ImportOutcome(up_to_date=True)
        raise UsageError(
            f"找不到 {path}，数据库里也没有数据；请用 --workbook 指定工作簿 / there is no {path} and nothing in"
            " the database; name a workbook with --workbook"
        )
    if not path.is_file():
        raise UsageError(f"{path}: 没有这个文件 / there is no such file")
    own = [i for i in history if i.file_name == str(path.resolve())] if workbook is None else history[:]
    newest = max(own, key=lambda record: record.id, default=None)
    if newest is not None and newest.file_sha256 == _sha256(path):
        return ImportOutcome(record=newest, up_to_date=True)
    return import_workbook(database, path)


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
    problem = build_problem(portfolio, scenario)
    folder = request.out / scenario.name
    with _told(folder):
        folder.mkdir(parents=True, exist_ok=True)
    seconds = {"import": time.monotonic() - began}
    plan = _solved(problem, listener, seconds, before)
    if source is not None:
        plan = replace(plan, input_name=Path(source.file_name).name, input_sha256=source.file_sha256)
    with database.session() as session:
        plan = replace(plan, run=runs.reserve_run_name(session, scenario.name))
        plan, written = _write(plan, folder, request.lang)
        record = _run_record(plan, scenario, source.id if source else None)
        runs.save_run(session, record)
    return ScheduleOutcome(plan, written, imported)


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


def _write(plan: Plan, folder: Path, lang: Lang) -> tuple[Plan, tuple[Path, ...]]:
    """schedule.xlsx and schedule.json in `folder`, each put in place whole."""
    from portfolio.report.workbook import book

    began = time.monotonic()
    workbook, document = folder / "schedule.xlsx", folder / "schedule.json"
    with _in_place(workbook) as draft:
        book.write(plan, draft, lang)
    plan = replace(plan, seconds={**plan.seconds, "export": time.monotonic() - began})
    with _in_place(document) as draft:
        draft.write_bytes(json_document.dumps(plan).encode())
    return plan, (workbook, document)


@contextmanager
def _in_place(target: Path) -> Iterator[Path]:
    """A draft beside `target` that replaces it at the end; a failure leaves the old file."""
    draft = target.with_name(f"~{target.name}.{os.getpid()}")
    try:
        yield draft
        with _told(target):
            draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def _told(target: Path) -> Iterator[None]:
    """Turns a refused write into words."""
    try:
        yield
    except OSError as error:
        raise UsageError(
            f"{target}: 无法写入（若在 Excel 或 WPS 中打开，请先关闭）/ cannot be written (close it in Excel or"
            f" WPS): {error.strerror}"
        ) from None


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


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return "unknown"


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
