"""Why the projects of a plan are where they are: the use case behind `portfolio explain`."""

from __future__ import annotations

from portfolio.domain.explained import Explanation
from portfolio.domain.progress import SolveListener
from portfolio.domain.schedule import Reason
from portfolio.scenario.plan import Plan


def reasons(plan: Plan, listener: SolveListener | None = None) -> dict[str, Reason]:
    """Why projects are out or late, in the workbook's order: what the run keeps, else found out now.

    A run that was interrupted, or is of an early version, keeps no more than the names of the reasons.
    """
    found = dict(plan.reasons)
    if not any(reason.admission or reason.counterfactual for reason in found.values()):
        from portfolio.optimise.explain.reasons import reasons as find_reasons

        found = find_reasons(plan.problem, plan.result, listener)
    return {key: found[key] for key in plan.problem.candidates if key in found}


def project(
    plan: Plan, key: str, start: int | None = None, listener: SolveListener | None = None
) -> Explanation:
    """Everything about the decision on one project of a plan that has a schedule; `start`: a year to suppose."""
    from portfolio.optimise.explain.project import explain_project

    return explain_project(plan.problem, plan.result, key, start, listener)
