"""Every figure of the workbook's sheets is the one that schedule.json has for it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from openpyxl.workbook import Workbook as Book
from openpyxl.worksheet.worksheet import Worksheet as Sheet

from portfolio.domain.schedule import Evaluation
from portfolio.report.json_document import Entry, document
from portfolio.report.labels import label
from portfolio.report.workbook.funding_layout import FundingLayout
from portfolio.report.workbook.gantt_layout import GanttLayout
from portfolio.report.workbook.seats_layout import SeatsLayout
from portfolio.report.workbook.view import View
from portfolio.scenario.plan import Plan
from tests.report.workbook.opened import rows, written
from tests.report.workbook.plans import full_plan, large_plan

PLANS = {"full": full_plan(), "no escalation": full_plan(escalation="0"), "sixty": large_plan(60, 4)}


class Opened:
    """A plan, its document, and its workbook with the places of the figures."""

    def __init__(self, plan: Plan, folder: Path) -> None:
        assert isinstance(plan.evaluation, Evaluation)
        self.entry: Entry = document(plan)
        self.view = View(plan, plan.evaluation, "zh")
        self.book: Book = written(plan, folder, "zh")

    def value(self, sheet: str, row: int, col: int) -> Any:
        """What stands in a cell, counted from 0; a blank or a sign is 0 where a number is expected."""
        found = self.book[sheet].cell(row + 1, col + 1).value
        return 0 if found in (None, "", "◆") else found


@pytest.fixture(scope="module", params=list(PLANS))
def opened(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Opened:
    return Opened(PLANS[request.param], tmp_path_factory.mktemp("figures"))


def different(pairs: Iterator[tuple[str, Any, Any]]) -> list[tuple[str, Any, Any]]:
    found = list(pairs)
    assert found, "nothing was compared"
    return [pair for pair in found if pair[1] != pytest.approx(pair[2], abs=0.0049)]


def test_gantt(opened: Opened) -> None:
    """Years, cost, and the spend of every project in every year."""
    layout = GanttLayout(opened.view, "")

    def pairs() -> Iterator[tuple[str, Any, Any]]:
        for project in opened.entry["projects"]:
            row, key = layout.row_of[project["key"]], project["key"]
            for name in ("start", "finish", "opens"):
                yield f"{key} {name}", opened.value("甘特", row, layout.columns[name]), project[name] or 0
            yield f"{key} cost", opened.value("甘特", row, layout.columns["cost"]), project["cost"]
            for year in opened.entry["years"]:
                spent = project["spend"].get(str(year), 0)
                yield f"{key} {year}", opened.value("甘特", row, layout.columns[f"y{year}"]), spent

    assert different(pairs()) == []


def test_funding(opened: Opened) -> None:
    """Cap, money brought forward, planned and carried forward of every source in every year."""
    layout = FundingLayout(opened.view, "")
    blocks = {s.source.key: s for block in layout.blocks for s in block.sources}

    def pairs() -> Iterator[tuple[str, Any, Any]]:
        for line in opened.entry["funding"]:
            block = blocks[line["source"]]
            for measure in ("cap", "brought_forward", "planned", "carried_forward"):
                at = f"{line['source']} {line['year']} {measure}"
                if measure in block.measures:
                    col = layout.year_col(line["year"])
                    yield at, opened.value("资金", block.row(measure), col), line[measure]
                else:
                    yield at, 0, line[measure]

    assert different(pairs()) == []


def test_seats(opened: Opened) -> None:
    """Demand, supply and shortage of every cell in every year."""
    layout = SeatsLayout(opened.view, "")
    places = {
        (c.county, c.zone, str(c.stage)): (stage, n)
        for county in layout.counties
        for stage in county.stages
        for n, c in enumerate(stage.cells)
    }

    def pairs() -> Iterator[tuple[str, Any, Any]]:
        for line in opened.entry["seats"]:
            stage, n = places[line["county"], line["zone"], line["stage"]]
            col = layout.year_col(line["year"])
            at = f"{line['county']} {line['zone']} {line['stage']} {line['year']}"
            for measure in ("demand", "supply"):
                yield f"{at} {measure}", opened.value("学位", stage.row(n, measure), col), line[measure]
            balance = opened.value("学位", stage.row(n, "balance"), col)
            yield f"{at} shortage", max(0, -balance), line["shortage"]

    assert different(pairs()) == []


def test_annual_plan_and_official_form(opened: Opened) -> None:
    """What each project is paid in a year, and its cost."""
    names = {p["key"]: p["name_zh"] for p in opened.entry["projects"] if p["selected"]}
    annual = paid_by_year(opened.book["年度投资计划"])
    official = {row[2]: row[5] for row in rows(opened.book["重大项目规划表"]) if isinstance(row[0], int)}

    def pairs() -> Iterator[tuple[str, Any, Any]]:
        for project in opened.entry["projects"]:
            if project["selected"]:
                name = names[project["key"]]
                yield f"{name} cost", official[name], project["cost"]
                for year in opened.entry["years"]:
                    spent = project["spend"].get(str(year), 0)
                    yield f"{name} {year}", annual.get((year, name), 0), spent

    assert different(pairs()) == []


def paid_by_year(sheet: Sheet) -> dict[tuple[int, str], float]:
    """(year, project) -> this year's investment, as the annual plan prints it."""
    found: dict[tuple[int, str], float] = {}
    year = 0
    for row in rows(sheet):
        if isinstance(row[0], str) and row[0][:4].isdigit() and "合计" not in row[0]:
            year = int(row[0][:4])
        elif isinstance(row[0], int) and isinstance(row[1], str):
            found[year, row[1]] = row[6]
    return found


def test_milestones(opened: Opened) -> None:
    """Actual year and delay of every promise."""
    names = {p["key"]: p["name_zh"] for p in opened.entry["projects"]}
    sheet = opened.book["节点"]
    told = {(row[2], row[4], row[3]): (row[6], row[7]) for row in rows(sheet) if isinstance(row[0], int)}

    for milestone in opened.entry["milestones"]:
        kind = label(f"milestone.{milestone['kind']}").zh
        actual, late = told[names[milestone["project"]], milestone["year"], kind]
        assert actual == (milestone["actual"] or label("milestones.never").zh), milestone
        assert (late or 0) == milestone["late_years"], milestone
