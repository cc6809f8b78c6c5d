"""Where a project stands on each rule that has to do with it, in a plan."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from portfolio.domain.explanation import Standing
from portfolio.domain.project import RelationKind
from portfolio.domain.text import Text
from portfolio.optimise.constraints.milestone import year_met
from portfolio.optimise.explain.questions import Possible
from portfolio.optimise.explain.words import count, county, joined, listed, project, say, source, years
from portfolio.scenario.problem import PlanningProblem


class Standings:
    """The rules about projects of one plan."""

    def __init__(self, problem: PlanningProblem, starts: Mapping[str, int], possible: Possible) -> None:
        self._problem = problem
        self._starts = starts
        self._possible = possible

    def of(self, key: str, holding: str) -> tuple[Standing, ...]:
        """The rules that concern the project; `holding`: the code of the reason that holds it back."""
        rules = {
            "window": self._window,
            "mandatory": self._mandatory,
            "funding": self._funding,
            "after": self._after,
            **{str(kind): self._groups(kind) for kind in RelationKind if kind is not RelationKind.AFTER},
            "delivery": self._delivery,
            "milestone": self._milestones,
        }
        return tuple(
            Standing(rule, joined(parts), rule == holding)
            for rule, told in rules.items()
            if (parts := list(told(key)))
        )

    def _window(self, key: str) -> Iterator[Text]:
        candidate, possible = self._problem.candidates[key], self._possible.alone(key)
        duration = count(candidate.duration_years, "year")
        if possible:
            yield say("stands.window", duration=duration, years=years(possible))
        else:
            yield say("stands.no_start", duration=duration)

    def _mandatory(self, key: str) -> Iterator[Text]:
        candidate = self._problem.candidates[key]
        if candidate.fixed_start is not None:
            yield say("stands.fixed", start=candidate.fixed_start)
        elif candidate.mandatory:
            yield say("stands.mandatory")

    def _funding(self, key: str) -> Iterator[Text]:
        who = self._possible.payers[key]
        if not who.sources:
            yield say("nobody_pays")
            return
        names = listed([source(self._problem, name) for name in who.sources])
        kind = (
            "stands.shares" if who.shares is not None else "stands.ranges" if who.ranged else "stands.payers"
        )
        yield say(kind, sources=names)

    def _after(self, key: str) -> Iterator[Text]:
        for pair in self._problem.after:
            if pair.project == key:
                yield self._sequence("after", pair.other, pair.lag_years)
            if pair.other == key:
                yield self._sequence("before", pair.project, pair.lag_years)

    def _sequence(self, side: str, other: str, lag: int) -> Text:
        if not lag:
            return say(f"stands.{side}", other=self._placed(other))
        return say(f"stands.{side}.lag", other=self._placed(other), lag=count(lag, "year"))

    def _groups(self, kind: RelationKind) -> Callable[[str], Iterator[Text]]:
        def told(key: str) -> Iterator[Text]:
            for group in self._possible.relations.groups.get(key, ()):
                if group.kind is kind:
                    others = [self._placed(member) for member in group.members if member != key]
                    yield say(f"stands.{kind}", others=listed(others))

        return told

    def _delivery(self, key: str) -> Iterator[Text]:
        where = county(self._problem.candidates[key].row.county)
        if self._problem.max_starts is not None:
            yield say("stands.starts", county=where, most=self._problem.max_starts)
        if self._problem.max_under_construction is not None:
            yield say("stands.building", county=where, most=self._problem.max_under_construction)

    def _milestones(self, key: str) -> Iterator[Text]:
        start = self._starts.get(key)
        for milestone in self._problem.milestones:
            if milestone.project != key:
                continue
            met = None if start is None else year_met(self._problem.candidates[key], milestone, start)
            duty = say(f"stands.{milestone.kind}", year=milestone.year)
            if met is None:
                yield say("stands.never", duty=duty)
            else:
                late = met > milestone.year
                yield say("stands.late" if late else "stands.kept", duty=duty, met=met)

    def _placed(self, key: str) -> Text:
        """A project and when it is built in the plan."""
        name, start = project(self._problem, key), self._starts.get(key)
        if start is None:
            return say("stands.out", project=name)
        return say("stands.in", project=name, start=start, finish=self._problem.candidates[key].finish(start))
