"""The two lines of the Gantt sheet that explain its bars and its signs."""

from __future__ import annotations

from typing import Any

from portfolio.domain.project import Stage
from portfolio.report.labels import stage_label
from portfolio.report.workbook.legend import write_legend
from portfolio.report.workbook.page import Page
from portfolio.report.workbook.styles import AMBER_INK, BLUE_PALE, GREY, ORANGE, RED, STAGE_COLOURS
from portfolio.report.workbook.view import View

MARKED = {"total_cost", "duration_years", "seats_added"}
"""Figures of the sheet that norms may have estimated."""


def write_bar_legend(page: Page, view: View, row: int, last_col: int) -> None:
    """What a bar is, and the colours of the stages that the plan has."""
    stages = {item.candidate.row.stage for item in view.items}
    parts: list[tuple[str, dict[str, Any], str]] = [("", {}, page.say("gantt.legend.bars"))]
    parts += [
        ("■", {"font_color": STAGE_COLOURS[stage]}, page.pick(stage_label(stage)))
        for stage in Stage
        if stage in stages
    ]
    write_legend(page, row, last_col, parts)


def write_sign_legend(page: Page, view: View, row: int, last_col: int) -> None:
    """Every other sign and colour of the sheet."""
    signs: list[tuple[str, dict[str, Any]]] = [
        ("retention", {"font_color": BLUE_PALE}),
        ("open", {"font_color": AMBER_INK, "bold": True}),
        ("due", {"font_color": RED, "bold": True}),
        ("late", {"font_color": RED, "bold": True}),
        ("input", {"font_color": "#E3C04F"}),
        ("changed", {"font_color": ORANGE}),
    ]
    if any(MARKED & item.candidate.estimated.keys() for item in view.items):
        signs.append(("estimated", {"font_color": GREY, "bold": True}))
    parts = [(page.say(f"gantt.sign.{key}"), look, page.say(f"gantt.legend.{key}")) for key, look in signs]
    write_legend(page, row, last_col, parts)
