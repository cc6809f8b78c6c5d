"""What must be unique, and what must name a place that exists."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from portfolio.domain.text import Text
from portfolio.workbook.counties import settle_zones
from portfolio.workbook.names import settle_references, tell_unknown
from portfolio.workbook.problems import Problems
from portfolio.workbook.records import SHEET_OF
from portfolio.workbook.tables import Row, Tables
from portfolio.workbook.words import Suggester, loose_key

UNIQUE: tuple[tuple[str, tuple[str, ...], Text], ...] = (
    ("projects", ("key",), Text("项目编码重复", "duplicate key")),
    ("funding_sources", ("source",), Text("来源编码重复", "duplicate source")),
    ("funding_caps", ("source",), Text("同一来源有两行", "a second row for the same source")),
    ("spending", ("project",), Text("同一项目有两行", "a second row for the same project")),
    ("project_funding", ("project", "source"), Text("同一项目同一来源有两行", "a second row for the same project and source")),
    ("demand", ("county", "zone", "stage"), Text("同一区县、片区、学段有两行", "a second row for the same county, zone and stage")),
    ("capacity", ("county", "zone", "stage", "public"), Text("同一区县、片区、学段、公办有两行", "a second row for the same county, zone, stage and public")),
)  # fmt: skip
"""Table, columns that together may stand there once, and what to say of a second one."""

_DEFAULTS: Mapping[str, object] = {"public": True}


def check_references(tables: Tables, problems: Problems) -> None:
    """Names of nothing, duplicates, and zones and counties that no other sheet names. References and
    zones that surely mean an existing one take its spelling first."""
    settle_references(tables, problems)
    settle_zones(tables, problems)
    for table, columns, text in UNIQUE:
        _check_unique(tables[table], columns, text, problems)
    for table, column in (("projects", "key"), ("funding_sources", "source")):
        _check_like_keys(tables[table], column, problems)
    _check_names(tables["projects"], problems)
    if tables.complete("projects", "capacity", "demand"):
        _check_zones(tables, problems)
        _check_counties(tables, problems)
    _check_mixed_zones(tables, problems)


def _check_unique(rows: list[Row], columns: tuple[str, ...], text: Text, problems: Problems) -> None:
    seen: dict[tuple[object, ...], Row] = {}
    for row in rows:
        if row.unreadable.intersection(columns):
            continue
        identity = tuple(row.values.get(column, _DEFAULTS.get(column, "")) for column in columns)
        first = seen.setdefault(identity, row)
        if first is not row:
            place = first.where.place(columns[0])
            problems.error(
                row.where,
                columns[0],
                Text(
                    f"{text.zh}，首次在 {place}；请删去或改正一行",
                    f"{text.en}, first at {place}; delete or mend one",
                ),
                row.text(columns[0]),
            )


def _check_like_keys(rows: list[Row], column: str, problems: Problems) -> None:
    """Two keys that only width, case or blanks tell apart are two keys, and yet perhaps one."""
    seen: dict[str, Row] = {}
    for row in rows:
        key = row.text(column)
        first = seen.setdefault(loose_key(key), row) if key else row
        if first.text(column) != key:
            place = first.where.place(column)
            text = Text(
                f"与 {place} 只差大小写、空格或全半角；是否同一个？",
                f"differs from {place} only by case, blanks or width; are they the same?",
            )
            problems.warning(row.where, column, text, key)


def _check_names(projects: list[Row], problems: Problems) -> None:
    """Two projects with one name may be a double entry; a project without a name is hard to read."""
    seen: dict[str, Row] = {}
    for row in projects:
        name = row.text("name_zh")
        if not name and not row.text("name_en") and row.text("key"):
            text = Text("没有中文或英文名称，报告将只显示编码", "has no name; reports will show its key")
            problems.warning(row.where, "name_zh", text)
        first = seen.setdefault(name, row) if name else row
        if first is not row:
            place = first.where.place("name_zh")
            text = Text(
                f"与 {place} 名称相同；是否重复录入？", f"the same name as {place}; was it entered twice?"
            )
            problems.warning(row.where, "name_zh", text, name)


def _check_zones(tables: Tables, problems: Problems) -> None:
    """A zone of a seat effect must be one that Capacity, Demand or Projects name for the county."""
    county_of = {row.text("key"): row.text("county") for row in tables["projects"]}
    zones: dict[str, set[str]] = {}
    for row in chain(tables["projects"], tables["capacity"], tables["demand"]):
        zones.setdefault(row.text("county"), set()).add(row.text("zone"))
    suggesters: dict[str, Suggester] = {}
    for row in tables["seats"]:
        county = county_of.get(row.text("project"), "")
        zone = row.text("zone")
        if county and zone and zone not in zones[county]:
            target = f"{SHEET_OF['capacity'].title} / {SHEET_OF['demand'].title} / {SHEET_OF['projects'].title}: {county}"
            suggester = suggesters.setdefault(county, Suggester(zones[county] - {""}))
            tell_unknown(row, "zone", zone, suggester, target, problems.error)


def _check_counties(tables: Tables, problems: Problems) -> None:
    """A county of money or of projects that no other sheet names is probably misspelt."""
    of_projects = {row.text("county") for row in tables["projects"]} - {""}
    of_seats = {row.text("county") for row in chain(tables["capacity"], tables["demand"])} - {""}
    known = of_projects | of_seats
    for table in ("funding_sources", "norms"):
        _warn_counties(tables[table], known | {"*"}, SHEET_OF["projects"].title, problems)
    if of_seats:
        _warn_counties(tables["projects"], of_seats, SHEET_OF["demand"].title, problems)


def _warn_counties(rows: list[Row], known: set[str], target: str, problems: Problems) -> None:
    told: set[str] = set()
    suggester = Suggester(known - {"*"})
    for row in rows:
        county = row.text("county")
        if county and county not in known | told and len(known) > 1:
            told.add(county)
            tell_unknown(row, "county", county, suggester, target, problems.warning)


def _check_mixed_zones(tables: Tables, problems: Problems) -> None:
    """Blank and named zones of one stage are cells of their own: seats of one do not help the other."""
    projects = {row.text("key"): row for row in tables["projects"]}
    seen: dict[tuple[str, object], set[bool]] = {}
    for row in chain(tables["seats"], tables["capacity"], tables["demand"]):
        owner = projects.get(row.text("project"), row) if "project" in row.values else row
        county, zone = owner.text("county"), row.text("zone") or owner.text("zone")
        if not county or "stage" not in row.values or row.unreadable.intersection(("zone", "stage")):
            continue
        kinds = seen.setdefault((county, row.values["stage"]), set())
        mixed_before = len(kinds) == 2
        kinds.add(bool(zone))
        if len(kinds) == 2 and not mixed_before:
            problems.warning(
                row.where,
                "zone",
                Text(
                    f"{county} 同一学段既有全县（空白片区）又有分片区的行；两者分别计算，互不补充",
                    f"{county} has this stage both with and without a zone; they count apart and do not help each other",
                ),
                zone,
            )
