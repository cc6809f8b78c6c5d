"""What the sheets have in common: a solved plan grouped, sorted and named for reading."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from portfolio.domain.calendar import Horizon
from portfolio.domain.demand import Cell
from portfolio.domain.funding import SHARED, FundingSource
from portfolio.domain.money import HUNDREDTHS_PER_WAN, Money
from portfolio.domain.project import MilestoneKind, Stage
from portfolio.domain.schedule import Evaluation, FundingLine, ProjectLine, SeatLine
from portfolio.domain.text import Lang, Text
from portfolio.report.labels import coded, county_label, project_name, source_name, zone_label
from portfolio.scenario.plan import Plan
from portfolio.scenario.problem import Candidate, PlanningProblem

EM_DASH = "\u2014"

SHORT_COUNTY = 2
"""A county name of so many characters keeps its 县 or 区."""


def years_text(horizon: Horizon) -> str:
    """`2021–2030`; a single year stands alone."""
    first, last = horizon.first_year, horizon.last_year
    return str(first) if first == last else f"{first}–{last}"


def zone_text(zone: str) -> Text:
    """A zone's name, in English where it is known."""
    return coded("zone", zone) if zone else zone_label(zone)


def sentence(text: str) -> str:
    """With a capital at the start."""
    return text[:1].upper() + text[1:]


@dataclass(frozen=True, slots=True)
class Item:
    """A candidate with its line of the evaluation."""

    candidate: Candidate
    line: ProjectLine

    @property
    def key(self) -> str:
        return self.candidate.key

    @property
    def seats_added(self) -> int:
        return sum(effect.added for effect in self.candidate.effects)

    @property
    def seats_net(self) -> int:
        return sum(effect.added - effect.seats_replaced for effect in self.candidate.effects)

    @property
    def period(self) -> str:
        """`2023—2025年`, as the county's own form writes it; `2023年` for works of one year."""
        return f"{self.years(EM_DASH)}年"

    def years(self, dash: str) -> str:
        """The construction years: `2023—2025`, or one year alone."""
        first, last = self.line.start, self.line.finish
        return str(first) if first == last else f"{first}{dash}{last}"

    def spend_before(self, year: int, problem: PlanningProblem) -> Money:
        """What is spent on the project before `year`, sunk years included."""
        assert self.line.start is not None
        sunk = self.line.start < problem.horizon.first_year
        paid = problem.spend(self.key, self.line.start) if sunk else self.line.spend
        return sum(a for y, a in paid.items() if y < year)


@dataclass(frozen=True)
class View:
    """A plan that has a schedule, in one language choice."""

    plan: Plan
    evaluation: Evaluation
    lang: Lang

    @property
    def problem(self) -> PlanningProblem:
        return self.plan.problem

    @cached_property
    def years(self) -> list[int]:
        return list(self.problem.horizon.years)

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """Every candidate in workbook order."""
        rows = {row.key: n for n, row in enumerate(self.problem.portfolio.projects)}
        lines = {line.key: line for line in self.evaluation.projects}
        found = [Item(c, lines[key]) for key, c in self.problem.candidates.items()]
        return tuple(sorted(found, key=lambda item: rows.get(item.key, len(rows))))

    @cached_property
    def selected(self) -> Mapping[str, tuple[Item, ...]]:
        """By county in workbook order: its scheduled projects by start year, then workbook order."""
        return self._by_county(sorted(self._chosen(), key=lambda item: item.line.start or 0))

    @cached_property
    def deferred(self) -> Mapping[str, tuple[Item, ...]]:
        """By county in workbook order: its candidates that are not scheduled."""
        return self._by_county(item for item in self.items if not item.line.selected)

    @cached_property
    def late(self) -> Mapping[str, tuple[Item, ...]]:
        """By county in workbook order: its scheduled projects that start later than they could."""
        return self._by_county(
            item for item in self.items if item.line.selected and item.key in self.plan.reasons
        )

    def _chosen(self) -> Iterable[Item]:
        return (item for item in self.items if item.line.selected)

    def _by_county(self, items: Iterable[Item]) -> dict[str, tuple[Item, ...]]:
        groups: dict[str, list[Item]] = {county: [] for county in self.counties}
        for item in items:
            groups[item.candidate.row.county].append(item)
        return {county: tuple(group) for county, group in groups.items()}

    @cached_property
    def counties(self) -> tuple[str, ...]:
        """Counties with candidates, in workbook order."""
        return tuple(dict.fromkeys(item.candidate.row.county for item in self.items))

    # names

    def pick(self, text: Text, joiner: str = " ") -> str:
        return text.pick(self.lang, joiner)

    def name(self, candidate: Candidate) -> str:
        """The project's name: one language, so that tables stay narrow; Chinese where both are shown."""
        text = project_name(candidate.row)
        return text.en if self.lang == "en" else text.zh

    def second_name(self, candidate: Candidate) -> str:
        """The English name, to stand below the Chinese one where both languages are shown; else ""."""
        row = candidate.row
        return row.name_en if self.lang == "both" and row.name_zh not in ("", row.name_en) else ""

    def county(self, key: str) -> str:
        return self.pick(county_label(key))

    def source(self, key: str) -> str:
        """The source's name, in one language like a project's."""
        text = source_name(self.problem.sources[key])
        return sentence(text.en) if self.lang == "en" else text.zh

    def kind(self, key: str) -> str:
        """The source's name without its county's: counties name the same kind of money after themselves."""
        source = self.problem.sources[key]
        county, name = county_label(source.county), self.source(key)
        short = county.zh[:-1] if len(county.zh) > SHORT_COUNTY else county.zh
        for prefix in (county.zh, short, county.en):
            rest = name.removeprefix(prefix).strip()
            if rest and rest != name:
                return sentence(rest) if self.lang == "en" else rest
        return name

    # dates

    @cached_property
    def due(self) -> Mapping[str, int]:
        """Project -> the latest opening year that its window and milestones allow, where they say one."""
        due: dict[str, int] = {}

        def tighten(key: str, year: int) -> None:
            due[key] = min(year, due.get(key, year))

        for candidate in self.problem.candidates.values():
            if candidate.latest_finish is not None:
                tighten(candidate.key, candidate.latest_finish + candidate.open_lag)
        for milestone in self.problem.milestones:
            promised = self.problem.candidates.get(milestone.project)
            if promised:
                tighten(promised.key, _opening_by(promised, milestone.kind, milestone.year))
        return due

    # money

    @cached_property
    def funding(self) -> Mapping[tuple[str, int], FundingLine]:
        return {(line.source, line.year): line for line in self.evaluation.funding}

    def usable(self, source: str, year: int) -> Money:
        """The year's cap and what is brought forward into it."""
        line = self.funding.get((source, year))
        return line.cap + line.brought_forward if line else 0

    def headroom(self, source: str, year: int) -> Money:
        line = self.funding.get((source, year))
        return line.cap + line.brought_forward - line.planned if line else 0

    def total(self, sources: Iterable[str], year: int, part: str) -> Money:
        """A part of the funding lines (`cap`, `planned` ...) added up over sources."""
        lines = (self.funding.get((source, year)) for source in sources)
        return sum(getattr(line, part) for line in lines if line)

    @cached_property
    def drawn(self) -> Mapping[tuple[str, str, int], Money]:
        """(county, source, year) -> money drawn for the county's projects."""
        sums: dict[tuple[str, str, int], Money] = defaultdict(int)
        for item in self._chosen():
            for year, by_source in item.line.funding.items():
                for source, amount in by_source.items():
                    sums[item.candidate.row.county, source, year] += amount
        return sums

    @cached_property
    def sources_by_county(self) -> Mapping[str, tuple[FundingSource, ...]]:
        """Own sources of each county (and of `*`), in workbook order."""
        groups: dict[str, list[FundingSource]] = {}
        for source in self.problem.sources.values():
            groups.setdefault(source.county, []).append(source)
        return {county: tuple(group) for county, group in groups.items()}

    def payers(self, county: str) -> tuple[FundingSource, ...]:
        """The sources that may pay in a county: its own, then shared ones."""
        own = self.sources_by_county.get(county, ())
        return own if county == SHARED else own + self.sources_by_county.get(SHARED, ())

    @cached_property
    def spend_by_county(self) -> Mapping[tuple[str, int], Money]:
        sums: dict[tuple[str, int], Money] = defaultdict(int)
        for item in self._chosen():
            for year, amount in item.line.spend.items():
                sums[item.candidate.row.county, year] += amount
        return sums

    def spend(self, year: int) -> Money:
        return sum(self.spend_by_county[county, year] for county in self.counties)

    @cached_property
    def money_is_whole(self) -> bool:
        """Whether every amount of the plan is a whole number of 万元, so that decimals say nothing."""
        amounts = [a for line in self.evaluation.projects for a in (line.cost, *line.spend.values())]
        for flow in self.evaluation.funding:
            amounts += (flow.cap, flow.planned, flow.brought_forward, flow.lapsed)
        amounts += self.drawn.values()
        return all(amount % HUNDREDTHS_PER_WAN == 0 for amount in amounts)

    # seats

    @cached_property
    def seats(self) -> Mapping[tuple[Cell, int], SeatLine]:
        return {(line.cell, line.year): line for line in self.evaluation.seats}

    @cached_property
    def stages(self) -> tuple[Stage, ...]:
        """Stages with demand, in school order."""
        found = {cell.stage for cell in self.problem.cells}
        return tuple(stage for stage in Stage if stage in found)


def _opening_by(candidate: Candidate, kind: MilestoneKind, year: int) -> int:
    """The opening year that goes with a promise to start, finish or open by `year`."""
    if kind is MilestoneKind.START_BY:
        return candidate.opens(year)
    if kind is MilestoneKind.FINISH_BY:
        return year + candidate.open_lag
    return year
