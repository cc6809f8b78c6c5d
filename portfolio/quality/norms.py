"""Stated figures held against the norms: cost per seat and per m2, floor area per seat, duration.

A norm is a mean, not a limit: a figure is told where it lies outside `LOWEST` to `HIGHEST` percent of the
norm that fits the project best. Figures that a norm estimated are not held against it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction

from portfolio.domain.estimate import best_norm
from portfolio.domain.money import YUAN_PER_HUNDREDTH, round_half_up
from portfolio.domain.notice import Severity
from portfolio.domain.portfolio import Norm
from portfolio.domain.project import Stage
from portfolio.domain.text import Text
from portfolio.quality.findings import Finding, Kind, of_project
from portfolio.scenario.problem import Candidate, PlanningProblem

LOWEST, HIGHEST = 50, 200
"""Whole percents of the norm between which a figure needs no explanation."""

Rate = Callable[[Norm], Decimal | None]

_WORDS = {
    Kind.COST_PER_SEAT: (Text("每座投资", "cost per seat"), Text("元", "yuan")),
    Kind.COST_PER_M2: (Text("每平方米投资", "cost per m²"), Text("元", "yuan")),
    Kind.AREA_PER_SEAT: (Text("每座建筑面积", "floor area per seat"), Text("㎡", "m²")),
    Kind.DURATION: (Text("工期", "duration"), Text("年", "years")),
}
_ADVICE = {
    Kind.COST_PER_SEAT: Text(
        "核对总投资和学位，或在备注说明原因", "check cost and seats, or give the reason in notes"
    ),
    Kind.COST_PER_M2: Text(
        "核对总投资和建筑面积，或在备注说明原因", "check cost and floor area, or give the reason in notes"
    ),
    Kind.AREA_PER_SEAT: Text(
        "核对建筑面积和学位；可能还服务于别的校舍或学段",
        "check floor area and seats; it may serve other buildings or stages too",
    ),
    Kind.DURATION: Text("核对工期", "check the duration"),
}


def check_norms(problem: PlanningProblem) -> Iterator[Finding]:
    """Every figure far from its norm."""
    norms = problem.portfolio.norms
    for candidate in problem.candidates.values():
        row, estimated = candidate.row, candidate.estimated
        if row.total_cost is not None:
            yuan = Fraction(row.total_cost) * YUAN_PER_HUNDREDTH
            yield from _per_seat(candidate, Kind.COST_PER_SEAT, yuan, norms, lambda n: n.cost_per_seat)
            if row.floor_area_m2:
                found = best_norm(row, norms, lambda n: n.cost_per_m2)
                if found:
                    figure = yuan / Fraction(row.floor_area_m2)
                    yield from _far(candidate, Kind.COST_PER_M2, figure, Fraction(found[1]), found[0])
        if row.floor_area_m2:
            area = Fraction(row.floor_area_m2)
            yield from _per_seat(candidate, Kind.AREA_PER_SEAT, area, norms, lambda n: n.area_per_seat_m2)
        duration = best_norm(row, norms, lambda n: n.duration_years)
        if duration and "duration_years" not in estimated:
            figure = Fraction(candidate.duration_years)
            yield from _far(candidate, Kind.DURATION, figure, Fraction(duration[1]), duration[0])


def _per_seat(
    candidate: Candidate, kind: Kind, amount: Fraction, norms: tuple[Norm, ...], rate: Rate
) -> Iterator[Finding]:
    """The amount per seat added, against the mean of the norms of the stages the seats belong to."""
    by_stage: dict[Stage, int] = {}
    for effect in candidate.effects:
        by_stage[effect.stage] = by_stage.get(effect.stage, 0) + effect.added
    seats = sum(by_stage.values())
    if not seats or "seats_added" in candidate.estimated:
        return
    due, norm = Fraction(0), None
    for stage, number in by_stage.items():
        if number:
            found = best_norm(candidate.row, norms, rate, stage)
            if found is None:
                return
            norm = found[0]
            due += number * Fraction(found[1])
    if norm:
        yield from _far(candidate, kind, amount / seats, due / seats, norm)


def _far(
    candidate: Candidate, kind: Kind, figure: Fraction, norm_figure: Fraction, norm: Norm
) -> Iterator[Finding]:
    if not norm_figure:
        return
    share = round_half_up(100 * figure / norm_figure)
    if LOWEST <= share <= HIGHEST:
        return
    (name, unit), found, limit = _WORDS[kind], _plain(figure), _plain(norm_figure)
    yield Finding(
        **of_project(candidate),
        kind=kind,
        severity=Severity.WARNING,
        text=Text(
            f"{name.zh} {found} {unit.zh}，为指标 {limit} {unit.zh} 的 {share:,}%",
            f"{name.en} {found} {unit.en}: {share:,}% of the norm, {limit} {unit.en}",
        ),
        advice=_ADVICE[kind],
        found=found,
        limit=limit,
        document=norm.source,
        locator=norm.locator or norm.notes,
    )


def _plain(value: Fraction) -> str:
    """Whole above a hundred, else at most two decimals: `96,741`, `21.33`, `8.9`, `3`."""
    if value >= 100:
        return f"{round_half_up(value):,}"
    words = f"{Decimal(round_half_up(value * 100)).scaleb(-2):f}"
    return words.rstrip("0").rstrip(".") if "." in words else words
