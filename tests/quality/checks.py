"""Checks of small problems by keyword."""

from __future__ import annotations

from typing import Any

from portfolio.domain.project import SeatEffect, Stage
from portfolio.quality import Finding, Kind, Report, check
from portfolio.quality.findings import IMPOSSIBLE
from tests.builders import a_problem, caps

RICH = (caps(*[1000] * 3),)
"""More money than anything here costs."""


def report(projects: Any = (), **tables: Any) -> Report:
    """The check of a problem; money is no object unless `caps` are given."""
    return check(a_problem(projects, **{"caps": RICH, **tables}))


def kinds(projects: Any = (), **tables: Any) -> set[Kind]:
    return {finding.kind for finding in report(projects, **tables).findings}


def only(kind: Kind, projects: Any = (), **tables: Any) -> Finding:
    """The one finding of a kind."""
    (found,) = [f for f in report(projects, **tables).findings if f.kind is kind]
    return found


def impossible(projects: Any = (), **tables: Any) -> set[Kind]:
    return kinds(projects, **tables) & IMPOSSIBLE


def school(seats: int, classes: int | None = None, stage: Stage = Stage.PRIMARY, **more: Any) -> SeatEffect:
    return SeatEffect(project="p", stage=stage, seats_added=seats, classes=classes, **more)
