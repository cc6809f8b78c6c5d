"""`funding`: each year's spend is drawn exactly, from sources that may pay, within their shares."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from fractions import Fraction
from math import ceil, floor

from portfolio.domain.funding import SHARED, FundingSource
from portfolio.domain.money import Money, split
from portfolio.domain.schedule import Requirement, Schedule
from portfolio.domain.text import Text
from portfolio.scenario.problem import Candidate, PlanningProblem

Drawn = Mapping[int, Mapping[str, Money]]
"""Year -> source -> amount, for one project."""


def may_pay(source: FundingSource, candidate: Candidate) -> bool:
    """Whether the source's county, stages, natures and the project's list admit the payment."""
    row = candidate.row
    listed = {f.source for f in candidate.funding}
    return (
        source.county in (SHARED, row.county)
        and (not source.stages or row.stage in source.stages)
        and (not source.natures or row.nature in source.natures)
        and (not listed or source.key in listed)
    )


def violations(problem: PlanningProblem, schedule: Schedule) -> Iterator[Requirement]:
    drawn: dict[str, dict[int, dict[str, Money]]] = defaultdict(lambda: defaultdict(dict))
    for draw in schedule.draws:
        by_source = drawn[draw.project][draw.year]
        by_source[draw.source] = by_source.get(draw.source, 0) + draw.amount
    for key in drawn:
        if key not in schedule.starts:
            yield _broken(problem, key, None, "未选项目有付款", "draws money but is not selected")
    for key, start in schedule.starts.items():
        spend = problem.spend_in_horizon(key, start)
        yield from _exact(problem, key, spend, drawn[key])
        yield from _eligible(problem, key, spend, drawn[key])
        yield from _shares(problem, key, spend, drawn[key])


def _exact(
    problem: PlanningProblem, key: str, spend: Mapping[int, Money], drawn: Drawn
) -> Iterator[Requirement]:
    for year in sorted(set(spend) | set(drawn)):
        paid = sum(drawn.get(year, {}).values())
        if paid != spend.get(year, 0):
            yield _broken(
                problem, key, year,
                f"应付 {spend.get(year, 0)}，实付 {paid}（百元）",
                f"spends {spend.get(year, 0)} but draws {paid} hundredths",
            )  # fmt: skip


def _eligible(
    problem: PlanningProblem, key: str, spend: Mapping[int, Money], drawn: Drawn
) -> Iterator[Requirement]:
    candidate = problem.candidates[key]
    for year, by_source in drawn.items():
        for name, amount in by_source.items():
            source = problem.sources.get(name)
            if amount < 0 or source is None or not may_pay(source, candidate):
                yield _broken(problem, key, year, f"{name} 不能付款", f"{name} may not pay", source=name)
    for row in candidate.funding:
        source = problem.sources.get(row.source)
        if spend and row.low > 0 and (source is None or not may_pay(source, candidate)):
            yield _broken(
                problem, key, None,
                f"应由 {row.source} 承担的份额无法支付", f"a share is due from {row.source}, which may not pay",
                source=row.source,
            )  # fmt: skip


def _shares(
    problem: PlanningProblem, key: str, spend: Mapping[int, Money], drawn: Drawn
) -> Iterator[Requirement]:
    rows = problem.candidates[key].funding
    if not rows:
        return
    exact = all(r.low == r.high for r in rows) and sum(r.low for r in rows) == 1
    if exact:
        for year, amount in spend.items():
            parts = split(amount, [Fraction(r.low) for r in rows])
            for row, part in zip(rows, parts, strict=True):
                if drawn.get(year, {}).get(row.source, 0) != part:
                    yield _broken(
                        problem, key, year,
                        f"{row.source} 应付 {part}（百元）", f"{row.source} must pay {part} hundredths",
                        source=row.source,
                    )  # fmt: skip
        return
    total = sum(spend.values())
    for row in rows:
        paid = sum(by_source.get(row.source, 0) for by_source in drawn.values())
        if not floor(total * Fraction(row.low)) <= paid <= ceil(total * Fraction(row.high)):
            yield _broken(
                problem, key, None,
                f"{row.source} 付 {paid}，超出 {row.low}–{row.high}",
                f"{row.source} pays {paid} of {total} hundredths, outside {row.low} to {row.high}",
                source=row.source,
            )  # fmt: skip


def _broken(
    problem: PlanningProblem, key: str, year: int | None, zh: str, en: str, source: str = ""
) -> Requirement:
    county = problem.candidates[key].row.county
    return Requirement(
        "funding", Text(f"{key}：{zh}", f"{key}: {en}"), project=key, source=source, county=county, year=year
    )
