"""The template in LibreOffice: its formulas calculate what is stored, see what people get wrong, and
what LibreOffice saves reads back equal."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from openpyxl.workbook import Workbook

from portfolio.domain.demand import Capacity, Demand
from portfolio.domain.fingerprint import portfolio_sha256
from portfolio.domain.funding import FundingCaps, FundingSource, ProjectFunding
from portfolio.domain.portfolio import Portfolio
from portfolio.domain.project import Project, Relation, RelationKind, SeatEffect, SpendingProfile, Stage
from portfolio.workbook.layout import LISTS_TITLE, SHEETS
from portfolio.workbook.reader import read
from portfolio.workbook.writer import write
from tests.report.workbook.opened import needs_office, opened, recalculated

pytestmark = [pytest.mark.office, needs_office]

SHIPPED = Path(__file__).parents[2] / "data" / "projects.xlsx"
PLACE: dict[str, Any] = {"county": "某县", "stage": Stage.PRIMARY}
THIRDS = (Decimal("0.333333333333333"), Decimal("0.333333333333333"), Decimal("0.333333333333334"))

ODD_KEYS = ("007", "7", "2024-05-01", "1E5", "123456789012345", "3/4", "TRUE", "=p", "-1", "a b", "#N/A")
"""Keys that a program might take for numbers, dates, formulas or errors."""

ODD_TEXTS = (
    "=1+1", "+86 23 1234", "@x", "0012", "1,234", "50%", "2024年5月", "一行\n二行\n\n四行", "😀👩\u200d👧 学校",
    "空格  在  里面", "<&>\"'", "长" * 5000, "'引号", "_x0041_", "1e400",
)  # fmt: skip


def odd(keys: Sequence[str] = ODD_KEYS) -> Portfolio:
    """What spreadsheets like to change, with `keys` for the projects."""
    projects = tuple(
        Project(
            key=key, name_zh=ODD_TEXTS[n % len(ODD_TEXTS)] + str(n), notes=ODD_TEXTS[(n + 4) % len(ODD_TEXTS)],
            scale=ODD_TEXTS[(n + 9) % len(ODD_TEXTS)], total_cost=530 + 10 ** (n % 8), duration_years=3,
            floor_area_m2=Decimal("0.1") + Decimal("0.2") + n, zone="城区" if n % 2 else "", **PLACE,
        )
        for n, key in enumerate(keys)
    )  # fmt: skip
    return Portfolio(
        projects=projects,
        seats=tuple(SeatEffect(project=key, stage=Stage.PRIMARY, seats_added=450) for key in keys),
        spending=(SpendingProfile(project="007", shares=THIRDS),),
        funding_sources=(
            FundingSource(key="001", county="*", carry_over_years=None, stages=(Stage.PRIMARY, Stage.JUNIOR)),
            FundingSource(key="1.10", county="某县"),
        ),
        funding_caps=tuple(
            FundingCaps(source=key, amounts={2026: 12345678901, 2027: 1}) for key in ("001", "1.10")
        ),
        project_funding=(
            ProjectFunding(project="007", source="001", min_share=Decimal("0.07"), max_share=Decimal("0.29")),
            ProjectFunding(project="007", source="1.10"),
        ),
        capacity=(Capacity(seats={2026: 1000}, **PLACE), Capacity(seats={2026: 50}, public=False, **PLACE)),
        demand=(
            Demand(seats={2026: 900, 2030: 1400}, **PLACE),
            Demand(seats={2027: 9}, zone="城区", **PLACE),
        ),
        relations=(Relation(kind=RelationKind.AFTER, project="007", other="7", lag_years=-1),),
    )


def shipped() -> Portfolio:
    found = read(SHIPPED).portfolio
    assert found is not None
    return found


PORTFOLIOS: dict[str, Callable[[], Portfolio]] = {"shipped": shipped, "odd": odd, "nothing": Portfolio}


def saved_by_office(path: Path, folder: Path, kind: str = "xlsx:Calc MS Excel 2007 XML") -> Path:
    """The workbook as LibreOffice saves it."""
    profile, out = folder / "office", folder / "saved"
    command = ["soffice", f"-env:UserInstallation={profile.as_uri()}", "--headless"]
    command += ["--convert-to", kind, "--outdir", str(out), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=240)
    return out / f"{path.stem}.{kind.partition(':')[0]}"


# --- there and back -----------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["xlsx:Calc MS Excel 2007 XML", "ods"])
@pytest.mark.parametrize("name", PORTFOLIOS)
def test_what_libreoffice_saves_reads_back_equal(name: str, kind: str, tmp_path: Path) -> None:
    portfolio = PORTFOLIOS[name]()
    write(portfolio, tmp_path / "p.xlsx")
    result = read(saved_by_office(tmp_path / "p.xlsx", tmp_path, kind))
    assert result.portfolio is not None, [n.line() for n in result.notices][:5]
    assert result.portfolio == portfolio
    assert portfolio_sha256(result.portfolio) == portfolio_sha256(portfolio)


# --- calculated columns -------------------------------------------------------------------------


# "#N/A" as a criterion means the error, in every spreadsheet.
CALCULATED: dict[str, Callable[[], Portfolio]] = {
    **PORTFOLIOS,
    "odd": lambda: odd([key for key in ODD_KEYS if key != "#N/A"]),
}


@pytest.mark.parametrize("name", CALCULATED)
def test_libreoffice_calculates_what_is_stored(name: str, tmp_path: Path) -> None:
    path = tmp_path / "p.xlsx"
    write(CALCULATED[name](), path)
    stored, formulas, calculated = opened(path), opened(path, formulas=True), recalculated(path, tmp_path)
    cells = [
        (sheet.title, cell.coordinate)
        for sheet in formulas
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    ]
    assert len(cells) > 3000
    for title, place in cells:
        before, after = stored[title][place].value or "", calculated[title][place].value or ""
        same = before == after if isinstance(before, str) else after == pytest.approx(before, rel=1e-9)
        assert same, (title, place, before, after)


CHECKED: Mapping[str, tuple[tuple[Mapping[str, Any], tuple[str, ...]], ...]] = {
    "projects": (
        ({"key": "p1", "name_zh": "一小", "county": "A", "stage": "小学", "total_cost": 900}, ()),
        ({"key": "p2"}, ("缺少区县", "缺少主要学段", "没有名称", "没有投资")),
        ({"key": "p1", "name_zh": "x", "county": "A", "stage": "小学", "floor_area_m2": 9}, ("项目编码重复",)),
        ({"name_zh": "x", "county": "A", "stage": "小学", "total_cost": "2.6亿"}, ("缺少项目编码", "数字列有文字")),
        ({"key": "p5", "name_zh": "x", "county": "A", "stage": "小学", "total_cost": 2, "earliest_start": 29}, ("万元", "四位")),
        ({"key": "p6", "name_zh": "x", "county": "A", "stage": "小学", "total_cost": 99, "duration_years": 3, "earliest_start": 2027, "latest_finish": 2028}, ("建不完",)),
        ({"key": "p7", "name_zh": "x", "county": "A", "stage": "小学", "total_cost": 99, "fixed_start": 2026, "earliest_start": 2027}, ("早于最早开工",)),
    ),
    "seats": (
        ({"project": "p1", "stage": "小学", "seats_added": 100}, ()),
        ({"project": "nothing", "stage": "小学"}, ("项目编码不存在",)),
    ),
    "spending": (
        ({"project": "p6", "year_1": 0.5, "year_2": 0.4}, ("不是 100%", "年数与工期不符")),
        ({"project": "p6", "year_1": 0.5, "year_2": 0.3, "year_3": 0.2}, ("同一项目有两行",)),
    ),
    "funding_sources": (({"source": "s1", "county": "A"}, ()), ({"source": "s2", "county": "A"}, ("年度资金表中没有",))),
    "funding_caps": (({"source": "s1", "2026": 100}, ()), ({"source": "s3", "2026": "约100"}, ("来源编码不存在", "数字列有文字"))),
    "project_funding": (
        ({"project": "p1", "source": "s1", "min_share": 0.7, "max_share": 0.6}, ("最低高于最高", "不足 100%")),
        ({"project": "p2", "source": "s1", "min_share": 0.7}, ("超过 100%",)),
        ({"project": "p2", "source": "s2", "min_share": 0.7}, ("超过 100%",)),
    ),
    "capacity": (
        ({"county": "A", "stage": "小学", "2026": 500}, ("有两行",)),
        ({"county": "A", "stage": "小学"}, ("有两行", "没有任何年份的数")),
    ),
    "demand": (({"county": "A", "stage": "小学", "2026": 600, "2027": 700}, ()), ({"county": "A", "zone": "城区", "stage": "小学", "2026": 1}, ())),
    "relations": (
        ({"kind": "先后 after", "project": "p1", "other": "p6"}, ()),
        ({"kind": "先后", "project": "p1"}, ("缺少先建者",)),
        ({"kind": "互斥", "project": "p1", "other": "p1"}, ("自己",)),
    ),
    "milestones": (({"project": "p9", "kind": "投用", "year": 2026}, ("项目编码不存在",)),),
    "norms": (({"county": "A"}, ("没有任何指标",)),),
}  # fmt: skip
"""Table -> rows as people type them, and what the check must name; nothing: OK."""


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> Workbook:
    """The template after people typed into it, calculated."""
    folder = tmp_path_factory.mktemp("typed")
    path = folder / "template.xlsx"
    write(Portfolio(), path)
    book = opened(path, formulas=True)
    for layout in SHEETS:
        for number, (row, _) in enumerate(CHECKED[layout.table], start=2):
            for key, value in row.items():
                book[layout.title].cell(number, column_of(book, layout.title, key), value)
    book.save(path)
    return recalculated(path, folder)


def column_of(book: Workbook, title: str, key: str) -> int:
    return [str(cell.value).split()[-1] for cell in book[title][1]].index(key) + 1


def shown(book: Workbook, table: str, row: int, key: str) -> Any:
    title = next(layout.title for layout in SHEETS if layout.table == table)
    return book[title].cell(row, column_of(book, title, key)).value


@pytest.mark.parametrize("table", CHECKED)
def test_the_check_names_what_is_wrong_with_a_row_and_nothing_else(table: str, typed: Workbook) -> None:
    for number, (_, expected) in enumerate(CHECKED[table], start=2):
        said = shown(typed, table, number, "check")
        if expected:
            assert len(said.split("；")) == len(expected), said
            assert all(word in said for word in expected), said
        else:
            assert said == "OK"
    assert not shown(typed, table, len(CHECKED[table]) + 2, "check")


def test_calculated_figures_follow_what_is_typed(typed: Workbook) -> None:
    assert shown(typed, "projects", 2, "seats_total") == 100
    assert shown(typed, "projects", 2, "yuan_per_seat") == 90_000
    assert shown(typed, "projects", 4, "yuan_per_m2") in (None, "")
    assert shown(typed, "seats", 2, "project_name") == "一小"
    assert shown(typed, "seats", 3, "project_name") == "？"
    assert shown(typed, "funding_sources", 2, "caps_total") == 100
    demand = [
        shown(typed, "demand", 2, key) for key in ("last_year_seats", "existing_seats", "gap", "gap_after")
    ]
    assert demand == [700, 500, 200, 100]
    assert shown(typed, "demand", 3, "existing_seats") == 0  # another zone


def test_drop_downs_of_places_and_the_guide_grow_with_what_is_typed(typed: Workbook) -> None:
    rows = [[cell.value for cell in row] for row in typed[LISTS_TITLE].iter_rows(min_row=2, max_row=5)]
    counties, zones = [row[-2] or "" for row in rows], [row[-1] or "" for row in rows]
    assert counties == ["*", "A", "", ""]
    assert zones[1:] == ["城区", "", ""]
    guide = {row[0].value: [cell.value for cell in row[3:5]] for row in typed["说明 Guide"].iter_rows()}
    assert guide["项目 Projects"] == [7, 6]
    assert guide["学位需求 Demand"] == [2, 0]


def test_hidden_and_moved_rows_and_columns_read_back_equal(tmp_path: Path) -> None:
    """What filtering and re-ordering leave behind: hidden rows, and columns in another order."""
    portfolio = replace(odd(), relations=())
    write(portfolio, tmp_path / "p.xlsx")
    book = opened(tmp_path / "p.xlsx", formulas=True)
    sheet = book["项目 Projects"]
    for row in range(3, 8):
        sheet.row_dimensions[row].hidden = True
    sheet.move_range("B1:B200", rows=0, cols=40)
    book.save(tmp_path / "p.xlsx")
    assert read(saved_by_office(tmp_path / "p.xlsx", tmp_path)).portfolio == portfolio
