"""One county, one spelling: 石柱县 beside Shizhu is taken for the same county, with a notice."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from portfolio.domain.places import same_county
from portfolio.domain.text import Text
from portfolio.workbook.problems import Problems
from portfolio.workbook.tables import Row, Tables

TABLES = ("demand", "capacity", "funding_sources", "projects", "norms")
"""Where counties stand; the first that names a county decides its spelling."""


def settle_counties(tables: Tables, problems: Problems) -> None:
    """Gives every row the spelling of its county that the tables use first."""
    spellings: list[str] = []
    for table in TABLES:
        for row in tables[table]:
            county = row.text("county")
            if not county:
                continue
            settled = same_county(county, spellings)
            if settled is None:
                spellings.append(county)
            elif settled != county:
                _respell(row, settled, problems)


def _respell(row: Row, county: str, problems: Problems) -> None:
    found = row.text("county")
    row.values["county"] = county
    if row.record is not None:
        record: Any = row.record
        row.record = replace(record, county=county)
    problems.notice(row.where, "county", Text(f"视为 {county}", f"taken as {county}"), found)
