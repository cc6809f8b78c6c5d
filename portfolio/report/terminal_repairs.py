"""An infeasible scenario in a terminal: what conflicts, the menu of repairs, and how to apply one."""

from __future__ import annotations

from collections.abc import Sequence

from rich.text import Text as Line

from portfolio.domain.repair import Repair
from portfolio.domain.schedule import Conflict, Requirement
from portfolio.domain.text import Text
from portfolio.report import conflict_words, labels
from portfolio.report.labels import label
from portfolio.report.terminal_page import INDENT, Page, clean, fill
from portfolio.scenario.plan import Plan
from portfolio.scenario.snippet import snippet

SHOWN_MEMBERS = 15
SHOWN_OTHERS = 4
SHORT_LINES = 12
"""Longer additions to a scenario file are left to the planner."""


def infeasible(page: Page, plan: Plan) -> list[Line]:
    """Everything there is to say about a scenario that no schedule fits."""
    return [*_conflicts(page, plan), *_repairs(page, plan)]


def _conflicts(page: Page, plan: Plan) -> list[Line]:
    result = plan.result
    lines = [page.line(), page.heading(page.say("term.conflict"))]
    if not result.conflict:
        return [*lines, *page.paragraph(label("term.conflict.none"), INDENT)]
    lines += _members(page, result.conflict)
    advice = conflict_words.advice(Conflict(result.conflict, result.minimal))
    lines += [page.line(), *page.paragraph(advice)]
    others = result.other_conflicts
    for number, other in enumerate(others[:SHOWN_OTHERS], 2):
        lines += [page.line(), page.heading(page.say("term.conflict.other", n=number))]
        lines += _members(page, other.members)
        # Said again only where it is not what was said last: a menu of conflicts is long enough.
        if (own := conflict_words.advice(other)) != advice:
            lines += [page.line(), *page.paragraph(own)]
            advice = own
    if len(others) > SHOWN_OTHERS:
        more = fill(label("term.conflict.more"), n=len(others) - SHOWN_OTHERS)
        lines += [page.line(), *page.paragraph(more)]
    return lines


def _members(page: Page, members: Sequence[Requirement]) -> list[Line]:
    lines = []
    for number, member in enumerate(members[:SHOWN_MEMBERS], 1):
        rule = labels.rule_label(member.rule)
        zh, en = member.text.pick("zh"), member.text.pick("en")
        lines += page.paragraph(Text(f"[{rule.zh}] {zh}", f"[{rule.en}] {en}"), f"{number:>3}. ")
    if len(members) > SHOWN_MEMBERS:
        more = fill(label("term.conflict.members"), n=len(members) - SHOWN_MEMBERS)
        lines += page.paragraph(more, "     ")
    return lines


def _repairs(page: Page, plan: Plan) -> list[Line]:
    """The menu; the first repair that a scenario file can hold as lines to put into one."""
    result = plan.result
    lines: list[Line] = []
    if result.repairs:
        lines = [
            page.line(),
            page.heading(page.say("term.repairs")),
            *page.paragraph(label("term.repairs.each")),
        ]
        for number, repair in enumerate(result.repairs, 1):
            lines += _repair(page, number, repair)
    if result.repair_notes:
        lines += [page.line(), page.heading(page.say("term.repairs.notes"))]
        lines += [row for note in result.repair_notes for row in page.paragraph(note, "  - ")]
    return [*lines, *_snippets(page, plan)]


def _repair(page: Page, number: int, repair: Repair) -> list[Line]:
    first = f"{number:>3}. "
    scope = labels.coded("repair", repair.scope.value)
    listed = len(repair.changes) >= conflict_words.LISTED_CHANGES
    told = conflict_words.heading(repair) if listed else repair.text
    lines = page.paragraph(Text(f"[{scope.zh}] {told.zh}", f"[{scope.en}] {told.en}"), first)
    rest = conflict_words.lines(repair) if listed else []
    return [*lines, *(row for line in rest for row in page.paragraph(line, "     - "))]


def _snippets(page: Page, plan: Plan) -> list[Line]:
    """How each repair is written in a scenario file."""
    lines: list[Line] = []
    for number, repair in enumerate(plan.result.repairs, 1):
        toml = snippet(plan.problem, repair.changes)
        if toml and toml.count("\n") < SHORT_LINES:
            lines += [page.line(), *page.paragraph(fill(label("term.repairs.toml"), n=number), "")]
            lines += [page.line(INDENT + clean(row, page.encoding)) for row in _extending(plan, toml)]
    if lines:
        words = fill(label("term.repairs.how"), scenario=plan.problem.scenario)
        lines = [page.line(), page.heading(page.say("term.repairs.apply")), *page.paragraph(words), *lines]
    return lines


def _extending(plan: Plan, toml: str) -> list[str]:
    return [f'extends = "{plan.problem.scenario}"', "", *toml.split("\n")]
