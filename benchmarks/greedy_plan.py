"""Greedy plans as an office makes them by hand: project after project at the earliest start that fits.

What must be built comes first: fixed starts, mandatory projects, firm milestones, what these need
before or beside them, and one of each `choose` group. Then everything else, by priority or by the
seats it brings for its money. A project is paid by the first source that may pay, then the next.
Hard targets are not aimed at; whoever judges the plan sees whether they hold.
"""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor

import numpy as np

from portfolio.domain.demand import Cell
from portfolio.domain.money import Money, split
from portfolio.domain.project import RelationKind
from portfolio.domain.schedule import Draw, Schedule
from portfolio.rules import milestone, window
from portfolio.rules.funding import may_pay
from portfolio.rules.seats import effect_on
from portfolio.scenario.problem import Candidate, PlanningProblem

Unit = tuple[str, ...]
"""Projects that are built together or not at all; mostly a single one."""


def by_priority(problem: PlanningProblem) -> Schedule:
    """All that fits, urgent projects first, as the workbook lists them."""
    plan = _Plan(problem)
    _force(plan)
    rest = sorted(plan.units, key=lambda unit: min(problem.candidates[key].priority for key in unit))
    _insert_all(plan, rest)
    return plan.schedule()


def by_seats_per_cost(problem: PlanningProblem) -> Schedule:
    """Always the project next that takes away most weighted shortage for its money, until none does."""
    plan = _Plan(problem)
    _force(plan)
    order = {unit: number for number, unit in enumerate(plan.units)}
    waiting = [(-gain, order[unit], unit) for unit in plan.units if (gain := _gain_per_cost(plan, unit)) > 0]
    heapq.heapify(waiting)
    while waiting:
        _, number, unit = heapq.heappop(waiting)
        gain = _gain_per_cost(plan, unit)
        if gain <= 0:
            continue
        if waiting and gain < -waiting[0][0]:
            heapq.heappush(waiting, (-gain, number, unit))
            continue
        plan.insert(unit)
        # What had to wait for this one may fit now.
        for other in plan.followers(unit):
            if (gain := _gain_per_cost(plan, other)) > 0:
                heapq.heappush(waiting, (-gain, order[other], other))
    return plan.schedule()


def _gain_per_cost(plan: _Plan, unit: Unit) -> float:
    """Weighted shortage that the unit takes away now, per amount of money; 0 where it does not fit."""
    before = plan.seats.shortage
    if not plan.insert(unit):
        return 0.0
    gain = before - plan.seats.shortage
    cost = sum(draw.amount for key in unit for draw in plan.draws[key])
    plan.remove(unit)
    return gain / max(1, cost)


def _force(plan: _Plan) -> None:
    """Inserts what every plan must have, as far as it fits."""
    problem = plan.problem
    forced = {key for key, c in problem.candidates.items() if c.mandatory or c.fixed_start is not None}
    forced |= {m.project for m in problem.milestones if m.firm}
    while needed := _needed_by(plan, forced) - forced:
        forced |= needed
    # The tightest windows first: a fixed start has no choice.
    units = [unit for unit in plan.units if forced.intersection(unit)]
    _insert_all(plan, sorted(units, key=lambda unit: min(len(plan.starts[key]) for key in unit)))
    for group in problem.groups:
        if group.kind is RelationKind.CHOOSE and not any(key in plan.built for key in group.members):
            members = sorted(group.members, key=lambda key: problem.candidates[key].cost)
            any(plan.insert(plan.unit_of[key]) for key in members)


def _needed_by(plan: _Plan, keys: set[str]) -> set[str]:
    before = {pair.other for pair in plan.problem.after if pair.project in keys}
    return before | {mate for key in keys for mate in plan.unit_of[key]}


def _insert_all(plan: _Plan, units: Sequence[Unit]) -> None:
    """In order, and again as long as something had to wait for a predecessor."""
    found = True
    while found:
        found = False
        for unit in units:
            if unit[0] not in plan.built and plan.insert(unit):
                found = found or bool(plan.followers(unit))


@dataclass
class _Plan:
    """The projects built so far, with what they leave of money, seats and delivery capacity."""

    problem: PlanningProblem
    built: dict[str, int] = field(default_factory=dict)
    draws: dict[str, list[Draw]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.money = _Money(self.problem)
        self.seats = _Seats(self.problem)
        self.delivery = _Delivery(self.problem)
        self.starts = {key: self._possible(c) for key, c in self.problem.candidates.items()}
        self.unit_of = _units(self.problem)
        self.units = list(dict.fromkeys(self.unit_of.values()))
        self.before: dict[str, list[tuple[str, int]]] = defaultdict(list)
        self.after: dict[str, list[str]] = defaultdict(list)
        for pair in self.problem.after:
            self.before[pair.project].append((pair.other, pair.lag_years))
            self.after[pair.other].append(pair.project)
        self.rivals: dict[str, set[str]] = defaultdict(set)
        for group in self.problem.groups:
            if group.kind is not RelationKind.TOGETHER:
                for key in group.members:
                    self.rivals[key] |= set(group.members) - {key}

    def _possible(self, candidate: Candidate) -> list[int]:
        """Starts that the project's own window, fixed start and firm milestones admit."""
        problem, key = self.problem, candidate.key
        if candidate.left_out_predecessors:
            return []
        fixed = candidate.fixed_start
        years = problem.horizon.years if fixed is None else [fixed]
        firm = [m for m in problem.milestones if m.firm and m.project == key]
        found = []
        for year in years:
            alone = Schedule({key: year})
            in_time = all((milestone.line(problem, alone, m).actual or year) <= m.year for m in firm)
            if in_time and not any(window.violations(problem, alone)):
                found.append(year)
        return found

    def schedule(self) -> Schedule:
        return Schedule(dict(self.built), tuple(draw for key in self.built for draw in self.draws[key]))

    def followers(self, unit: Unit) -> list[Unit]:
        """What may come after these projects and is not built."""
        later = (self.unit_of[other] for key in unit for other in self.after[key])
        return [other for other in dict.fromkeys(later) if other[0] not in self.built]

    def insert(self, unit: Unit) -> bool:
        """Builds all projects of the unit, each at the earliest start that fits, or none."""
        done: list[str] = []
        for key in unit:
            if not self._insert_one(key):
                self.remove(done)
                return False
            done.append(key)
        return True

    def _insert_one(self, key: str) -> bool:
        if key in self.built or any(rival in self.built for rival in self.rivals[key]):
            return False
        earliest = self._earliest(key)
        for start in self.starts[key]:
            if earliest is None or start < earliest or not self.delivery.has_room(key, start):
                continue
            draws = self.money.pay(key, start)
            if draws is not None:
                self.built[key], self.draws[key] = start, draws
                self.seats.change(key, start, 1)
                self.delivery.change(key, start, 1)
                return True
        return False

    def _earliest(self, key: str) -> int | None:
        """The first start after all predecessors; None while one of them is not built."""
        earliest = self.problem.horizon.first_year - 1000
        for other, lag in self.before[key]:
            if other not in self.built:
                return None
            finish = self.problem.candidates[other].finish(self.built[other])
            earliest = max(earliest, finish + 1 + lag)
        return earliest

    def remove(self, keys: Iterable[str]) -> None:
        for key in keys:
            start = self.built.pop(key)
            self.money.draw(self.draws.pop(key), -1)
            self.seats.change(key, start, -1)
            self.delivery.change(key, start, -1)


def _units(problem: PlanningProblem) -> dict[str, Unit]:
    """The unit of each project; `together` groups that share a project are one."""
    unit: dict[str, set[str]] = {key: {key} for key in problem.candidates}
    for group in problem.groups:
        if group.kind is RelationKind.TOGETHER:
            merged = set().union(*(unit[key] for key in group.members))
            unit.update(dict.fromkeys(merged, merged))
    number = {key: i for i, key in enumerate(problem.candidates)}
    return {key: tuple(sorted(mates, key=number.__getitem__)) for key, mates in unit.items()}


class _Money:
    """What is left of every source: `slack[a, b]` of it may still be drawn in the years a to b together."""

    def __init__(self, problem: PlanningProblem) -> None:
        self.problem = problem
        self._first = problem.horizon.first_year
        self._slack = {key: self._all_slack(key) for key in problem.sources}
        self._listed = {key: self._payers(c) for key, c in problem.candidates.items()}

    def _all_slack(self, source: str) -> np.ndarray[tuple[int, int], np.dtype[np.int64]]:
        years = list(self.problem.horizon.years)
        caps, carry = self.problem.caps[source], self.problem.sources[source].carry_over_years
        slack = np.zeros((len(years), len(years)), dtype=np.int64)
        for a, first in enumerate(years):
            opening = years[0] if carry is None else first - carry
            for b, last in enumerate(years):
                slack[a, b] = sum(caps.get(year, 0) for year in range(opening, last + 1))
        return slack

    def _payers(self, candidate: Candidate) -> list[tuple[str, Fraction, Fraction]]:
        """Sources with the least and the largest share they may pay, in the order they are asked."""
        bounds = {row.source: (Fraction(row.low), Fraction(row.high)) for row in candidate.funding}
        anything = Fraction(0), Fraction(1)
        keys = bounds or self.problem.sources
        return [
            (key, *bounds.get(key, anything))
            for key in keys
            if key in self.problem.sources and may_pay(self.problem.sources[key], candidate)
        ]

    def room(self, source: str, year: int) -> Money:
        y = year - self._first
        return max(0, int(self._slack[source][: y + 1, y:].min()))

    def draw(self, draws: Iterable[Draw], sign: int) -> None:
        for d in draws:
            y = d.year - self._first
            self._slack[d.source][: y + 1, y:] -= sign * d.amount

    def pay(self, key: str, start: int) -> list[Draw] | None:
        """Pays the whole project, or nothing."""
        candidate, spend = self.problem.candidates[key], self.problem.spend_in_horizon(key, start)
        rows = candidate.funding
        exact = bool(rows) and all(r.low == r.high for r in rows) and sum(r.low for r in rows) == 1
        draws = self._pay_shares(key, spend) if exact else self._pay_in_order(key, spend)
        if draws is not None and sum(d.amount for d in draws) == sum(spend.values()):
            return draws
        self.draw(draws or [], -1)
        return None

    def _pay_shares(self, key: str, spend: dict[int, Money]) -> list[Draw] | None:
        rows = self.problem.candidates[key].funding
        eligible = {source for source, _, _ in self._listed[key]}
        draws: list[Draw] = []
        for year, amount in spend.items():
            for row, part in zip(rows, split(amount, [Fraction(r.low) for r in rows]), strict=True):
                if part and row.source in eligible:
                    self._take(draws, key, year, row.source, part)
        return draws

    def _pay_in_order(self, key: str, spend: dict[int, Money]) -> list[Draw] | None:
        """First what each source must pay at least, then the first source that has money."""
        total, left = sum(spend.values()), dict(spend)
        due = {row.source: floor(total * Fraction(row.low)) for row in self.problem.candidates[key].funding}
        most = {source: ceil(total * high) for source, _, high in self._listed[key]}
        draws: list[Draw] = []
        for limits in (due, most):
            for source, limit in limits.items():
                paid = sum(d.amount for d in draws if d.source == source)
                for year in left:
                    paid += self._take_some(draws, key, year, source, left, limit - paid)
                if limits is due and paid < limit:
                    self.draw(draws, -1)
                    return None
        return draws

    def _take_some(
        self, draws: list[Draw], key: str, year: int, source: str, left: dict[int, Money], limit: Money
    ) -> Money:
        wanted = min(left[year], limit)
        amount = min(wanted, self.room(source, year)) if wanted > 0 else 0
        if amount:
            self._take(draws, key, year, source, amount)
            left[year] -= amount
        return amount

    def _take(self, draws: list[Draw], key: str, year: int, source: str, amount: Money) -> None:
        if amount <= self.room(source, year):
            draws.append(Draw(key, year, source, amount))
            self.draw(draws[-1:], 1)


class _Seats:
    """Supply of every cell with demand, and the weighted shortage that is left."""

    def __init__(self, problem: PlanningProblem) -> None:
        self.problem = problem
        years = problem.horizon.years
        self._demand = {cell: np.array([d[y] for y in years]) for cell, d in problem.demand.items()}
        self._supply = {
            cell: np.array([problem.capacity.get(cell, {}).get(y, 0) for y in years])
            for cell in problem.cells
        }
        self._weight = {cell: float(problem.weights.get(cell.stage, 0)) for cell in problem.cells}
        self.shortage = sum(self._missing(cell) for cell in problem.cells)

    def _missing(self, cell: Cell) -> float:
        missing = np.maximum(0, self._demand[cell] - np.maximum(0, self._supply[cell]))
        return self._weight[cell] * int(missing.sum())

    def change(self, key: str, start: int, sign: int) -> None:
        """Adds the project's effects on seats, or takes them away."""
        candidate = self.problem.candidates[key]
        for effect in candidate.effects:
            cell = Cell(candidate.row.county, effect.zone, effect.stage)
            if cell not in self._supply:
                continue
            seats = [effect_on(candidate, effect, start, y) for y in self.problem.horizon.years]
            self.shortage -= self._missing(cell)
            self._supply[cell] += sign * np.array(seats)
            self.shortage += self._missing(cell)


class _Delivery:
    """Starts and projects under construction by county and year."""

    def __init__(self, problem: PlanningProblem) -> None:
        self.problem = problem
        self._starts: dict[tuple[str, int], int] = defaultdict(int)
        self._building: dict[tuple[str, int], int] = defaultdict(int)

    def has_room(self, key: str, start: int) -> bool:
        problem, county = self.problem, self.problem.candidates[key].row.county
        most = problem.max_starts
        if most is not None and start in problem.horizon and self._starts[county, start] >= most:
            return False
        most = problem.max_under_construction
        return most is None or all(self._building[county, year] < most for year in self._years(key, start))

    def change(self, key: str, start: int, sign: int) -> None:
        county = self.problem.candidates[key].row.county
        self._starts[county, start] += sign
        for year in self._years(key, start):
            self._building[county, year] += sign

    def _years(self, key: str, start: int) -> list[int]:
        finish = self.problem.candidates[key].finish(start)
        return [year for year in range(start, finish + 1) if year in self.problem.horizon]


Planner = Callable[[PlanningProblem], Schedule]

PLANNERS: dict[str, Planner] = {"greedy-priority": by_priority, "greedy-seats": by_seats_per_cost}
