"""References: what surely means an existing key is taken for it; everything else is an error with the nearest."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest

from portfolio.workbook.words import Suggester
from tests.workbook.builders import Rows, a_row, minimal, read_sheets, the_notice, the_portfolio, told


def seats(project: str, *keys: str) -> dict[str, Rows]:
    projects = [a_row("Projects", key=key, name_zh=f"{key}学校") for key in keys]
    row = {"project": project, "stage": "primary", "basis": "stated"}
    return minimal(Projects=projects, Seats=[row])


@pytest.mark.parametrize(
    "typed", ["P-One", "p-one ", "ｐ-ｏｎｅ", "p – one", "p- one", "p-one学校", "P-ONE 学校"]
)
def test_a_reference_in_another_spelling_is_taken_for_its_key(tmp_path: Path, typed: str) -> None:
    result = read_sheets(tmp_path, seats(typed, "p-one", "p-two"))
    assert the_portfolio(result).seats[0].project == "p-one"
    assert told(result, "notice")[-1] == ("Seats!A2", "project")
    assert told(result, "warning") == []


@pytest.mark.parametrize("typed", ["p-onе", "pone", "p_one", "p-three", "学校", "p"])
def test_a_reference_to_nothing_is_an_error(tmp_path: Path, typed: str) -> None:
    assert told(read_sheets(tmp_path, seats(typed, "p-one", "p-two")), "error") == [("Seats!A2", "project")]


def test_a_reference_that_fits_two_keys_is_an_error(tmp_path: Path) -> None:
    result = read_sheets(tmp_path, seats("P 1", "p1", "P1"))
    assert told(result, "error") == [("Seats!A2", "project")]
    assert told(result, "warning") == [("Projects!A3", "key")]


def test_a_name_that_two_projects_have_is_no_reference(tmp_path: Path) -> None:
    sheets = seats("一小", "p1", "p2")
    sheets["Projects"] = [{**row, "name_zh": "一小"} for row in sheets["Projects"]]
    assert told(read_sheets(tmp_path, sheets), "error") == [("Seats!A2", "project")]


def test_a_key_counts_before_a_name(tmp_path: Path) -> None:
    sheets = seats("p2", "p1", "p2")
    sheets["Projects"] = [
        a_row("Projects", key="p1", name_zh="p2"),
        a_row("Projects", key="p2", name_zh="p1"),
    ]
    assert the_portfolio(read_sheets(tmp_path, sheets)).seats[0].project == "p2"


def test_seats_may_name_their_project_where_no_column_of_keys_is_there(tmp_path: Path) -> None:
    sheets = seats("p1", "p1", "p2")
    sheets["Seats"] = [{"项目名称": "p2学校", "stage": "primary", "basis": "stated"}]
    result = read_sheets(tmp_path, sheets)
    assert the_portfolio(result).seats[0].project == "p2"
    assert told(result, "notice") == [("Seats!A1", "project"), ("Seats!A2", "project")]


def test_two_spellings_of_one_source_are_one_source(tmp_path: Path) -> None:
    caps = [a_row("FundingCaps"), a_row("FundingCaps", source="S1")]
    assert told(read_sheets(tmp_path, minimal(FundingCaps=caps)), "error") == [("FundingCaps!A3", "source")]


def test_a_county_takes_the_spelling_that_most_rows_have(tmp_path: Path) -> None:
    sheets = minimal(
        Projects=[a_row("Projects", county="Shizhu")],
        FundingSources=[a_row("FundingSources", county="Shizhu")],
        Capacity=[a_row("Capacity", county="Shizhu")],
        Demand=[a_row("Demand", county="石柱县")],
    )
    result = read_sheets(tmp_path, sheets)
    assert the_portfolio(result).demand[0].county == "Shizhu"
    assert told(result, "notice") == [("Demand!A2", "county")]


@pytest.mark.parametrize("wrong", ["#", "。。", "-x-"])
def test_a_reference_without_a_letter_is_told_like_any_other(tmp_path: Path, wrong: str) -> None:
    projects = [a_row("Projects", key=f"p{number}") for number in range(1, 60)]
    seats = [{"project": wrong, "stage": "primary", "basis": "stated"}]
    result = read_sheets(tmp_path, minimal(Projects=projects, Seats=seats))
    assert told(result, "error") == [("Seats!A2", "project")]


@pytest.mark.parametrize("typed", ["-", "待定", "无", "同上", "〃"])
def test_what_stands_for_nothing_is_no_key(tmp_path: Path, typed: str) -> None:
    result = read_sheets(tmp_path, minimal(Projects=[a_row("Projects", key=typed)]))
    assert told(result, "error") == [("Projects!A2", "key")]


def test_a_dash_for_a_group_is_a_blank(tmp_path: Path) -> None:
    projects = [a_row("Projects", key=key) for key in ("p1", "p2", "p3", "p4")]
    pairs = [
        {"kind": "exclude", "project": "p1", "other": "p2", "group": "-"},
        {"kind": "exclude", "project": "p3", "other": "p4", "group": "无"},
    ]
    result = read_sheets(tmp_path, minimal(Projects=projects, Relations=pairs))
    assert [relation.group for relation in the_portfolio(result).relations] == ["", ""]
    assert told(result, "notice") == [("Relations!D2", "group"), ("Relations!D3", "group")]


@pytest.mark.parametrize(
    ("rows", "warned"),
    [
        ([("p1", "p2"), ("p2", "p1")], ["C3"]),
        ([("p1", "p2"), ("p2", "p3"), ("p3", "p1"), ("p3", "p4")], ["C4"]),
        ([("p1", "p2"), ("p2", "p3"), ("p1", "p3"), ("p4", "p3")], []),
        ([("p1", "p2"), ("p2", "p1"), ("p3", "p4"), ("p4", "p3")], ["C3", "C5"]),
        ([("p1", "p2"), ("p2", "p1", -4)], []),
    ],
)
def test_projects_after_one_another_in_a_circle_are_a_warning(
    tmp_path: Path, rows: list[tuple[Any, ...]], warned: list[str]
) -> None:
    projects = [a_row("Projects", key=key) for key in ("p1", "p2", "p3", "p4")]
    relations = [
        {"kind": "after", "project": row[0], "other": row[1], "lag_years": row[2] if row[2:] else None}
        for row in rows
    ]
    result = read_sheets(tmp_path, minimal(Projects=projects, Relations=relations))
    assert [place for place, _ in told(result, "warning") if "Relations" in place] == [
        f"Relations!{cell}" for cell in warned
    ]


def test_zones_and_counties_with_other_blanks_are_one(tmp_path: Path) -> None:
    sheets = minimal(
        Projects=[a_row("Projects", county="三 都县", zone="城 区")],
        FundingSources=[a_row("FundingSources", county="三都县")],
        Capacity=[a_row("Capacity", county="三都县", zone="城区")],
        Demand=[a_row("Demand", county="三都县", zone="城区")],
        Seats=[{"project": "p1", "stage": "primary", "zone": "城　区", "basis": "stated"}],
    )
    result = read_sheets(tmp_path, sheets)
    portfolio = the_portfolio(result)
    assert (portfolio.projects[0].county, portfolio.projects[0].zone) == ("三都县", "城区")
    assert portfolio.seats[0].zone == "城区"
    assert told(result, "warning") == []
    assert "taken as 三都县" in the_notice(result, "Projects!B2", "county").text.en


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"county": "B"}, "county A"),
        ({"stages": "初中"}, "primary"),
        ({"natures": "迁建"}, "new"),
        ({"county": "*", "stages": "小学；初中", "natures": "新建"}, None),
    ],
)
def test_a_source_that_cannot_pay_its_project_is_a_warning(
    tmp_path: Path, changes: dict[str, object], words: str | None
) -> None:
    sheets = minimal(
        Projects=[a_row("Projects", nature="new")],
        FundingSources=[a_row("FundingSources"), a_row("FundingSources", source="s2", **changes)],
        FundingCaps=[a_row("FundingCaps"), a_row("FundingCaps", source="s2")],
        Capacity=[a_row("Capacity"), a_row("Capacity", county="B")],
        ProjectFunding=[{"project": "p1", "source": "s2"}],
    )
    result = read_sheets(tmp_path, sheets)
    assert told(result, "warning") == ([("ProjectFunding!B2", "source")] if words else [])
    if words:
        assert words in the_notice(result, "ProjectFunding!B2", "source").text.en


def test_suggestions_among_many_keys_stay_quick() -> None:
    suggester = Suggester(f"school-{number:05}" for number in range(20_000))
    begun = time.process_time()
    assert suggester.nearest("schol-01234") == "school-01234"
    for number in range(20_000):
        suggester.nearest(f"scool-{number:05}-x")
    assert time.process_time() - begun < 3
