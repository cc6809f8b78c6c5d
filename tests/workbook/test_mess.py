"""A valid workbook made a mess of: whatever is certain reads as before, whatever is not is an error at
its very cell."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from random import Random
from typing import Any

import pytest
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from portfolio.domain.portfolio import Portfolio
from portfolio.workbook.layout import SHEETS, Column, Kind, Sheet
from portfolio.workbook.reader import read
from tests.workbook.builders import Rows, a_workbook, the_portfolio, told

STATED = {"basis": "stated"}
CLEAN: dict[str, Rows] = {
    "Projects": [
        {
            "key": f"school-{n}", "name_zh": f"第{n}小学", "county": "云阳县" if n < 3 else "梁平区", "nature": "new",
            "stage": "primary" if n % 2 else "junior", "floor_area_m2": 12600 + n, "total_cost": 5000 + n, "duration_years": 2,
            "earliest_start": 2026, "latest_finish": 2031, "mandatory": "yes" if n == 1 else "no", "priority": 2, **STATED,
        }
        for n in range(1, 6)
    ],
    "Seats": [
        {"project": f"school-{n}", "stage": "primary", "classes": 24, "seats_added": 1080, "public": "yes", **STATED}
        for n in range(1, 6)
    ],
    "Spending": [{"project": "school-1", "year_1": 0.6, "year_2": 0.4}],
    "FundingSources": [
        {"source": "county-1", "county": "云阳县", "stages": "primary;junior", "carry_over_years": 1, **STATED},
        {"source": "county-2", "county": "梁平区", "stages": "primary;junior", "carry_over_years": 1, **STATED},
    ],
    "FundingCaps": [{"source": f"county-{n}", 2026: 9000, 2027: 8000, **STATED} for n in (1, 2)],
    "ProjectFunding": [{"project": "school-1", "source": "county-1", "min_share": 0.5, "max_share": 1}],
    "Capacity": [{"county": c, "stage": "primary", "public": "yes", 2026: 3000, **STATED} for c in ("云阳县", "梁平区")],
    "Demand": [{"county": c, "stage": "primary", 2026: 4000, 2027: 4500, **STATED} for c in ("云阳县", "梁平区")],
    "Relations": [{"kind": "after", "project": "school-2", "other": "school-1", "lag_years": 1}],
    "Milestones": [{"project": "school-1", "kind": "open_by", "year": 2029, "firm": "no"}],
}  # fmt: skip
BY_NAME = {sheet.en: sheet for sheet in SHEETS}


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Portfolio:
    path = tmp_path_factory.mktemp("clean") / "projects.xlsx"
    a_workbook(path, CLEAN)
    result = read(path)
    assert result.notices == ()
    return the_portfolio(result)


# --- edits whose meaning is certain -------------------------------------------------------------

FULL_WIDTH = str.maketrans("0123456789,.%", "０１２３４５６７８９，．％")
SPACES = ("", " ", "\u00a0", "\u3000", "\u200b", "\n")
UNITS = {
    "total_cost": ("万元", "万", " 万元"),
    "floor_area_m2": ("㎡", "平方米", "m²"),
    "duration_years": ("年",),
    "classes": ("个班", "班"),
    "seats_added": ("座", "个", "人"),
}
FIGURES = (Kind.INT, Kind.MONEY_WAN, Kind.DECIMAL, Kind.CARRY_OVER)
LISTED = (Kind.STAGE, Kind.NATURE, Kind.BASIS, Kind.YES_NO, Kind.RELATION, Kind.MILESTONE)


def messy(value: object, column: Column, random: Random) -> object:
    """The value in another form that means the same for certain."""
    if random.random() < 0.4:
        return value
    pad = random.choice(SPACES)
    if column.kind in FIGURES:
        unit = random.choice(UNITS.get(column.key, ("",)))
        figure = random.choice((f"{value}", f"{value:,}", f"{value}.0", f"{value:,}".translate(FULL_WIDTH)))
        return f"{pad}{figure}{unit}"
    if column.kind is Kind.YEAR:
        return random.choice(
            (
                f"{value}年",
                f"{value}",
                f"{value}/9",
                f"{value}年9月",
                46023 + 365 * (int(str(value)) - 2026) + 100,
            )
        )
    if column.kind is Kind.SHARE:
        return random.choice((f"{float(str(value)):.0%}", f"{value}"))
    text = str(value)
    if column.kind in LISTED:
        return pad + random.choice((text.upper(), f" {text} ", text.replace("p", "ｐ")))
    if column.kind is Kind.KEY:
        other = text.upper().replace("-", " - ") if column.key in ("project", "other") else text
        return pad + random.choice((text, f"{text} ", other))
    return f"{pad}{text} " if column.kind is Kind.TEXT else value


def header(column: Column, random: Random) -> str:
    bare = column.zh.split("（")[0]
    return random.choice(
        (column.key, column.zh, f"{column.zh} {column.key}", f"{bare}\n{column.key}", f" {bare} ")
    )


def messed_up(sheet: Sheet, rows: Rows, random: Random) -> list[list[Any]]:
    """The cells of a sheet after certain edits, the header among them."""
    columns = list(dict.fromkeys(key for row in rows for key in row))
    random.shuffle(columns)
    named = [
        header(sheet.column(str(key)), random) if isinstance(key, str) else f"{key}年" for key in columns
    ]
    table = [[messy(row.get(key), sheet.column(str(key)), random) for key in columns] for row in rows]
    wide = len(columns)
    extras: list[list[Any]] = [
        [None] * wide,
        ["合 计", *[None] * (wide - 1)],
        ["注：以上为估算", *[None] * (wide - 1)],
        [*named],
    ]
    for extra in extras:
        if random.random() < 0.5:
            table.insert(random.randrange(1, len(table) + 1), extra)
    titles: list[list[Any]] = [["2026年度表"], ["单位：万元"]] if random.random() < 0.5 else []
    return [*titles, named, *table]


def merge_counties(worksheet: Worksheet) -> None:
    """Merge what stands twice in neighbouring cells of the column of counties."""
    for column in worksheet.iter_cols():
        names = [cell.value for cell in column]
        for row in range(1, len(names)):
            if names[row - 1] == names[row] == "梁平区":
                letter = get_column_letter(column[0].column or 1)
                worksheet.merge_cells(f"{letter}{row}:{letter}{row + 1}")
                return


@pytest.mark.parametrize("seed", range(40))
def test_certain_edits_change_nothing(tmp_path: Path, clean: Portfolio, seed: int) -> None:
    random = Random(seed)  # a test needs no secret
    path = tmp_path / "projects.xlsx"
    workbook = a_workbook(path, CLEAN)
    for name, rows in CLEAN.items():
        worksheet = workbook[name]
        worksheet.delete_rows(1, 100)
        for row in messed_up(BY_NAME[name], rows, random):
            worksheet.append(row)
        if random.random() < 0.5:
            merge_counties(worksheet)
        if random.random() < 0.3:
            worksheet.row_dimensions[worksheet.max_row].hidden = True
        worksheet.title = random.choice((name, BY_NAME[name].zh, BY_NAME[name].title, f" {name} "))
    workbook.save(path)
    result = read(path)
    assert told(result, "error") == [], [n.line() for n in result.notices if n.severity == "error"]
    assert the_portfolio(result) == clean


# --- edits whose meaning is not -----------------------------------------------------------------

DOUBTS: Mapping[Kind, tuple[object, ...]] = {
    **dict.fromkeys(FIGURES, ("约5", "待定", "2-3", "5以上", "#REF!", "abc", -3, "(3)", "3或4", True, "=1+1", "1,23")),
    Kind.YEAR: ("2026—2028年", 29, "待定", "#N/A", "'26", "2026年前", 3, "=YEAR(1)"),
    Kind.SHARE: ("六成", "1/2", 60, "150%", "待定", "#DIV/0!"),
    **dict.fromkeys(LISTED, ("待定", "???", "#REF!", 7, "既是又是")),
    Kind.KEY: ("#REF!", "#N/A", "=A9"),
}  # fmt: skip
Place = tuple[str, int, str | int]


def some_place(random: Random) -> tuple[Place, Column]:
    name = random.choice([name for name, rows in CLEAN.items() if rows])
    row = random.randrange(len(CLEAN[name]))
    key: Any = random.choice(
        [key for key in CLEAN[name][row] if BY_NAME[name].column(str(key)).kind in DOUBTS]
    )
    return (name, row, key), BY_NAME[name].column(str(key))


def at_random(
    choose: Callable[[Random], tuple[Place, Column]], random: Random, many: int
) -> dict[Place, object]:
    chosen = dict(choose(random) for _ in range(many))
    return {place: random.choice(doubts_of(column)) for place, column in chosen.items()}


def doubts_of(column: Column) -> tuple[object, ...]:
    """What is doubtful in the column; where an overlap is allowed, negative numbers are not."""
    doubts = DOUBTS[column.kind]
    return doubts if column.low is not None else tuple(d for d in doubts if d not in (-3, "(3)"))


@pytest.mark.parametrize("seed", range(60))
def test_uncertain_edits_are_errors_at_their_very_cells(tmp_path: Path, seed: int) -> None:
    random = Random(seed)  # a test needs no secret
    doubts = at_random(some_place, random, 1 + seed % 4)
    sheets = {
        name: [
            {key: doubts.get((name, number, key), value) for key, value in row.items()}
            for number, row in enumerate(rows)
        ]
        for name, rows in CLEAN.items()
    }
    path = tmp_path / "projects.xlsx"
    a_workbook(path, sheets)
    result = read(path)
    expected = set()
    for name, row, key in doubts:
        letter = get_column_letter(1 + list(CLEAN[name][0]).index(key))
        expected.add((f"{name}!{letter}{row + 2}", str(key)))
    errors = set(told(result, "error"))
    assert errors >= expected, [n.line() for n in result.notices]
    assert result.portfolio is None
    follow_on = {place for place, _ in errors - expected}
    # Only a reference to a key that cannot be read is an error of its own.
    broken_keys = {
        (name, key)
        for name, _, key in doubts
        if key in ("key", "source") and name in ("Projects", "FundingSources")
    }
    assert not follow_on or broken_keys
