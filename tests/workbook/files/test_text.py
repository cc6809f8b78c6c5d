"""Tables in text files: encodings, separators, and which table they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from portfolio.errors import InputRefusedError
from portfolio.workbook.files.raw import RawSheet
from portfolio.workbook.package import is_workbook, read_sheets

TABLE = "项目编码,区县,主要学段\np1,石柱,小学\n"


def the_sheet(data: bytes | str, name: str = "项目.csv") -> RawSheet:
    [found] = read_sheets(data.encode() if isinstance(data, str) else data, Path(name))
    return found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_encodings_separators_and_line_ends_are_found_out(
    encoding: str, separator: str, line_end: str
) -> None:
    data = TABLE.replace(",", separator).replace("\n", line_end).encode(encoding)
    found = the_sheet(data)
    assert found == RawSheet(
        "项目 Projects", {1: ("项目编码", "区县", "主要学段"), 2: ("p1", "石柱", "小学")}, text_only=True
    )
    assert not is_workbook(data)


def test_quoted_cells_keep_separators_and_line_ends_and_full_width_commas_separate_nothing() -> None:
    found = the_sheet('key,notes\np1,"a;b;c;d, ""e""\nf"\n\np2，x,y\n')
    assert found.rows == {1: ("key", "notes"), 2: ("p1", 'a;b;c;d, "e"\nf'), 4: ("p2，x", "y")}


@pytest.mark.parametrize(
    "name", ["projects.csv", "projects.txt", "projects.xls", "projects.xlsx", "projects"]
)
def test_the_content_says_that_it_is_text(name: str) -> None:
    assert the_sheet(TABLE, name).rows[2] == ("p1", "石柱", "小学")


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("项目.csv", "项目 Projects"),
        ("Projects-2026.csv", "项目 Projects"),
        ("石柱县 项目 v2 (1).csv", "项目 Projects"),
        ("项目2026.csv", "项目 Projects"),
        ("2026年项目清单.csv", "项目 Projects"),
        ("1.项目表.csv", "项目 Projects"),
        ("年度资金.csv", "年度资金 FundingCaps"),
        ("fundingcaps.csv", "年度资金 FundingCaps"),
        ("项目资金.csv", "项目资金 ProjectFunding"),
        ("学位需求 Demand.csv", "学位需求 Demand"),
    ],
)
def test_the_name_of_the_file_names_the_table(name: str, title: str) -> None:
    assert the_sheet("a,b\n1,2\n", name).title == title


@pytest.mark.parametrize(
    ("header", "title"),
    [
        ("key,county,stage,total_cost", "项目 Projects"),
        ("石柱县2026年项目\n\n项目编码,区县,主要学段,总投资（万元）", "项目 Projects"),
        ("来源编码,数据性质,2026,2027年", "年度资金 FundingCaps"),
        ("项目编码,区县,所属学段,建设周期", "项目 Projects"),
        ("project,year_1,year_2", "进度 Spending"),
        ("county,stage,public,2026", "现有学位 Capacity"),
    ],
)
def test_otherwise_the_header_row_tells_the_table(header: str, title: str) -> None:
    assert the_sheet(f"{header}\n", "导出.csv").title == title


@pytest.mark.parametrize(
    "content",
    ["county,stage,2026\nA,primary,5\n", "name,phone\n1,2\n", "key,county,stage,total_cost"[:3], "一封信"],
)
def test_a_table_that_cannot_be_told_is_refused_with_the_name_to_give(content: str) -> None:
    with pytest.raises(InputRefusedError, match=r"看不出是哪张表.*项目\.csv.*Projects\.csv"):
        the_sheet(content, "导出.csv")


REFUSED: dict[str, bytes | str] = {
    "row 3 is not valid CSV": 'key,county\np1,"a"\np2,"b',
    "row 2 is not valid CSV: too long": "key,county\n" + "," * 2_000_000,
    "row 1 is not valid CSV: too long": '"\n",' * 300_000,
    "more than 1,048,576 rows": "key,county" + "\n" * 1_100_000,
    "truncated": (TABLE + "二小").encode()[:-1],
    "not an xlsx workbook, nor text": TABLE.encode("utf-16-le"),
    "nor text in UTF-8": b"key,county\n\x00\x01\x02\xff\xff",
}


@pytest.mark.parametrize("reason", list(REFUSED))
def test_what_is_no_table_is_refused_with_the_reason(reason: str) -> None:
    with pytest.raises(InputRefusedError, match=reason):
        the_sheet(REFUSED[reason])
