"""Who may pay whom, and how draws are grouped.

Projects that the same sources may pay are one class: the solver draws money for the class and
year, and `allot` divides it among the projects afterwards. Exact shares need no choice at all;
a project with ranges of shares is a class of its own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from portfolio.domain.funding import SHARED, FundingSource
from portfolio.domain.money import Money, split
from portfolio.domain.project import Project
from portfolio.domain.schedule import Draw
from portfolio.scenario.problem import Candidate, PlanningProblem


@dataclass(frozen=True, slots=True)
class Payers:
    """The sources that may pay a project. `shares` is set where every year's split is prescribed;
    `ranged` where each source has bounds over the whole project; `unfundable` names what is due
    from a source that may not pay, or is "-" where no source may pay at all."""

    sources: tuple[str, ...]
    shares: tuple[Fraction, ...] | None = None
    ranged: bool = False
    unfundable: str = ""


def all_payers(problem: PlanningProblem) -> dict[str, Payers]:
    """The payers of every candidate. A county's projects are held against its own sources only."""
    near: dict[str, list[FundingSource]] = {}
    for county in dict.fromkeys(c.row.county for c in problem.candidates.values()):
        near[county] = [s for s in problem.sources.values() if s.county in (SHARED, county)]
    return {key: _payers(c, near[c.row.county]) for key, c in problem.candidates.items()}


def payers(problem: PlanningProblem, candidate: Candidate) -> Payers:
    """The payers of one candidate."""
    return _payers(
        candidate, [s for s in problem.sources.values() if s.county in (SHARED, candidate.row.county)]
    )


def _payers(candidate: Candidate, near: list[FundingSource]) -> Payers:
    """Eligibility by county, stage, nature and the project's own list (MODEL section 3, `funding`)."""
    eligible = [source.key for source in near if _admits(source, candidate.row)]
    rows = candidate.funding
    if not rows:
        return Payers(tuple(eligible), unfundable="" if eligible else "-")
    listed = [row for row in rows if row.source in eligible]
    barred = next((row.source for row in rows if row.low > 0 and row.source not in eligible), "")
    sources = tuple(row.source for row in listed)
    if barred or not listed:
        return Payers(sources, unfundable=barred or "-")
    if all(row.low == row.high for row in rows) and sum(row.low for row in rows) == 1:
        return Payers(sources, shares=tuple(Fraction(row.low) for row in listed))
    ranged = any(row.low > 0 or row.high < 1 for row in listed)
    return Payers(sources, ranged=ranged)


def _admits(source: FundingSource, row: Project) -> bool:
    if source.stages and row.stage not in source.stages:
        return False
    return not source.natures or row.nature in source.natures


ClassKey = tuple[str, tuple[str, ...]]
"""(project with ranges of its own or "", the sources that may pay)."""


def class_of(key: str, who: Payers) -> ClassKey:
    return (key if who.ranged else "", who.sources)


def allot(
    problem: PlanningProblem,
    who_pays: Mapping[str, Payers],
    starts: Mapping[str, int],
    drawn: Mapping[tuple[ClassKey, int, str], Money],
) -> tuple[Draw, ...]:
    """The draws of each project: prescribed shares, else the class's money in workbook order."""
    left = dict(drawn)
    draws: list[Draw] = []
    for key in problem.candidates:
        if key not in starts:
            continue
        who = who_pays[key]
        group = class_of(key, who)
        for year, amount in problem.spend_in_horizon(key, starts[key]).items():
            if who.shares is not None:
                parts = split(amount, who.shares)
            elif len(who.sources) == 1:
                parts = (amount,)
            else:
                parts = _take(left, group, year, amount)
            draws += [
                Draw(key, year, source, part) for source, part in zip(who.sources, parts, strict=True) if part
            ]
    return tuple(draws)


def _take(
    left: dict[tuple[ClassKey, int, str], Money], group: ClassKey, year: int, amount: Money
) -> tuple[Money, ...]:
    parts = []
    for source in group[1]:
        taken = min(amount, left.get((group, year, source), 0))
        if taken:
            left[group, year, source] -= taken
        amount -= taken
        parts.append(taken)
    return tuple(parts)
