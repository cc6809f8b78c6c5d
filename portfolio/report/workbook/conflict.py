"""The Summary of a run without a schedule: how it ended, and which requirements contradict one another."""

from __future__ import annotations

from portfolio.domain.schedule import Requirement, Status
from portfolio.report.labels import county_label, project_name, rule_label, source_name
from portfolio.report.workbook.page import Page
from portfolio.report.workbook.styles import RED
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
    if result.conflict:
        write_table(
            page,
            6,
            COLUMNS,
            [_row(page, plan, n, r) for n, r in enumerate(result.conflict, 1)],
            filtered=False,
        )
    elif result.status is Status.INFEASIBLE:
        page.merged(6, 0, LAST_COL, page.say("conflict.unknown"), "grey")
    page.printed()


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
