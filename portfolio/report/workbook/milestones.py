"""Sheet Milestones: promises kept and missed, and seat targets; dates follow the Gantt sheet."""

from __future__ import annotations

from portfolio.domain.project import MilestoneKind
from portfolio.domain.schedule import MilestoneLine, TargetLine
from portfolio.report.labels import milestone_label, stage_label
from portfolio.report.workbook.gantt_layout import GanttLayout
from portfolio.report.workbook.page import A3, Page, cell_name, span
from portfolio.report.workbook.styles import GREEN, RED, RED_PALE
from portfolio.report.workbook.tables import Cell, Column, Formula, set_widths, write_table
from portfolio.report.workbook.view import View, zone_text

HEADER_ROW = 3
COLUMNS = (
    Column("no.", 6, "cell year small"),
    Column("county", 18, "cell wrap"),
    Column("project_name", 48, "cell wrap"),
    Column("milestone", 18, "cell center shrink"),
    Column("by_year", 10, "cell year bold"),
    Column("firm", 12, "cell center"),
    Column("actual", 15, "cell year"),
    Column("late_years", 12, "cell int"),
    Column("kept", 17, "cell center bold"),
    Column("document", 52, "cell wrap small"),
    Column("locator", 36, "cell wrap small grey"),
)
ACTUAL_COL, LATE_COL, KEPT_COL, YEAR_COL = 6, 7, 8, 4
DATES = {MilestoneKind.START_BY: "start", MilestoneKind.FINISH_BY: "finish", MilestoneKind.OPEN_BY: "opens"}


def late_cells(view: View, ref: str) -> str:
    """The column of years late, as another sheet refers to it; "" without milestones."""
    count = len(view.evaluation.milestones)
    return ref + span(HEADER_ROW + 1, LATE_COL, HEADER_ROW + count, LATE_COL, absolute=True) if count else ""


def write(page: Page, view: View, gantt: GanttLayout) -> None:
    """The whole sheet."""
    set_widths(page, COLUMNS)
    last = len(COLUMNS) - 1
    page.title(page.say("milestones.title", " · "), page.say("milestones.how"), last)
    lines = _by_county(view)
    row = HEADER_ROW + 1
    if lines:
        rows = [_row(page, view, gantt, HEADER_ROW + n, n, line) for n, line in enumerate(lines, 1)]
        row = write_table(page, HEADER_ROW, COLUMNS, rows)
        _colours(page, len(lines))
        page.sheet.freeze_panes(HEADER_ROW + 1, 3)
    else:
        page.merged(HEADER_ROW, 0, last, page.say("milestones.none"), "grey")
    _targets(page, view, row + 1)
    # a repeated header would stand over the targets as well
    repeat = (HEADER_ROW, HEADER_ROW) if lines and not view.evaluation.targets else None
    page.printed(paper=A3, repeat=repeat, money=False)


def _by_county(view: View) -> list[MilestoneLine]:
    """In the order of the counties, and within one in that of the workbook."""
    places = {county: n for n, county in enumerate(view.counties)}

    def place(line: MilestoneLine) -> int:
        candidate = view.problem.candidates.get(line.milestone.project)
        return places[candidate.row.county] if candidate else len(places)

    return sorted(view.evaluation.milestones, key=place)


def _row(
    page: Page, view: View, gantt: GanttLayout, row: int, number: int, line: MilestoneLine
) -> list[Cell]:
    milestone, after = line.milestone, view.years[-1] + 1
    candidate = view.problem.candidates.get(milestone.project)
    actual_cell, year_cell, late_cell = (cell_name(row, col) for col in (ACTUAL_COL, YEAR_COL, LATE_COL))
    never = page.say("milestones.never")
    actual: Cell = never if line.actual is None else line.actual
    if candidate:
        source = gantt.outside_cell(gantt.row_of[milestone.project], DATES[milestone.kind])
        actual = Formula(
            f'IF(ISNUMBER({source}),{source},"{never}")', never if line.actual is None else line.actual
        )
    late = f"MAX(0,IF(ISNUMBER({actual_cell}),MIN({actual_cell},{after}),{after})-{year_cell})"
    kept, missed = "✓ " + page.say("milestones.kept"), "✗ " + page.say("milestones.missed")
    verdict = f'IF({late_cell}=0,"{kept}","{missed}")'
    return [
        number,
        view.county(candidate.row.county) if candidate else "",
        view.name(candidate) if candidate else milestone.project,
        page.pick(milestone_label(milestone.kind)),
        milestone.year,
        page.say("milestones.firm" if milestone.firm else "milestones.soft"),
        actual,
        Formula(late, _late(line, after)),
        Formula(verdict, missed if _late(line, after) else kept),
        milestone.source,
        milestone.locator,
    ]


def _late(line: MilestoneLine, after: int) -> int:
    """Years late, counted up to the year after the horizon (MODEL section 4)."""
    actual = after if line.actual is None else min(line.actual, after)
    return max(0, actual - line.milestone.year)


def _colours(page: Page, count: int) -> None:
    late = cell_name(HEADER_ROW + 1, LATE_COL, col_abs=True)
    looks = {
        f"={late}>0": page.styles.overlay(bg_color=RED_PALE, font_color=RED),
        f"={late}=0": page.styles.overlay(font_color=GREEN),
    }
    for condition, look in looks.items():
        page.sheet.conditional_format(
            HEADER_ROW + 1, ACTUAL_COL, HEADER_ROW + count, KEPT_COL,
            {"type": "formula", "criteria": condition, "format": look},
        )  # fmt: skip


TARGET_HEADS = (
    "no.",
    "county",
    "zone",
    "stage",
    "year",
    "target_kind",
    "target_needed",
    "target_supply",
    "target_missing",
)


TARGETS_PER_PAGE = 40
"""Rows of that table that a printed page surely holds; each page has a header of its own."""


def _targets(page: Page, view: View, row: int) -> None:
    """Seat targets by county, zone and year."""
    targets = view.evaluation.targets
    if not targets:
        return
    page.merged(row, 0, len(COLUMNS) - 1, page.say("targets.title"), "section")
    page.row(row, 24)
    parts = ("cell year small", "cell wrap", "cell wrap", "cell center wrap", "cell year bold", "cell center",
             "cell int", "cell int", "cell int bold")  # fmt: skip
    columns = [Column(head, COLUMNS[n].width, parts[n]) for n, head in enumerate(TARGET_HEADS)]
    rows = [_target(page, view, n, target) for n, target in enumerate(targets, 1)]
    first, breaks = row + 1, [row]
    end = first
    for n in range(0, len(rows), TARGETS_PER_PAGE):
        if n:
            breaks.append(end)
        end = write_table(page, end, columns, rows[n : n + TARGETS_PER_PAGE], filtered=False)
    page.sheet.set_h_pagebreaks(breaks if view.evaluation.milestones else breaks[1:])
    last = len(TARGET_HEADS) - 1
    cell = cell_name(first, last, col_abs=True)
    missing = page.styles.overlay(bg_color=RED_PALE, font_color=RED)
    rule = {"type": "formula", "criteria": f"=AND(ISNUMBER({cell}),{cell}>0)", "format": missing}
    page.sheet.conditional_format(first, last, end - 1, last, rule)


def _target(page: Page, view: View, number: int, target: TargetLine) -> list[Cell]:
    return [
        number,
        view.county(target.county) if target.county else page.say("all_counties"),
        page.pick(zone_text(target.zone)),
        page.pick(stage_label(target.stage)) if target.stage else "",
        target.year,
        page.say("milestones.soft" if target.soft else "milestones.firm"),
        target.needed,
        target.supply,
        target.missing,
    ]
