"""Sheet Sources: where each figure comes from, and which figures are estimates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from portfolio.domain.estimate import Estimate
from portfolio.domain.money import Money, to_wan
from portfolio.domain.project import Basis
from portfolio.report.labels import basis_label, coded, county_label, stage_label
from portfolio.report.workbook.page import A3, Page
from portfolio.report.workbook.scope import area_text
from portfolio.report.workbook.tables import Cell, Column, Names, set_widths, write_table
from portfolio.report.workbook.view import Item, View, zone_text

HEADER_ROW = 3
COLUMNS = (
    Column("county", 11, "cell wrap"),
    Column("table", 12, "cell wrap small"),
    Column("item", 36, "cell wrap"),
    Column("basis", 13, "cell wrap bold"),
    Column("figures", 26, "cell wrap"),
    Column("estimated", 36, "cell wrap small"),
    Column("document", 34, "cell wrap small"),
    Column("locator", 18, "cell wrap small"),
    Column("notes", 48, "cell wrap small grey"),
    Column("key", 22, "cell wrap small grey"),
)
BASIS_SIGNS = {Basis.STATED: "●", Basis.DERIVED: "◐", Basis.ASSUMED: "○"}


def write(page: Page, view: View) -> None:
    """The whole sheet: projects first, then caps, demand and existing seats."""
    set_widths(page, COLUMNS)
    page.title(page.say("sources.title", " · "), page.say("sources.how"), len(COLUMNS) - 1)
    rows = [_project(page, view, item) for item in view.items]
    write_table(page, HEADER_ROW, COLUMNS, [*rows, *_caps(page, view), *_seats(page, view)])
    page.sheet.freeze_panes(HEADER_ROW + 1, 3)
    page.printed(paper=A3, repeat=(HEADER_ROW, HEADER_ROW), money=False)


def _basis(page: Page, basis: Basis) -> str:
    return f"{BASIS_SIGNS[basis]} {page.pick(basis_label(basis), chr(10))}"


def _project(page: Page, view: View, item: Item) -> list[Cell]:
    candidate, row = item.candidate, item.candidate.row
    estimates = (
        f"{page.pick(coded('field', name))} ≈ {_value(page, name, found)}"
        for name, found in candidate.estimated.items()
    )
    return [
        page.pick(county_label(row.county), "\n"),
        page.head("table.projects"),
        Names(view.name(candidate), view.second_name(candidate)),
        _basis(page, row.basis),
        f"{_wan(candidate.cost)} {page.say('wan')}",
        "\n".join(estimates),
        row.source,
        row.locator,
        row.notes,
        candidate.key,
    ]


def _caps(page: Page, view: View) -> Iterable[list[Cell]]:
    problem = view.problem
    for line in problem.portfolio.funding_caps:
        source = problem.sources.get(line.source)
        if source:
            figures = _figures({year: _wan(cap) for year, cap in problem.caps.get(line.source, {}).items()})
            start: list[Cell] = [
                page.pick(county_label(source.county), "\n"),
                page.head("table.caps"),
                view.source(line.source),
            ]
            figures = f"{figures} {page.say('wan')}" if figures else ""
            end: list[Cell] = [line.document, line.locator, line.notes, line.source]
            yield [*start, _basis(page, line.basis), figures, "", *end]


def _seats(page: Page, view: View) -> Iterable[list[Cell]]:
    tables, cells = view.problem.portfolio, view.problem.demand
    for rows, kind in ((tables.demand, "table.demand"), (tables.capacity, "table.capacity")):
        for row in rows:
            if row.cell in cells:
                figures = _figures({year: f"{seats:,}" for year, seats in row.seats.items()})
                name = f"{page.pick(zone_text(row.zone))} · {page.pick(stage_label(row.stage))}"
                place = page.pick(county_label(row.county), "\n")
                start = [place, page.head(kind), name, _basis(page, row.basis)]
                yield [*start, f"{figures} {page.say('seat')}", "", row.source, row.locator, row.notes, ""]


def _value(page: Page, field: str, estimate: Estimate[Any]) -> str:
    """The figure with its unit and its formula; a duration is the norm's own figure."""
    formula = page.pick(estimate.formula, " / ")
    if field == "duration_years":
        return formula
    if field == "total_cost":
        return f"{_wan(estimate.value)} {page.say('wan')} = {formula}"
    if field == "floor_area_m2":
        return f"{area_text(estimate.value)} m² = {formula}"
    return f"{estimate.value:,} {page.say('seat')} = {formula}"


def _wan(amount: Money) -> str:
    return f"{to_wan(amount):,f}".removesuffix(".00")


def _figures(by_year: Mapping[int, str]) -> str:
    """The first and the last figure: `2021: 9,000 … 2030: 11,200`."""
    if not by_year:
        return ""
    ends = dict.fromkeys((min(by_year), max(by_year)))
    return " … ".join(f"{year}: {by_year[year]}" for year in ends)
