"""Stored runs: what was decided, from which inputs, and what proves it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, func, insert, select, true
from sqlalchemy.orm import Session

from portfolio.db.records import RunProject, RunRecord, RunSummary
from portfolio.db.session import one_writer
from portfolio.db.tables import Base, RunDrawRow, RunObjectiveRow, RunProjectRow, RunRow
from portfolio.domain.schedule import Draw, Objective
from portfolio.errors import UsageError

_SUMMARY = (
    RunRow.id,
    RunRow.name,
    RunRow.scenario,
    RunRow.created_at,
    RunRow.inputs_sha256,
    RunRow.import_id,
    RunRow.status,
    RunRow.stopped,
    RunRow.seconds,
)


def reserve_run_name(session: Session, scenario: str) -> str:
    """The name of the next run, such as "base-0007"; nobody else gets it before this transaction ends.

    For a document that contains the name of its run: reserve, write the document, `save_run`.
    """
    one_writer(session, RunRow.__tablename__)
    return next_run_name(session, scenario)


def next_run_name(session: Session, scenario: str) -> str:
    """The name that the next run would have; somebody else may get it first."""
    last = session.scalar(select(func.max(RunRow.id)))
    return f"{scenario}-{(last or 0) + 1:04d}"


def save_run(session: Session, run: RunRecord) -> str:
    """Stores a run under its reserved name, or under the next one if it has none; gives the name.

    Raises:
        ValueError: the name is not one that was reserved for the scenario.
    """
    name = run.name or reserve_run_name(session, run.scenario)
    scenario, _, number = name.rpartition("-")
    if scenario != run.scenario or not number.isdecimal():
        raise ValueError(f"{name} is not the name of a run of {run.scenario}")
    session.execute(insert(RunRow), [_run_values(run, int(number), name)])
    for row_type, rows in _parts(run).items():
        if rows:
            table = Base.metadata.tables[row_type.__tablename__]
            located = [{"run_id": int(number), "position": i, **row} for i, row in enumerate(rows)]
            session.execute(insert(table), located)
    return name


def load_run(session: Session, name: str) -> RunRecord:
    """The run as it was saved; times are in UTC.

    Raises:
        UsageError: there is no such run.
    """
    row = session.scalars(select(RunRow).where(RunRow.name == name)).first()
    if row is None:
        raise UsageError(
            f'没有排期 "{name}"，portfolio runs 列出全部 / there is no run "{name}"; `portfolio runs` lists them'
        )
    return RunRecord(
        name=row.name,
        scenario=row.scenario,
        created_at=row.created_at,
        inputs_sha256=row.inputs_sha256,
        import_id=row.import_id,
        status=row.status,
        stopped=row.stopped,
        scenario_text=row.scenario_text,
        document=row.document,
        versions=json.loads(row.versions),
        seconds=json.loads(row.seconds),
        projects=_projects(session, row.id),
        draws=_draws(session, row.id),
        objectives=_objectives(session, RunObjectiveRow.run_id == row.id).get(row.id, ()),
    )


def resolved(session: Session, name: str) -> str:
    """The name of the run that is meant: a run's own, else a scenario's for its newest run."""
    if session.scalar(select(RunRow.id).where(RunRow.name == name)) is not None:
        return name
    newest = select(RunRow.name).where(RunRow.scenario == name).order_by(RunRow.id.desc()).limit(1)
    return session.scalar(newest) or name


def last_starts(session: Session, scenario: str) -> dict[str, int]:
    """The starts of the scenario's last run that has a schedule; empty if there is none."""
    last = session.scalar(
        select(func.max(RunProjectRow.run_id))
        .join(RunRow, RunRow.id == RunProjectRow.run_id)
        .where(RunRow.scenario == scenario)
    )
    query = select(RunProjectRow.project, RunProjectRow.start).where(
        RunProjectRow.run_id == last, RunProjectRow.start.is_not(None)
    )
    return {project: start for project, start in session.execute(query) if start is not None}


def list_runs(session: Session) -> tuple[RunSummary, ...]:
    """All runs, oldest first, without their documents."""
    objectives = _objectives(session, true())
    return tuple(
        RunSummary(
            name=name,
            scenario=scenario,
            created_at=created_at,
            inputs_sha256=inputs_sha256,
            import_id=import_id,
            status=status,
            stopped=stopped,
            seconds=json.loads(seconds),
            objectives=objectives.get(run_id, ()),
        )
        for run_id, name, scenario, created_at, inputs_sha256, import_id, status, stopped, seconds in session.execute(
            select(*_SUMMARY).order_by(RunRow.id)
        )
    )


def _run_values(run: RunRecord, run_id: int, name: str) -> dict[str, Any]:
    return {
        "id": run_id,
        "name": name,
        "scenario": run.scenario,
        "created_at": run.created_at,
        "inputs_sha256": run.inputs_sha256,
        "import_id": run.import_id,
        "status": run.status,
        "stopped": run.stopped,
        "scenario_text": run.scenario_text,
        "document": run.document,
        "versions": _json(run.versions),
        "seconds": _json(run.seconds),
    }


def _parts(run: RunRecord) -> Mapping[type[Base], Sequence[dict[str, Any]]]:
    """The rows of the run's child tables."""
    return {
        RunProjectRow: [
            {
                "project": p.key,
                "selected": p.selected,
                "start": p.start,
                "finish": p.finish,
                "opens": p.opens,
                "cost": p.cost,
            }
            for p in run.projects
        ],
        RunDrawRow: [
            {"project": d.project, "year": d.year, "source": d.source, "amount": d.amount} for d in run.draws
        ],
        RunObjectiveRow: [
            {"name": o.name, "value": o.value, "bound": o.bound, "proven": o.proven} for o in run.objectives
        ],
    }


def _projects(session: Session, run_id: int) -> tuple[RunProject, ...]:
    row = RunProjectRow
    query = select(row.project, row.selected, row.start, row.finish, row.opens, row.cost)
    return tuple(
        RunProject(key=key, selected=selected, start=start, finish=finish, opens=opens, cost=cost)
        for key, selected, start, finish, opens, cost in session.execute(
            query.where(row.run_id == run_id).order_by(row.position)
        )
    )


def _draws(session: Session, run_id: int) -> tuple[Draw, ...]:
    row = RunDrawRow
    query = select(row.project, row.year, row.source, row.amount)
    return tuple(
        Draw(*values) for values in session.execute(query.where(row.run_id == run_id).order_by(row.position))
    )


def _objectives(session: Session, wanted: ColumnElement[bool]) -> dict[int, tuple[Objective, ...]]:
    """The objectives of the wanted runs, in their order, by the number of the run."""
    row = RunObjectiveRow
    query = select(row.run_id, row.name, row.value, row.bound, row.proven)
    found: dict[int, tuple[Objective, ...]] = defaultdict(tuple)
    for run_id, name, value, bound, proven in session.execute(
        query.where(wanted).order_by(row.run_id, row.position)
    ):
        found[run_id] += (Objective(name, value, bound, proven),)
    return found


def _json(mapping: Mapping[str, object]) -> str:
    return json.dumps(mapping, ensure_ascii=False, sort_keys=True)
