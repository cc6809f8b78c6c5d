"""The columns of the program: start literals, and draws and seats where they are needed.

In a `relaxed` model every project may start in any year, and rows that carry a requirement forbid
what is not allowed; the explanation of a conflict needs that. Otherwise only admissible starts
have a column. With `raise_caps`, up to so much money can be added to each cap.
"""

from __future__ import annotations

from functools import cached_property

from portfolio.domain.demand import Cell
from portfolio.domain.money import Money
from portfolio.optimise.funds import ClassKey, Payers, class_of, payers
from portfolio.optimise.program import Program, Term
from portfolio.scenario.problem import Candidate, PlanningProblem

MORE_THAN_ANY_CAP = 2**40
"""Hundredths of 万元: 110 billion 万元."""


class Variables:
    """Columns by their meaning, and the terms that rules ask for."""

    def __init__(
        self,
        program: Program,
        problem: PlanningProblem,
        *,
        relaxed: bool = False,
        raise_caps: Money = 0,
    ) -> None:
        self.program = program
        self.problem = problem
        self.relaxed = relaxed
        self.raise_caps = raise_caps
        self.payers: dict[str, Payers] = {k: payers(problem, c) for k, c in problem.candidates.items()}
        self.starts: dict[str, dict[int, int]] = {
            key: {start: program.add_column(0, 1) for start in self._possible_starts(candidate)}
            for key, candidate in problem.candidates.items()
        }
        for columns in self.starts.values():
            program.add_row([(column, 1) for column in columns.values()], None, 1)
        self.extra_caps: dict[tuple[str, int], int] = {}
        self._supplies: dict[tuple[Cell, int, bool], tuple[int, list[Term]]] = {}

    def _possible_starts(self, candidate: Candidate) -> list[int]:
        years = set(self.problem.horizon.years)
        if candidate.fixed_start is not None:
            years.add(candidate.fixed_start)
        if self.relaxed:
            return sorted(years)
        return [s for s in sorted(years) if is_admissible(self.problem, candidate, s, self.payers)]

    def selected(self, key: str) -> list[Term]:
        """1 where the project is selected."""
        return [(column, 1) for column in self.starts[key].values()]

    @cached_property
    def draws(self) -> dict[tuple[ClassKey, int, str], int]:
        """Money drawn by a class of projects from a source in a year; only where there is a choice."""
        columns: dict[tuple[ClassKey, int, str], int] = {}
        for group, members in self.classes.items():
            spend: dict[int, int] = {}
            for key in members:
                for year, amount in self._most_spend(key).items():
                    spend[year] = spend.get(year, 0) + amount
            for year in sorted(spend):
                for source in group[1]:
                    most = min(spend[year], self._available(source, year))
                    columns[group, year, source] = self.program.add_column(0, most)
        return columns

    @cached_property
    def classes(self) -> dict[ClassKey, list[str]]:
        """Projects that share their choice of sources, in workbook order."""
        found: dict[ClassKey, list[str]] = {}
        for key, who in self.payers.items():
            if not who.unfundable and who.shares is None and (len(who.sources) > 1 or who.ranged):
                found.setdefault(class_of(key, who), []).append(key)
        return found

    def _most_spend(self, key: str) -> dict[int, int]:
        most: dict[int, int] = {}
        for start in self.starts[key]:
            for year, amount in self.problem.spend_in_horizon(key, start).items():
                most[year] = max(most.get(year, 0), amount)
        return most

    def _available(self, source: str, year: int) -> int:
        """A bound on what the source can give in `year`; a model that explains must not hide a cap in it."""
        caps = self.problem.caps[source]
        if self.relaxed or self.raise_caps:
            return MORE_THAN_ANY_CAP
        carry = self.problem.sources[source].carry_over_years
        first = self.problem.horizon.first_year
        opening = first if carry is None else max(first, year - carry)
        return sum(caps.get(y, 0) for y in range(opening, year + 1))

    def extra_cap(self, source: str, year: int) -> list[Term]:
        """Money added to a cap, where the model may add any."""
        if not self.raise_caps:
            return []
        if (source, year) not in self.extra_caps:
            self.extra_caps[source, year] = self.program.add_column(0, self.raise_caps)
        return [(self.extra_caps[source, year], 1)]

    def supply(self, cell: Cell, year: int, *, public_only: bool = False) -> tuple[int, list[Term]]:
        """Supply of a cell as a constant and terms; below 0 only where projects take more than there is."""
        base = self.problem.public_capacity if public_only else self.problem.capacity
        constant = base.get(cell, {}).get(year, 0)
        terms: list[Term] = []
        for key, candidate in self.problem.candidates.items():
            here = [
                e
                for e in candidate.effects
                if (candidate.row.county, e.zone, e.stage) == cell and (e.public or not public_only)
            ]
            if not here:
                continue
            added = sum(e.seats_added - e.seats_replaced for e in here)
            offline = sum(e.seats_offline for e in here)
            for start, column in self.starts[key].items():
                if year >= candidate.opens(start):
                    terms.append((column, added))
                elif year >= start:
                    terms.append((column, -offline))
        return constant, [(c, a) for c, a in terms if a]

    def clamped_supply(self, cell: Cell, year: int, *, public_only: bool = False) -> tuple[int, list[Term]]:
        """`supply`, never below 0: where it could be, a column adds what is missing to 0, and a switch
        lets that column move only while the supply stands at 0."""
        known = self._supplies.get((cell, year, public_only))
        if known is None:
            known = self._supplies[cell, year, public_only] = self._clamped(
                *self.supply(cell, year, public_only=public_only)
            )
        return known

    def _clamped(self, constant: int, terms: list[Term]) -> tuple[int, list[Term]]:
        least, most = self._range(terms)
        if constant + least >= 0:
            return constant, terms
        lift = self.program.add_column(0, -(constant + least))
        at_zero = self.program.add_column(0, 1)
        lifted = [*terms, (lift, 1)]
        ceiling = max(0, constant + most)
        self.program.add_row(lifted, -constant, None)
        self.program.add_row([(lift, 1), (at_zero, constant + least)], None, 0)
        self.program.add_row([*lifted, (at_zero, ceiling)], None, ceiling - constant)
        return constant, lifted

    def _range(self, terms: list[Term]) -> tuple[int, int]:
        """Bounds of the terms given that a project starts at most once."""
        by_column = dict(terms)
        least = most = 0
        for columns in self.starts.values():
            effects = [by_column.get(column, 0) for column in columns.values()]
            least += min(0, *effects) if effects else 0
            most += max(0, *effects) if effects else 0
        return least, most


def is_admissible(problem: PlanningProblem, candidate: Candidate, start: int, who: dict[str, Payers]) -> bool:
    """Whether the project alone could start then: its window, its fixed start, someone to pay it,
    and no predecessor that the scenario leaves out."""
    if candidate.fixed_start is not None and start != candidate.fixed_start:
        return False
    if candidate.left_out_predecessors or not in_window(problem, candidate, start):
        return False
    return not (who[candidate.key].unfundable and problem.spend_in_horizon(candidate.key, start))


def in_window(problem: PlanningProblem, candidate: Candidate, start: int) -> bool:
    """The rule `window` for one start."""
    horizon = problem.horizon
    lower = horizon.first_year if candidate.fixed_start is None else start
    if candidate.earliest_start is not None:
        lower = max(lower, candidate.earliest_start)
    upper = horizon.last_year
    finish_limit = upper if candidate.latest_finish is None else min(upper, candidate.latest_finish)
    return (
        lower <= start and candidate.finish(start) <= finish_limit and candidate.last_payment(start) <= upper
    )
