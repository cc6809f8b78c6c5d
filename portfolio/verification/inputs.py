"""The inputs that a schedule is held against: its own, or those that are given."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from portfolio.db import repository, runs
from portfolio.db.records import RunRecord
from portfolio.db.session import Database
from portfolio.domain.notice import Severity
from portfolio.domain.portfolio import Portfolio
from portfolio.domain.text import Text
from portfolio.errors import InputRefusedError, PortfolioError, UsageError, VerificationError
from portfolio.report.json_reader import StatedPlan
from portfolio.scenario import files
from portfolio.scenario.build import build_problem
from portfolio.scenario.problem import PlanningProblem
from portfolio.stored import make_ready, problem_of

SHOWN_ERRORS = 20


@dataclass(frozen=True, slots=True)
class Inputs:
    """Where the inputs come from, and their planning problem; `missing` says why there is none."""

    origin: Text
    problem: PlanningProblem | None = None
    missing: str = ""


def of_run(database: Database, record: RunRecord) -> Inputs:
    """The scenario that the run keeps, over the data of the import it was made from."""
    origin = Text(
        f"运行 {record.name} 的情景与第 {record.import_id} 次导入的数据",
        f"the scenario of run {record.name} over the data of import {record.import_id}",
    )
    try:
        return Inputs(origin, problem_of(database, record))
    except (UsageError, InputRefusedError, VerificationError) as error:
        return Inputs(origin, missing=str(error))


def of_file(database: Database, plan: StatedPlan, scenario: str | None, workbook: Path | None) -> Inputs:
    """The scenario and the data that are given. By default the scenario that the document names and
    the data of the database; if these are not what it was made from, the inputs of the stored run
    with the same hash, where there is one.

    Raises:
        UsageError, InputRefusedError: the scenario or the workbook cannot be used.
    """
    try:
        found = _given(database, scenario or plan.scenario, workbook)
    except PortfolioError:
        kept = None if scenario or workbook else _kept(database, plan)
        if kept is None:
            raise
        return kept
    if scenario or workbook or _fits(found, plan):
        return found
    return _kept(database, plan) or found


def _given(database: Database, scenario: str, workbook: Path | None) -> Inputs:
    path = _find(scenario)
    portfolio = _of_database(database) if workbook is None else _of_workbook(database, workbook)
    data = Text("数据库的数据", "the data of the database")
    if workbook is not None:
        data = Text(f"{workbook} 的数据", f"the data of {workbook}")
    origin = Text(f"{path} 与{data.zh}", f"{path} over {data.en}")
    return Inputs(origin, build_problem(portfolio, files.load(path)))


def _find(scenario: str) -> Path:
    try:
        return files.find(scenario)
    except OSError as error:  # a name that cannot be a file's
        raise UsageError(f"{scenario[:40]}…: {error.strerror}") from None


def _kept(database: Database, plan: StatedPlan) -> Inputs | None:
    """The inputs of the newest stored run that was made from what the document was made from."""
    if database.current() is None:
        return None
    make_ready(database)
    with database.snapshot() as session:
        named = [r.name for r in runs.list_runs(session) if r.inputs_sha256 == plan.inputs_sha256]
        records = [runs.load_run(session, name) for name in reversed(named)]
    found = (of_run(database, record) for record in records)
    return next((inputs for inputs in found if _fits(inputs, plan)), None)


def _fits(inputs: Inputs, plan: StatedPlan) -> bool:
    return inputs.problem is not None and inputs.problem.inputs_sha256 == plan.inputs_sha256


def _of_database(database: Database) -> Portfolio:
    if database.current() is not None:
        make_ready(database)
        with database.snapshot() as session:
            if repository.last_import(session) is not None:
                return repository.load_portfolio(session)
    raise UsageError(
        f"{database.place}: 数据库里没有数据；请用 --workbook 指定工作簿 / there is nothing in the database; name"
        " a workbook with --workbook"
    )


def _of_workbook(database: Database, workbook: Path) -> Portfolio:
    """As an import would read it: a sheet that is missing leaves what the database holds."""
    from portfolio.workbook.reader import read

    existing = Portfolio()
    if database.current() is not None:
        make_ready(database)
        with database.snapshot() as session:
            existing = repository.load_portfolio(session)
    found = read(workbook, existing)
    if found.portfolio is None:
        errors = [notice.line() for notice in found.notices if notice.severity is Severity.ERROR]
        raise InputRefusedError(
            "\n  ".join([f"{workbook}: {len(errors)} 处错误 errors", *errors[:SHOWN_ERRORS]])
        )
    return found.portfolio
