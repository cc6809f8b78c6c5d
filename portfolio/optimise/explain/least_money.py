"""The least extra money that lets projects in while all others start as scheduled.

Of several ways to raise the caps by as little, the one with the fewest raises is told; then with the
earliest start; then in years in which the project itself pays; then in later years, which are easier
to ask for; then of sources that come first in the workbook.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from portfolio.domain.explanation import Admission, Raise
from portfolio.optimise.cpsat import Effort, Objective, Stop
from portfolio.optimise.explain.ground import Ground, Part
from portfolio.optimise.explain.held import with_others_held
from portfolio.optimise.explain.ordered import Search, at_most, improving, with_rows_at_most, with_switches
from portfolio.optimise.program import Ints, Program, ints

SOONER_YEARS = 10_000
"""A weight above any number of years, so that fewer raises come before an earlier start."""


@dataclass(frozen=True, slots=True)
class Money:
    """What the search for the least money found: an admission, or a proof (`impossible`) that no money
    does it, or neither."""

    admission: Admission | None
    impossible: bool
    effort: float


class LeastMoney:
    """Questions about money. `roomy` is compiled with caps that can be raised."""

    def __init__(self, roomy: Ground, effort: Effort, stop: Stop) -> None:
        self._roomy = roomy
        self._effort = effort
        self._stop = stop

    def for_start(
        self, key: str, years: Sequence[int], companions: Sequence[str] = (), *, better: bool = True
    ) -> Money:
        """The least money for which `key` can start in one of `years`; `companions` may come in too.

        `better`: only such that the plan improves, in the order of objectives.
        """
        part, program = with_others_held(self._roomy, key, years, companions)
        if better:
            program = improving(program, part.objectives, part.values)
        raises = [
            (source, year, int(part.local(ints([column]))[0]))
            for (source, year), column in self._extras(part)
        ]
        program, objectives = self._objectives(program, part, key, raises)
        search = Search(self._effort, self._stop)
        found = search.run(program, objectives, None)
        if found.values is None:
            return Money(None, found.infeasible, found.effort)
        for objective in objectives:
            program = at_most(program, objective, objective.value(found.values))
        best = search.run(program, [self._preference(part, found.values, key, raises)], found.values)
        values = found.values if best.values is None else best.values
        return Money(
            self._read(part, values, key, companions, raises, proven=found.proven[0]), False, best.effort
        )

    def _extras(self, part: Part) -> list[tuple[tuple[str, int], int]]:
        """The raises this part may use, in the workbook's order of sources."""
        mine = set(part.columns.tolist())
        return [
            (where, column) for where, column in self._roomy.variables.extra_caps.items() if column in mine
        ]

    def _objectives(
        self, program: Program, part: Part, key: str, raises: Sequence[tuple[str, int, int]]
    ) -> tuple[Program, list[Objective]]:
        """The total; then the number of raises, and the start."""
        count, years = len(raises), self._roomy.problem.horizon
        extra = ints([column for _, _, column in raises])
        program, used = with_switches(program, count)
        most = program.high[extra]
        program = with_rows_at_most(
            program, np.stack([extra, used], 1).ravel(), np.stack([np.ones(count, np.int64), -most], 1).ravel(),
            np.zeros(count, np.int64), 2,
        )  # fmt: skip
        starts = self._roomy.variables.columns(key)
        since = self._roomy.variables.year[starts] - years.first_year
        fewer = np.concatenate([np.full(count, SOONER_YEARS), since])
        return program, [
            Objective(extra, np.ones(count, np.int64)),
            Objective(np.concatenate([used, part.local(starts)]), ints(fewer)),
        ]

    def _preference(
        self, part: Part, values: Ints, key: str, raises: Sequence[tuple[str, int, int]]
    ) -> Objective:
        """Raises in the years in which the project itself pays; then later ones; then the workbook's order."""
        problem = self._roomy.problem
        start = self._roomy.starts_in(part, values)[key]
        paying = problem.spend_in_horizon(key, start)
        order = {source: place for place, source in enumerate(problem.sources)}
        last, count = problem.horizon.last_year, len(order)
        elsewhere = count * len(problem.horizon)
        rank = [
            (last - year) * count + order[source] + (0 if year in paying else elsewhere)
            for source, year, _ in raises
        ]
        return Objective(ints([column for _, _, column in raises]), ints(rank))

    def _read(
        self,
        part: Part,
        values: Ints,
        key: str,
        companions: Sequence[str],
        raises: Sequence[tuple[str, int, int]],
        *,
        proven: bool,
    ) -> Admission:
        starts = self._roomy.starts_in(part, values)
        return Admission(
            starts[key],
            tuple(
                Raise(source, year, int(values[column]))
                for source, year, column in sorted(raises, key=lambda entry: entry[1])
                if values[column]
            ),
            proven,
            {name: starts[name] for name in companions if name in starts},
        )
