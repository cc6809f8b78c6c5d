"""What a check finds: one thing, where, how grave, held against what, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypedDict

from portfolio.domain.demand import Cell
from portfolio.domain.funding import FundingSource
from portfolio.domain.notice import Severity
from portfolio.domain.text import Text
from portfolio.scenario.problem import Candidate

NOTHING = Text("", "")


class Kind(StrEnum):
    """Every kind of finding, in the order of importance; the first ones prove that no schedule exists."""

    IMPOSSIBLE_WINDOW = "impossible_window"
    IMPOSSIBLE_FUNDING = "impossible_funding"
    IMPOSSIBLE_MONEY = "impossible_money"
    IMPOSSIBLE_RELATION = "impossible_relation"
    IMPOSSIBLE_DELIVERY = "impossible_delivery"
    IMPOSSIBLE_TARGET = "impossible_target"

    NEVER_BUILT = "never_built"
    TARGET_MISSED = "target_missed"
    MILESTONE_MISSED = "milestone_missed"

    SHORT_AT_THE_END = "short_at_the_end"
    NO_CAPACITY = "no_capacity"

    SPORTS_AREA = "sports_area"
    CLASS_SIZE = "class_size"
    SCHOOL_SIZE = "school_size"

    SHORT_FOR_A_WHILE = "short_for_a_while"
    SHORT_NOW = "short_now"

    COST_PER_SEAT = "cost_per_seat"
    COST_PER_M2 = "cost_per_m2"
    AREA_PER_SEAT = "area_per_seat"
    DURATION = "duration"

    NO_CAPS = "no_caps"
    UNUSED_SOURCE = "unused_source"
    CLOSED_PROJECT = "closed_project"
    DOUBLE_NAME = "double_name"
    NO_SEATS = "no_seats"


IMPOSSIBLE = frozenset(kind for kind in Kind if kind.startswith("impossible_"))
"""One finding of these kinds proves that the scenario has no schedule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One finding.

    `place` names the project, cell or source in words; `project`, `county`, `zone`, `stage` and `source`
    do so by key.
    `text` says what was found and what it was held against, `advice` what to do. `found` and `limit` are
    the same figures for programs; `document` and `locator` are where the standard or norm stands.
    """

    kind: Kind
    severity: Severity
    place: Text
    text: Text
    advice: Text = NOTHING
    project: str = ""
    county: str = ""
    zone: str = ""
    stage: str = ""
    source: str = ""
    year: int | None = None
    found: str = ""
    limit: str = ""
    document: str = ""
    locator: str = ""


class Place(TypedDict, total=False):
    """The fields of a finding that say where it is."""

    place: Text
    project: str
    county: str
    zone: str
    stage: str
    source: str


def of_project(candidate: Candidate) -> Place:
    return {"place": candidate.label, "project": candidate.key, "county": candidate.row.county}


def of_cell(cell: Cell) -> Place:
    return {"place": cell.label, "county": cell.county, "zone": cell.zone, "stage": str(cell.stage)}


def of_source(source: FundingSource) -> Place:
    zh, en = source.name_zh or source.name_en, source.name_en or source.name_zh
    words = Text(f"{zh}（{source.key}）", f"{en} ({source.key})") if zh else Text(source.key, source.key)
    return {"place": words, "source": source.key, "county": source.county}


def years_words(years: list[int]) -> str:
    """Ascending years with runs drawn together: `2021–2023, 2026`."""
    runs: list[list[int]] = []
    for year in years:
        if runs and year == runs[-1][-1] + 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)
