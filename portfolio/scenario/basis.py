"""How much of a scenario's input is stated, derived or assumed, by count and by money."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from portfolio.domain.money import Money
from portfolio.domain.project import Basis
from portfolio.scenario.problem import PlanningProblem


@dataclass(frozen=True, slots=True)
class BasisLine:
    """One kind of input by basis: how many projects or rows, or (`is_money`) hundredths of 万元."""

    name: str
    amounts: Mapping[Basis, int]
    is_money: bool = False


def input_basis(problem: PlanningProblem) -> tuple[BasisLine, ...]:
    """Projects, their cost, caps, demand and capacity by basis."""
    projects = problem.candidates.values()
    rows = problem.portfolio
    caps = {line.source: line.basis for line in rows.funding_caps}
    money = ((caps.get(key, Basis.ASSUMED), sum(cap.values())) for key, cap in problem.caps.items())
    cells, counties = set(problem.cells), {cell.county for cell in problem.cells}
    return (
        BasisLine("projects", _sums((c.row.basis, 1) for c in projects)),
        BasisLine("cost", _sums((c.cost_basis, c.cost) for c in projects), is_money=True),
        BasisLine("caps", _sums(money), is_money=True),
        BasisLine("demand", _sums((d.basis, 1) for d in rows.demand if d.cell in cells)),
        BasisLine("capacity", _sums((c.basis, 1) for c in rows.capacity if c.county in counties)),
    )


def _sums(pairs: Iterable[tuple[Basis, int | Money]]) -> dict[Basis, int]:
    sums = dict.fromkeys(Basis, 0)
    for basis, amount in pairs:
        sums[basis] += amount
    return sums
