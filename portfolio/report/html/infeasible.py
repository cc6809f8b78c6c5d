"""What the page says of a run without a schedule: which requirements contradict one another, and what
would mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from portfolio.domain.repair import Repair
from portfolio.domain.schedule import Conflict, Requirement
from portfolio.report import conflict_words
from portfolio.report.html.texts import Pair, Words
from portfolio.report.labels import coded, county_label, project_name, rule_label, source_name
from portfolio.scenario.plan import Plan
from portfolio.scenario.snippet import snippet

SHOWN_MEMBERS, SHOWN_OTHERS = 100, 20
"""More of a conflict, and more conflicts, are left to schedule.json."""


@dataclass(frozen=True, slots=True)
class ConflictRow:
    rule: Pair
    text: Pair
    about: list[Pair]


@dataclass(frozen=True, slots=True)
class ConflictTable:
    """Requirements that cannot all hold; `more` counts those not shown, `advice` is what is proven of them."""

    title: Pair
    rows: list[ConflictRow]
    more: Pair
    advice: Pair


@dataclass(frozen=True, slots=True)
class RepairItem:
    """A way to mend it, numbered over the menu: a sentence, or a heading and its changes. `toml` is what a
    scenario file says for it, "" where none can."""

    number: int
    text: Pair
    changes: list[Pair]
    toml: str


def conflict_tables(plan: Plan, words: Words) -> list[ConflictTable]:
    """The first has no title of its own; those that follow have nothing in common with it."""
    result = plan.result
    if not result.conflict:
        return []
    first = _conflict(plan, Conflict(result.conflict, result.minimal), words, Pair(""))
    others = enumerate(result.other_conflicts[:SHOWN_OTHERS], 2)
    return [
        first,
        *(_conflict(plan, other, words, words.say("term.conflict.other", n=n)) for n, other in others),
    ]


def more_conflicts(plan: Plan, words: Words) -> Pair:
    more = len(plan.result.other_conflicts) - SHOWN_OTHERS
    return words.say("term.conflict.more", n=more) if more > 0 else Pair("")


def _conflict(plan: Plan, conflict: Conflict, words: Words, title: Pair) -> ConflictTable:
    rows = [
        ConflictRow(
            words.pair(rule_label(member.rule)), words.pair(member.text), list(_about(plan, member, words))
        )
        for member in conflict.members[:SHOWN_MEMBERS]
    ]
    more = len(conflict.members) - SHOWN_MEMBERS
    counted = words.say("term.conflict.members", n=f"{more:,}") if more > 0 else Pair("")
    return ConflictTable(title, rows, counted, words.pair(conflict_words.advice(conflict)))


def _about(plan: Plan, member: Requirement, words: Words) -> Iterable[Pair]:
    """Project, source, county and year, as far as the requirement names them."""
    candidate = plan.problem.candidates.get(member.project)
    source = plan.problem.sources.get(member.source)
    if member.project:
        yield words.pair(project_name(candidate.row)) if candidate else Pair(member.project)
    if member.source:
        yield words.pair(source_name(source)) if source else Pair(member.source)
    if member.county:
        yield words.pair(county_label(member.county))
    if member.year is not None:
        yield Pair(str(member.year))


def repair_groups(plan: Plan, words: Words) -> list[tuple[Pair, list[RepairItem]]]:
    """The menu by scope, in its own order."""
    numbered = enumerate(plan.result.repairs, 1)
    return [
        (words.pair(coded("repair", scope)), [_repair(plan, number, repair, words) for number, repair in group])
        for scope, group in groupby(numbered, key=lambda entry: entry[1].scope.value)
    ]  # fmt: skip


def _repair(plan: Plan, number: int, repair: Repair, words: Words) -> RepairItem:
    toml = snippet(plan.problem, repair.changes)
    if len(repair.changes) < conflict_words.LISTED_CHANGES:
        return RepairItem(number, words.pair(repair.text), [], toml)
    changes = [words.pair(line) for line in conflict_words.lines(repair)]
    return RepairItem(number, words.pair(conflict_words.heading(repair)), changes, toml)


def notes(plan: Plan, words: Words) -> list[Pair]:
    """What would not mend it, and what was not searched."""
    return [words.pair(note) for note in plan.result.repair_notes]
