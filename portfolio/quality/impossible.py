"""Necessary conditions that fail: each finding proves, without a solver, that no schedule exists.

Every condition is implied by the rules (MODEL section 3): what it adds up is the least that any schedule
needs, what it is held against the most that any schedule can have.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import accumulate, pairwise

from portfolio.domain.funding import SHARED
from portfolio.domain.money import Money, split, to_wan
from portfolio.domain.notice import Severity
from portfolio.domain.places import county_name
from portfolio.domain.project import RelationKind
from portfolio.domain.text import Text
from portfolio.quality.findings import Finding, Kind, Place, of_project
from portfolio.quality.payers import Payers, Sources
from portfolio.quality.windows import Windows
from portfolio.scenario.problem import Candidate, PlanningProblem

SHOWN_KEYS = 6


def check_possible(problem: PlanningProblem, payers: Payers, windows: Windows) -> Iterator[Finding]:
    """What makes every schedule impossible, targets aside."""
    yield from _forced_but_never(problem, windows)
    yield from _groups(problem, windows)
    yield from _money(problem, payers, windows)
    yield from _delivery(problem, windows)


def _forced_but_never(problem: PlanningProblem, windows: Windows) -> Iterator[Finding]:
    for key, duty in windows.forced.items():
        never = windows.never.get(key)
        if never:
            text = Text(f"{duty.zh}，但{never.text.zh}", f"{duty.en}, but {never.text.en}")
            yield _impossible(never.kind, of_project(problem.candidates[key]), text, _ADVICE[never.kind])


_ADVICE = {
    Kind.IMPOSSIBLE_WINDOW: Text(
        "放宽起止年、节点或规划期，或缩短工期",
        "widen its window, the milestone or the horizon, or build faster",
    ),
    Kind.IMPOSSIBLE_FUNDING: Text(
        "给它一个能付款的来源，或增加额度", "give it a source that may pay it, or raise the caps"
    ),
    Kind.IMPOSSIBLE_RELATION: Text("改先后、同建关系或年份", "change the relations or the years"),
}


def _groups(problem: PlanningProblem, windows: Windows) -> Iterator[Finding]:
    for group in problem.groups:
        if group.kind not in (RelationKind.EXCLUDE, RelationKind.CHOOSE):
            continue
        duties = [key for key in dict.fromkeys(group.members) if key in windows.forced]
        if len(duties) > 1:
            yield _impossible(
                Kind.IMPOSSIBLE_RELATION, of_project(problem.candidates[duties[0]]),
                Text(f"{_keys(duties)} 互斥，却都必须建", f"{_keys(duties)} exclude one another, but each has to be built"),
                Text("只留一个必建", "let only one of them be mandatory"),
            )  # fmt: skip
        if group.kind is RelationKind.CHOOSE and all(key in windows.never for key in group.members):
            yield _impossible(
                Kind.IMPOSSIBLE_RELATION, of_project(problem.candidates[group.members[0]]),
                Text(
                    f"择一组 {_keys(group.members)} 都无法建设", f"one of {_keys(group.members)} is due, but none can be built"
                ),
                Text("放宽其中一个的条件", "make one of them possible"),
            )  # fmt: skip


# --- money --------------------------------------------------------------------------------------


def _money(problem: PlanningProblem, payers: Payers, windows: Windows) -> Iterator[Finding]:
    """What the forced projects pay at least in some years, against all that their sources can give in
    them: for each set of sources in a county, and for all counties together."""
    least: dict[str, dict[Sources, list[list[Money]]]] = defaultdict(dict)
    for candidate in (problem.candidates[key] for key in windows.forced if key in windows.starts):
        here = least[candidate.row.county]
        sums = here.setdefault(payers.sources[candidate.key], _nothing(problem))
        _add(sums, _least_spend(problem, candidate, windows.starts[candidate.key]))
    lacking = False
    for county, here in least.items():
        for sources in sorted({*here, _union(here)}, key=lambda s: (len(s), sorted(s))):
            worst = _worst(problem, payers, sources, [here[own] for own in here if own <= sources])
            if worst:
                lacking = True
                yield _too_little(county, sources, *worst)
                break
    if len(least) > 1 and not lacking:
        everyone = _union(sources for here in least.values() for sources in here)
        worst = _worst(problem, payers, everyone, [sums for here in least.values() for sums in here.values()])
        if worst:
            yield _too_little(SHARED, everyone, *worst)


def _union(sources: Iterable[Sources]) -> Sources:
    return frozenset().union(*sources)


def _nothing(problem: PlanningProblem) -> list[list[Money]]:
    """Zeros by first and last year of an interval."""
    return [[0] * len(problem.horizon) for _ in problem.horizon.years]


def _add(sums: list[list[Money]], more: list[list[Money]]) -> None:
    for row, other in zip(sums, more, strict=True):
        for n, amount in enumerate(other):
            row[n] += amount


def _least_spend(
    problem: PlanningProblem, candidate: Candidate, starts: tuple[int, int]
) -> list[list[Money]]:
    """For each interval of years the least that the project pays in it, wherever it starts."""
    years, parts = problem.horizon.years, split(candidate.cost, candidate.profile)
    least: list[list[Money]] = []
    for start in range(starts[0], starts[1] + 1):
        spend = {start + n: problem.escalated(part, start + n) for n, part in enumerate(parts)}
        running = list(accumulate((spend.get(year, 0) for year in years), initial=0))
        table = [[paid - before for paid in running[1:]] for before in running[:-1]]
        least = [list(map(min, *rows)) for rows in zip(least, table, strict=True)] if least else table
    return least


def _worst(
    problem: PlanningProblem, payers: Payers, sources: Sources, parts: Iterable[list[list[Money]]]
) -> tuple[int, int, Money, Money] | None:
    """The interval of years that lacks most: first, last, needed, usable; None where none does."""
    sums, begin = _nothing(problem), problem.horizon.first_year
    for part in parts:
        _add(sums, part)
    lacking = [
        (first, last, sums[first - begin][last - begin], payers.usable(sources, first, last))
        for first in problem.horizon.years
        for last in range(first, problem.horizon.last_year + 1)
    ]
    first, last, need, have = max(lacking, key=lambda item: item[2] - item[3])
    return (first, last, need, have) if need > have else None


def _too_little(county: str, sources: Sources, first: int, last: int, need: Money, have: Money) -> Finding:
    years = f"{first}–{last}" if last > first else f"{first}"
    names = _keys(sorted(sources))
    where = Text("各区县", "all counties") if county == SHARED else county_name(county)
    return _impossible(
        Kind.IMPOSSIBLE_MONEY,
        {"place": where, "county": county},
        Text(
            f"{years} 年必建项目至少支出 {to_wan(need):,} 万元；可用来源（{names}）连同结转全部用上也只有"
            f" {to_wan(have):,} 万元，差 {to_wan(need - have):,} 万元",
            f"{years}: projects that have to be built pay at least {to_wan(need):,} 万元; all that their sources"
            f" ({names}) can give, carried over too, is {to_wan(have):,} 万元: {to_wan(need - have):,} missing",
        ),
        Text("增加额度，推迟或取消必建、既定开工", "raise the caps, or move or drop duties and fixed starts"),
        found=f"{to_wan(need)}",
        limit=f"{to_wan(have)}",
        year=last,
    )


# --- delivery -----------------------------------------------------------------------------------


def _delivery(problem: PlanningProblem, windows: Windows) -> Iterator[Finding]:
    by_county: dict[str, list[Candidate]] = defaultdict(list)
    for key in windows.forced:
        if key in windows.starts:
            by_county[problem.candidates[key].row.county].append(problem.candidates[key])
    for county, candidates in by_county.items():
        if problem.max_starts is not None:
            yield from _starts(problem, windows, county, candidates, problem.max_starts)
        if problem.max_under_construction is not None:
            yield from _under_construction(
                problem, windows, county, candidates, problem.max_under_construction
            )


def _starts(
    problem: PlanningProblem, windows: Windows, county: str, candidates: list[Candidate], limit: int
) -> Iterator[Finding]:
    """More projects have to start in some years than may start in them; told of the worst years."""
    counts: dict[tuple[int, int], int] = defaultdict(int)
    for candidate in candidates:
        counts[windows.starts[candidate.key]] += 1
    worst: tuple[int, int, int] | None = None
    for first in problem.horizon.years:
        for last in range(first, problem.horizon.last_year + 1):
            number = sum(n for (one, other), n in counts.items() if first <= one and other <= last)
            over = number - limit * (last - first + 1)
            if over > 0 and (worst is None or over > worst[0]):
                worst = over, first, last
    if worst:
        over, first, last = worst
        years = f"{first}–{last}" if last > first else f"{first}"
        number = over + limit * (last - first + 1)
        yield _impossible(
            Kind.IMPOSSIBLE_DELIVERY, {"place": county_name(county), "county": county},
            Text(
                f"{years} 年必须开工 {number} 个项目，每年至多 {limit} 个",
                f"{years}: {number} projects have to start, at most {limit} may in a year",
            ),
            Text("提高 max_starts，或推迟必建项目", "raise max_starts, or move projects"),
            found=f"{number}", limit=f"{number - over}", year=last,
        )  # fmt: skip


def _under_construction(
    problem: PlanningProblem, windows: Windows, county: str, candidates: list[Candidate], limit: int
) -> Iterator[Finding]:
    """A project is certainly under construction from its last start to the finish of its first."""
    changes: dict[int, int] = defaultdict(int)
    for candidate in candidates:
        first, last = windows.starts[candidate.key]
        begin, end = max(last, problem.horizon.first_year), candidate.finish(first)
        if begin <= end:
            changes[begin] += 1
            changes[end + 1] -= 1
    number = 0
    for year, following in pairwise([*sorted(changes), problem.horizon.last_year + 1]):
        number += changes[year]
        if number > limit and year <= problem.horizon.last_year:
            until = min(following - 1, problem.horizon.last_year)
            years = f"{year}" if until <= year else f"{year}–{until}"
            yield _impossible(
                Kind.IMPOSSIBLE_DELIVERY, {"place": county_name(county), "county": county},
                Text(
                    f"{years} 年必然在建 {number} 个项目，至多 {limit} 个",
                    f"{years}: {number} projects are certainly under construction, at most {limit} may be",
                ),
                Text("提高 max_under_construction，或推迟必建项目", "raise max_under_construction, or move projects"),
                found=f"{number}", limit=f"{limit}", year=year,
            )  # fmt: skip
            return


def _impossible(
    kind: Kind,
    place: Place,
    text: Text,
    advice: Text,
    *,
    found: str = "",
    limit: str = "",
    year: int | None = None,
) -> Finding:
    return Finding(
        **place,
        kind=kind,
        severity=Severity.ERROR,
        text=text,
        advice=advice,
        found=found,
        limit=limit,
        year=year,
    )


def _keys(keys: Iterable[str]) -> str:
    """Keys in a row, the first of many."""
    known = list(keys)
    more = f" … (+{len(known) - SHOWN_KEYS})" if len(known) > SHOWN_KEYS else ""
    return ", ".join(known[:SHOWN_KEYS]) + more
