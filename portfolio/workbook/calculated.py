"""The grey columns of the template: what each says, its formula, and the value stored beside it.

Every column is written twice, as a formula for people who edit and as a function of the portfolio for the
value that a viewer without calculation shows; a test lets LibreOffice calculate both ways. Import ignores
them (`layout.CALCULATED_KEYS`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portfolio.domain.text import Text
from portfolio.workbook.complaints import COMPLAINTS, Complaint
from portfolio.workbook.facts import Facts
from portfolio.workbook.layout import SHEETS

Value = str | float
"""What a calculated cell shows; "" where there is nothing to say."""


@dataclass(frozen=True, slots=True)
class Calculated:
    """A calculated column. `style` is a name of `styles`; `value` takes a row of the table, its number from
    0, and the facts of the portfolio."""

    key: str
    zh: str
    note: Text
    style: str
    width: float
    formula: str
    value: Callable[[Any, int, Facts], Value]

    @property
    def header(self) -> str:
        return f"{self.zh} {self.key}"


def _c(
    key: str, zh: str, note_zh: str, note_en: str, style: str, width: float, formula: str,
    value: Callable[[Any, int, Facts], Value],
) -> Calculated:  # fmt: skip
    return Calculated(key, zh, Text(note_zh, note_en), style, width, formula, value)


# --- check --------------------------------------------------------------------------------------


def _check(table: str) -> Calculated:
    """What is wrong with a row, in words, or OK; blank for a blank row."""
    complaints = COMPLAINTS[table]
    columns = next(sheet for sheet in SHEETS if sheet.table == table).columns
    pieces = "&".join(f'IF({c.formula},"；{c.text.zh} {c.text.en}","")' for c in complaints)
    row = f"[{columns[0].key}:{columns[-1].key}]"
    formula = f'IF(COUNTA({row})=0,"",SUBSTITUTE("OK"&{pieces},"OK；",""))'

    def value(record: Any, number: int, facts: Facts) -> str:
        return said(complaints, record, number, facts)

    return _c(
        "check", "检查", "本行要改的地方；没有则为 OK", "what to mend in this row; OK if nothing",
        "line", 56, formula, value,
    )  # fmt: skip


def said(complaints: tuple[Complaint, ...], record: Any, number: int, facts: Facts) -> str:
    found = [f"{c.text.zh} {c.text.en}" for c in complaints if c.holds(record, number, facts)]
    return "；".join(found) or "OK"


# --- names and places of what a row refers to ---------------------------------------------------


def _project_name(width: float = 30) -> Calculated:
    return _c(
        "project_name", "项目名称（自动）", "按项目编码取项目表的名称", "the project's name, from Projects",
        "text", width,
        'IF([project]="","",IFERROR(INDEX([projects.name_zh],MATCH([project],[projects.key],0))&"","？"))',
        lambda row, _, facts: _of(facts.project(row.project), "name_zh"),
    )  # fmt: skip


def _of(record: Any, field: str) -> str:
    return "？" if record is None else str(getattr(record, field))


_SOURCE_NAME = _c(
    "source_name", "来源名称（自动）", "按来源编码取资金来源表的名称", "the source's name, from FundingSources",
    "text", 28,
    'IF([source]="","",IFERROR(INDEX([funding_sources.name_zh],MATCH([source],[funding_sources.source],0))&"","？"))',
    lambda row, _, facts: _of(facts.source(row.source), "name_zh"),
)  # fmt: skip


# --- figures ------------------------------------------------------------------------------------


def _per(cost: int | None, amount: int | Decimal | None) -> Value:
    """Yuan per unit, in the order of operations of the formula."""
    return "" if cost is None or not amount else float(Decimal(cost) / 100) * 10000 / float(amount)


def _finish(project: Any, _: int, __: Facts) -> Value:
    if project.fixed_start is None or project.duration_years is None:
        return ""
    return int(project.fixed_start + project.duration_years - 1)


_PROJECTS = (
    _c(
        "seats_total", "新增学位合计", "学位表中本项目新增学位之和", "the project's seats added, from Seats",
        "whole", 11, 'IF([key]="","",SUMIFS([seats.seats_added],[seats.project],"="&[key]))',
        lambda row, _, facts: facts.seats_added(row.key),
    ),
    _c(
        "yuan_per_m2", "每平方米造价（元）", "总投资÷建筑面积", "cost per m² of floor area, in yuan",
        "whole", 12,
        'IF(COUNT([total_cost],[floor_area_m2])=2,IF([floor_area_m2]>0,[total_cost]*10000/[floor_area_m2],""),"")',
        lambda row, _, __: _per(row.total_cost, row.floor_area_m2),
    ),
    _c(
        "yuan_per_seat", "每学位造价（元）", "总投资÷新增学位", "cost per seat added, in yuan",
        "whole", 12,
        'IF(COUNT([total_cost],[seats_total])=2,IF([seats_total]>0,[total_cost]*10000/[seats_total],""),"")',
        lambda row, _, facts: _per(row.total_cost, facts.seats_added(row.key)),
    ),
    _c(
        "finish_year", "既定完工年", "既定开工年＋工期－1", "last year of construction of a fixed start",
        "year", 9, 'IF(COUNT([fixed_start],[duration_years])=2,[fixed_start]+[duration_years]-1,"")', _finish,
    ),
)  # fmt: skip

_SEATS = (
    _project_name(),
    _c(
        "project_county", "区县（自动）", "项目所在区县", "the project's county",
        "text", 10,
        'IF([project]="","",IFERROR(INDEX([projects.county],MATCH([project],[projects.key],0))&"",""))',
        lambda row, _, facts: facts.county(row),
    ),
    _c(
        "project_zone", "片区（自动）", "本行片区；空白取项目所在片区", "the row's zone, or the project's",
        "text", 10,
        'IF([zone]<>"",[zone],IF([project]="","",IFERROR(INDEX([projects.zone],MATCH([project],[projects.key],0))&"","")))',
        lambda row, _, facts: facts.zone(row),
    ),
)  # fmt: skip

_SPENDING = (
    _project_name(),
    _c(
        "shares_total", "占比合计", "应为 100%", "should be 100 %", "fine share", 10,
        'IF(COUNT([year_1:year_8])=0,"",SUM([year_1:year_8]))',
        lambda row, _, __: float(sum(row.shares)) if row.shares else "",
    ),
)  # fmt: skip

_FUNDING_SOURCES = (
    _c(
        "caps_total", "各年合计（万元）", "年度资金表中本来源各年之和", "its caps of all years, in 万元",
        "money", 14, 'IF([source]="","",SUMIFS([funding_caps.caps_total],[funding_caps.source],"="&[source]))',
        lambda row, _, facts: facts.caps_total(row.key) / 100,
    ),
)  # fmt: skip

_FUNDING_CAPS = (
    _SOURCE_NAME,
    _c(
        "caps_total", "各年合计（万元）", "本行各年之和", "the sum of the row, in 万元", "money", 14,
        'IF([source]="","",SUM([years]))', lambda row, _, __: sum(row.amounts.values()) / 100,
    ),
)  # fmt: skip

_PROJECT_FUNDING = (
    _project_name(), _SOURCE_NAME,
    _c(
        "min_total", "该项目最低合计", "该项目各来源最低占比之和，不超过 100%", "all min_share of the project; at most 100 %",
        "share", 10, 'IF([project]="","",SUMIFS([project_funding.min_share],[project_funding.project],"="&[project]))',
        lambda row, _, facts: float(facts.min_share(row.project)),
    ),
    _c(
        "max_total", "该项目最高合计", "该项目各来源最高占比之和（空白按 100%），不低于 100%",
        "all max_share of the project, a blank as 100 %; at least 100 %", "share", 10,
        'IF([project]="","",SUMIFS([project_funding.max_share],[project_funding.project],"="&[project])'
        '+COUNTIFS([project_funding.project],"="&[project],[project_funding.max_share],""))',
        lambda row, _, facts: float(facts.max_share(row.project)),
    ),
)  # fmt: skip


def _last(seats: Mapping[int, int]) -> Value:
    return seats[max(seats)] if seats else ""


_LAST_YEAR = (
    'IF(COUNT([years])=0,"",INDEX([years],'
    "SUMPRODUCT(MAX(ISNUMBER([years])*(COLUMN([years])-MIN(COLUMN([years]))+1)))))"
)


def _last_year_seats(zh: str, note: Text) -> Calculated:
    return Calculated(
        "last_year_seats", zh, note, "whole", 12,
        _LAST_YEAR, lambda row, _, __: _last(row.seats),
    )  # fmt: skip


_CAPACITY = (
    _last_year_seats("末年学位", Text("最后一个有数的年份的学位", "seats of the last year with a figure")),
)


def _gap(row: Any, facts: Facts) -> Value:
    return row.seats[max(row.seats)] - facts.existing_seats(row) if row.seats else ""


def _gap_after(row: Any, _: int, facts: Facts) -> Value:
    gap = _gap(row, facts)
    return "" if gap == "" else float(gap) - facts.project_seats(row)


def _same_cell(table: str, county: str, zone: str) -> str:
    """Criteria: the rows of a sheet with this row's county, zone and stage."""
    return f'[{table}.{county}],[county],[{table}.{zone}],[zone]&"",[{table}.stage],[stage]'


_DEMAND = (
    _last_year_seats("末年需求", Text("最后一个有数的年份的需求", "demand of the last year with a figure")),
    _c(
        "existing_seats", "末年现有学位", "现有学位表中同一区县、片区、学段末年之和", "seats that exist then, from Capacity",
        "whole", 12,
        f'IF([county]="","",SUMIFS([capacity.last_year_seats],{_same_cell("capacity", "county", "zone")}))',
        lambda row, _, facts: facts.existing_seats(row),
    ),
    _c(
        "gap", "末年缺口", "末年需求－现有学位；负数为富余", "demand less seats that exist; negative: spare",
        "whole", 11, 'IF(COUNT([last_year_seats],[existing_seats])=2,[last_year_seats]-[existing_seats],"")',
        lambda row, _, facts: _gap(row, facts),
    ),
    _c(
        "project_seats", "项目净增学位", "全部项目新增－替代的学位（不论是否入选）", "seats all listed projects add, less those replaced",
        "whole", 12,
        f'IF([county]="","",SUMIFS([seats.seats_added],{_same_cell("seats", "project_county", "project_zone")})'
        f'-SUMIFS([seats.seats_replaced],{_same_cell("seats", "project_county", "project_zone")}))',
        lambda row, _, facts: facts.project_seats(row),
    ),
    _c(
        "gap_after", "全部建成后缺口", "末年缺口－项目净增；大于 0 说明项目不够", "gap less project seats; above 0: the projects are not enough",
        "whole", 12, 'IF(COUNT([gap],[project_seats])=2,[gap]-[project_seats],"")', _gap_after,
    ),
)  # fmt: skip

CALCULATED: Mapping[str, tuple[Calculated, ...]] = {
    "projects": (*_PROJECTS, _check("projects")),
    "seats": (*_SEATS, _check("seats")),
    "spending": (*_SPENDING, _check("spending")),
    "funding_sources": (*_FUNDING_SOURCES, _check("funding_sources")),
    "funding_caps": (*_FUNDING_CAPS, _check("funding_caps")),
    "project_funding": (*_PROJECT_FUNDING, _check("project_funding")),
    "capacity": (*_CAPACITY, _check("capacity")),
    "demand": (*_DEMAND, _check("demand")),
    "relations": (_project_name(), _check("relations")),
    "milestones": (_project_name(), _check("milestones")),
    "norms": (_check("norms"),),
}
"""Table -> its calculated columns, which stand to the right of all others: pasted blocks do not run over
them. The check is the last, so that a long one shows in full beyond the table."""
