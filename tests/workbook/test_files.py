"""Files of every format through the whole reader: one portfolio, whatever it came in.

How each format is opened is tested in `tests.workbook.files`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
from openpyxl import Workbook

from portfolio.domain.portfolio import Portfolio
from portfolio.errors import InputRefusedError, UsageError
from portfolio.workbook.reader import read
from tests.workbook.builders import MINIMAL, Rows, a_row, a_workbook, the_notice, the_portfolio, told
from tests.workbook.files.zips import ods


def cells_of(rows: Rows) -> list[list[object]]:
    header = list(dict.fromkeys(key for row in rows for key in row))
    return [header, *([row.get(key, "") for key in header] for row in rows)]


def an_ods(sheets: Mapping[str, Rows]) -> bytes:
    def cell(value: object) -> str:
        kind = "float" if isinstance(value, int) else "string"
        number = f' office:value="{value}"' if isinstance(value, int) else ""
        return f'<table:table-cell office:value-type="{kind}"{number}><text:p>{value}</text:p></table:table-cell>'

    return ods(
        "".join(
            f'<table:table table:name="{title}">'
            + "".join(
                f"<table:table-row>{''.join(map(cell, row))}</table:table-row>" for row in cells_of(rows)
            )
            + "</table:table>"
            for title, rows in sheets.items()
        )
    )


def a_csv(rows: Rows, separator: str = ",") -> str:
    return "".join(separator.join(map(str, row)) + "\r\n" for row in cells_of(rows))


@pytest.fixture
def held(tmp_path: Path) -> Portfolio:
    """The portfolio of the minimal workbook, read from .xlsx."""
    path = tmp_path / "held.xlsx"
    a_workbook(path, MINIMAL)
    return the_portfolio(read(path))


def test_an_opendocument_file_says_the_same_as_the_workbook(tmp_path: Path, held: Portfolio) -> None:
    path = tmp_path / "projects.ods"
    path.write_bytes(an_ods(MINIMAL))
    result = read(path)
    assert result.notices == ()
    assert result.portfolio == held


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("separator", [",", "\t", ";"])
def test_a_text_file_replaces_its_one_table(
    tmp_path: Path, held: Portfolio, encoding: str, separator: str
) -> None:
    path = tmp_path / "项目.csv"
    rows = [a_row("Projects"), a_row("Projects", key="p2", name_zh="二小", total_cost="123.45")]
    path.write_bytes(a_csv(rows, separator).encode(encoding))
    result = read(path, held)
    # Text files know no numbers: that they are text is not worth a word.
    assert told(result, "notice") == []
    assert result.tables_found == ("projects",)
    assert [(p.key, p.name_zh, p.total_cost) for p in the_portfolio(result).projects] == [
        ("p1", "一小", 10000),
        ("p2", "二小", 12345),
    ]
    assert the_portfolio(result).demand == held.demand


def test_a_problem_in_a_text_file_has_its_cell(tmp_path: Path, held: Portfolio) -> None:
    path = tmp_path / "projects-2026.csv"
    path.write_text(a_csv([a_row("Projects", total_cost="待定")]), encoding="utf-8")
    assert told(read(path, held), "error") == [("项目 Projects!D2", "total_cost")]


def test_problems_in_an_old_workbook_have_their_cells(held: Portfolio) -> None:
    result = read(Path(__file__).parent / "files" / "small.xls", held)
    assert ("项目 Projects!D3", "total_cost") in told(result, "error")
    assert ("项目 Projects!G4", "notes") in told(result, "error")
    places = dict(told(result, "notice"))
    assert "项目 Projects!B2" in places  # merged cells
    assert "隐藏" in "".join(n.text.zh for n in result.notices)


def test_a_far_away_cell_is_left_out_with_a_notice(tmp_path: Path) -> None:
    path = tmp_path / "projects.xlsx"
    workbook = a_workbook(path, MINIMAL)
    workbook["Projects"]["XFD1048576"] = "x"
    workbook.save(path)
    result = read(path)
    assert the_portfolio(result).projects[0].key == "p1"
    assert "XFD1048576" in the_notice(result, "Projects", "").text.en


def test_what_is_no_file_is_wrong_usage_and_what_is_no_workbook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        read(tmp_path / "none.xlsx")
    with pytest.raises(UsageError):
        read(tmp_path)
    path = tmp_path / "projects.xls"
    path.write_text("<html><table></table></html>", encoding="utf-8")
    with pytest.raises(InputRefusedError, match="HTML"):
        read(path)


def test_reading_leaves_the_file_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "projects.xlsx"
    a_workbook(path, MINIMAL)
    before = path.read_bytes()
    read(path)
    assert path.read_bytes() == before


def test_a_workbook_without_any_table_is_the_wrong_file(tmp_path: Path) -> None:
    path = tmp_path / "projects.xlsx"
    Workbook().save(path)
    with pytest.raises(InputRefusedError, match=r"没有一张认得出的工作表.*none of"):
        read(path)
