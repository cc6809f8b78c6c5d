"""Everything that the page's script draws from, as one compact document.

Money is in hundredths of 万元, so that sums over filters are exact. Lists by year follow `years`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from portfolio.domain.demand import Cell
from portfolio.domain.funding import SHARED, FundingSource
from portfolio.domain.project import Basis, Milestone
from portfolio.domain.schedule import MilestoneLine, TargetLine
from portfolio.domain.text import Text
from portfolio.report.html.project_data import BASES, NATURES, STAGES, Index, project_columns
from portfolio.report.html.reason_data import objective_words
from portfolio.report.html.texts import Pool, Words, packed
from portfolio.report.labels import (
    WORDS,
    basis_label,
    county_label,
    label,
    milestone_label,
    nature_label,
    source_name,
    stage_label,
    zone_label,
)
from portfolio.report.marginal import value_of
from portfolio.report.workbook.view import View, sentence
from portfolio.scenario.plan import Plan

Document = dict[str, Any]

OTHER_WORDS = (
    "total", "start", "finish", "opens", "cost", "stage", "nature", "county", "zone", "priority", "basis", "document",
    "locator", "notes", "source", "key", "project_name", "seats_added", "seats_replaced", "seats_offline", "year",
    "window", "reason", "reason_text", "milestone", "by_year", "firm", "actual", "late_years", "kept", "target_needed",
    "target_supply", "target_missing", "item", "table", "figures", "yes", "no", "zone.whole", "all_counties",
    "county.shared", "other_sources", "milestones.firm", "milestones.soft", "milestones.never", "milestones.kept",
    "milestones.missed", "funding.cap", "funding.brought_forward", "funding.planned", "funding.carried_forward",
    "funding.lapsed", "seats.demand", "seats.supply", "seats.shortage", "seats.coverage", "gantt.duration",
    "deferred.none", "milestones.none", "targets.title",
    "table.projects", "table.caps", "table.demand", "table.capacity", "wan", "items", "marginal", "marginal.unit",
    "deferred.late", "seat", "explain.takes", "explain.takes.start", "explain.takes.raise",
    "explain.takes.with", "explain.takes.unproven", "explain.what_if.unknown",
    "explain.what_if.unproven", "explain.moves.none", "explain.move", "explain.not_in", "explain.changes.none",
    "explain.seat_years", "explain.spend",
)  # fmt: skip
"""Words of other reports that the script uses."""


def plan_document(plan: Plan, words: Words) -> Document:
    """What the script needs; a plan without a schedule has the words alone."""
    said = [key for key in WORDS if key.startswith("html.")] + list(OTHER_WORDS)
    document: Document = {
        "words": {key: packed(words.pair(label(key))) for key in said},
        "years": list(plan.problem.horizon.years),
    }
    if plan.evaluation is None:
        return document
    view = View(plan, plan.evaluation, "zh")
    index, pool = Index.of(view), Pool()
    document |= {
        "counties": [packed(words.pair(county_label(key))) for key in index.counties],
        "stages": [[stage.value, packed(words.pair(stage_label(stage)))] for stage in STAGES],
        "natures": [packed(words.pair(nature_label(nature))) for nature in NATURES],
        "bases": [packed(words.pair(basis_label(basis))) for basis in BASES],
        "sources": _sources(view, index, words),
        "projects": project_columns(view, index, words, pool),
        "objectives": objective_words(index.objectives, words),
        "funding": _funding(view),
        "marginal": _marginal(view),
        "drawn": _drawn(view, index),
        "seats": list(_seats(view, index, words, pool)),
        "milestones": [_milestone(line, index, words, pool) for line in view.evaluation.milestones],
        "targets": [_target(line, words, pool) for line in view.evaluation.targets],
        "origins": list(_origins(view, index, words, pool)),
    }
    return document | {"texts": pool.texts}


# money


def _sources(view: View, index: Index, words: Words) -> list[list[Any]]:
    """Key, name, number of the county (-1: shared), kind: the name without the county's."""
    english = replace(view, lang="en")
    return [
        [key, packed(words.pair(_source_name(source))), index.counties.get(source.county, -1),
         packed(words.pair(Text(view.kind(key), english.kind(key))))]
        for key, source in view.problem.sources.items()
    ]  # fmt: skip


def _source_name(source: FundingSource) -> Text:
    text = source_name(source)
    return Text(text.zh, sentence(text.en) if source.name_en else text.en)


def _funding(view: View) -> list[list[list[int]]]:
    """By source and year: cap, brought forward, planned, carried forward, lapsed."""
    parts = ("cap", "brought_forward", "planned", "carried_forward", "lapsed")
    return [
        [[view.total([key], year, part) for part in parts] for year in view.years]
        for key in view.problem.sources
    ]


def _marginal(view: View) -> list[list[float | None]]:
    """By source and year: what more money would be worth, null where that was not worked out; empty where
    nothing was."""
    plan = view.plan
    if not plan.marginal:
        return []
    values = [[value_of(plan, key, year) for year in view.years] for key in view.problem.sources]
    return [[None if value is None else float(value) for value in row] for row in values]


def _drawn(view: View, index: Index) -> list[list[Any]]:
    """What a county's projects draw from sources that counties share: county, source, amounts by year."""
    shared = [key for key, source in view.problem.sources.items() if source.county == SHARED]
    return [
        [index.counties[county], index.sources[source], amounts]
        for county in view.counties
        for source in shared
        if any(amounts := [view.drawn.get((county, source, year), 0) for year in view.years])
    ]


# seats


def _seats(view: View, index: Index, words: Words, pool: Pool) -> Iterable[list[Any]]:
    """Every cell with demand: county, zone, stage, then demand, supply and shortage by year."""
    for cell in view.problem.cells:
        lines = [view.seats[cell, year] for year in view.years]
        yield [
            *_cell(cell, index, words, pool),
            [line.demand for line in lines],
            [line.supply for line in lines],
            [line.shortage for line in lines],
        ]


def _cell(cell: Cell, index: Index, words: Words, pool: Pool) -> tuple[int, int, int]:
    zone = pool.add(words.pair(zone_label(cell.zone)))
    return index.counties[cell.county], zone, STAGES.index(cell.stage)


# promises


def _milestone(line: MilestoneLine, index: Index, words: Words, pool: Pool) -> list[Any]:
    """Number of the project, kind, year, firm, actual year, years late, document, place."""
    promised: Milestone = line.milestone
    return [
        index.projects[promised.project],
        pool.add(words.pair(milestone_label(promised.kind))),
        promised.year,
        int(promised.firm),
        line.actual,
        line.late_years,
        pool.add(promised.source),
        pool.add(promised.locator),
    ]


def _target(line: TargetLine, words: Words, pool: Pool) -> list[Any]:
    """County, zone, stage, year, needed, supply, missing, soft."""
    county = county_label(line.county) if line.county else label("all_counties")
    return [
        pool.add(words.pair(county)),
        pool.add(words.pair(zone_label(line.zone))),
        pool.add(words.pair(stage_label(line.stage)) if line.stage else words.say("html.all")),
        line.year,
        line.needed,
        line.supply,
        line.missing,
        int(line.soft),
    ]


# where caps and seats come from


def _origins(view: View, index: Index, words: Words, pool: Pool) -> Iterable[list[Any]]:
    """County, table, item, basis, document, place, notes, of caps, demand and existing seats."""
    problem, tables = view.problem, view.problem.portfolio
    for line in tables.funding_caps:
        source = problem.sources.get(line.source)
        if source:
            start = [index.counties.get(source.county, -1), "table.caps"]
            name = pool.add(words.pair(_source_name(source)))
            yield [
                *start,
                name,
                BASES.index(line.basis),
                *_cited(pool, line.document, line.locator, line.notes),
            ]
    rows: Mapping[str, Iterable[Any]] = {"table.demand": tables.demand, "table.capacity": tables.capacity}
    for kind, table in rows.items():
        for row in table:
            if row.cell in problem.demand:
                zone, stage = zone_label(row.zone), stage_label(row.stage)
                name = pool.add(words.pair(Text(f"{zone.zh} · {stage.zh}", f"{zone.en} · {stage.en}")))
                basis = BASES.index(Basis(row.basis))
                cited = _cited(pool, row.source, row.locator, row.notes)
                yield [index.counties[row.county], kind, name, basis, *cited]


def _cited(pool: Pool, document: str, locator: str, notes: str) -> list[int]:
    return [pool.add(document), pool.add(locator), pool.add(notes)]
