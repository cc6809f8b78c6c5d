"""The Summary of a run without a schedule: how it ended, which requirements contradict one another, and
what would mend it."""

from __future__ import annotations

from collections.abc import Sequence

from portfolio.domain.repair import Repair
from portfolio.domain.schedule import Conflict, Requirement, Status
from portfolio.domain.text import Text
from portfolio.report import conflict_words
from portfolio.report.labels import coded, county_label, project_name, rule_label, source_name
from portfolio.report.workbook.page import Page, row_height
from portfolio.report.workbook.styles import FONT_SIZE, RED
from portfolio.report.workbook.summary import write_head
from portfolio.report.workbook.tables import Cell, Column, set_widths, write_table
from portfolio.scenario.plan import Plan

COLUMNS = (
    Column("no.", 6, "cell year small"),
    Column("rule", 20, "cell wrap bold"),
    Column("requirement", 70),
    Column("project", 32, "cell wrap"),
    Column("source", 28, "cell wrap"),
    Column("county", 16, "cell wrap"),
    Column("year", 9, "cell year"),
)
LAST_COL = len(COLUMNS) - 1


def write(page: Page, plan: Plan) -> None:
    """The whole sheet."""
    result = plan.result
    set_widths(page, COLUMNS)
    status = page.say(f"status.{result.status}")
    write_head(page, plan, LAST_COL)
    page.row(3, 34)
    edge = {"left": 5, "left_color": RED}
    page.merged(3, 0, LAST_COL, status, "pale bold left indent", font_size=18, font_color=RED, **edge)
    words = [page.say(f"status.{result.status}.note")]
    if result.stopped:
        words.append(page.say(f"stopped.{result.stopped}"))
    page.row(4, 24)
    page.merged(4, 0, LAST_COL, " · ".join(words), "pale left indent", **edge)
    row = 6
    if result.conflict:
        row = _conflicts(page, plan, row)
    elif result.status is Status.INFEASIBLE:
        page.merged(row, 0, LAST_COL, page.say("conflict.unknown"), "grey")
        row += 2
    if result.repairs:
        row = _repairs(page, row, result.repairs)
    if result.repair_notes:
        _notes(page, row, result.repair_notes)
    page.printed()


def _conflicts(page: Page, plan: Plan, row: int) -> int:
    """A table for each conflict, and what is proven of it; returns the next free row."""
    result = plan.result
    conflicts = (Conflict(result.conflict, result.minimal), *result.other_conflicts)
    for number, conflict in enumerate(conflicts, 1):
        if len(conflicts) > 1:
            row = _heading(page, row, page.say("conflict.members", n=number))
        rows = [_row(page, plan, n, member) for n, member in enumerate(conflict.members, 1)]
        row = write_table(page, row, COLUMNS, rows, filtered=False)
        page.note(row, LAST_COL, page.pick(conflict_words.advice(conflict)), "small grey wrap")
        row += 2
    return row


def _repairs(page: Page, row: int, repairs: Sequence[Repair]) -> int:
    """The menu, a row a repair; of several changes each stands on a line; returns the next free row."""
    row = _heading(page, row, page.say("term.repairs"))
    page.note(row, LAST_COL, page.say("term.repairs.each"))
    for number, repair in enumerate(repairs, 1):
        row += 1
        page.number(row, 0, number, "cell year small")
        page.text(row, 1, page.pick(coded("repair", repair.scope.value), "\n"), "cell wrap bold")
        texts = [page.pick(repair.text, "\n")]
        if len(repair.changes) > 1:
            texts += [f"· {page.pick(change.text)}" for change in repair.changes]
        text = "\n".join(texts)
        page.merged(row, 2, LAST_COL, text, "cell wrap")
        page.row(row, row_height([(text, page.room(2, LAST_COL), FONT_SIZE)], 32))
    return row + 2


def _notes(page: Page, row: int, notes: Sequence[Text]) -> None:
    row = _heading(page, row, page.say("term.repairs.notes"))
    for n, note in enumerate(notes):
        page.note(row + n, LAST_COL, f"· {page.pick(note)}", "wrap")


def _heading(page: Page, row: int, text: str) -> int:
    page.merged(row, 0, LAST_COL, text, "section")
    page.row(row, 26)
    return row + 1


def _row(page: Page, plan: Plan, number: int, requirement: Requirement) -> list[Cell]:
    candidate = plan.problem.candidates.get(requirement.project)
    source = plan.problem.sources.get(requirement.source)
    lang = page.lang if page.lang != "both" else "zh"
    return [
        number,
        page.pick(rule_label(requirement.rule), "\n"),
        page.pick(requirement.text, "\n"),
        project_name(candidate.row).pick(lang) if candidate else requirement.project,
        source_name(source).pick(lang) if source else requirement.source,
        page.pick(county_label(requirement.county)) if requirement.county else "",
        requirement.year,
    ]
