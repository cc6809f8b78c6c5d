"""The projects as columns: the rows of the Gantt and the figures of every project's card."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from portfolio.domain.estimate import Estimate
from portfolio.domain.money import Money, to_wan
from portfolio.domain.project import Basis, Nature, RelationKind, Stage
from portfolio.domain.text import Text, fill
from portfolio.report.html.reason_data import changed_objectives, reason_entry
from portfolio.report.html.texts import Pool, Words, packed
from portfolio.report.json_document import worst_basis
from portfolio.report.labels import coded, label, project_name, zone_label
from portfolio.report.workbook.scope import area_text, scope_of
from portfolio.report.workbook.view import Item, View

Columns = dict[str, Any]

STAGES, NATURES, BASES = list(Stage), list(Nature), list(Basis)


@dataclass(frozen=True, slots=True)
class Index:
    """Where counties, sources, projects and objectives stand in the page's lists."""

    counties: Mapping[str, int]
    sources: Mapping[str, int]
    projects: Mapping[str, int]
    objectives: Mapping[str, int]

    @classmethod
    def of(cls, view: View) -> Index:
        problem = view.problem
        places = [*view.counties, *(cell.county for cell in problem.cells)]
        places += [s.county for s in problem.sources.values() if s.county != "*"]
        counties = {county: n for n, county in enumerate(dict.fromkeys(places))}
        ordered = (item for county in view.counties for item in in_order(view, county))
        projects = {item.key: n for n, item in enumerate(ordered)}
        objectives = {name: n for n, name in enumerate(changed_objectives(view.plan.reasons.values()))}
        return cls(counties, {key: n for n, key in enumerate(problem.sources)}, projects, objectives)


def in_order(view: View, county: str) -> Iterable[Item]:
    """A county's projects as the Gantt lists them: scheduled ones by start, then the others."""
    return (*view.selected[county], *view.deferred[county])


def project_columns(view: View, index: Index, words: Words, pool: Pool) -> Columns:
    """Column -> its values by project, or `{"all": value}` where they are all the same. Money is in
    hundredths of 万元, years are calendar years, `spend` and `draws` count years from the first one."""
    relations = _relations(view)
    rows = [
        _row(view, item, index, words, pool, relations.get(item.key, ()))
        for county in view.counties
        for item in in_order(view, county)
    ]
    return {name: _column([row[name] for row in rows]) for name in (rows[0] if rows else ())}


def _column(values: list[Any]) -> list[Any] | dict[str, Any]:
    same = len(values) > 1 and all(value == values[0] for value in values)
    return {"all": values[0]} if same else values


def _row(
    view: View, item: Item, index: Index, words: Words, pool: Pool, relations: Iterable[Text]
) -> Columns:
    candidate, line, row = item.candidate, item.line, item.candidate.row
    reason = view.plan.reasons.get(item.key)
    horizon = view.problem.horizon
    before, after = _outside(view, item)
    return {
        "key": item.key,
        "name": packed(words.pair(project_name(row))),
        "county": index.counties[row.county],
        "zone": pool.add(words.pair(zone_label(row.zone))),
        "stage": STAGES.index(row.stage),
        "nature": -1 if row.nature is None else NATURES.index(row.nature),
        "start": line.start,
        "finish": line.finish,
        "opens": line.opens,
        "due": view.due.get(item.key),
        "lag": candidate.open_lag,
        "years": candidate.duration_years,
        "from": candidate.fixed_start or candidate.earliest_start or horizon.first_year,
        "to": candidate.latest_finish or horizon.last_year,
        "cost": line.cost,
        "spend": _spend(view, line.spend),
        "draws": _draws(view, item, index),
        "before": before,
        "after": after,
        "seats": item.seats_added,
        "effects": [
            [STAGES.index(e.stage), pool.add(words.pair(zone_label(e.zone))), e.added, e.seats_replaced, e.seats_offline]
            for e in candidate.effects
        ],
        "priority": candidate.priority,
        "mandatory": int(candidate.mandatory),
        "status": pool.add(words.pair(coded("project_status", row.status))),
        "location": pool.add(row.location),
        "scale": pool.add(scope_of(candidate, words.lang)),
        "lead": pool.add(row.lead_unit),
        "cooperating": pool.add(row.cooperating_units),
        "basis": BASES.index(worst_basis(candidate)),
        "estimates": [
            [name, pool.add(words.pair(coded("field", name))), pool.add(words.pair(_estimate(name, found)))]
            for name, found in candidate.estimated.items()
        ],
        "source": pool.add(row.source),
        "locator": pool.add(row.locator),
        "notes": pool.add(row.notes),
        "reason": None
        if reason is None
        else reason_entry(reason, index.projects, index.sources, index.objectives, words, pool),
        "links": [pool.add(words.pair(text)) for text in relations],
    }  # fmt: skip


def _outside(view: View, item: Item) -> tuple[Money, Money]:
    """What is spent before and after the horizon."""
    if item.line.start is None:
        return 0, 0
    spend = view.problem.spend(item.key, item.line.start)
    horizon = view.problem.horizon
    before = sum(amount for year, amount in spend.items() if year < horizon.first_year)
    return before, sum(amount for year, amount in spend.items() if year > horizon.last_year)


def _spend(view: View, spend: Mapping[int, Money]) -> list[int]:
    """Number of the first year with spend, then the amount of each year from there on."""
    years = [year for year, amount in spend.items() if amount]
    if not years:
        return []
    first = min(years)
    return [first - view.years[0], *(spend.get(year, 0) for year in range(first, max(years) + 1))]


def _draws(view: View, item: Item, index: Index) -> list[int]:
    """Number of the year, number of the source, amount; one after another."""
    return [
        figure
        for year, by_source in sorted(item.line.funding.items())
        for source, amount in sorted(by_source.items())
        if amount
        for figure in (year - view.years[0], index.sources[source], amount)
    ]


def _estimate(name: str, found: Estimate[Any]) -> Text:
    """The figure with its unit and its formula; a duration is the norm's own figure."""
    if name == "duration_years":
        return found.formula
    if name == "total_cost":
        figure = fill(Text("{n} 万元", "{n} 万元"), n=f"{to_wan(found.value):,f}".removesuffix(".00"))
    elif name == "floor_area_m2":
        figure = Text(f"{area_text(found.value)} m²", f"{area_text(found.value)} m²")
    else:
        figure = Text(f"{found.value:,} 座", f"{found.value:,} seats")
    return Text(f"{figure.zh} = {found.formula.zh}", f"{figure.en} = {found.formula.en}")


def _relations(view: View) -> dict[str, list[Text]]:
    """Project -> its relations in words."""
    problem = view.problem
    found: dict[str, list[Text]] = {}
    for rule in problem.after:
        ends = (
            ("html.relation.after", rule.project, rule.other),
            ("html.relation.before", rule.other, rule.project),
        )
        for key, project, other in ends:
            text = fill(label(key), other=_name(view, other), lag=rule.lag_years)
            found.setdefault(project, []).append(text)
    for group in problem.groups:
        for member in group.members:
            others = [_name(view, other) for other in group.members if other != member]
            if others:
                joined = Text("、".join(o.zh for o in others), ", ".join(o.en for o in others))
                text = fill(label(f"html.relation.{RelationKind(group.kind)}"), others=joined)
                found.setdefault(member, []).append(text)
    return found


def _name(view: View, key: str) -> Text:
    candidate = view.problem.candidates.get(key)
    return project_name(candidate.row) if candidate else Text(key, key)
