"""What of an elastic program is made least, stage by stage, and what a solution of it changes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

import numpy as np

from portfolio.domain.money import to_wan
from portfolio.domain.repair import Change, ChangeKind
from portfolio.domain.text import Text
from portfolio.optimise.explain import words_repairs
from portfolio.optimise.explain.elastic import Elastic
from portfolio.optimise.program import Ints, Stage, ints


def _stage(name: str, columns: Iterable[int], weights: Iterable[int] | None = None) -> Stage:
    where = ints(list(columns))
    figures = np.ones(len(where), np.int64) if weights is None else ints(list(weights))
    kept = figures != 0
    order = np.argsort(where[kept], kind="stable")
    return Stage(name, where[kept][order], figures[kept][order], least=0)


def money_stages(elastic: Elastic) -> list[Stage]:
    """The least money; then the fewest caps; then later years, and sources that come first in the workbook;
    then as much as can be in the later years."""
    last = elastic.problem.horizon.last_year
    number = {source: n for n, source in enumerate(elastic.problem.sources)}
    sooner = [(last - year) * len(number) + number[source] for source, year in elastic.raised]
    return [
        _stage("money", elastic.extra.values()),
        _stage("caps", elastic.raised.values()),
        _stage("sooner", elastic.raised.values(), sooner),
        _stage("early_money", elastic.extra.values(), [last - year for _, year in elastic.extra]),
    ]


def drop_stages(elastic: Elastic) -> list[Stage]:
    """The fewest projects; then the fewest that have begun; then the least important; then those with the
    fewest new seats."""
    dropped = [elastic.problem.candidates[key] for key in elastic.drop]
    columns = list(elastic.drop.values())
    seats = [max(0, sum(e.added - e.seats_replaced for e in c.effects)) for c in dropped]
    first_year = elastic.problem.horizon.first_year
    begun = [c.fixed_start is not None and c.fixed_start < first_year for c in dropped]
    return [
        _stage("projects", columns),
        _stage("begun", columns, map(int, begun)),
        _stage("importance", columns, [6 - c.priority for c in dropped]),
        _stage("seats", columns, seats),
    ]


def target_stages(elastic: Elastic) -> list[Stage]:
    """The fewest percentage points in all; then the fewest targets."""
    return [_stage("points", elastic.steps.values()), _stage("targets", elastic.lowered.values())]


def caps_raised(elastic: Elastic, values: Ints) -> list[Change]:
    sources = {source: n for n, source in enumerate(elastic.problem.sources)}
    places = sorted(elastic.extra, key=lambda place: (place[1], sources[place[0]]))
    return [
        Change(
            kind=ChangeKind.RAISE_CAP,
            setting="cap",
            source=source,
            county=elastic.problem.sources[source].county,
            year=year,
            amount=to_wan(int(values[elastic.extra[source, year]])),
        )
        for source, year in places
        if values[elastic.extra[source, year]]
    ]


def left_out(elastic: Elastic, values: Ints) -> list[Change]:
    candidates = elastic.problem.candidates
    return [
        Change(kind=ChangeKind.DROP, setting="mandatory", project=key, county=candidates[key].row.county)
        for key, column in elastic.drop.items()
        if values[column]
    ]


def targets_lowered(elastic: Elastic, values: Ints) -> list[Change]:
    found = []
    for number, column in elastic.steps.items():
        if values[column]:
            target = elastic.problem.targets[number]
            ratio = Decimal(elastic.targets[number].full - int(values[column])) / elastic.grid
            found.append(
                Change(
                    kind=ChangeKind.RELAX_TARGET,
                    setting="public_share" if target.ratio is None else "ratio",
                    county=target.county,
                    amount=ratio,
                    target=number + 1,
                )
            )
    return found


def seats_reached(elastic: Elastic, changes: Sequence[Change], values: Ints) -> list[Text]:
    """For each lowered target the cell and year that binds most: seats needed until now, and seats possible."""
    found = []
    for change in changes:
        target = elastic.targets[(change.target or 1) - 1]
        pairs = zip(target.needs, target.seats(values).tolist(), strict=True)
        need, seats = min(pairs, key=lambda pair: Decimal(pair[1]) / pair[0].demand)
        found.append(words_repairs.seats_of(need.label, need.year, need.seats, max(0, seats)))
    return found
