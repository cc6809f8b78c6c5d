"""The workbook in LibreOffice: a forced calculation changes nothing, an edit changes what hangs on it."""

from __future__ import annotations

from collections.abc import Mapping
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
    texts,
    written,
    year_rows,
)
from tests.report.workbook.plans import STARTS, full_plan, large_plan

pytestmark = [pytest.mark.office, needs_office]

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


def edited(plan: Plan, starts: Mapping[str, int | str | None], folder: Path) -> Path:
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
    ("学位 Seats", 1, ("供给", "余缺", "有学位比例", "缺口")),
)
"""Sheet, column of the label, and labels of the rows that follow the start years."""


def cards(book: Book) -> list[Any]:
    """The key figures but for the highest use of money: what is brought forward is as solved."""
    found = [value for value in rows(book["概览 Summary"])[4] if value is not None]
    return found[:4] + found[5:]


@pytest.mark.parametrize(
    ("starts", "count"),
    [
        ({}, 0),
        ({"late": 2022}, 1),
        ({"late": None, "out": 2024}, 2),
        ({"mid": "暂定"}, 1),
        ({"old": 2020}, 0),
    ],
    ids=str,
)
def test_edits_are_counted_and_take_back_what_was_proven(
    starts: dict[str, int | str | None], count: int, tmp_path: Path
) -> None:
    book = recalculated(edited(full_plan(), starts, tmp_path), tmp_path)
    banner = f"⚠ 已改动 {count} 项，未经求解复核 / {count} edited, not checked by the solver"
    for sheet in ("概览 Summary", "甘特 Gantt"):
        said = str(book[sheet]["A2"].value)
        assert said.startswith(banner) if count else "已改动" not in said
    verdict = row_with(book["概览 Summary"], "1. 学位缺口")[8]
    assert verdict == ("改动前的结论 before the edits" if count else "✓ 已证明最优 proven optimal")
    assert any("各级目标" in said or "方案满足" in said for said in texts(book["概览 Summary"]))


def test_text_for_a_start_year_counts_as_not_scheduled(tmp_path: Path) -> None:
    """As if the cell were empty, but for the count of edits; no sheet shows an error."""
    (tmp_path / "fresh").mkdir()
    book = recalculated(edited(full_plan(), {"late": "待定"}, tmp_path), tmp_path)
    fresh = recalculated(edited(full_plan(), {"late": None}, tmp_path / "fresh"), tmp_path / "fresh")
    errors = [text for sheet in book for text in texts(sheet) if text.startswith("#")]
    assert errors == []
    for sheet, column, words in LIVE_ROWS:
        for word in words:
            assert year_rows(book[sheet], column, word) == year_rows(fresh[sheet], column, word)
    assert cards(book) == pytest.approx(cards(fresh))


def test_words_below_the_key_figures_follow_an_edit(tmp_path: Path) -> None:
    """`out` adds 90 seats, none of them in place of others, and costs 999 万元 before escalation."""
    book = recalculated(edited(full_plan(), {"out": 2021}, tmp_path), tmp_path)
    said = texts(book["概览 Summary"])
    (tmp_path / "fresh").mkdir()
    fresh = texts(written(full_plan(STARTS | {"out": 2021}), tmp_path / "fresh")["概览 Summary"])
    for word in ("净增", "规划期内"):
        shown, expected = ([text for text in found if text.startswith(word)] for found in (said, fresh))
        assert shown == expected
        assert len(shown) == 1


def test_check_reports_a_year_over_its_cap(tmp_path: Path) -> None:
    """3,000 万元 more in 2021 and after are beyond what 石柱县 has left."""
    path = edited(full_plan(), {"late": 2021}, tmp_path)
    verdicts = row_with(recalculated(path, tmp_path)["资金 Funding"], "改动后校核")[2:8]
    assert "超出上限 over cap" in verdicts
    assert verdicts[-1] == "✓"
