"""What the check column of a sheet complains of: as a condition of a formula and as a function of the row.

The check is a help while typing and knows the plain mistakes; what counts is the import.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from portfolio.domain.project import RelationKind
from portfolio.domain.text import Text
from portfolio.workbook.facts import Facts
from portfolio.workbook.layout import SHEETS, Kind, Sheet
from portfolio.workbook.names import REFERENCES
from portfolio.workbook.records import field_of
from portfolio.workbook.references import UNIQUE
from portfolio.workbook.years import FIRST_YEAR, LAST_YEAR

NUMBERS = frozenset({Kind.INT, Kind.YEAR, Kind.MONEY_WAN, Kind.MONEY_YUAN, Kind.DECIMAL, Kind.SHARE})
"""Kinds whose cells hold numbers."""


@dataclass(frozen=True, slots=True)
class Complaint:
    """`formula` is true, or `holds` is, for a row with this fault. `holds` takes the record, its number from
    0, and the facts of the portfolio."""

    formula: str
    text: Text
    holds: Callable[[Any, int, Facts], bool]


def _c(formula: str, zh: str, en: str, holds: Callable[[Any, int, Facts], bool]) -> Complaint:
    return Complaint(formula, Text(zh, en), holds)


def _never(_: Any, __: int, ___: Facts) -> bool:
    """Of a row that a portfolio holds: its values have their kinds."""
    return False


# --- what the layout says of every sheet --------------------------------------------------------


def _missing(sheet: Sheet) -> Iterator[Complaint]:
    for column in sheet.columns:
        if column.needed:
            yield _c(
                f"LEN(TRIM([{column.key}]))=0", f"缺少{column.zh}", f"{column.key} missing",
                partial(_is_blank, field_of(sheet.table, column.key)),
            )  # fmt: skip


def _is_blank(field: str, row: Any, _: int, __: Facts) -> bool:
    return getattr(row, field) in ("", None)


def _unknown(sheet: Sheet) -> Iterator[Complaint]:
    for table, column, target, key in REFERENCES:
        if table == sheet.table:
            yield _c(
                f"IF(LEN([{column}])=0,FALSE,ISNA(MATCH([{column}],[{target}.{key}],0)))",
                f"{sheet.column(column).zh}不存在", f"unknown {column}",
                partial(_names_nothing, column, target),
            )  # fmt: skip


def _names_nothing(column: str, target: str, row: Any, _: int, facts: Facts) -> bool:
    name = getattr(row, column)
    known = facts.project(name) if target == "projects" else facts.source(name)
    return bool(name) and known is None


def _double(sheet: Sheet) -> Iterator[Complaint]:
    for table, columns, text in UNIQUE:
        if table != sheet.table:
            continue
        if len(columns) == 1:
            # MATCH tells 007 from 7, which COUNTIF does not; it finds the rows that repeat an earlier one.
            (key,) = columns
            formula = f"IF(LEN([{key}])=0,FALSE,IFERROR(MATCH([{key}],[{table}.{key}],0)<>ROW()-1,FALSE))"
            yield Complaint(formula, text, partial(_stands_again, table))
        else:
            same = ",".join(f'[{table}.{key}],[{key}]&""' for key in columns)
            yield Complaint(f"COUNTIFS({same})>1", text, partial(_stands_twice, table))


def _stands_again(table: str, row: Any, number: int, facts: Facts) -> bool:
    return facts.stands_again(table, row, number)


def _stands_twice(table: str, row: Any, _: int, facts: Facts) -> bool:
    return facts.stands_twice(table, row)


def _not_numbers(sheet: Sheet) -> Iterator[Complaint]:
    numbers = [column.key for column in sheet.columns if column.kind in NUMBERS]
    tests = [f"ISTEXT([{key}])" for key in numbers]
    if sheet.year_kind:
        tests.append("SUMPRODUCT(--ISTEXT([years]))>0")
    if tests:
        yield _c(f"OR({','.join(tests)})", "数字列有文字", "text for a number", _never)
    years = [column.key for column in sheet.columns if column.kind is Kind.YEAR]
    if years:
        wrong = ",".join(f"IF(ISNUMBER([{y}]),OR([{y}]<{FIRST_YEAR},[{y}]>{LAST_YEAR}),FALSE)" for y in years)
        yield _c(f"OR({wrong})", "年份应为四位", "years take four digits", _never)


def _general(table: str) -> tuple[Complaint, ...]:
    sheet = next(sheet for sheet in SHEETS if sheet.table == table)
    return (*_missing(sheet), *_double(sheet), *_unknown(sheet), *_not_numbers(sheet))


# --- what each sheet must keep besides ----------------------------------------------------------

_ENDS_LATE = (
    "IF(COUNT([{start}],[latest_finish])=2,[{start}]+MAX(1,N([duration_years]))-1>[latest_finish],FALSE)"
)


def _ends_late(start: int | None, row: Any) -> bool:
    if start is None or row.latest_finish is None:
        return False
    return bool(start + (row.duration_years or 1) - 1 > row.latest_finish)


def _no_window(row: Any, _: int, __: Facts) -> bool:
    return _ends_late(row.earliest_start if row.fixed_start is None else row.fixed_start, row)


_PROJECTS = (
    _c(
        "AND(LEN(TRIM([name_zh]))=0,LEN(TRIM([name_en]))=0)", "没有名称", "no name",
        lambda row, _, __: not row.name_zh and not row.name_en,
    ),
    _c(
        "IF(COUNT([total_cost],[floor_area_m2])=0,AND(LEN([total_cost])=0,N([seats_total])=0),FALSE)",
        "没有投资，也没有面积或学位可供估算", "no cost, nor area or seats to estimate it from",
        lambda row, _, facts: row.total_cost is None and row.floor_area_m2 is None and not facts.seats_added(row.key),
    ),
    _c(
        "IF(ISNUMBER([total_cost]),OR([total_cost]<5,[total_cost]>1000000),FALSE)", "投资是否以万元计？", "cost in 万元?",
        lambda row, _, __: row.total_cost is not None and not 500 <= row.total_cost <= 100_000_000,
    ),
    _c(
        f"IF(ISNUMBER([fixed_start]),{_ENDS_LATE.format(start='fixed_start')},{_ENDS_LATE.format(start='earliest_start')})",
        "年份矛盾：最迟完工年之前建不完", "cannot end by latest_finish", _no_window,
    ),
    _c(
        "IF(COUNT([fixed_start],[earliest_start])=2,[fixed_start]<[earliest_start],FALSE)",
        "年份矛盾：既定开工早于最早开工", "fixed_start before earliest_start",
        lambda row, _, __: None not in (row.fixed_start, row.earliest_start) and row.fixed_start < row.earliest_start,
    ),
)  # fmt: skip


def _misfits(row: Any, _: int, facts: Facts) -> bool:
    project = facts.project(row.project)
    duration = project.duration_years if project else None
    return duration is not None and len(row.shares) not in (duration, duration + 1)


_DURATION = "IFERROR(INDEX([projects.duration_years],MATCH([project],[projects.key],0)),0)"

_SPENDING = (
    _c(
        "IF(COUNT([year_1:year_8])=0,FALSE,AND(ABS(SUM([year_1:year_8])-1)>0.000001,ABS(SUM([year_1:year_8])-100)>0.0001))",
        "合计不是 100%", "does not add up to 100 %", _never,
    ),
    _c(
        f"IF(N({_DURATION})=0,FALSE,AND(COUNT([year_1:year_8])<>N({_DURATION}),COUNT([year_1:year_8])<>N({_DURATION})+1))",
        "年数与工期不符，将改用默认比例", "years differ from the duration; the default counts", _misfits,
    ),
)  # fmt: skip

_FUNDING_SOURCES = (
    _c(
        "IF(LEN([source])=0,FALSE,ISNA(MATCH([source],[funding_caps.source],0)))",
        "年度资金表中没有", "not in FundingCaps", lambda row, _, facts: not facts.has_caps(row.key),
    ),
)  # fmt: skip

_PROJECT_FUNDING = (
    _c(
        "IF(COUNT([min_share],[max_share])=2,[min_share]>[max_share],FALSE)",
        "最低高于最高", "min_share above max_share", _never,
    ),
    _c(
        "IF(ISNUMBER([min_total]),[min_total]>1.000001,FALSE)", "最低合计超过 100%", "min_share adds up to over 100 %",
        lambda row, _, facts: facts.min_share(row.project) > 1,
    ),
    _c(
        "IF(ISNUMBER([max_total]),[max_total]<0.999999,FALSE)", "最高合计不足 100%", "max_share adds up to under 100 %",
        lambda row, _, facts: facts.max_share(row.project) < 1,
    ),
)  # fmt: skip

_NO_YEARS = (
    _c("COUNT([years])=0", "没有任何年份的数", "no figure in any year", lambda row, _, __: not row.seats),
)

_RELATIONS = (
    _c(
        'AND(OR(ISNUMBER(SEARCH("after",[kind])),ISNUMBER(SEARCH("先后",[kind]))),LEN(TRIM([other]))=0)', "先后关系缺少先建者", "after needs other",
        lambda row, _, __: row.kind is RelationKind.AFTER and not row.other,
    ),
    _c(
        "IF(LEN([other])=0,FALSE,[project]=[other])", "不能与自己有关系", "a project related to itself",
        lambda row, _, __: bool(row.other) and row.project.lower() == row.other.lower(),
    ),
)  # fmt: skip

_NORMS = (
    _c(
        "COUNT([cost_per_m2:duration_years])=0", "没有任何指标", "no figure",
        lambda row, _, __: all(
            value is None
            for value in (row.cost_per_m2, row.cost_per_seat, row.seats_per_class, row.area_per_seat_m2, row.duration_years)
        ),
    ),
)  # fmt: skip

_OWN: Mapping[str, tuple[Complaint, ...]] = {
    "projects": _PROJECTS,
    "spending": _SPENDING,
    "funding_sources": _FUNDING_SOURCES,
    "project_funding": _PROJECT_FUNDING,
    "capacity": _NO_YEARS,
    "demand": _NO_YEARS,
    "relations": _RELATIONS,
    "norms": _NORMS,
}

COMPLAINTS: Mapping[str, tuple[Complaint, ...]] = {
    sheet.table: (*_general(sheet.table), *_OWN.get(sheet.table, ())) for sheet in SHEETS
}
"""Table -> the faults its check column names, in order."""
