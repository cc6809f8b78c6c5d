"""Every error, warning and notice of the reader: at its cell, in both languages, all at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from portfolio.workbook.reader import read
from tests.workbook.builders import (
    MINIMAL,
    Rows,
    a_row,
    a_workbook,
    minimal,
    read_sheets,
    the_notice,
    the_portfolio,
    told,
)


class Case(NamedTuple):
    """Sheets that replace or join the minimal ones; the only notice they lead to, and its words."""

    sheets: dict[str, Rows]
    severity: str
    place: str
    column: str
    words: str


def _project(**changes: object) -> dict[str, Rows]:
    return {"Projects": [a_row("Projects", **changes)]}


def _second(**changes: object) -> dict[Any, object]:
    return a_row("Projects", **{"key": "p2", "name_zh": "二小", **changes})


def _sources(**changes: object) -> dict[str, Rows]:
    return {"FundingSources": [a_row("FundingSources", **changes)]}


def _seats(**changes: object) -> dict[str, Rows]:
    return {"Seats": [{"project": "p1", "stage": "primary", "basis": "stated", **changes}]}


def _relations(*rows: dict[str, object]) -> dict[str, Rows]:
    return {"Projects": [a_row("Projects"), _second()], "Relations": list(rows)}


def _shares(*rows: Mapping[str, object]) -> dict[str, Rows]:
    second = a_row("FundingSources", source="s2"), a_row("FundingCaps", source="s2")
    return {
        "FundingSources": [a_row("FundingSources"), second[0]],
        "FundingCaps": [a_row("FundingCaps"), second[1]],
        "ProjectFunding": list(rows),
    }


CASES: dict[str, Case] = {
    # --- single cells
    "text in a number cell": Case(_project(total_cost="待定"), "error", "Projects!D2", "total_cost", "write 万元"),
    "a negative amount": Case(_project(total_cost=-1), "error", "Projects!D2", "total_cost", "negative"),
    "three decimals": Case(_project(total_cost=100.005), "notice", "Projects!D2", "total_cost", "rounded to 100.01"),
    "a number stored as text": Case(_project(total_cost="1,234"), "notice", "Projects!D2", "total_cost", "read as 1234"),
    "half a year": Case(_project(duration_years=1.5), "error", "Projects!E2", "duration_years", "whole number"),
    "no duration at all": Case(_project(duration_years=0), "error", "Projects!E2", "duration_years", "1–99"),
    "priority 6": Case(_project(priority=6), "error", "Projects!H2", "priority", "1–5"),
    "a year of two digits": Case(_project(earliest_start=29), "error", "Projects!H2", "earliest_start", "four digits"),
    "a year as text": Case(_project(earliest_start="2024年"), "notice", "Projects!H2", "earliest_start", "2024"),
    "an unknown stage": Case(_project(stage="primry"), "error", "Projects!C2", "stage", "did you mean 小学 primary?"),
    "an unknown status": Case(_project(status="等"), "warning", "Projects!H2", "status", "kept"),
    "an untidy key": Case(_project(key="p\u200b1"), "notice", "Projects!A2", "key", "tidied"),
    "a blank key": Case({"Projects": [a_row("Projects"), _second(key=None)]}, "error", "Projects!A3", "key", "blank"),
    "a blank county": Case(_sources(county=None), "error", "FundingSources!B2", "county", "blank"),
    "a blank stage": Case({"Demand": [a_row("Demand"), a_row("Demand", stage=None)]}, "error", "Demand!B3", "stage", "blank"),
    "negative seats": Case({"Demand": [a_row("Demand", y2022=-5)]}, "error", "Demand!E2", "2022", "negative"),
    "half a seat": Case({"Capacity": [a_row("Capacity", y2021=0.5)]}, "error", "Capacity!D2", "2021", "whole number"),
    "text in a cap": Case({"FundingCaps": [a_row("FundingCaps", y2022="待定")]}, "error", "FundingCaps!D2", "2022", "amount"),
    "a carry-over in words": Case(_sources(carry_over_years="长期"), "error", "FundingSources!D2", "carry_over_years", "unlimited"),
    "an unknown stage in a list": Case(_sources(stages="小学；大学"), "error", "FundingSources!D2", "stages", "大学"),
    "a formula that was never calculated": Case(_project(total_cost="=1+1"), "error", "Projects!D2", "total_cost", "save once"),
    "an error value": Case(_project(total_cost="#REF!"), "error", "Projects!D2", "total_cost", "save once"),
    # --- projects
    "a cost over a million": Case(_project(total_cost=1_000_001), "error", "Projects!D2", "total_cost", "over 1,000,000"),
    "a cost under five": Case(_project(total_cost=4.99), "warning", "Projects!D2", "total_cost", "under 5"),
    "a cost that no norm estimates": Case(_project(total_cost=None), "error", "Projects!D2", "total_cost", "no norm"),
    "a duration that no norm gives": Case(_project(duration_years=None), "error", "Projects!E2", "duration_years", "no norm"),
    "an estimated duration": Case(
        {**_project(duration_years=None), "Norms": [{"stage": "primary", "duration_years": 3, "basis": "stated"}]},
        "notice", "Projects!E2", "duration_years", "estimated from Norms: 3",
    ),
    "an estimated cost": Case(
        {
            **_project(total_cost=None, floor_area_m2=1000),
            "Norms": [{"stage": "primary", "cost_per_m2": 3200, "basis": "stated"}],
        },
        "notice", "Projects!D2", "total_cost", "320 万元",
    ),
    "a window that ends before it begins": Case(
        _project(earliest_start=2024, latest_finish=2023), "warning", "Projects!I2", "latest_finish", "2024"
    ),
    "a window too short for the works": Case(
        _project(earliest_start=2023, latest_finish=2023), "warning", "Projects!I2", "latest_finish", "only in 2024"
    ),
    "under construction without a start": Case(
        _project(status="under_construction"), "warning", "Projects!H2", "status", "fixed_start"
    ),
    "suspended, yet in the plan": Case(
        _project(status="suspended"), "warning", "Projects!H2", "status", "exclude"
    ),
    "a fixed start before the earliest": Case(
        _project(earliest_start=2023, fixed_start=2022), "warning", "Projects!I2", "fixed_start", "2023"
    ),
    "a nature that money asks for": Case(_sources(natures="new"), "warning", "Projects!A2", "nature", "will not pay"),
    "a project without a name": Case(_project(name_zh=None), "warning", "Projects!F2", "name_zh", "no name"),
    "two projects with one name": Case(
        {"Projects": [a_row("Projects"), _second(name_zh="一小")]}, "warning", "Projects!F3", "name_zh", "Projects!F2"
    ),
    "no basis": Case(_project(basis=None), "warning", "Projects!G2", "basis", "rows: 1"),
    # --- duplicates
    "a project twice": Case(
        {"Projects": [a_row("Projects"), _second(key="p1")]}, "error", "Projects!A3", "key", "Projects!A2"
    ),
    "a source twice": Case(
        {"FundingSources": [a_row("FundingSources")] * 2}, "error", "FundingSources!A3", "source", "FundingSources!A2"
    ),
    "caps twice": Case({"FundingCaps": [a_row("FundingCaps")] * 2}, "error", "FundingCaps!A3", "source", "FundingCaps!A2"),
    "demand twice": Case({"Demand": [a_row("Demand")] * 2}, "error", "Demand!A3", "county", "Demand!A2"),
    "capacity twice, once by default": Case(
        {"Capacity": [a_row("Capacity"), a_row("Capacity", public="是")]}, "error", "Capacity!A3", "county", "Capacity!A2"
    ),
    "spending twice": Case(
        {"Spending": [{"project": "p1", "year_1": 1}] * 2}, "error", "Spending!A3", "project", "Spending!A2"
    ),
    "project and source twice": Case(
        _shares(*[{"project": "p1", "source": "s1"}] * 2), "error", "ProjectFunding!A3", "project", "ProjectFunding!A2"
    ),
    # --- references
    "seats of an unknown project": Case(_seats(project="p"), "error", "Seats!A2", "project", 'did you mean "p1"?'),
    "seats in an unknown zone": Case(
        {**_project(zone="东城"), "Capacity": [a_row("Capacity", zone="东城")], "Demand": [a_row("Demand", zone="东城")],
         **_seats(zone="城东")},
        "error", "Seats!D2", "zone", "does not exist",
    ),
    "spending of an unknown project": Case(
        {"Spending": [{"project": "x9", "year_1": 1}]}, "error", "Spending!A2", "project", "does not exist"
    ),
    "caps of an unknown source": Case(
        {"FundingCaps": [a_row("FundingCaps"), a_row("FundingCaps", source="s11")]},
        "error", "FundingCaps!A3", "source", 'did you mean "s1"?',
    ),
    "funding of an unknown project": Case(
        _shares({"project": "x9", "source": "s1"}), "error", "ProjectFunding!A2", "project", "does not exist"
    ),
    "funding from an unknown source": Case(
        _shares({"project": "p1", "source": "x9"}), "error", "ProjectFunding!B2", "source", "does not exist"
    ),
    "a relation of an unknown project": Case(
        _relations({"kind": "after", "project": "x9", "other": "p2"}), "error", "Relations!B2", "project", "exist"
    ),
    "a relation to an unknown project": Case(
        _relations({"kind": "after", "project": "p1", "other": "x9"}), "error", "Relations!C2", "other", "exist"
    ),
    "a milestone of an unknown project": Case(
        {"Milestones": [{"project": "x9", "kind": "open_by", "year": 2024}]}, "error", "Milestones!A2", "project", "exist"
    ),
    "a source without caps": Case(
        {"FundingSources": [a_row("FundingSources"), a_row("FundingSources", source="s2")]},
        "warning", "FundingSources!A3", "source", "no row in FundingCaps",
    ),
    "zones and whole county together": Case(
        {"Demand": [a_row("Demand"), a_row("Demand", zone="东城")]}, "warning", "Demand!F3", "zone", "apart"
    ),
    "a project in a county without seats": Case(
        {"Projects": [a_row("Projects", county="三都县")], "FundingSources": [a_row("FundingSources", county="*")],
         "Capacity": [a_row("Capacity", county="三都"), a_row("Capacity", county="荔波")],
         "Demand": [a_row("Demand", county="三都")]},
        "warning", "Projects!B2", "county", 'did you mean "三都"?',
    ),
    "a source of an unknown county": Case(
        {"FundingSources": [a_row("FundingSources"), a_row("FundingSources", source="s2", county="AB")],
         "FundingCaps": [a_row("FundingCaps"), a_row("FundingCaps", source="s2")]},
        "warning", "FundingSources!B3", "county", 'did you mean "A"?',
    ),
    # --- relations
    "after without another project": Case(
        _relations({"kind": "after", "project": "p1", "lag_years": 1}), "error", "Relations!A2", "other", "earlier project"
    ),
    "a project after itself": Case(
        _relations({"kind": "先后", "project": "p1", "other": "p1"}), "error", "Relations!C2", "other", "itself"
    ),
    "a group of one": Case(
        _relations({"kind": "choose", "project": "p1", "group": "g"}, {"kind": "exclude", "project": "p2", "group": "g", "other": "p1"}),
        "warning", "Relations!C2", "group", "one member",
    ),
    "an unknown relation": Case(
        _relations({"kind": "befor", "project": "p1", "other": "p2"}), "error", "Relations!A2", "kind", "write one of"
    ),
    # --- shares
    "spending that adds up to 90 %": Case(
        {"Spending": [{"project": "p1", "year_1": 0.5, "year_2": 0.4}]}, "error", "Spending!B2", "year_1", "90%"
    ),
    "spending without shares": Case(
        {"Spending": [{"project": "p1", "year_1": None}]}, "error", "Spending!B2", "year_1", "0%"
    ),
    "spending in percents that add up to 99": Case(
        {"Spending": [{"project": "p1", "year_1": 1, "year_2": 98}]}, "error", "Spending!C2", "year_2", "98%"
    ),
    "a bare percent in project funding": Case(
        _shares({"project": "p1", "source": "s1", "min_share": 60}), "error", "ProjectFunding!C2", "min_share", "Write 60% or 0.6"
    ),
    "min above max": Case(
        _shares({"project": "p1", "source": "s1", "min_share": 0.6, "max_share": 0.5}),
        "error", "ProjectFunding!D2", "max_share", "60.00%",
    ),
    "least shares over 100 %": Case(
        _shares({"project": "p1", "source": "s1", "min_share": 0.6}, {"project": "p1", "source": "s2", "min_share": "50%"}),
        "error", "ProjectFunding!C3", "min_share", "110.00%",
    ),
    "greatest shares under 100 %": Case(
        _shares({"project": "p1", "source": "s1", "max_share": 0.6}, {"project": "p1", "source": "s2", "max_share": 0.3}),
        "warning", "ProjectFunding!C2", "max_share", "90.00%",
    ),
    # --- sheets and columns
    "a sheet twice": Case({"需求": [{"a": 1}], "学位需求": [a_row("Demand")]}, "error", "学位需求", "", 'the same table as the sheet "Demand"'),
    "a column twice": Case(_project(总投资=5), "error", "Projects!H1", "total_cost", "Projects!D1"),
    "a year twice": Case({"Demand": [{**a_row("Demand"), "2022年": 1}]}, "error", "Demand!F1", "2022", "Demand!E1"),
    "a unit in the header that cannot be converted": Case(
        {"Projects": [{("总投资（万美元）" if k == "total_cost" else k): v for k, v in a_row("Projects").items()}]},
        "error", "Projects!D1", "total_cost", "unit must be 万元",
    ),
    "a needed column missing, one like it there": Case(
        {"Projects": [{("区县代号" if k == "county" else k): v for k, v in a_row("Projects").items()}]},
        "error", "Projects!B1", "county", 'is it "区县代号"?',
    ),
    "no header row": Case({"Relations": [{"随便": "写"}]}, "error", "Relations", "", "no header row"),
}  # fmt: skip


@pytest.mark.parametrize("name", list(CASES))
def test_is_told_at_its_cell(tmp_path: Path, name: str) -> None:
    case = CASES[name]
    result = read_sheets(tmp_path, minimal(**case.sheets))
    notice = the_notice(result, case.place, case.column)
    assert notice.severity == case.severity
    assert case.words in notice.text.en
    assert notice.text.zh
    assert (result.portfolio is None) == (case.severity == "error")


ALONE = [
    name
    for name in CASES
    if not name.startswith(("a sheet twice", "a needed column", "spending in percents"))
]


@pytest.mark.parametrize("name", ALONE)
def test_one_mistake_is_told_once(tmp_path: Path, name: str) -> None:
    case = CASES[name]
    result = read_sheets(tmp_path, minimal(**case.sheets))
    same = [n for n in result.notices if n.severity == case.severity]
    assert [(n.place, n.column) for n in same] == [(case.place, case.column)], [n.line() for n in same]


def test_all_problems_are_told_at_once_in_the_order_of_the_workbook(tmp_path: Path) -> None:
    sheets = {
        "Demand": [a_row("Demand", y2022="x", y2021=-1)],
        "Projects": [a_row("Projects", total_cost="待定", county=None), _second(stage="?", duration_years=0)],
        "FundingCaps": [a_row("FundingCaps", source="s9", y2021="y")],
    }
    result = read_sheets(tmp_path, minimal(**sheets))
    assert told(result, "error") == [
        ("Projects!B2", "county"),
        ("Projects!D2", "total_cost"),
        ("Projects!C3", "stage"),
        ("Projects!E3", "duration_years"),
        ("FundingCaps!A2", "source"),
        ("FundingCaps!C2", "2021"),
        ("Demand!D2", "2021"),
        ("Demand!E2", "2022"),
    ]


def test_a_line_names_place_column_what_was_found_and_what_to_write(tmp_path: Path) -> None:
    result = read_sheets(tmp_path, minimal(**_project(total_cost="待定")))
    line = the_notice(result, "Projects!D2", "total_cost").line("en")
    assert (
        line
        == 'Projects!D2 total_cost: "待定" is not an amount; write 万元, e.g. 18968; or leave it blank to have it estimated'
    )


def test_a_missing_column_is_named_once_and_does_not_drag_others_along(tmp_path: Path) -> None:
    rows = [{k: v for k, v in a_row("Projects").items() if k != "key"}]
    result = read_sheets(tmp_path, minimal(Projects=rows, **_seats()))
    assert told(result, "error") == [("Projects!A1", "key")]
    assert "项目 Projects" in the_notice(result, "Projects!A1", "key").text.en


def test_unreadable_norms_do_not_make_estimates_fail_too(tmp_path: Path) -> None:
    norms: Rows = [{"stage": "primary", "duration_years": "三年左右", "basis": "stated"}]
    result = read_sheets(tmp_path, minimal(**_project(duration_years=None), Norms=norms))
    assert told(result, "error") == [("Norms!B2", "duration_years")]


def test_private_and_public_capacity_stand_side_by_side(tmp_path: Path) -> None:
    rows = [a_row("Capacity"), a_row("Capacity", public="否")]
    assert len(the_portfolio(read_sheets(tmp_path, minimal(Capacity=rows))).capacity) == 2


def test_a_zone_that_demand_names_is_known(tmp_path: Path) -> None:
    zoned = {"Demand": [a_row("Demand", zone="东城")], "Capacity": [a_row("Capacity", zone="东城")]}
    result = read_sheets(tmp_path, minimal(**zoned, **_seats(zone="东城")))
    assert the_portfolio(result).seats[0].zone == "东城"


@pytest.mark.parametrize(
    "change", [lambda ws: ws.merge_cells("A2:A3"), lambda ws: None], ids=["merged", "typed"]
)
def test_a_key_that_covers_two_rows_is_a_duplicate(tmp_path: Path, change: Callable[[Any], None]) -> None:
    path = tmp_path / "projects.xlsx"
    workbook = a_workbook(path, minimal(Projects=[a_row("Projects"), _second(key="p1")]))
    change(workbook["Projects"])
    workbook.save(path)
    assert told(read(path), "error") == [("Projects!A3", "key")]


def test_many_rows_without_a_basis_get_one_warning_with_their_number(tmp_path: Path) -> None:
    rows = [_second(key=f"p{n}", name_zh=f"{n}小", basis=None) for n in range(5)]
    result = read_sheets(tmp_path, minimal(Projects=rows))
    assert told(result, "warning") == [("Projects!G2", "basis")]
    assert "rows: 5" in the_notice(result, "Projects!G2", "basis").text.en


def test_shares_that_reach_100_percent_exactly_are_fine(tmp_path: Path) -> None:
    rows: Rows = [
        {"project": "p1", "source": "s1", "min_share": 0.6, "max_share": 0.6},
        {"project": "p1", "source": "s2", "min_share": "40%", "max_share": "40%"},
    ]
    assert read_sheets(tmp_path, minimal(**_shares(*rows))).notices == ()


def test_the_minimal_workbook_has_nothing_to_tell(tmp_path: Path) -> None:
    assert read_sheets(tmp_path, MINIMAL).notices == ()
