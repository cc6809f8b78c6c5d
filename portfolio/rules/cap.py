"""`cap`: what is drawn in any years a to b is covered by the caps of years a - carry-over to b."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from portfolio.domain.money import Money, to_wan
from portfolio.domain.schedule import FundingLine, Requirement, Schedule
from portfolio.domain.text import Text
from portfolio.scenario.problem import PlanningProblem


def planned(problem: PlanningProblem, schedule: Schedule) -> dict[str, dict[int, Money]]:
    """What is drawn from each source in each year."""
    table: dict[str, dict[int, Money]] = {key: defaultdict(int) for key in problem.sources}
    for draw in schedule.draws:
        table.setdefault(draw.source, defaultdict(int))[draw.year] += draw.amount
    return table


def violations(problem: PlanningProblem, schedule: Schedule) -> Iterator[Requirement]:
    for source, drawn in planned(problem, schedule).items():
        caps = problem.caps.get(source, {})
        carry = problem.sources[source].carry_over_years if source in problem.sources else 0
        for first in problem.horizon.years:
            opening = problem.horizon.first_year if carry is None else first - carry
            for last in range(first, problem.horizon.last_year + 1):
                need = sum(drawn.get(year, 0) for year in range(first, last + 1))
                have = sum(caps.get(year, 0) for year in range(opening, last + 1))
                if need > have:
                    yield Requirement(
                        "cap",
                        Text(
                            f"{source}：{first}–{last} 年需 {to_wan(need)} 万元，只有 {to_wan(have)} 万元",
                            f"{source}: {first}–{last} needs {to_wan(need)} 万元, has {to_wan(have)} 万元",
                        ),
                        source=source,
                        county=problem.sources[source].county if source in problem.sources else "",
                        year=last,
                    )


def ledger(problem: PlanningProblem, schedule: Schedule) -> Iterator[FundingLine]:
    """Cap, brought forward, planned, carried forward and lapsed, by source and year."""
    for source, drawn in planned(problem, schedule).items():
        row = problem.sources[source]
        pots: list[tuple[int, Money]] = []
        for year in problem.horizon.years:
            cap, spent = problem.caps[source].get(year, 0), drawn.get(year, 0)
            brought = sum(amount for _, amount in pots)
            pots = _use([*pots, (year, cap)], spent)
            kept = [
                (born, left)
                for born, left in pots
                if left and (row.carry_over_years is None or year + 1 - born <= row.carry_over_years)
            ]
            left_over, carried = sum(left for _, left in pots), sum(left for _, left in kept)
            pots = kept
            yield FundingLine(source, row.county, year, cap, brought, spent, carried, left_over - carried)


def _use(pots: list[tuple[int, Money]], amount: Money) -> list[tuple[int, Money]]:
    """What is left after `amount` is taken, oldest money first."""
    left: list[tuple[int, Money]] = []
    for born, have in pots:
        taken = min(have, amount)
        amount -= taken
        left.append((born, have - taken))
    return left
