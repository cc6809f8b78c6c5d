"""The columns of the program: start literals, and draws and seats where they are needed.

In a `relaxed` model every project may start in any year, and rows that carry a requirement forbid
what is not allowed; the explanation of a conflict needs that. Otherwise only admissible starts
have a column. With `raise_caps`, up to so much money can be added to each cap.

Start columns come first: column `i` is start `i` of the tables here. A county is a block.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np

from portfolio.domain.money import Money
from portfolio.optimise.funds import ClassKey, Payers, all_payers, class_of
from portfolio.optimise.program import Ints, ProgramBuilder, Term, ints
from portfolio.optimise.seats import SeatTable
from portfolio.optimise.spend import SpendTable, spend_table
from portfolio.scenario.problem import Candidate, PlanningProblem

MORE_THAN_ANY_CAP = 2**40
"""Hundredths of 万元: 110 billion 万元."""


class Variables:
    """Columns by their meaning, and the tables that rules are compiled from.

    `job` and `year` tell the project (its place in `keys`) and the start year of each start column;
    the starts of project `j` are the columns `first[j]` to `first[j + 1]`.
    """

    def __init__(
        self,
        program: ProgramBuilder,
        problem: PlanningProblem,
        *,
        relaxed: bool = False,
        raise_caps: Money = 0,
    ) -> None:
        self.program = program
        self.problem = problem
        self.relaxed = relaxed
        self.raise_caps = raise_caps
        self.payers: dict[str, Payers] = all_payers(problem)
        self.keys = tuple(problem.candidates)
        self.number = {key: j for j, key in enumerate(self.keys)}
        candidates = tuple(problem.candidates.values())
        blocks = {county: b for b, county in enumerate(dict.fromkeys(c.row.county for c in candidates))}
        self.block_of_county = blocks
        possible = [self._possible_starts(candidate) for candidate in candidates]
        counts = [len(years) for years in possible]
        self.first: Ints = np.concatenate([ints([0]), np.cumsum(ints(counts))])
        self.job: Ints = np.repeat(np.arange(len(counts)), counts)
        self.year: Ints = ints([year for years in possible for year in years])
        self.finish: Ints = self.year + ints([c.duration_years for c in candidates])[self.job] - 1
        self.opens: Ints = self.finish + ints([c.open_lag for c in candidates])[self.job]
        self.block_of_job: Ints = ints([blocks[c.row.county] for c in candidates])
        program.add_columns(0, np.ones(len(self.job)), job=self.job, time=self.year,
                            block=self.block_of_job[self.job])  # fmt: skip
        program.add_rows("once", self.job, np.arange(len(self.job)), 1, high=1, count=len(counts))
        self.extra_caps: dict[tuple[str, int], int] = {}

    def _possible_starts(self, candidate: Candidate) -> list[int]:
        years = set(self.problem.horizon.years)
        if candidate.fixed_start is not None:
            years.add(candidate.fixed_start)
        if self.relaxed:
            return sorted(years)
        return admissible_starts(self.problem, candidate, self.payers[candidate.key])

    def columns(self, key: str) -> Ints:
        """The start columns of a project, by year."""
        j = self.number[key]
        return np.arange(self.first[j], self.first[j + 1])

    def columns_of(self, starts: Mapping[str, int]) -> Ints:
        """The start columns of a schedule, as far as they exist."""
        known = (self.starts.get(key, {}).get(start) for key, start in starts.items())
        return ints([column for column in known if column is not None])

    def selected(self, key: str) -> list[Term]:
        """1 where the project is selected."""
        return [(int(column), 1) for column in self.columns(key)]

    @cached_property
    def starts(self) -> dict[str, dict[int, int]]:
        """Project -> start year -> column."""
        columns, years = range(len(self.job)), self.year.tolist()
        return {
            key: {years[c]: c for c in columns[self.first[j] : self.first[j + 1]]}
            for j, key in enumerate(self.keys)
        }

    def chosen(self, values: Ints) -> dict[str, int]:
        """The starts of a solution, in the order of the projects."""
        taken = np.flatnonzero(ints(values)[: len(self.job)])
        return {self.keys[self.job[column]]: int(self.year[column]) for column in taken}

    @cached_property
    def spend(self) -> SpendTable:
        """What each start pays in the horizon."""
        return spend_table(self.problem, self.keys, self.first, self.year)

    @cached_property
    def seats(self) -> SeatTable:
        """What each start does to the seats of each cell and year."""
        return SeatTable(self.program, self.problem, self)

    @cached_property
    def classes(self) -> dict[ClassKey, list[str]]:
        """Projects that share their choice of sources, in workbook order."""
        found: dict[ClassKey, list[str]] = {}
        for key, who in self.payers.items():
            if not who.unfundable and who.shares is None and (len(who.sources) > 1 or who.ranged):
                found.setdefault(class_of(key, who), []).append(key)
        return found

    @cached_property
    def class_of_job(self) -> Ints:
        """The number of each project's class, -1 for none."""
        numbers = np.full(len(self.keys), -1)
        for number, members in enumerate(self.classes.values()):
            numbers[[self.number[key] for key in members]] = number
        return ints(numbers)

    @cached_property
    def draw_tables(self) -> list[tuple[Ints, Ints]]:
        """For each class the years in which it may spend, and its draw columns by year and source."""
        years, most = self._most_spend()
        tables = []
        for number, (group, members) in enumerate(self.classes.items()):
            when = np.flatnonzero(most[number])
            sources = [self.source_number[source] for source in group[1]]
            limit = np.minimum(most[number][when][:, None], self._available[sources][:, when].T)
            block = self.block_of_county[self.problem.candidates[members[0]].row.county]
            if len({self.problem.candidates[key].row.county for key in members}) > 1:
                block = -1
            columns = self.program.add_columns(0, limit.ravel(), block=block)
            tables.append((years[when], columns.reshape(limit.shape)))
        return tables

    @cached_property
    def draws(self) -> dict[tuple[ClassKey, int, str], int]:
        """Money drawn by a class of projects from a source in a year; only where there is a choice."""
        return {
            (group, int(year), source): int(column)
            for group, (years, columns) in zip(self.classes, self.draw_tables, strict=True)
            for year, by_source in zip(years, columns, strict=True)
            for source, column in zip(group[1], by_source, strict=True)
        }

    @cached_property
    def source_number(self) -> dict[str, int]:
        return {source: number for number, source in enumerate(self.problem.sources)}

    def _most_spend(self) -> tuple[Ints, Ints]:
        """The years, and by class and year the most its projects can spend."""
        spend, years = self.spend, ints(self.problem.horizon.years)
        job = self.job[spend.column]
        most = np.zeros((len(self.keys), len(years)), dtype=np.int64)
        np.maximum.at(most, (job, spend.year - years[0]), spend.amount)
        by_class = np.zeros((len(self.classes), len(years)), dtype=np.int64)
        grouped = self.class_of_job >= 0
        np.add.at(by_class, self.class_of_job[grouped], most[grouped])
        return years, by_class

    @cached_property
    def _available(self) -> Ints:
        """A bound on what each source can give in each year; a model that explains must not hide a cap in it."""
        horizon = self.problem.horizon
        shape = len(self.problem.sources), len(horizon)
        if self.relaxed or self.raise_caps:
            return np.full(shape, MORE_THAN_ANY_CAP)
        total = np.zeros(shape, dtype=np.int64)
        for number, source in enumerate(self.problem.sources.values()):
            caps = ints([self.problem.caps[source.key].get(year, 0) for year in horizon.years])
            total[number] = np.cumsum(caps)
            if source.carry_over_years is not None:
                lapsed = source.carry_over_years + 1
                total[number][lapsed:] -= np.cumsum(caps)[: max(0, len(caps) - lapsed)]
        return total

    def extra_cap(self, source: str, year: int) -> list[Term]:
        """Money added to a cap, where the model may add any."""
        if not self.raise_caps:
            return []
        if (source, year) not in self.extra_caps:
            self.extra_caps[source, year] = self.program.add_column(0, self.raise_caps)
        return [(self.extra_caps[source, year], 1)]


def admissible_starts(problem: PlanningProblem, candidate: Candidate, who: Payers) -> list[int]:
    """The years in which the project alone could start: its window, its fixed start, someone to pay
    it, and no predecessor that the scenario leaves out."""
    if candidate.left_out_predecessors:
        return []
    first, last = window(problem, candidate)
    if candidate.fixed_start is not None:
        first, last = max(first, candidate.fixed_start), min(last, candidate.fixed_start)
    years = list(range(first, last + 1))
    if who.unfundable:
        return [s for s in years if not problem.spend_in_horizon(candidate.key, s)]
    return years


def window(problem: PlanningProblem, candidate: Candidate) -> tuple[int, int]:
    """The first and last start that the rule `window` admits; a fixed start lifts the left edge only."""
    horizon = problem.horizon
    first = horizon.first_year if candidate.fixed_start is None else candidate.fixed_start
    if candidate.earliest_start is not None:
        first = max(first, candidate.earliest_start)
    last_finish = horizon.last_year
    if candidate.latest_finish is not None:
        last_finish = min(last_finish, candidate.latest_finish)
    last = min(last_finish - candidate.duration_years + 1, horizon.last_year - len(candidate.profile) + 1)
    return first, last


def in_window(problem: PlanningProblem, candidate: Candidate, start: int) -> bool:
    """The rule `window` for one start."""
    first, last = window(problem, candidate)
    return first <= start <= last
