"""One place, one spelling: 石柱县 beside Shizhu is taken for the same county, 城 区 beside 城区 for the same
zone, each with a notice."""

from __future__ import annotations

from collections import Counter
from itertools import chain

from portfolio.domain.places import county_name
from portfolio.domain.text import Text
from portfolio.workbook.problems import Problems
from portfolio.workbook.tables import Row, Tables
from portfolio.workbook.words import loose_key

TABLES = ("demand", "capacity", "funding_sources", "projects", "norms")
"""Where counties stand; of two spellings that as many rows have, the first counts."""


def settle_counties(tables: Tables, problems: Problems) -> None:
    """Gives every row the spelling of its county that most rows have."""
    rows = [row for table in TABLES for row in tables[table] if row.text("county")]
    spellings: dict[str, str] = {}
    for county, _ in Counter(row.text("county") for row in rows).most_common():
        spellings.setdefault(_one(county), county)
    for row in rows:
        _respell(row, "county", spellings[_one(row.text("county"))], problems)


def _one(county: str) -> str:
    """The same for all spellings of a county."""
    return loose_key(county_name(county).en)


def settle_zones(tables: Tables, problems: Problems) -> None:
    """Gives every row the spelling of its zone that the tables use first in its county."""
    county_of = {row.text("key"): row.text("county") for row in tables["projects"]}
    spellings: dict[tuple[str, str], str] = {}
    for row in chain(tables["demand"], tables["capacity"], tables["projects"], tables["seats"]):
        zone = row.text("zone")
        if zone:
            county = row.text("county") or county_of.get(row.text("project"), "")
            _respell(row, "zone", spellings.setdefault((county, loose_key(zone)), zone), problems)


def _respell(row: Row, column: str, settled: str, problems: Problems) -> None:
    found = row.text(column)
    if settled != found:
        row.respell(column, settled)
        problems.notice(row.where, column, Text(f"视为 {settled}", f"taken as {settled}"), found)
