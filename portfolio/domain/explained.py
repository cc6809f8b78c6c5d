"""Everything that is to be said about the decision on one project."""

from __future__ import annotations

from dataclasses import dataclass

from portfolio.domain.explanation import Admission, Counterfactual, Standing
from portfolio.domain.schedule import Reason, Requirement


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """A project in a plan, and what would follow from deciding otherwise.

    `start` is its start in the plan, None where it is left out; `earliest` the first year in which it could
    start by itself, None where it never can. `reason` is None for a project that is on time. The `years`
    are those that it was forced to start in: `forced` is the best plan with that, or `conflict` why there is
    none; neither, where it was not found out. `sooner` is the least money for the first of these years.
    `complete` is False where Ctrl-C or a limit ended the search.
    """

    project: str
    start: int | None
    earliest: int | None
    reason: Reason | None
    years: tuple[int, ...] = ()
    forced: Counterfactual | None = None
    conflict: tuple[Requirement, ...] = ()
    sooner: Admission | None = None
    standings: tuple[Standing, ...] = ()
    complete: bool = True
