"""The task list: counties, their projects, and each project's phases, opening and payments.

Phases follow one another; a relation `after` links the last phase of one project to the first task of
the other. Every yearly payment is a task of its own that lasts that year, so that Project's own views by
year and by resource show what the plan says.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from portfolio.domain.money import Money
from portfolio.domain.project import MilestoneKind
from portfolio.domain.quarters import PhaseSpan, Quarter, phases
from portfolio.report.labels import label, project_name
from portfolio.report.mspdi.fields import Fields
from portfolio.report.mspdi.markup import EVENING, MORNING, lag, line
from portfolio.report.mspdi.notes import Notes
from portfolio.report.mspdi.task import Link, Task
from portfolio.report.workbook.view import Item, View

LAST_DAY = {3: 31, 6: 30, 9: 30, 12: 31}
"""Of the last month of a quarter."""

PHASES = 3


class Block(NamedTuple):
    """A scheduled project and the numbers of its tasks: they follow one another from `uid`, the
    project itself. `begins` says whether the start is a task, to carry its deadline."""

    item: Item
    uid: int
    number: str
    begins: bool

    @property
    def first(self) -> int:
        """The task with which the project begins."""
        return self.uid + 1

    @property
    def acceptance(self) -> int:
        return self.uid + self.begins + PHASES

    @property
    def payments(self) -> int:
        return self.acceptance + 2

    @property
    def paid(self) -> list[tuple[int, Money]]:
        """What is paid in each year of the horizon, in order."""
        return sorted((year, amount) for year, amount in self.item.line.spend.items() if amount)

    @property
    def last(self) -> int:
        years = len(self.paid)
        return self.payments + years if years else self.payments - 1

    @property
    def years(self) -> tuple[int, int, int]:
        """Start, finish, opening."""
        found = self.item.line
        assert found.start is not None
        assert found.finish is not None
        assert found.opens is not None
        return found.start, found.finish, found.opens

    @property
    def span(self) -> tuple[str, str]:
        """From the first day to the last, opening and payments included."""
        start, finish, opens = self.years
        paid = self.paid
        ends = [_evening(finish), _opening(opens), *([_evening(paid[-1][0])] if paid else [])]
        return _morning(start), max(ends)


class Outline:
    """The tasks of a plan, in order; they are made as they are asked for."""

    def __init__(self, view: View, fields: Fields, notes: Notes) -> None:
        self._view = view
        self._fields = fields
        self._notes = notes

    @cached_property
    def blocks(self) -> dict[str, Block]:
        """Project -> its place in the list."""
        found: dict[str, Block] = {}
        uid = 0
        for n, (_, items) in enumerate(self._counties, 1):
            uid += 1
            for m, item in enumerate(items, 1):
                begins = (item.key, MilestoneKind.START_BY) in self._due
                block = found[item.key] = Block(item, uid + 1, f"{n}.{m}", begins)
                uid = block.last
        return found

    @cached_property
    def span(self) -> tuple[str, str]:
        """From the first task's start to the last one's finish; the horizon where there is none."""
        spans = [block.span for block in self.blocks.values()]
        years = self._view.years
        if not spans:
            return _morning(years[0]), _evening(years[-1])
        return min(start for start, _ in spans), max(finish for _, finish in spans)

    @property
    def cost(self) -> Money:
        return sum(amount for block in self.blocks.values() for _, amount in block.paid)

    def tasks(self) -> Iterator[Task]:
        """All tasks but the one that stands for the whole."""
        for n, (county, items) in enumerate(self._counties, 1):
            blocks = [self.blocks[item.key] for item in items]
            spans = [block.span for block in blocks]
            yield Task(
                blocks[0].uid - 1, str(n), 1, line(self._view.county(county)),
                min(start for start, _ in spans), max(finish for _, finish in spans),
                summary=True,
                cost=sum(amount for block in blocks for _, amount in block.paid),
                note=self._notes.of_county(county),
                fields=self._fields.of_county(county, items),
            )  # fmt: skip
            for block in blocks:
                yield from self._project(block)

    @cached_property
    def _counties(self) -> list[tuple[str, tuple[Item, ...]]]:
        return [(county, items) for county, items in self._view.selected.items() if items]

    @cached_property
    def _due(self) -> dict[tuple[str, MilestoneKind], int]:
        """(project, what was promised) -> the earliest year it was promised for."""
        due: dict[tuple[str, MilestoneKind], int] = {}
        for milestone in self._view.problem.milestones:
            key = milestone.project, milestone.kind
            due[key] = min(milestone.year, due.get(key, milestone.year))
        return due

    @cached_property
    def _after(self) -> dict[str, tuple[Link, ...]]:
        """Project -> links to what it comes after."""
        found: dict[str, tuple[Link, ...]] = {}
        for pair in self._view.problem.after:
            before = self.blocks.get(pair.other)
            if before and pair.project in self.blocks:
                wait = lag(before.years[1] + 1, pair.lag_years)
                found[pair.project] = (*found.get(pair.project, ()), Link(before.acceptance, wait))
        return found

    def _project(self, block: Block) -> Iterator[Task]:
        candidate = block.item.candidate
        yield Task(
            block.uid, block.number, 2, line(self._view.pick(project_name(candidate.row))), *block.span,
            summary=True,
            cost=sum(amount for _, amount in block.paid),
            note=self._notes.of_project(block.item),
            fields=self._fields.of_project(block.item),
        )  # fmt: skip
        name = self._view.name(candidate)
        yield from self._works(block, name)
        if block.paid:
            yield from self._payments(block, name)

    def _works(self, block: Block, name: str) -> Iterator[Task]:
        start, finish, opens = block.years
        key, uid = block.item.key, block.first
        links = self._after.get(key, ())
        if block.begins:
            day = _morning(start)
            deadline = _evening(self._due[key, MilestoneKind.START_BY])
            yield self._leaf(block, uid, "begins", name, (day, day), deadline, links)
            uid, links = uid + 1, (Link(uid),)
        for part in phases(start, finish):
            due = self._due.get((key, MilestoneKind.FINISH_BY)) if uid == block.acceptance else None
            yield self._leaf(
                block, uid, part.phase, name, _quarters(part), _evening(due) if due else "", links
            )
            uid, links = uid + 1, (Link(uid),)
        day, promised = _opening(opens), self._due.get((key, MilestoneKind.OPEN_BY))
        deadline = f"{promised}-09-30{EVENING}" if promised else ""
        yield self._leaf(block, uid, "opens", name, (day, day), deadline, links if opens > finish else ())

    def _payments(self, block: Block, name: str) -> Iterator[Task]:
        paid, uid = block.paid, block.payments
        number = f"{block.number}.{uid - block.uid}"
        note, words = self._fixed["payments"]
        yield Task(
            uid, number, 3, line(f"{words} · {name}"), _morning(paid[0][0]), _evening(paid[-1][0]),
            summary=True, cost=sum(amount for _, amount in paid), note=note,
        )  # fmt: skip
        for n, (year, amount) in enumerate(paid, 1):
            yield Task(
                uid + n, f"{number}.{n}", 4, line(f"{self._payment[year]} · {name}"),
                _morning(year), _evening(year), cost=amount,
            )  # fmt: skip

    def _leaf(
        self,
        block: Block,
        uid: int,
        what: str,
        name: str,
        days: tuple[str, str],
        deadline: str,
        links: tuple[Link, ...],
    ) -> Task:
        early = what == "opens" and not links
        note, words = self._fixed["opens.early" if early else str(what)]
        number = f"{block.number}.{uid - block.uid}"
        return Task(
            uid, number, 3, line(f"{words} · {name}"), *days, deadline=deadline, note=note, links=links
        )

    @cached_property
    def _fixed(self) -> dict[str, tuple[str, str]]:
        """What a task is -> its note and its name."""
        phase = self._notes.fixed("mspdi.note.phase")
        opens = self._say("mspdi.opens")
        return {
            "begins": (self._notes.fixed("mspdi.note.begins"), self._say("mspdi.begins")),
            "preparation": (phase, self._say("mspdi.preparation")),
            "construction": (phase, self._say("mspdi.construction")),
            "acceptance": (phase, self._say("mspdi.acceptance")),
            "opens": (self._notes.fixed("mspdi.note.opens"), opens),
            "opens.early": (self._notes.fixed("mspdi.note.opens", "mspdi.note.opens.early"), opens),
            "payments": (self._notes.fixed("mspdi.note.payments"), self._say("mspdi.payments")),
        }

    @cached_property
    def _payment(self) -> dict[int, str]:
        """Year -> what its payment is called."""
        words = self._say("mspdi.payment")
        return {year: words.format(year=year) for year in self._view.years}

    def _say(self, key: str) -> str:
        return self._view.pick(label(key))


def _morning(year: int) -> str:
    return f"{year}-01-01{MORNING}"


def _evening(year: int) -> str:
    return f"{year}-12-31{EVENING}"


def _opening(year: int) -> str:
    return f"{year}-09-01{MORNING}"


def _quarters(part: PhaseSpan) -> tuple[str, str]:
    first, last = part.first, part.last
    end = _last_month(last)
    return (
        f"{first.year}-{first.first_month:02}-01{MORNING}",
        f"{last.year}-{end:02}-{LAST_DAY[end]}{EVENING}",
    )


def _last_month(quarter: Quarter) -> int:
    return quarter.first_month + 2
