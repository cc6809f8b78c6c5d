"""What each start pays in each year of the horizon, for all starts at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from portfolio.domain.money import split
from portfolio.optimise.program import Flags, Ints, ints
from portfolio.scenario.problem import PlanningProblem


@dataclass(frozen=True, slots=True)
class SpendTable:
    """Payments in the horizon: start column, year, amount (hundredths of 万元, never 0)."""

    column: Ints
    year: Ints
    amount: Ints

    def of(self, chosen: Ints | Flags) -> SpendTable:
        """The payments that are chosen, by flag or number."""
        return SpendTable(self.column[chosen], self.year[chosen], self.amount[chosen])

    def total(self, columns: int) -> Ints:
        """What each of the first `columns` start columns pays in the horizon."""
        total = np.zeros(columns, dtype=np.int64)
        np.add.at(total, self.column, self.amount)
        return total


def spend_table(problem: PlanningProblem, keys: tuple[str, ...], first: Ints, start: Ints) -> SpendTable:
    """All payments of the starts `start`, those of project `j` being `first[j]` to `first[j + 1]`.

    The same split and escalation as `PlanningProblem.spend`, done once per project instead of once
    per start.
    """
    parts = [split(problem.candidates[key].cost, problem.candidates[key].profile) for key in keys]
    lengths = ints([len(p) for p in parts])
    amount = ints([part for p in parts for part in p])
    job = np.repeat(np.arange(len(parts)), lengths)
    offset = np.arange(len(amount)) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    counts = np.diff(first)[job]
    entry = np.repeat(np.arange(len(amount)), counts)
    column = np.repeat(first[job], counts) + _within(counts)
    year, amount = start[column] + offset[entry], amount[entry]
    horizon = problem.horizon
    kept = (year >= horizon.first_year) & (year <= horizon.last_year) & (amount != 0)
    column, year, amount = column[kept], year[kept], amount[kept]
    if problem.escalation:
        amount = _escalated(problem, year, amount)
        column, year, amount = column[amount != 0], year[amount != 0], amount[amount != 0]
    return SpendTable(column, year, amount)


def _within(counts: Ints) -> Ints:
    """0, 1, … counts[0] - 1, 0, 1, … counts[1] - 1, …"""
    return np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)


def _escalated(problem: PlanningProblem, year: Ints, amount: Ints) -> Ints:
    """Exact for any size of figure, so with Python's integers; once for each distinct payment."""
    pairs, back = np.unique(np.stack([year, amount]), axis=1, return_inverse=True)
    exact = [problem.escalated(a, y) for y, a in zip(*pairs.tolist(), strict=True)]
    return ints(exact)[back.ravel()]
