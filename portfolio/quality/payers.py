"""Which sources may pay each project, and what they have, year by year (MODEL section 3, `funding`, `cap`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from portfolio.domain.funding import SHARED, FundingSource
from portfolio.domain.money import Money
from portfolio.domain.text import Text
from portfolio.scenario.problem import Candidate, PlanningProblem

Sources = frozenset[str]


@dataclass(frozen=True)
class Payers:
    """`sources` has for each project those that may pay some of it, `barred` why none can pay all."""

    problem: PlanningProblem
    sources: Mapping[str, Sources]
    barred: Mapping[str, Text]

    @cached_property
    def running(self) -> dict[str, tuple[Money, ...]]:
        """The caps of each source added up from the first year on; the first entry is 0."""
        years = self.problem.horizon.years
        return {
            key: tuple(accumulate((caps.get(year, 0) for year in years), initial=0))
            for key, caps in self.problem.caps.items()
        }

    def usable(self, sources: Sources, first: int, last: int) -> Money:
        """The most that these sources can pay in the years `first` to `last` together: their caps, and
        what they can carry over from before."""
        begin = self.problem.horizon.first_year
        total = 0
        for key in sources:
            carry = self.problem.sources[key].carry_over_years
            opening = begin if carry is None else max(begin, first - carry)
            total += self.running[key][last - begin + 1] - self.running[key][opening - begin]
        return total


def payers_of(problem: PlanningProblem) -> Payers:
    near: dict[str, list[FundingSource]] = {
        county: [s for s in problem.sources.values() if s.county in (SHARED, county)]
        for county in dict.fromkeys(c.row.county for c in problem.candidates.values())
    }
    sources: dict[str, Sources] = {}
    barred: dict[str, Text] = {}
    alike: dict[Sources, Sources] = {}
    for key, candidate in problem.candidates.items():
        found, why = _payers(candidate, near[candidate.row.county])
        sources[key] = alike.setdefault(found, found)
        if why:
            barred[key] = why
    return Payers(problem, sources, barred)


def _payers(candidate: Candidate, near: list[FundingSource]) -> tuple[Sources, Text | None]:
    row = candidate.row
    eligible = {
        s.key
        for s in near
        if (not s.stages or row.stage in s.stages) and (not s.natures or row.nature in s.natures)
    }
    if not candidate.funding:
        return frozenset(eligible), None if eligible else Text(
            "没有资金来源可以为它付款", "no funding source may pay it"
        )
    for share in candidate.funding:
        if share.low > 0 and share.source not in eligible:
            return frozenset(), Text(
                f"应由 {share.source} 承担的份额，该来源不能支付",
                f"a share is due from {share.source}, which may not pay it",
            )
    able = [share for share in candidate.funding if share.source in eligible]
    if not able:
        return frozenset(), Text(
            "“项目资金”所列来源都不能为它付款", "none of its sources in ProjectFunding may pay it"
        )
    return frozenset(share.source for share in able if share.high > 0), None
