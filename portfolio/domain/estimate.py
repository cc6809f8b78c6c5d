"""Norms fill a blank cost or duration: the most specific norm that gives the figure wins.

Source: MODEL section 2. Specificity: county, then stage and nature, then stage, then nature.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from portfolio.domain.money import Money, from_yuan
from portfolio.domain.portfolio import Norm
from portfolio.domain.project import Project, SeatEffect

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Estimate:
    """An estimated figure with the norm behind it and the formula in words."""

    value: int
    norm: Norm
    formula: str


def estimated_cost(project: Project, effects: Iterable[SeatEffect], norms: Sequence[Norm]) -> Estimate | None:
    """The cost in hundredths of 万元: floor area x cost per m2, else seats added x cost per seat."""
    if project.floor_area_m2:
        found = _best(project, norms, lambda n: n.cost_per_m2)
        if found:
            norm, rate = found
            cost: Money = from_yuan(project.floor_area_m2 * rate)
            return Estimate(cost, norm, f"{project.floor_area_m2} m² × {rate} 元/m²")
    seats = sum(effect.seats_added for effect in effects)
    if seats:
        found = _best(project, norms, lambda n: n.cost_per_seat)
        if found:
            norm, rate = found
            return Estimate(from_yuan(seats * rate), norm, f"{seats} 座 × {rate} 元/座")
    return None


def estimated_duration(project: Project, norms: Sequence[Norm]) -> Estimate | None:
    """The construction years of the norm that fits best."""
    found = _best(project, norms, lambda n: n.duration_years)
    return Estimate(found[1], found[0], f"{found[1]} 年") if found else None


def _best(
    project: Project, norms: Sequence[Norm], figure: Callable[[Norm], T | None]
) -> tuple[Norm, T] | None:
    """The most specific fitting norm that gives the figure; of equals the earlier row."""
    best: tuple[tuple[bool, ...], Norm, T] | None = None
    for norm in norms:
        value = figure(norm)
        if value is None or not _fits(norm, project):
            continue
        stage, nature = norm.stage is not None, norm.nature is not None
        rank = (bool(norm.county), stage and nature, stage, nature)
        if best is None or rank > best[0]:
            best = (rank, norm, value)
    return (best[1], best[2]) if best else None


def _fits(norm: Norm, project: Project) -> bool:
    return (
        norm.county in ("", project.county)
        and norm.stage in (None, project.stage)
        and norm.nature in (None, project.nature)
    )
