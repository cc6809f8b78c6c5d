"""A finished run: what every report is written from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from portfolio.domain.marginal import Place
from portfolio.domain.schedule import Evaluation, Reason, Result
from portfolio.scenario.problem import PlanningProblem


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The problem, the solver's answer, and what follows from it.

    `evaluation` is None where there is no schedule. `reasons` has every candidate that is not
    selected or starts later than it could. `marginal` is the value of each cap as far as it was worked out: weighted seat-years
    avoided per extra 100 万元, by the relaxation (`portfolio.domain.marginal`). `run` is the run's name in
    the database, `created_at` is in local time with an offset, `seconds` holds import, solve and export. `input_name` is the workbook's file name,
    `input_sha256` the hash of its bytes, `versions` the programs that made the plan.
    """

    problem: PlanningProblem
    result: Result
    evaluation: Evaluation | None
    reasons: Mapping[str, Reason] = field(default_factory=dict)
    marginal: Mapping[Place, Decimal] = field(default_factory=dict)
    run: str = ""
    created_at: datetime
    seconds: Mapping[str, float] = field(default_factory=dict)
    input_name: str = ""
    input_sha256: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
