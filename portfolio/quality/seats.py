"""Seats that no schedule can supply: shortages, targets and milestones out of reach."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil

from portfolio.domain.demand import Cell
from portfolio.domain.notice import Severity
from portfolio.domain.places import county_name
from portfolio.domain.project import RelationKind, SeatEffect, Stage
from portfolio.domain.text import Text
from portfolio.quality.findings import Finding, Kind, Place, of_cell, years_words
from portfolio.quality.windows import Windows
from portfolio.scenario.problem import Candidate, PlanningProblem, Target

Seats = Mapping[Cell, Mapping[int, int]]


def most_supply(problem: PlanningProblem, windows: Windows, *, public_only: bool = False) -> Seats:
    """More seats than any schedule can have, by cell and year: everything is built as early as it can
    be, whatever it costs; of alternatives the one that helps most."""
    base = problem.public_capacity if public_only else problem.capacity
    years = problem.horizon.years
    most: dict[Cell, dict[int, int]] = {
        cell: dict(base.get(cell) or dict.fromkeys(years, 0)) for cell in {**problem.demand, **base}
    }
    alternatives = _alternatives(problem)
    best: dict[tuple[int, Cell], dict[int, int]] = {}
    for key, starts in windows.starts.items():
        candidate = problem.candidates[key]
        for cell, effects in _by_cell(candidate, public_only).items():
            gain = _most_gain(candidate, effects, starts, years, forced=key in windows.forced)
            if key in alternatives:
                known = best.setdefault((alternatives[key], cell), gain)
                known.update({year: max(known[year], gain[year]) for year in years})
            else:
                _add(most.setdefault(cell, dict.fromkeys(years, 0)), gain)
    for (_, cell), gain in best.items():
        _add(most.setdefault(cell, dict.fromkeys(years, 0)), gain)
    return {cell: {year: max(0, seats) for year, seats in by_year.items()} for cell, by_year in most.items()}


def _add(seats: dict[int, int], more: Mapping[int, int]) -> None:
    for year, number in more.items():
        seats[year] += number


def _alternatives(problem: PlanningProblem) -> dict[str, int]:
    """For each project with alternatives the number of its first group."""
    found: dict[str, int] = {}
    for number, group in enumerate(problem.groups):
        if group.kind in (RelationKind.EXCLUDE, RelationKind.CHOOSE):
            for key in group.members:
                found.setdefault(key, number)
    return found


def _by_cell(candidate: Candidate, public_only: bool) -> dict[Cell, list[SeatEffect]]:
    found: dict[Cell, list[SeatEffect]] = defaultdict(list)
    for effect in candidate.effects:
        if effect.public or not public_only:
            found[Cell(candidate.row.county, effect.zone, effect.stage)].append(effect)
    return found


def _most_gain(
    candidate: Candidate, effects: list[SeatEffect], starts: tuple[int, int], years: range, *, forced: bool
) -> dict[int, int]:
    """The best of what each year can see: the project open, not begun or left out, under construction."""
    first, last = starts
    opens, opens_last = candidate.opens(first), candidate.opens(last)
    opened = sum(effect.added - effect.seats_replaced for effect in effects)
    building = -sum(effect.seats_offline for effect in effects)
    gain: dict[int, int] = {}
    for year in years:
        seen = [opened] if opens <= year else []
        if last > year or not forced:
            seen.append(0)
        if first <= year < opens_last:
            seen.append(building)
        gain[year] = max(seen)
    return gain


# --- shortages ----------------------------------------------------------------------------------


def check_seats(problem: PlanningProblem, most: Seats) -> Iterator[Finding]:
    """Cells that stay short whatever is built, are short in the first year, or have no capacity."""
    first, last = problem.horizon.first_year, problem.horizon.last_year
    short: list[tuple[int, Finding]] = []
    none: list[Finding] = []
    for cell, demand in problem.demand.items():
        missing = {y: demand[y] - most[cell][y] for y in demand if y > first and demand[y] > most[cell][y]}
        if missing and last in missing:
            short.append((missing[last], _short_at_the_end(cell, missing, demand, last)))
        elif missing:
            short.append((max(missing.values()), _short_for_a_while(cell, missing, demand)))
        existing = problem.capacity.get(cell)
        if existing is None and any(demand.values()):
            none.append(_no_capacity(cell))
        elif existing and demand[first] > existing[first]:
            lacking = demand[first] - existing[first]
            short.append((lacking, _short_now(cell, first, existing[first], demand[first])))
    yield from (finding for _, finding in sorted(short, key=lambda pair: -pair[0]))
    yield from none


def _short_at_the_end(
    cell: Cell, missing: Mapping[int, int], demand: Mapping[int, int], last: int
) -> Finding:
    years, supply = years_words(list(missing)), demand[last] - missing[last]
    return Finding(
        **of_cell(cell), kind=Kind.SHORT_AT_THE_END, severity=Severity.WARNING, year=last,
        text=Text(
            f"{last} 年至少缺 {missing[last]:,} 座（需 {demand[last]:,}，至多 {supply:,}）；{years} 年都缺",
            f"at least {missing[last]:,} missing in {last} ({demand[last]:,} needed, at most {supply:,}); short in {years}",
        ),
        advice=Text("增加项目或扩大规模", "add projects, or enlarge them"),
        found=f"{supply}", limit=f"{demand[last]}",
    )  # fmt: skip


def _short_for_a_while(cell: Cell, missing: Mapping[int, int], demand: Mapping[int, int]) -> Finding:
    worst = max(missing, key=lambda year: missing[year])
    years, supply = years_words(list(missing)), demand[worst] - missing[worst]
    return Finding(
        **of_cell(cell), kind=Kind.SHORT_FOR_A_WHILE, severity=Severity.NOTICE, year=worst,
        text=Text(
            f"{years} 年必缺，{worst} 年至少缺 {missing[worst]:,} 座（需 {demand[worst]:,}，至多 {supply:,}）",
            f"short in {years}, by at least {missing[worst]:,} in {worst} ({demand[worst]:,} needed, at most {supply:,})",
        ),
        advice=Text("提早开工，或安排过渡学位", "start earlier, or provide seats for the time between"),
        found=f"{supply}", limit=f"{demand[worst]}",
    )  # fmt: skip


def _short_now(cell: Cell, year: int, existing: int, demand: int) -> Finding:
    share = Fraction(demand - existing, demand)
    return Finding(
        **of_cell(cell), kind=Kind.SHORT_NOW, severity=Severity.NOTICE, year=year,
        text=Text(
            f"{year} 年需 {demand:,} 座，现有 {existing:,} 座，缺 {demand - existing:,} 座（{float(share):.1%}）",
            f"{year}: {demand:,} needed, {existing:,} there, {demand - existing:,} missing ({float(share):.1%})",
        ),
        found=f"{existing}", limit=f"{demand}",
    )  # fmt: skip


def _no_capacity(cell: Cell) -> Finding:
    return Finding(
        **of_cell(cell), kind=Kind.NO_CAPACITY, severity=Severity.WARNING,
        text=Text("有需求，没有现有学位，按 0 计", "has demand but no row in Capacity: counted as 0"),
        advice=Text("在“现有学位”补一行，没有学位填 0", "add a row to Capacity; write 0 if there are none"),
    )  # fmt: skip


# --- targets ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Aim:
    """What a target asks for in one county or cell, and the most there can be."""

    target: Target
    place: Place
    needed: Mapping[int, int]
    most: Mapping[int, int]


def check_targets(problem: PlanningProblem, windows: Windows, most: Seats) -> Iterator[Finding]:
    """Targets that no schedule reaches: a hard one makes the scenario impossible."""
    public: Seats | None = None
    for target in problem.targets:
        if target.ratio is None and public is None:
            public = most_supply(problem, windows, public_only=True)
        aims = (
            _ratio_aims(problem, target, most)
            if target.ratio is not None
            else _public_aims(problem, target, public or {})
        )
        for aim in aims:
            missed = [year for year in aim.needed if aim.needed[year] > aim.most[year]]
            if missed:
                yield _missed(aim, missed)


def _years(problem: PlanningProblem, target: Target) -> list[int]:
    return [y for y in problem.horizon.years if target.first_year <= y <= target.last_year]


def _ratio_aims(problem: PlanningProblem, target: Target, most: Seats) -> Iterator[_Aim]:
    ratio, years = Fraction(target.ratio or 0), _years(problem, target)
    for cell, demand in problem.demand.items():
        if (
            target.county in ("", cell.county)
            and target.zone in ("", cell.zone)
            and target.stage in ("", cell.stage)
        ):
            yield _Aim(target, of_cell(cell), {y: ceil(ratio * demand[y]) for y in years}, most[cell])


def _public_aims(problem: PlanningProblem, target: Target, public: Seats) -> Iterator[_Aim]:
    """The share of kindergarten demand that public seats must cover, zones together."""
    share, years = Fraction(target.public_share or 0), _years(problem, target)
    counties = dict.fromkeys(c.county for c in problem.demand if c.stage is Stage.KINDERGARTEN)
    demand = _kindergarten_seats(problem.demand, target.zone, years)
    supply = _kindergarten_seats(public, target.zone, years)
    for county in counties:
        if target.county not in ("", county):
            continue
        names, zone = county_name(county), f" {target.zone}" if target.zone else ""
        words = Text(f"{names.zh}{zone} 公办幼儿园", f"{names.en}{zone} public kindergartens")
        needed = {year: ceil(share * seats) for year, seats in demand[county].items()}
        yield _Aim(target, {"place": words, "county": county}, needed, supply[county])


def _kindergarten_seats(seats: Seats, zone: str, years: list[int]) -> dict[str, dict[int, int]]:
    """Seats by county and year, in all zones or one."""
    sums: dict[str, dict[int, int]] = defaultdict(lambda: dict.fromkeys(years, 0))
    for cell, by_year in seats.items():
        if cell.stage is Stage.KINDERGARTEN and zone in ("", cell.zone):
            for year in years:
                sums[cell.county][year] += by_year[year]
    return sums


def _missed(aim: _Aim, missed: list[int]) -> Finding:
    worst = max(missed, key=lambda year: aim.needed[year] - aim.most[year])
    needed, most = aim.needed[worst], aim.most[worst]
    soft = aim.target.soft
    return Finding(
        **aim.place,
        kind=Kind.TARGET_MISSED if soft else Kind.IMPOSSIBLE_TARGET,
        severity=Severity.WARNING if soft else Severity.ERROR,
        text=Text(
            f"{years_words(missed)} 年达不到学位目标：{worst} 年应有 {needed:,} 座，至多 {most:,} 座",
            f"{years_words(missed)}: the target cannot be reached; {worst}: {needed:,} seats due, at most {most:,}",
        ),
        advice=Text("降低比例，推迟起始年，或增加项目", "lower the ratio, begin later, or add projects"),
        year=worst,
        found=f"{most}",
        limit=f"{needed}",
    )
