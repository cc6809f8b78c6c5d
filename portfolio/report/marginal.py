"""The value of money as reports tell it: the figure of a cap, and what must be known to read it."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from portfolio.domain.marginal import Marginals
from portfolio.domain.text import Text, fill
from portfolio.report import labels
from portfolio.report.labels import label
from portfolio.scenario.plan import Plan
from portfolio.scenario.problem import PlanningProblem

SHORTAGE = "seat_shortage"


def value_of(plan: Plan, source: str, year: int) -> Decimal | None:
    """Weighted seat-years avoided per extra 100 万元; None where it was not worked out."""
    return plan.marginal.get((source, year))


def plan_notes(plan: Plan) -> tuple[Text, ...]:
    """What the figures of a plan mean, or why it has none."""
    missing = "" if plan.marginal else "unknown" if SHORTAGE in plan.problem.order else "no_objective"
    return tuple(notes(plan.problem, Marginals(plan.marginal, missing=missing)))


def notes(problem: PlanningProblem, marginals: Marginals, stopped: str = "") -> Iterator[Text]:
    """What must be known to read the figures; `stopped` says what kept re-solves from being done."""
    if marginals.values:
        yield label("marginal.meaning")
        order = problem.order
        before = order[: order.index(SHORTAGE)] if SHORTAGE in order else ()
        if before:
            names = [labels.objective_label(name) for name in before]
            told = Text("、".join(name.zh for name in names), ", ".join(name.en for name in names))
            yield fill(label("marginal.not_first"), before=told)
    if marginals.at_most:
        yield label("marginal.at_most")
    if marginals.missing:
        yield label(f"marginal.missing.{marginals.missing}")
    if stopped:
        yield label(f"marginal.stopped.{stopped}")
