"""The value of money in a terminal: a table of sources by year for each county, then what re-solves say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from rich.cells import cell_len, set_cell_size
from rich.console import Group
from rich.text import Text as Line

from portfolio.domain.marginal import MoneyCheck, MoneyReport
from portfolio.domain.money import round_half_up, to_wan
from portfolio.domain.text import Text
from portfolio.report import labels
from portfolio.report.labels import label
from portfolio.report.terminal_page import INDENT, Page, figure, fill
from portfolio.scenario.problem import PlanningProblem

NARROWEST_NAME = 18
"""A table that would leave less for the names is broken into several, by years."""

FINE = Decimal(10)
"""Values from here on are shown whole; schedule.json has all of them with 2 decimals."""


def money_page(problem: PlanningProblem, report: MoneyReport, page: Page) -> Group:
    """The values, the re-solves, and what must be known to read them."""
    return Group(
        page.heading(page.say("marginal.title", scenario=problem.scenario)),
        *_values(page, problem, report),
        *_checks(page, problem, report.checks),
        page.line(),
        *(line for note in report.notes for line in page.paragraph(note, "* ")),
    )


def _values(page: Page, problem: PlanningProblem, report: MoneyReport) -> Iterator[Line]:
    values = report.marginals.values
    years = problem.horizon.years
    worth = [key for key in problem.sources if any(values.get((key, year)) for year in years)]
    for county in dict.fromkeys(problem.sources[key].county for key in worth):
        keys = [key for key in worth if problem.sources[key].county == county]
        yield page.line()
        yield page.heading(page.pick(labels.county_label(county)))
        rows = [(_name(page, problem, key), [_cell(report, key, year) for year in years]) for key in keys]
        for row in _table(page, [str(year) for year in years], rows):
            yield page.line(row)
    if values and len(worth) < len(problem.sources):
        rest = "marginal.nothing" if worth else "marginal.all_nothing"
        yield page.line()
        yield from page.paragraph(fill(label(rest), n=len(problem.sources) - len(worth)))


def _table(page: Page, years: Sequence[str], rows: Sequence[tuple[str, list[str]]]) -> Iterator[str]:
    """Years side by side as far as they fit beside the names."""
    width = 1 + max(4, *(cell_len(cell) for _, cells in rows for cell in cells))
    per_row = max(1, (page.width - len(INDENT) - NARROWEST_NAME) // width)
    parts = -(-len(years) // per_row)
    per_row = -(-len(years) // parts)
    for first in range(0, len(years), per_row):
        here = slice(first, first + per_row)
        room = page.width - len(INDENT) - width * len(years[here])
        names = max(cell_len(name) for name, _ in rows)
        for name, cells in [(page.say("marginal.source"), list(years)), *rows]:
            shown = set_cell_size(page.clip(name, min(room, names)), min(room, names))
            yield INDENT + shown + "".join(" " * (width - cell_len(c)) + c for c in cells[here])


def _cell(report: MoneyReport, source: str, year: int) -> str:
    value = report.marginals.values.get((source, year))
    if value is None:
        return "–"
    shown = f"{round_half_up(value):,}" if value >= FINE else f"{value.quantize(Decimal('0.1'))}"
    at_most = (source, year) in report.marginals.at_most
    return "·" if not value else f"≤{shown}" if at_most else shown


def _name(page: Page, problem: PlanningProblem, key: str) -> str:
    """The key, which the options take, behind the name where there is one language only."""
    name = labels.source_name(problem.sources[key])
    return page.pick(Text(name.zh, "")) if page.lang == "both" else page.pick(name)


def _checks(page: Page, problem: PlanningProblem, checks: Sequence[MoneyCheck]) -> Iterator[Line]:
    if not checks:
        return
    yield page.line()
    yield page.heading(page.say("marginal.checks", amount=figure(to_wan(checks[0].amount))))
    for check in checks:
        head = fill(
            label("marginal.check"),
            source=labels.source_name(problem.sources[check.source]),
            year=check.year,
        )
        figures = fill(
            label("marginal.figures"),
            price=_figure(check.price),
            relaxed=_figure(check.relaxed),
            weighted=_figure(check.weighted),
        )
        yield page.line()
        yield from page.paragraph(
            Text(f"{head.zh}（{check.source}）", f"{head.en} ({check.source})"), style="bold"
        )
        yield from page.paragraph(figures, INDENT)
        if check.text is not None:
            yield from page.paragraph(check.text, INDENT)


def _figure(value: Decimal | None) -> str:
    return "–" if value is None else figure(value)
