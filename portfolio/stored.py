"""Stored runs brought back: the planning problem a run was made from, and the plan that came out.

A run keeps its scenario, its decisions and its document; the data are those of its import, brought back
by the audit trail. Everything else is computed again, without the solver.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from portfolio.db import repository, runs
from portfolio.db.records import RunRecord
from portfolio.db.session import Database
from portfolio.domain.repair import Change, ChangeKind, Repair, Scope
from portfolio.domain.schedule import Conflict, Reason, Requirement, Result, Schedule, Status
from portfolio.errors import UsageError, VerificationError
from portfolio.report import json_reader, json_reason
from portfolio.report.json_reader import DamagedDocumentError
from portfolio.report.json_reason import text_of
from portfolio.rules.evaluate import evaluate
from portfolio.scenario import files
from portfolio.scenario.build import build_problem
from portfolio.scenario.plan import Plan
from portfolio.scenario.problem import PlanningProblem


def make_ready(database: Database) -> None:
    """Brings the database up to date; a command that only reads does not make one.

    Raises:
        UsageError: there is no database yet.
    """
    if database.current() is None:
        raise UsageError(f"{database.place}: 还没有数据库 / there is no database yet")
    database.upgrade()


def record_of(database: Database, run: str) -> RunRecord:
    """The run as it was stored; a scenario's name stands for its newest run.

    Raises:
        UsageError: there is no database, or no such run.
    """
    make_ready(database)
    with database.snapshot() as session:
        return runs.load_run(session, runs.resolved(session, run))


def problem_of(database: Database, record: RunRecord) -> PlanningProblem:
    """The scenario that the run keeps, over the data of the import it was made from.

    Raises:
        VerificationError, UsageError, InputRefusedError: they cannot be had; the message says why.
    """
    if record.import_id is None:
        raise VerificationError("未记录数据来自哪次导入 / it does not say from which import its data came")
    scenario = files.restored(record.scenario_text)
    with database.snapshot() as session:
        portfolio = repository.portfolio_as_of(session, record.import_id)
    return build_problem(portfolio, scenario)


def plan_of(database: Database, record: RunRecord) -> Plan:
    """The plan as it was when the run was stored: reports written from it are the same again.

    Raises:
        VerificationError: its inputs cannot be had or are others now, or its document is damaged.
    """
    problem = problem_of(database, record)
    if problem.inputs_sha256 != record.inputs_sha256:
        raise VerificationError(
            f"{record.name}: 输入与当时不同，不能照样重出；portfolio verify {record.name} 列出不同之处 / its inputs are not"
            f" what they were, so it cannot be told as it was; portfolio verify {record.name} says where"
        )
    document = _document(record)
    schedule = None
    if record.status in (Status.OPTIMAL, Status.FEASIBLE):
        starts = {p.key: p.start for p in record.projects if p.selected and p.start is not None}
        schedule = Schedule(starts, record.draws)
    with database.snapshot() as session:
        source = next(i for i in repository.list_imports(session) if i.id == record.import_id)
    return Plan(
        problem=problem,
        result=_result(record, schedule, document),
        evaluation=None if schedule is None else evaluate(problem, schedule),
        reasons=_reasons(document),
        marginal=json_reader.marginal_values(document),
        run=record.name or "",
        created_at=datetime.fromisoformat(document["created_at"]),
        seconds={name: spent for name, spent in record.seconds.items() if name != "export"},
        input_name=Path(source.file_name).name,
        input_sha256=source.file_sha256,
        versions=record.versions,
    )


def _document(record: RunRecord) -> dict[str, Any]:
    try:
        return json_reader.read(record.document).entry
    except DamagedDocumentError as error:
        raise VerificationError(
            f"{record.name}: 所存的 schedule.json 已损坏 / the schedule.json kept is damaged:\n  {error}"
        ) from None


def _reasons(document: dict[str, Any]) -> dict[str, Reason]:
    """Why projects are out or late. What the solver found out is kept nowhere but in the document."""
    found = ((entry["key"], entry.get("reason")) for entry in document["projects"])
    return {key: json_reason.read(reason) for key, reason in found if reason}


def _result(record: RunRecord, schedule: Schedule | None, document: dict[str, Any]) -> Result:
    """The answer of the solver. Documents of the first versions have neither repairs nor other conflicts."""
    told = document["infeasible"] or {}
    others = (Conflict(_conflict(other["conflict"]), other["minimal"]) for other in told.get("others", ()))
    return Result(
        record.status,
        schedule,
        record.objectives,
        _conflict(told.get("conflict", ())),
        record.stopped,
        minimal=told.get("minimal", True),
        other_conflicts=tuple(others),
        repairs=tuple(_repair(entry) for entry in told.get("repairs", ())),
        repair_notes=tuple(text_of(note) for note in told.get("notes", ())),
    )


def _conflict(members: Iterable[dict[str, Any]]) -> tuple[Requirement, ...]:
    about = ("project", "source", "county", "year")
    return tuple(Requirement(m["rule"], text_of(m), **{key: m[key] for key in about}) for m in members)


def _repair(entry: dict[str, Any]) -> Repair:
    changes = tuple(_change(change) for change in entry["changes"])
    return Repair(scope=Scope(entry["scope"]), text=text_of(entry), changes=changes, proven=entry["proven"])


def _change(entry: dict[str, Any]) -> Change:
    about = ("setting", "source", "project", "county", "year", "target")
    amount = None if entry["amount"] is None else Decimal(entry["amount"])
    kept = {key: entry[key] for key in about}
    return Change(kind=ChangeKind(entry["kind"]), amount=amount, text=text_of(entry), **kept)
