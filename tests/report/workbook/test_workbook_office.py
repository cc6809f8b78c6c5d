"""The workbook in LibreOffice: a forced calculation changes nothing, an edit changes what hangs on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl.workbook import Workbook as Book

from portfolio.report.workbook.book import write
from portfolio.scenario.plan import Plan
from tests.report.builders import a_plan, a_problem
from tests.report.workbook.opened import (
    needs_office,
    opened,
    recalculated,
    row_with,
    rows,
    written,
    year_rows,
)
from tests.report.workbook.plans import STARTS, full_plan, large_plan

pytestmark = [pytest.mark.office, needs_office, pytest.mark.xdist_group("office")]

PLANS = {
    "full": full_plan(),
    "full without escalation": full_plan(escalation="0"),
    "nothing": a_plan(a_problem([]), {}),
    "three hundred": large_plan(300, 7),
}


def differences(stored: Book, calculated: Book, formulas: Book) -> list[tuple[str, str, Any, Any]]:
    """Formula cells whose value changed, or is an error."""
    found = []
    for sheet in formulas:
        for line in sheet.iter_rows():
            for cell in line:
                if cell.data_type == "f":
                    before = stored[sheet.title][cell.coordinate].value or 0
                    after = calculated[sheet.title][cell.coordinate].value or 0
                    if not _same(before, after):
                        found.append((sheet.title, cell.coordinate, before, after))
    return found


def _same(before: object, after: object) -> bool:
    if isinstance(before, str) or isinstance(after, str):
        return before == after and not str(after).startswith("#")
    return before == pytest.approx(after, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("name", PLANS)
def test_calculation_changes_no_number(name: str, tmp_path: Path) -> None:
    path = tmp_path / "schedule.xlsx"
    write(PLANS[name], path)
    stored, formulas = opened(path), opened(path, formulas=True)
    assert differences(stored, recalculated(path, tmp_path), formulas) == []


def test_calculation_really_happens(tmp_path: Path) -> None:
    """Otherwise the tests here would prove nothing."""
    path = edited(full_plan(), {"old": 2021}, tmp_path)
    row = row_with(recalculated(path, tmp_path)["甘特 Gantt"], "old学校", 1)
    assert 2023 in row  # finish


def edited(plan: Plan, starts: dict[str, int | None], folder: Path) -> Path:
    """The plan's workbook after a planner has typed other start years."""
    path = folder / "schedule.xlsx"
    write(plan, path)
    book = opened(path, formulas=True)
    sheet = book["甘特 Gantt"]
    header = next(row for row in rows(sheet) if row[0] == "序号\nNo.")
    column = header.index("开工\nStart") + 1
    for key, year in starts.items():
        row = next(n for n, line in enumerate(rows(sheet), 1) if line[1] == f"{key}学校")
        sheet.cell(row=row, column=column).value = year
    book.save(path)
    return path


@pytest.mark.parametrize(
    "starts",
    [{"late": 2022}, {"mid": 2023, "other": 2024}, {"late": None}, {"out": 2024}, {"old": 2022, "out": 2021}],
    ids=str,
)
def test_edited_start_moves_every_total(starts: dict[str, int | None], tmp_path: Path) -> None:
    """The edited workbook shows what a workbook written from the edited plan shows."""
    book = recalculated(edited(full_plan(), starts, tmp_path), tmp_path)
    (tmp_path / "fresh").mkdir()
    chosen = {key: year for key, year in (STARTS | starts).items() if year is not None}
    fresh = written(full_plan(chosen), tmp_path / "fresh")
    for sheet, column, words in LIVE_ROWS:
        for word in words:
            shown, expected = (year_rows(b[sheet], column, word) for b in (book, fresh))
            assert expected, word
            for one, other in zip(shown, expected, strict=True):
                assert one == pytest.approx(other), word
    late = [[row[7] for row in rows(b["节点 Milestones"]) if isinstance(row[0], int)] for b in (book, fresh)]
    assert late[0] == late[1]
    assert cards(book) == pytest.approx(cards(fresh))


LIVE_ROWS = (
    ("甘特 Gantt", 1, ("石柱县", "云阳县", "合计")),
    ("概览 Summary", 0, ("投资（万元）", "开工项目", "投用项目", "新增学位", "小学", "初中")),
    ("资金 Funding", 0, ("当前投资",)),
    ("学位 Seats", 1, ("供给", "余缺", "满足率", "缺口")),
)
"""Sheet, column of the label, and labels of the rows that follow the start years."""


def cards(book: Book) -> list[Any]:
    """The key figures but for the highest use of money: what is brought forward is as solved."""
    found = [value for value in rows(book["概览 Summary"])[4] if value is not None]
    return found[:4] + found[5:]


def test_check_reports_a_year_over_its_cap(tmp_path: Path) -> None:
    """3,000 万元 more in 2021 and after are beyond what 石柱县 has left."""
    path = edited(full_plan(), {"late": 2021}, tmp_path)
    verdicts = row_with(recalculated(path, tmp_path)["资金 Funding"], "改动后校核")[2:8]
    assert "超出上限 over cap" in verdicts
    assert verdicts[-1] == "✓"
