"""The list of problems in a checked copy, and a checked copy that is checked again."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import openpyxl
import pytest

from portfolio.domain.notice import Severity
from portfolio.workbook.annotate import annotated
from portfolio.workbook.annotation import marks, patch
from portfolio.workbook.layout import CHECK_TITLE
from portfolio.workbook.reader import read
from tests.workbook.builders import a_row, a_workbook, minimal
from tests.workbook.marked import (
    NOTICES,
    PROJECTS,
    a_notice,
    comment,
    lines_of,
    notes,
    opened,
    saved_by_openpyxl,
    sheet_of,
    sides_of,
)
from tests.workbook.packages import (
    assert_sound,
    by_openpyxl,
    by_xlsxwriter,
    unzipped,
)

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:openpyxl")  # tells what it drops


def test_the_list_is_the_first_sheet_and_the_one_shown() -> None:
    data = annotated(by_xlsxwriter(), NOTICES, file_name="计划.xlsx")
    book = openpyxl.load_workbook(BytesIO(data))
    assert book.sheetnames == [CHECK_TITLE, PROJECTS, "It's 2", "Chart"]
    assert book.active is book.worksheets[0]
    assert [bool(sheet.sheet_view.tabSelected) for sheet in book.worksheets] == [True, False, False]
    assert b'<sheet name="Chart" sheetId="3" state="hidden"' in unzipped(data)["xl/workbook.xml"]
    assert "计划.xlsx" in book.worksheets[0]["A1"].value
    assert "错误 6，警告 1，提示 1" in book.worksheets[0]["A2"].value


def test_names_still_belong_to_their_sheets() -> None:
    book = openpyxl.load_workbook(BytesIO(annotated(by_xlsxwriter(), NOTICES)))
    assert book[PROJECTS].print_area == "'项目 Projects'!$A$1:$D$30"
    assert book[PROJECTS].print_title_rows == "$1:$1"
    assert "Local" in book[PROJECTS].defined_names
    assert "Rate" in book.defined_names
    assert book.worksheets[0].print_title_rows == "$4:$4"


def test_problems_are_listed_by_severity_with_links() -> None:
    sheet = sheet_of(annotated(by_xlsxwriter(), NOTICES), CHECK_TITLE)
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5)]
    words = ["✖ 错误 error"] * 6 + ["▲ 警告 warning", "● 提示 notice"]
    assert [(row[0], row[1]) for row in rows] == list(enumerate(words, start=1))
    assert rows[0][2:] == [f"{PROJECTS}!B2", "总投资（万元）\ntotal_cost", "待定", "不是金额", "no amount"]
    links = {cell.value: cell.hyperlink.location for (cell,) in sheet["C5:C12"] if cell.hyperlink}
    assert links[f"{PROJECTS}!B2"] == "'项目 Projects'!B2"
    assert links["It's 2!A1"] == "'It''s 2'!A1"
    assert links[PROJECTS] == "'项目 Projects'!A1"
    assert "elsewhere" not in links


def test_whatever_was_found_is_text_in_the_list() -> None:
    awkward = ["=1+1", "+1", "-1", "@x", "a\x00\x0b\ufffe<&>\"'", "\ud800x", "_x0041_", "]]>", "a\nb\r"]
    after = annotated(by_openpyxl(), [a_notice(f"{PROJECTS}!B2", found=text) for text in awkward])
    assert_sound(after)
    cells = [cell for (cell,) in sheet_of(after, CHECK_TITLE)["E5:E13"]]
    assert [cell.data_type for cell in cells] == ["s"] * len(awkward)
    assert [c.value for c in cells][:6] == ["=1+1", "+1", "-1", "@x", "a<&>\"'", "x"]


def test_a_title_that_is_taken_gets_a_number() -> None:
    book = openpyxl.load_workbook(BytesIO(by_openpyxl()))
    book.create_sheet(CHECK_TITLE.upper())
    book.save(buffer := BytesIO())
    titles = openpyxl.load_workbook(BytesIO(annotated(buffer.getvalue(), NOTICES))).sheetnames
    assert titles[0] == f"{CHECK_TITLE} 2"


def test_a_flood_of_problems_is_cut_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(marks, "MAX_LISTED", 20)
    monkeypatch.setattr(patch, "MAX_COMMENTS", 5)
    flood = [a_notice(f"{PROJECTS}!B{row}", Severity.WARNING) for row in range(1, 50)]
    after = annotated(by_openpyxl(), [*flood, a_notice(f"{PROJECTS}!A1")])
    assert_sound(after)
    assert set(lines_of(after)) == {"A1", *(f"B{row}" for row in range(1, 20))}
    assert [cell for cell in lines_of(after) if "检查" in comment(after, cell)] == [
        "A1",
        "B1",
        "B2",
        "B3",
        "B4",
    ]
    assert "30" in sheet_of(after, CHECK_TITLE)["A25"].value


# --- a checked copy that is checked again --------------------------------------------------------------


@pytest.mark.parametrize("saved", [bytes, saved_by_openpyxl])
@pytest.mark.parametrize("make", [by_xlsxwriter, by_openpyxl])
def test_a_second_check_takes_the_old_marks_off(
    make: Callable[[], bytes], saved: Callable[[bytes], bytes]
) -> None:
    before = make()
    again = annotated(
        saved(annotated(before, NOTICES)), [a_notice(f"{PROJECTS}!B2"), a_notice(f"{PROJECTS}!A8")]
    )
    assert_sound(again)
    assert lines_of(again) == {"B2": "thick", "A8": "thick"}
    assert opened(again).sheetnames.count(CHECK_TITLE) == 1
    assert len([row for row in sheet_of(again, CHECK_TITLE).iter_rows(min_row=5) if row[0].value]) == 2
    assert comment(again, "B2").count("检查 Check") == 1
    assert not any("检查" in comment(again, cell) for cell in ("A4", "C7", "Z400"))
    drawings = [content for name, content in unzipped(again).items() if name.endswith(".vml")]
    cells = [cell for sheet in opened(again).worksheets for row in sheet.iter_rows() for cell in row]
    assert sum(map(notes, drawings)) == sum(cell.comment is not None for cell in cells)
    for cell in ("B3", "C7", "A4", "E9", "A9"):
        assert comment(again, cell) == comment(before, cell)
        if cell != "B3" or make is by_xlsxwriter:  # no other cell has the format of that one
            assert sides_of(again, cell) == sides_of(before, cell)


def test_a_checked_copy_reads_as_the_file_it_was_made_from(tmp_path: Path) -> None:
    path, copy = tmp_path / "projects.xlsx", tmp_path / "projects_checked.xlsx"
    a_workbook(path, minimal(Projects=[a_row("Projects", total_cost="三年")]))
    copy.write_bytes(annotated(path.read_bytes(), [*read(path).notices, a_notice("Projects!D40")]))
    assert read(copy).notices == read(path).notices
