"""Norms fill a blank cost, size or duration: the most specific norm that gives the figure wins.

Source: MODEL section 2. Specificity: county, then stage and nature, then stage, then nature. Of several
ways to a figure the most direct comes first: the one with the fewest estimates behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, Generic, TypeVar

from portfolio.domain.money import Money, from_yuan
from portfolio.domain.portfolio import Norm
from portfolio.domain.project import Basis, Project, SeatEffect, Stage
from portfolio.domain.text import Text

T = TypeVar("T")
Figure = TypeVar("Figure", int, Decimal)


@dataclass(frozen=True, slots=True)
class Estimate(Generic[Figure]):
    """An estimated figure, the norms behind it and the formula in words. `norm` is the one that the
    figure itself was taken from, `others` those of estimates that went into it."""

    value: Figure
    norm: Norm
    formula: Text
    others: tuple[Norm, ...] = ()

    @property
    def basis(self) -> Basis:
        """The weakest basis behind the figure; an estimate is never "stated"."""
        return weakest(Basis.DERIVED, self.norm.basis, *(norm.basis for norm in self.others))


Estimates = Mapping[str, Estimate[Any]]
"""Estimates of a project by field: `total_cost` in hundredths of 万元, `floor_area_m2`,
`duration_years`, `seats_added`."""

ESTIMATED_FIELDS = ("total_cost", "duration_years", "floor_area_m2", "seats_added")


def weakest(*bases: Basis) -> Basis:
    """Stated is the strongest, assumed the weakest."""
    order = list(Basis)
    return max(bases, key=order.index)


def estimates(project: Project, effects: Sequence[SeatEffect], norms: Sequence[Norm]) -> Estimates:
    """Every blank of the project that a norm fills, in the order of `ESTIMATED_FIELDS`."""
    filled, seats = with_seats(project, effects, norms)
    found: dict[str, Estimate[Any] | None] = {
        "total_cost": None if project.total_cost is not None else _cost(project, filled, seats, norms),
        "duration_years": None if project.duration_years is not None else estimated_duration(project, norms),
        "floor_area_m2": None if project.floor_area_m2 is not None else _area(project, filled, seats, norms),
        "seats_added": seats,
    }
    return {field: estimate for field, estimate in found.items() if estimate}


def estimated_cost(
    project: Project, effects: Sequence[SeatEffect], norms: Sequence[Norm]
) -> Estimate[Money] | None:
    """The cost: floor area x cost per m2, else seats added x cost per seat, else the floor area
    estimated from the seats x cost per m2."""
    return _cost(project, *with_seats(project, effects, norms), norms)


def estimated_duration(project: Project, norms: Sequence[Norm]) -> Estimate[int] | None:
    """The construction years of the norm that fits best."""
    found = best_norm(project, norms, lambda n: n.duration_years)
    if not found:
        return None
    norm, years = found
    return Estimate(years, norm, Text(f"{years} 年", f"{years} year{'s' if years != 1 else ''}"))


def with_seats(
    project: Project, effects: Sequence[SeatEffect], norms: Sequence[Norm]
) -> tuple[tuple[SeatEffect, ...], Estimate[int] | None]:
    """The effects, those that give classes and no seats at all with classes x seats per class; and the
    estimate of all seats that were filled in so. A written 0 is a figure. The norm is that of the effect's own stage."""
    filled: list[SeatEffect] = []
    behind: list[Norm] = []
    words: list[tuple[int, int]] = []
    for effect in effects:
        # A row that only gives up seats, or takes them out of use, says nothing of new ones.
        blank = effect.seats_added is None and not (effect.seats_replaced or effect.seats_offline)
        blank = blank and bool(effect.classes)
        found = best_norm(project, norms, lambda n: n.seats_per_class, effect.stage) if blank else None
        if found and effect.classes:
            behind.append(found[0])
            words.append((effect.classes, found[1]))
            filled.append(replace(effect, seats_added=effect.classes * found[1]))
        else:
            filled.append(effect)
    if not words:
        return tuple(filled), None
    formula = Text(
        " + ".join(f"{classes} 班 × {size} 座/班" for classes, size in words),
        " + ".join(f"{classes} classes × {size} seats/class" for classes, size in words),
    )
    total = sum(classes * size for classes, size in words)
    return tuple(filled), Estimate(total, behind[0], formula, tuple(behind[1:]))


def best_norm(
    project: Project, norms: Sequence[Norm], figure: Callable[[Norm], T | None], stage: Stage | None = None
) -> tuple[Norm, T] | None:
    """The most specific norm fitting the project (or another `stage` of it) that gives the figure, and
    the figure; of equals the earlier row."""
    best: tuple[tuple[bool, ...], Norm, T] | None = None
    own = stage or project.stage
    for norm in norms:
        value = figure(norm)
        if value is None or not _fits(norm, project, own):
            continue
        has_stage, has_nature = norm.stage is not None, norm.nature is not None
        rank = (bool(norm.county), has_stage and has_nature, has_stage, has_nature)
        if best is None or rank > best[0]:
            best = (rank, norm, value)
    return (best[1], best[2]) if best else None


def _fits(norm: Norm, project: Project, stage: Stage) -> bool:
    return (
        norm.county in ("", project.county)
        and norm.stage in (None, stage)
        and norm.nature in (None, project.nature)
    )


def _cost(
    project: Project, effects: Sequence[SeatEffect], seats: Estimate[int] | None, norms: Sequence[Norm]
) -> Estimate[Money] | None:
    per_m2 = best_norm(project, norms, lambda n: n.cost_per_m2)
    if project.floor_area_m2 and per_m2:
        return _priced(project.floor_area_m2, Text("m²", "m²"), per_m2)
    added = sum(effect.added for effect in effects)
    per_seat = best_norm(project, norms, lambda n: n.cost_per_seat)
    if added and per_seat:
        return _priced(added, Text("座", "seat"), per_seat, seats)
    area = None if project.floor_area_m2 else _area(project, effects, seats, norms)
    return _priced(area.value, Text("m²", "m²"), per_m2, area) if area and per_m2 else None


def _priced(
    amount: int | Decimal, unit: Text, rate: tuple[Norm, Decimal], behind: Estimate[Any] | None = None
) -> Estimate[Money]:
    """`amount` x a rate in yuan; `behind` is the estimate that the amount rests on."""
    norm, yuan = rate
    units = f"{unit.en}s" if unit.en == "seat" else unit.en
    zh, en = f"{amount} {unit.zh} × {yuan} 元/{unit.zh}", f"{amount} {units} × {yuan} yuan/{unit.en}"
    others: tuple[Norm, ...] = ()
    if behind:
        zh, en = f"{zh}（{behind.formula.zh}）", f"{en} ({behind.formula.en})"
        others = (behind.norm, *behind.others)
    return Estimate(from_yuan(amount * yuan), norm, Text(zh, en), others)


def _area(
    project: Project, effects: Iterable[SeatEffect], seats: Estimate[int] | None, norms: Sequence[Norm]
) -> Estimate[Decimal] | None:
    """Seats x area per seat of their own stage; None where a stage has no norm."""
    by_stage: dict[Stage, int] = {}
    for effect in effects:
        if effect.added:
            by_stage[effect.stage] = by_stage.get(effect.stage, 0) + effect.added
    total, behind, words = Decimal(0), list[Norm](), list[tuple[int, Decimal]]()
    for stage, number in by_stage.items():
        found = best_norm(project, norms, lambda n: n.area_per_seat_m2, stage)
        if found is None:
            return None
        total += number * found[1]
        behind.append(found[0])
        words.append((number, found[1]))
    if not behind:
        return None
    zh = " + ".join(f"{number} 座 × {area} m²/座" for number, area in words)
    en = " + ".join(f"{number} seats × {area} m²/seat" for number, area in words)
    others = (*behind[1:], *((seats.norm, *seats.others) if seats else ()))
    if seats:
        zh, en = f"{zh}（{seats.formula.zh}）", f"{en} ({seats.formula.en})"
    return Estimate(total, behind[0], Text(zh, en), others)
