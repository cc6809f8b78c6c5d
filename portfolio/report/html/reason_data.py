"""Why a project is out or late, and what it would take, as the page's data hold it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from portfolio.domain.explanation import Admission, Counterfactual
from portfolio.domain.schedule import Reason
from portfolio.report.html.texts import Pool, Words, packed
from portfolio.report.json_document import number
from portfolio.report.labels import objective_label, objective_unit, reason_label

Numbers = Mapping[str, int]
"""Key -> its place in one of the page's lists."""


def changed_objectives(reasons: Iterable[Reason]) -> list[str]:
    """The objectives that any of the reasons has a change of, in their order."""
    forced = (reason.counterfactual for reason in reasons)
    return list(dict.fromkeys(change.name for found in forced if found for change in found.objectives))


def objective_words(names: Iterable[str], words: Words) -> list[list[Any]]:
    """Name, its words, its unit."""
    return [[n, packed(words.pair(objective_label(n))), packed(words.pair(objective_unit(n)))] for n in names]


def reason_entry(
    reason: Reason, projects: Numbers, sources: Numbers, objectives: Numbers, words: Words, pool: Pool
) -> list[Any]:
    """Code, its words, the explanation, numbers of the projects that outrank it, least money, what if."""
    least, forced = reason.admission, reason.counterfactual
    return [
        reason.code,
        pool.add(words.pair(reason_label(reason.code))),
        pool.add(words.pair(reason.text)),
        [projects[key] for key in reason.outranked_by],
        None if least is None else _least(least, projects, sources),
        None if forced is None else _forced(forced, projects, objectives),
    ]


def _least(least: Admission, projects: Numbers, sources: Numbers) -> list[Any]:
    """Start, proven, then one after another: source, year, amount; and: project that comes in too, start."""
    return [
        least.start,
        int(least.proven),
        [figure for r in least.raises for figure in (sources[r.source], r.year, r.amount)],
        [figure for key, start in least.others.items() for figure in (projects[key], start)],
    ]


def _forced(forced: Counterfactual, projects: Numbers, objectives: Numbers) -> list[Any]:
    """Start, proven, seat-years, spend, then one after another: project, start before, start after; and:
    objective, change. Objectives that stay as they are are left out."""
    return [
        forced.start,
        int(forced.proven),
        forced.seat_years,
        forced.spend,
        [figure for m in forced.moves for figure in (projects[m.project], m.before, m.after)],
        [figure for c in forced.objectives if c.change for figure in (objectives[c.name], number(c.change))],
    ]
