"""The quarter sheet: phases as fills, openings in September, due quarters, lateness."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from openpyxl.worksheet.worksheet import Worksheet as Sheet

from portfolio.domain.project import MilestoneKind
from portfolio.domain.text import Lang
from tests.report.builders import a_candidate, a_milestone, a_plan, a_problem
from tests.report.workbook.opened import rows, texts, written
from tests.report.workbook.plans import large_plan

NAME, OPENS, FIRST = 2, 5, 7
"""Columns of the sheet, counted from 1; a year has four from the last on."""

PALE, DARK, GREEN, RED = "FFC9DAEE", "FF2F6DB5", "FF8FC4B4", "FFB42318"


def sheet_of(
    folder: Path, start: int, *, lang: Lang = "zh", years: tuple[int, int] = (2021, 2024), **row: Any
) -> Sheet:
    milestones = (a_milestone(kind=MilestoneKind.OPEN_BY, year=row.pop("due")),) if "due" in row else ()
    problem = a_problem([a_candidate(**row)], years=years, milestones=milestones)
    return written(a_plan(problem, {"p1": start}), folder, lang)[
        {"zh": "季度", "en": "Quarters", "both": "季度 Quarters"}[lang]
    ]


def row_of(sheet: Sheet, name: str = "p1学校") -> int:
    return next(n for n, row in enumerate(rows(sheet), 1) if row[NAME - 1] == name)


def signs(sheet: Sheet, name: str = "p1学校") -> str:
    """What stands in the quarters; `.` for a blank filled one, a space for a blank one."""
    cells = list(sheet[row_of(sheet, name)])[FIRST - 1 :]
    return "".join(
        str(c.value or "") or ("." if c.fill.fgColor.rgb not in ("00000000", None) else " ") for c in cells
    )


def fills(sheet: Sheet) -> list[str]:
    cells = list(sheet[row_of(sheet)])[FIRST - 1 :]
    return [str(cell.fill.fgColor.rgb) for cell in cells]


@pytest.mark.parametrize(
    ("start", "row", "shown"),
    [
        (2021, {"duration_years": 2}, "前.建....验  ◆     "),
        (2022, {"duration_years": 1}, "    前建.验  ◆     "),
        (2022, {"duration_years": 1, "open_lag": 0}, "    前建◆验        "),  # open before its last quarter
        (2020, {"duration_years": 2}, "建..验  ◆         "),  # preparation is over when the years begin
        (2023, {"duration_years": 2}, "        前.建....验"),  # opens after the last year
        (2021, {"duration_years": 1, "profile": (60, 40)}, "前建.验¥.◆.        "),  # paid after the works
    ],
    ids=str,
)
def test_phases_and_opening_stand_in_their_quarters(
    start: int, row: dict[str, Any], shown: str, tmp_path: Path
) -> None:
    """Four years; seats count in September, so schools open in the third quarter."""
    assert signs(sheet_of(tmp_path, start, **row)).rstrip() == shown.rstrip()


def test_fills_are_cell_formats_that_differ_by_phase(tmp_path: Path) -> None:
    sheet = sheet_of(tmp_path, 2021, duration_years=1)
    assert fills(sheet)[:4] == [PALE, DARK, DARK, GREEN]
    formulas = [r.formula[0] for area in sheet.conditional_formatting for r in area.rules]
    assert all("$G" not in formula for formula in formulas)  # lines only; nothing hangs on the start year


@pytest.mark.parametrize(("lang", "letters"), [("en", "P.C....A"), ("both", "前.建....验")])
def test_letters_of_the_phases_follow_the_language(lang: Lang, letters: str, tmp_path: Path) -> None:
    assert signs(sheet_of(tmp_path, 2021, lang=lang)).startswith(letters)


def test_due_quarter_has_a_red_edge(tmp_path: Path) -> None:
    """Open by 2023: at the end of September of that year."""
    sheet = sheet_of(tmp_path, 2021, due=2023, duration_years=1)
    cells = list(sheet[row_of(sheet)])[FIRST - 1 :]
    edges = [n for n, cell in enumerate(cells) if cell.border.right.style == "thick"]
    assert edges == [4 * 2 + 2]


def test_late_works_are_red_and_marked(tmp_path: Path) -> None:
    """Opening in 2024 instead of 2023: the second year of works comes a year late."""
    sheet = sheet_of(tmp_path, 2022, due=2023, duration_years=2)
    assert signs(sheet).rstrip() == "    前.建.!!!验  !◆".rstrip()
    assert fills(sheet)[8:11] == [RED] * 3
    assert sheet.cell(row_of(sheet), OPENS).number_format == '0" !"'
    assert any("逾期" in text for text in texts(sheet))


def test_without_lateness_dues_and_later_payments_the_legend_is_silent_about_them(tmp_path: Path) -> None:
    said = " ".join(texts(sheet_of(tmp_path, 2021)))
    assert "施工" in said
    assert not [word for word in ("逾期", "须在", "完工后付款") if word in said]


def test_says_that_phases_are_a_convention_and_do_not_follow_edits(tmp_path: Path) -> None:
    said = str(sheet_of(tmp_path, 2021, lang="both")["A2"].value)
    for words in ("惯例", "不随甘特表的改动变化", "convention", "edits of the Gantt sheet do not change it"):
        assert words in said


def test_prints_one_page_wide_on_a3_with_both_header_rows_on_every_page(tmp_path: Path) -> None:
    sheet = written(large_plan(120, 7), tmp_path)["季度 Quarters"]
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (8, "landscape")
    assert (sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight) == (None, 0)  # 1 unless told
    assert sheet.print_title_rows == "$5:$6"
    counties = {n for n, row in enumerate(rows(sheet), 1) if str(row[0]).startswith("County")}
    breaks = {b.id + 1 for b in sheet.row_breaks.brk}
    assert breaks
    assert breaks <= counties


@pytest.mark.parametrize(("years", "labels"), [(10, ["1", "2", "3", "4"]), (20, [None] * 4)])
def test_quarters_are_numbered_where_there_is_room(
    years: int, labels: list[str | None], tmp_path: Path
) -> None:
    sheet = sheet_of(tmp_path, 2021, years=(2021, 2020 + years))
    shown = [sheet.cell(6, FIRST + n).value for n in range(4)]
    assert [None if value is None else str(value) for value in shown] == labels


def test_projects_that_are_not_scheduled_are_left_out(tmp_path: Path) -> None:
    plan = a_plan(a_problem([a_candidate(), a_candidate("p2")]), {"p1": 2021})
    said = texts(written(plan, tmp_path)["季度 Quarters"])
    assert "p1学校" in said
    assert "p2学校" not in said
