"""The best schedule by trying everything. Tiny portfolios only: it enumerates starts and draws."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import product

from portfolio import rules
from portfolio.domain.schedule import Draw, Schedule
from portfolio.rules import objectives
from portfolio.scenario.problem import PlanningProblem

MONEY_RULES = {"funding", "cap"}


def best(problem: PlanningProblem) -> tuple[Decimal, ...] | None:
    """The best value of each objective, in the scenario's order, given those before it.

    An objective may be worse than its best by its tolerance, if that serves a later one; without
    tolerances these are the values of a lexicographically best schedule. None where no schedule
    keeps the rules.
    """
    left = [(starts, _values(problem, starts)) for starts in _all_starts(problem)]
    kept: dict[tuple[tuple[str, int], ...], bool] = {}

    def keeps_rules(starts: dict[str, int]) -> bool:
        key = tuple(starts.items())
        if key not in kept:
            kept[key] = _keeps_rules(problem, starts)
        return kept[key]

    found: list[Decimal] = []
    for place, name in enumerate(problem.order):
        sign = -1 if name == "priority" else 1
        left.sort(key=lambda pair: sign * pair[1][place])
        value = next((values[place] for starts, values in left if keeps_rules(starts)), None)
        if value is None:
            return None
        found.append(value)
        worst = sign * value + tolerated(problem, name, value)
        left = [pair for pair in left if sign * pair[1][place] <= worst]
    return tuple(found)


def tolerated(problem: PlanningProblem, name: str, value: Decimal) -> Decimal:
    """By how much an objective may be worse than its best value."""
    return problem.tolerance.get(name, Decimal(0)) * abs(value)


def _values(problem: PlanningProblem, starts: dict[str, int]) -> tuple[Decimal, ...]:
    schedule = Schedule(starts)
    return tuple(objectives.VALUES[name](problem, schedule) for name in problem.order)


def _all_starts(problem: PlanningProblem) -> Iterator[dict[str, int]]:
    options: list[list[int | None]] = []
    for candidate in problem.candidates.values():
        years: set[int] = set(problem.horizon.years)
        if candidate.fixed_start is not None:
            years.add(candidate.fixed_start)
        options.append([None, *sorted(years)])
    for choice in product(*options):
        yield {k: s for k, s in zip(problem.candidates, choice, strict=True) if s is not None}


def _keeps_rules(problem: PlanningProblem, starts: dict[str, int]) -> bool:
    without_money = {r.rule for r in rules.check(problem, Schedule(starts))} - MONEY_RULES
    return not without_money and any(
        not rules.check(problem, Schedule(starts, draws)) for draws in _all_draws(problem, starts)
    )


def _all_draws(problem: PlanningProblem, starts: dict[str, int]) -> Iterator[tuple[Draw, ...]]:
    """Every way to divide each year's spend of each project among the sources that may pay it."""
    payments = [
        (key, year, amount)
        for key, start in starts.items()
        for year, amount in problem.spend_in_horizon(key, start).items()
    ]
    splits = [list(_splits(problem, key, amount)) for key, _, amount in payments]
    for chosen in product(*splits):
        yield tuple(
            Draw(key, year, source, part)
            for (key, year, _), parts in zip(payments, chosen, strict=True)
            for source, part in parts.items()
            if part
        )


def _splits(problem: PlanningProblem, key: str, amount: int) -> Iterator[dict[str, int]]:
    candidate = problem.candidates[key]
    payers = [s.key for s in problem.sources.values() if rules.funding.may_pay(s, candidate)]
    for parts in product(range(amount + 1), repeat=len(payers)):
        if sum(parts) == amount:
            yield dict(zip(payers, parts, strict=True))
