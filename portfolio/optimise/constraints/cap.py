"""`cap`: draws of any years a to b are covered by the caps of years a - carry-over to b."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from portfolio.domain.money import split, to_wan
from portfolio.domain.schedule import Requirement
from portfolio.domain.text import Text
from portfolio.optimise.program import Ints, ProgramBuilder, ints
from portfolio.optimise.variables import Variables
from portfolio.scenario.problem import PlanningProblem


@dataclass(frozen=True, slots=True)
class _Span:
    """Draws of the years `first` to `last` from a source; `opening` is the first cap that counts."""

    source: str
    opening: int
    first: int
    last: int
    have: int


@dataclass(frozen=True, slots=True)
class _Usage:
    """What columns draw: the source's number, the year, the column and the amount for each unit of it."""

    source: Ints
    year: Ints
    column: Ints
    amount: Ints


def add(program: ProgramBuilder, problem: PlanningProblem, variables: Variables) -> None:
    usage = _usage(variables)
    order = np.argsort(usage.source, kind="stable")
    ends = np.searchsorted(usage.source[order], np.arange(len(problem.sources) + 1))
    spans: list[_Span] = []
    row, column, amount = [], [], []
    for number, source in enumerate(problem.sources):
        here = order[ends[number] : ends[number + 1]]
        own = _spans(problem, source)
        first, last = ints([s.first for s in own]), ints([s.last for s in own])
        year = usage.year[here]
        span, entry = np.nonzero((first[:, None] <= year) & (year <= last[:, None]))
        row.append(len(spans) + span)
        column.append(usage.column[here][entry])
        amount.append(usage.amount[here][entry])
        spans += own
    if not spans:
        return
    for number, span_ in enumerate(spans):
        for year_ in range(span_.opening, span_.last + 1) if variables.raise_caps else ():
            for extra, sign in variables.extra_cap(span_.source, year_):
                row.append(ints([number]))
                column.append(ints([extra]))
                amount.append(ints([-sign]))
    program.add_rows(
        "cap",
        ints(np.concatenate(row)),
        ints(np.concatenate(column)),
        np.concatenate(amount),
        high=[span_.have for span_ in spans],
        count=len(spans),
        meaning=lambda position: _requirement(problem, spans[position]),
    )


def _spans(problem: PlanningProblem, source: str) -> list[_Span]:
    """The intervals of years whose draws must be covered."""
    caps, carry = problem.caps[source], problem.sources[source].carry_over_years
    first_year, last_year = problem.horizon.first_year, problem.horizon.last_year
    spans = []
    for first in problem.horizon.years:
        # Where the interval reaches back to the first year anyway, the longest one covers it.
        reaches_back = carry is None or first - carry <= first_year
        if reaches_back and first > first_year:
            continue
        opening = first_year if carry is None else max(first_year, first - carry)
        # With no carry-over the single years say it all.
        for last in range(first, (first if carry == 0 else last_year) + 1):
            have = sum(caps.get(year, 0) for year in range(opening, last + 1))
            spans.append(_Span(source, opening, first, last, have))
    return spans


def _usage(variables: Variables) -> _Usage:
    """Draw columns as they are; payments whose source is certain as the starts that cause them."""
    parts: list[tuple[Ints, Ints, Ints, Ints]] = []
    number = variables.source_number
    for (years, columns), group in zip(variables.draw_tables, variables.classes, strict=True):
        sources = ints([number[source] for source in group[1]])
        shape = columns.shape
        parts.append(
            (
                np.broadcast_to(sources, shape).ravel(),
                np.broadcast_to(years[:, None], shape).ravel(),
                columns.ravel(),
                np.ones(columns.size, np.int64),
            )
        )
    prescribed: dict[tuple[object, ...], list[int]] = {}
    for key, who in variables.payers.items():
        if not who.unfundable and (who.shares is not None or (len(who.sources) == 1 and not who.ranged)):
            prescribed.setdefault((who.sources, who.shares), []).append(variables.number[key])
    spend, job = variables.spend, variables.job[variables.spend.column]
    group_of_job = np.full(len(variables.keys), -1)
    for index, jobs in enumerate(prescribed.values()):
        group_of_job[jobs] = index
    group_of_entry = group_of_job[job]
    by_group = np.argsort(group_of_entry, kind="stable")
    ends = np.searchsorted(group_of_entry[by_group], np.arange(len(prescribed) + 1))
    for index, jobs in enumerate(prescribed.values()):
        who = variables.payers[variables.keys[jobs[0]]]
        payments = spend.of(by_group[ends[index] : ends[index + 1]])
        if who.shares is None:
            shares = payments.amount[:, None]
        else:
            distinct, back = np.unique(payments.amount, return_inverse=True)
            table = ints([split(a, who.shares) for a in distinct.tolist()]).reshape(-1, len(who.shares))
            shares = table[back]
        for source, amounts in zip(who.sources, shares.T, strict=True):
            parts.append(
                (np.full(len(amounts), number[source]), payments.year, payments.column, ints(amounts))
            )
    if not parts:
        empty = ints([])
        return _Usage(empty, empty, empty, empty)
    return _Usage(*(ints(np.concatenate(column)) for column in zip(*parts, strict=True)))


def _requirement(problem: PlanningProblem, span: _Span) -> Requirement:
    row = problem.sources[span.source]
    name_zh, name_en = row.name_zh or span.source, row.name_en or span.source
    have, caps = f"{to_wan(span.have):,} 万元", _years(span.opening, span.last)
    if span.opening == span.last:
        text = Text(
            f"{name_zh}（{span.source}）{span.last} 年上限 {have}",
            f"{name_en} ({span.source}): the cap of {span.last} is {have}",
        )
    else:
        paid = _years(span.first, span.last)
        text = Text(
            f"{name_zh}（{span.source}）{paid} 年的支出可用 {caps} 年上限，合计 {have}",
            f"{name_en} ({span.source}): spending of {paid} may use the caps of {caps}, {have} in all",
        )
    return Requirement("cap", text, source=span.source, county=row.county, year=span.last)


def _years(first: int, last: int) -> str:
    return f"{first}" if first == last else f"{first}–{last}"
