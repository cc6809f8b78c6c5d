"""What hangs together with a project, and which relation keeps it out or back in a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portfolio.domain.project import RelationKind
from portfolio.scenario.problem import After, Group, PlanningProblem


@dataclass(frozen=True, slots=True)
class Waiting:
    """The first start that the scheduled predecessors leave, and the one of them that is ready last."""

    ready: int
    after: After


class Relations:
    """The relations of a problem, by project."""

    def __init__(self, problem: PlanningProblem) -> None:
        self.problem = problem
        self.before: dict[str, list[After]] = {}
        self.groups: dict[str, list[Group]] = {}
        for pair in problem.after:
            self.before.setdefault(pair.project, []).append(pair)
        for group in problem.groups:
            for member in group.members:
                self.groups.setdefault(member, []).append(group)

    def alternatives(
        self, key: str, starts: Mapping[str, int]
    ) -> tuple[RelationKind, tuple[str, ...]] | None:
        """The scheduled projects in whose place alone it could come, and the relation that says so."""
        for group in self.groups.get(key, ()):
            chosen = tuple(member for member in group.members if member != key and member in starts)
            if group.kind in (RelationKind.EXCLUDE, RelationKind.CHOOSE) and chosen:
                return group.kind, chosen
        return None

    def waiting(self, key: str, starts: Mapping[str, int]) -> Waiting | None:
        """What the project waits for among what is scheduled."""
        found = [
            Waiting(self.problem.candidates[pair.other].finish(starts[pair.other]) + 1 + pair.lag_years, pair)
            for pair in self.before.get(key, ())
            if pair.other in starts
        ]
        return max(found, key=lambda waiting: waiting.ready, default=None)

    def predecessors(self, key: str, starts: Mapping[str, int]) -> tuple[str, ...]:
        """What must come before it and is not scheduled, with what must come before that."""
        return self._closure(key, starts, together=False)

    def companions(self, key: str, starts: Mapping[str, int]) -> tuple[str, ...]:
        """What is not scheduled and must come in with it: predecessors, and what is built together."""
        return self._closure(key, starts, together=True)

    def _closure(self, key: str, starts: Mapping[str, int], *, together: bool) -> tuple[str, ...]:
        found, open_ = {key}, [key]
        while open_:
            name = open_.pop()
            near = [pair.other for pair in self.before.get(name, ())]
            if together:
                for group in self.groups.get(name, ()):
                    near += group.members if group.kind is RelationKind.TOGETHER else ()
            new = [other for other in dict.fromkeys(near) if other not in found and other not in starts]
            found.update(new)
            open_ += new
        return tuple(other for other in self.problem.candidates if other in found and other != key)
