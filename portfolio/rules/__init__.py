"""Every rule and objective written without a solver, so that the solver can be proven wrong.

One module a rule, named as in MODEL section 3; each has `violations(problem, schedule)`.
"""

from __future__ import annotations

from portfolio.domain.schedule import Requirement, Schedule
from portfolio.rules import (
    after,
    cap,
    choose,
    delivery,
    exclude,
    funding,
    mandatory,
    milestone,
    target,
    together,
    window,
)
from portfolio.scenario.problem import PlanningProblem

RULES = {
    "window": window,
    "mandatory": mandatory,
    "funding": funding,
    "cap": cap,
    "after": after,
    "exclude": exclude,
    "choose": choose,
    "together": together,
    "delivery": delivery,
    "milestone": milestone,
    "target": target,
}
"""The rules by name; a test holds them against the constraints and the tests."""


def check(problem: PlanningProblem, schedule: Schedule) -> tuple[Requirement, ...]:
    """Every requirement that `schedule` breaks; empty for a schedule that keeps all rules."""
    return tuple(violation for rule in RULES.values() for violation in rule.violations(problem, schedule))
