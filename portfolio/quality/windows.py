"""In which years each project can start in any schedule at all, and which projects every schedule has.

Only what is certain is concluded, without a solver: a start that is left here may still be impossible,
one that is not left here is in no schedule (MODEL section 3).
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from math import ceil, floor

from portfolio.domain.project import MilestoneKind, RelationKind
from portfolio.domain.text import Text
from portfolio.quality.findings import Kind
from portfolio.quality.payers import Payers
from portfolio.scenario.problem import After, Candidate, PlanningProblem


@dataclass(frozen=True, slots=True)
class Never:
    """Why a project is in no schedule, and the kind of finding if it has to be."""

    kind: Kind
    text: Text


@dataclass(frozen=True)
class Windows:
    """`starts` has the first and the last possible start of each project that can be built, `never` why
    each other cannot, `forced` why a project is in every schedule."""

    starts: Mapping[str, tuple[int, int]]
    never: Mapping[str, Never]
    forced: Mapping[str, Text]


def windows_of(problem: PlanningProblem, payers: Payers) -> Windows:
    found = _Search(problem, payers)
    found.own_windows()
    found.force()
    found.settle()
    return Windows(found.starts, found.never, found.forced)


@dataclass
class _Search:
    problem: PlanningProblem
    payers: Payers
    starts: dict[str, tuple[int, int]] = field(default_factory=dict)
    never: dict[str, Never] = field(default_factory=dict)
    forced: dict[str, Text] = field(default_factory=dict)

    # each project by itself

    def own_windows(self) -> None:
        latest = _latest_by_firm_milestones(self.problem)
        for key, candidate in self.problem.candidates.items():
            first, last = _window(self.problem, candidate)
            if candidate.left_out_predecessors:
                others = ", ".join(candidate.left_out_predecessors)
                self._never(
                    key, Kind.IMPOSSIBLE_RELATION,
                    f"须在 {others} 之后建设，而本情景未包含它", f"must come after {others}, which the scenario leaves out",
                )  # fmt: skip
            elif first > last:
                self._never(key, Kind.IMPOSSIBLE_WINDOW, *_too_late(self.problem, candidate))
            elif first > latest.get(key, last):
                year = latest[key] + candidate.duration_years - 1
                self._never(
                    key, Kind.IMPOSSIBLE_WINDOW,
                    f"最早 {first} 年开工、{candidate.finish(first)} 年完工，刚性节点要求 {latest[key]} 年前开工（{year} 年完工）",
                    f"can start in {first} and finish in {candidate.finish(first)} at the earliest; a firm"
                    f" milestone needs a start by {latest[key]} ({year} finish)",
                )  # fmt: skip
            else:
                self._paid(key, candidate, range(first, min(last, latest.get(key, last)) + 1))

    def _paid(self, key: str, candidate: Candidate, years: range) -> None:
        """Keeps the starts that somebody can pay, each project taken alone."""
        able = self._payable(key, candidate, years)
        if able:
            self.starts[key] = able
        elif key in self.payers.barred:
            self._never(key, Kind.IMPOSSIBLE_FUNDING, *self.payers.barred[key])
        elif not any(self._shares_fit(key, candidate, start) for start in years):
            self._never(
                key, Kind.IMPOSSIBLE_FUNDING,
                "“项目资金”中能付款的来源，占比凑不成 100%",
                "the shares in ProjectFunding of the sources that may pay do not come to 100 %",
            )  # fmt: skip
        else:
            self._never(
                key, Kind.IMPOSSIBLE_FUNDING,
                "可用来源的额度全部给它也不够付款",
                "the caps of its sources do not pay it even if it gets all of them",
            )  # fmt: skip

    def _payable(self, key: str, candidate: Candidate, years: range) -> tuple[int, int] | None:
        """The first and the last start that can be paid."""
        sources = self.payers.sources[key]
        first_year = self.problem.horizon.first_year
        if candidate.cost == 0:
            return years[0], years[-1]
        enough = self.payers.usable(sources, first_year, first_year) >= 2 * candidate.cost
        if enough and not candidate.funding and key not in self.payers.barred and not self.problem.escalation:
            return years[0], years[-1]  # the first year's money alone pays it whenever it starts
        first = next((start for start in years if self._pays(key, candidate, start)), None)
        if first is None:
            return None
        return first, next(start for start in reversed(years) if self._pays(key, candidate, start))

    def _pays(self, key: str, candidate: Candidate, start: int) -> bool:
        """Whether the sources could pay a start if the project got all they have."""
        spend = self.problem.spend_in_horizon(key, start)
        if not spend:
            return True
        if key in self.payers.barred or not self._shares_fit(key, candidate, start):
            return False
        sources, years = self.payers.sources[key], sorted(spend)
        for n, first in enumerate(years):
            due = 0
            for last in years[n:]:
                due += spend[last]
                if due > self.payers.usable(sources, first, last):
                    return False
        return True

    def _shares_fit(self, key: str, candidate: Candidate, start: int) -> bool:
        """Whether the bounds of the shares, rounded outwards, leave room for exactly the whole."""
        rows = [row for row in candidate.funding if row.source in self.payers.sources[key]]
        due = sum(self.problem.spend_in_horizon(key, start).values())
        least = sum(floor(due * Fraction(row.low)) for row in rows)
        most = sum(ceil(due * Fraction(row.high)) for row in rows)
        return not candidate.funding or least <= due <= most

    # projects that every schedule has

    def force(self) -> None:
        """Duties, and what they bring with them."""
        for key, candidate in self.problem.candidates.items():
            if candidate.fixed_start is not None:
                year = candidate.fixed_start
                self.forced[key] = Text(f"既定 {year} 年开工", f"its start is fixed to {year}")
            elif candidate.mandatory:
                self.forced[key] = Text("必建", "it is mandatory")
        for milestone in self.problem.milestones:
            if milestone.firm:
                self.forced.setdefault(milestone.project, Text("有刚性节点", "it has a firm milestone"))
        for group in self.problem.groups:
            if group.kind is RelationKind.CHOOSE and len(group.members) == 1:
                self.forced.setdefault(
                    group.members[0], Text("择一组只剩它", "it is the only one left of a choice")
                )
        self._bring_along()

    def _bring_along(self) -> None:
        """What comes before a forced project, or together with one, is forced too."""
        ties: dict[str, list[str]] = defaultdict(list)
        for pair in self.problem.after:
            ties[pair.project].append(pair.other)
        for group in self.problem.groups:
            if group.kind is RelationKind.TOGETHER:
                for member in group.members:
                    ties[member] += [other for other in group.members if other != member]
        queue = deque(self.forced)
        while queue:
            key = queue.popleft()
            for other in ties[key]:
                if other not in self.forced:
                    self.forced[other] = Text(f"{key} 必建，须有它", f"{key} has to be built and needs it")
                    queue.append(other)

    # relations

    def settle(self) -> None:
        """Relations narrow the windows: later starts follow earlier finishes, and what a forced project
        comes after must be early enough for it."""
        order, circular = _in_order(self.problem)
        for key in circular:
            self._never(
                key, Kind.IMPOSSIBLE_RELATION,
                "先后关系成环，或在环之后", "its relations `after` go round in a circle, or it comes after such",
            )  # fmt: skip
        before: dict[str, list[After]] = defaultdict(list)
        for pair in self.problem.after:
            before[pair.project].append(pair)
        groups = [g.members for g in self.problem.groups if g.kind is RelationKind.TOGETHER]
        while True:
            count = len(self.never)
            for key in order:
                self._after_others(key, before[key])
            for members in groups:
                self._all_or_none(members)
            if len(self.never) == count:
                break
        for key in reversed(order):
            if key in self.forced and key in self.starts:
                self._before_forced(key, before[key])

    def _after_others(self, key: str, pairs: Iterable[After]) -> None:
        for pair in pairs:
            if key not in self.starts:
                return
            if pair.other in self.never:
                label = self.problem.candidates[pair.other].label
                self._never(
                    key, Kind.IMPOSSIBLE_RELATION,
                    f"须在{label.zh}之后，而它无法建设", f"must come after {label.en}, which cannot be built",
                )  # fmt: skip
                return
            ready = (
                self.problem.candidates[pair.other].finish(self.starts[pair.other][0]) + 1 + pair.lag_years
            )
            first, last = self.starts[key]
            if ready > last:
                self._never(
                    key, Kind.IMPOSSIBLE_RELATION,
                    f"须在 {pair.other} 之后，最早 {ready} 年开工；最迟须 {last} 年开工",
                    f"comes after {pair.other} and cannot start before {ready}, but must start by {last}",
                )  # fmt: skip
            elif ready > first:
                self.starts[key] = ready, last

    def _all_or_none(self, members: tuple[str, ...]) -> None:
        out = next((key for key in members if key in self.never), None)
        for key in members if out else ():
            if key not in self.never:
                self._never(
                    key, Kind.IMPOSSIBLE_RELATION,
                    f"与 {out} 同建，而它无法建设", f"goes together with {out}, which cannot be built",
                )  # fmt: skip

    def _before_forced(self, key: str, pairs: Iterable[After]) -> None:
        last = self.starts[key][1]
        for pair in pairs:
            if pair.other not in self.starts:
                continue
            first, old = self.starts[pair.other]
            due = last - self.problem.candidates[pair.other].duration_years - pair.lag_years
            if due < first:
                self._never(
                    pair.other, Kind.IMPOSSIBLE_RELATION,
                    f"须先于 {key} 建成，最迟 {due} 年开工；最早 {first} 年才能开工",
                    f"must be finished before {key} and start by {due}, but cannot start before {first}",
                )  # fmt: skip
            elif due < old:
                self.starts[pair.other] = first, due

    def _never(self, key: str, kind: Kind, zh: str, en: str) -> None:
        self.starts.pop(key, None)
        self.never.setdefault(key, Never(kind, Text(zh, en)))


def _window(problem: PlanningProblem, candidate: Candidate) -> tuple[int, int]:
    """The rule `window`; a fixed start lifts the left edge of the horizon only."""
    horizon, fixed = problem.horizon, candidate.fixed_start
    first = horizon.first_year if fixed is None else fixed
    if candidate.earliest_start is not None:
        first = max(first, candidate.earliest_start)
    finish = horizon.last_year
    if candidate.latest_finish is not None:
        finish = min(finish, candidate.latest_finish)
    last = min(finish - candidate.duration_years, horizon.last_year - len(candidate.profile)) + 1
    return first, last if fixed is None else min(last, fixed)


def _too_late(problem: PlanningProblem, candidate: Candidate) -> Text:
    horizon, fixed = problem.horizon, candidate.fixed_start
    first = horizon.first_year if fixed is None else fixed
    if candidate.earliest_start is not None:
        first = max(first, candidate.earliest_start)
    if fixed is not None and fixed < first:
        return Text(
            f"既定 {fixed} 年开工，早于最早开工年 {first}",
            f"its start {fixed} lies before its earliest start {first}",
        )
    finish, paid = candidate.finish(first), candidate.last_payment(first)
    if candidate.latest_finish is not None and finish > candidate.latest_finish:
        limit = candidate.latest_finish
        return Text(
            f"{first} 年开工、工期 {candidate.duration_years} 年，{finish} 年完工，晚于最迟完工年 {limit}",
            f"starting in {first} with {candidate.duration_years} construction years it finishes in {finish},"
            f" after its latest finish {limit}",
        )
    return Text(
        f"{first} 年开工、工期 {candidate.duration_years} 年，{max(finish, paid)} 年才建成付清，晚于规划末年"
        f" {horizon.last_year}",
        f"starting in {first} with {candidate.duration_years} construction years it is finished and paid in"
        f" {max(finish, paid)}, after the last year {horizon.last_year}",
    )


def _latest_by_firm_milestones(problem: PlanningProblem) -> dict[str, int]:
    """The last start that keeps every firm milestone of a project."""
    latest: dict[str, int] = {}
    for milestone in problem.milestones:
        if milestone.firm:
            due = milestone.year - years_to(problem.candidates[milestone.project], milestone.kind)
            latest[milestone.project] = min(due, latest.get(milestone.project, due))
    return latest


def years_to(candidate: Candidate, kind: MilestoneKind) -> int:
    """The years from the start of a project to a milestone."""
    return {
        MilestoneKind.START_BY: 0,
        MilestoneKind.FINISH_BY: candidate.duration_years - 1,
        MilestoneKind.OPEN_BY: candidate.duration_years - 1 + candidate.open_lag,
    }[kind]


def _in_order(problem: PlanningProblem) -> tuple[list[str], list[str]]:
    """The projects, each after those it comes after; and those in circles or behind one."""
    followers: dict[str, list[str]] = defaultdict(list)
    waiting: dict[str, int] = defaultdict(int)
    for pair in problem.after:
        followers[pair.other].append(pair.project)
        waiting[pair.project] += 1
    ready = deque(key for key in problem.candidates if not waiting[key])
    order: list[str] = []
    while ready:
        key = ready.popleft()
        order.append(key)
        for follower in followers[key]:
            waiting[follower] -= 1
            if not waiting[follower]:
                ready.append(follower)
    done = set(order)
    return order, [key for key in problem.candidates if key not in done]
