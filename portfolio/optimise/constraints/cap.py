"""`cap`: draws of any years a to b are covered by the caps of years a - carry-over to b."""

from __future__ import annotations

from portfolio.domain.money import split, to_wan
from portfolio.domain.schedule import Requirement
from portfolio.domain.text import Text
from portfolio.optimise.program import Program, Term
from portfolio.optimise.variables import Variables
from portfolio.scenario.problem import PlanningProblem

Usage = dict[str, dict[int, list[Term]]]
"""Source -> year -> what is drawn from it."""


def add(program: Program, problem: PlanningProblem, variables: Variables) -> None:
    usage = _usage(problem, variables)
    first_year, last_year = problem.horizon.first_year, problem.horizon.last_year
    for source, by_year in usage.items():
        caps, carry = problem.caps[source], problem.sources[source].carry_over_years
        for first in problem.horizon.years:
            # Where the interval reaches back to the first year anyway, the longest one covers it.
            reaches_back = carry is None or first - carry <= first_year
            if reaches_back and first > first_year:
                continue
            opening = first_year if carry is None else max(first_year, first - carry)
            terms: list[Term] = []
            # With no carry-over the single years say it all.
            for last in range(first, (first if carry == 0 else last_year) + 1):
                terms += by_year.get(last, [])
                have = sum(caps.get(year, 0) for year in range(opening, last + 1))
                extra = [
                    (column, -a)
                    for year in range(opening, last + 1)
                    for column, a in variables.extra_cap(source, year)
                ]
                program.add_row(
                    [*terms, *extra], None, have, _requirement(problem, source, (opening, first, last), have)
                )


def _usage(problem: PlanningProblem, variables: Variables) -> Usage:
    usage: Usage = {source: {} for source in problem.sources}
    for (_, year, source), column in variables.draws.items():
        usage[source].setdefault(year, []).append((column, 1))
    for key, who in variables.payers.items():
        prescribed = who.shares is not None or (len(who.sources) == 1 and not who.ranged)
        if who.unfundable or not prescribed:
            continue
        for start, column in variables.starts[key].items():
            for year, amount in problem.spend_in_horizon(key, start).items():
                parts = split(amount, who.shares) if who.shares is not None else (amount,)
                for source, part in zip(who.sources, parts, strict=True):
                    usage[source].setdefault(year, []).append((column, part))
    return usage


def _requirement(problem: PlanningProblem, source: str, span: tuple[int, int, int], have: int) -> Requirement:
    """`span`: the first cap that counts, and the first and last year of the draws."""
    opening, first, last = span
    row = problem.sources[source]
    name_zh, name_en = row.name_zh or source, row.name_en or source
    years = f"{last}" if first == last else f"{first}–{last}"
    zh, en = (
        ("", "") if opening == first else (f"（含 {opening} 年起结转）", f", carried over since {opening}")
    )
    return Requirement(
        "cap",
        Text(
            f"{name_zh}（{source}）{years} 年可用 {to_wan(have):,} 万元{zh}",
            f"{name_en} ({source}): {to_wan(have):,} 万元 usable in {years}{en}",
        ),
        source=source,
        county=row.county,
        year=last,
    )
