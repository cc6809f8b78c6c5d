"""The Gantt of the terminal: a bar a project, darker in years that pay more of the cost."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from rich.cells import cell_len, set_cell_size
from rich.text import Text as Line

from portfolio.domain.money import Money, round_half_up, to_wan
from portfolio.domain.schedule import Evaluation, ProjectLine
from portfolio.report import labels
from portfolio.report.labels import label
from portfolio.report.terminal_page import INDENT, Glyphs, Page, fill
from portfolio.scenario.plan import Plan

MIN_NAME_WIDTH = 24
GANTT_LINES = 120
"""Projects drawn at most; the workbook has them all."""


class Scale(NamedTuple):
    """The columns of the Gantt: cells of the name, years drawn, cells a year, cells of the cost."""

    name: int
    years: Sequence[int]
    step: int
    cost: int


def _scale(page: Page, years: range, names: Iterable[str], costs: Iterable[str]) -> Scale:
    """The widest years that leave room for names; a horizon too long for the width is cut."""
    cost = max(cell_len("万元"), *map(cell_len, costs))
    room = page.width - len(INDENT) - 2 - cost
    step = next((n for n in (3, 2) if room - n * len(years) >= MIN_NAME_WIDTH), 1)
    drawn = years[: room - MIN_NAME_WIDTH // 2] if step == 1 else years
    return Scale(min(room - step * len(drawn), max(map(cell_len, names))), drawn, step, cost)


def name_of(page: Page, plan: Plan, line: ProjectLine) -> str:
    return page.pick(labels.project_name(plan.problem.candidates[line.key].row))


def gantt(page: Page, plan: Plan, found: Evaluation) -> list[Line]:
    built = [line for line in found.projects if line.selected]
    if not built:
        return []
    names = (name_of(page, plan, line) for line in built)
    scale = _scale(page, plan.problem.horizon.years, names, (whole_wan(line.cost) for line in built))
    marks = dict(zip(("light", "medium", "heavy", "opens"), page.glyphs, strict=False))
    heading = page.heading(page.say("term.gantt"))
    lines = [page.line(), heading, *page.paragraph(fill(label("term.legend"), **marks), INDENT)]
    lines.append(page.line(_ruler(scale)))
    left = GANTT_LINES
    for county, group in _by_county(plan, built).items():
        total = whole_wan(sum(line.cost for line in group))
        name = page.pick(labels.county_label(county))
        lines.append(page.line(page.clip(f"{name} · {len(group)} · {total} 万元", page.width), "bold cyan"))
        lines += [_bar_line(page, plan, line, scale) for line in group[: max(0, left)]]
        left -= len(group)
    if left < 0:
        lines.append(page.line(page.clip(INDENT + page.say("term.more", n=-left), page.width)))
    return lines


def whole_wan(amount: Money) -> str:
    return f"{round_half_up(to_wan(amount)):,}"


def _by_county(plan: Plan, built: Iterable[ProjectLine]) -> dict[str, list[ProjectLine]]:
    """Counties in the order of the workbook; in each the earlier start first."""
    groups: dict[str, list[ProjectLine]] = {}
    for line in built:
        groups.setdefault(plan.problem.candidates[line.key].row.county, []).append(line)
    for group in groups.values():
        group.sort(key=lambda line: (line.start or 0, line.opens or 0))
    return groups


def _ruler(scale: Scale) -> str:
    """Four-digit years above their columns, as many as leave a space between them."""
    every = -(-5 // scale.step)
    years = "".join(f"{year:<{every * scale.step}}" for year in scale.years[::every])
    width = scale.step * len(scale.years)
    cost = " " * (scale.cost - cell_len("万元")) + "万元"
    return f"{INDENT}{'':<{scale.name}} {years[:width]:<{width}} {cost}"


def _bar_line(page: Page, plan: Plan, line: ProjectLine, scale: Scale) -> Line:
    name = page.clip(name_of(page, plan, line), scale.name)
    text = page.line()
    text.append(INDENT + set_cell_size(name, scale.name) + " ")
    text.append_text(bar(page, line, scale.years, scale.step))
    text.append(" " + whole_wan(line.cost).rjust(scale.cost))
    return text


def bar(page: Page, line: ProjectLine, years: Iterable[int], step: int) -> Line:
    """The project's years, `step` cells each."""
    text = page.line()
    for year in years:
        mark, style, filled = _mark(page.glyphs, line, year)
        drawn = mark * step if filled else mark.ljust(step)
        text.append(drawn, style if page.colour else None)
    return text


def _mark(glyphs: Glyphs, line: ProjectLine, year: int) -> tuple[str, str, bool]:
    """Glyph and style of a year, and whether it fills the year's cells."""
    if year == line.opens:
        return glyphs.opens, "bold green", False
    share = Fraction(line.spend.get(year, 0), max(1, line.cost))
    building = line.start is not None and line.finish is not None and line.start <= year <= line.finish
    if not share and not building:
        return glyphs.idle, "dim", False
    if share >= Fraction(2, 5):
        return glyphs.heavy, "blue", True
    return (glyphs.medium if share >= Fraction(1, 5) else glyphs.light), "blue", True
