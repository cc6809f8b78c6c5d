"""The label follows from the variations that have a schedule, and from nothing else."""

from __future__ import annotations

from portfolio.domain.robustness import Label, Outcome, Robustness, robustness
from portfolio.domain.schedule import Status
from portfolio.domain.text import Text


def an_outcome(name: str, status: Status = Status.OPTIMAL, **starts: int) -> Outcome:
    return Outcome(name, Text(name, name), status, starts)


def labels(*outcomes: Outcome) -> dict[str, Label]:
    return {line.project: line.label for line in robustness("pqr", outcomes)}


def test_in_every_in_some_in_no_schedule() -> None:
    found = robustness("pqr", [an_outcome("base", p=2021, q=2022), an_outcome("caps", p=2023)])
    assert found == (
        Robustness("p", Label.ALWAYS, 2, 2, 2021, 2023, ()),
        Robustness("q", Label.BORDERLINE, 1, 2, 2022, 2022, ("caps",)),
        Robustness("r", Label.NEVER, 0, 2, None, None, ("base", "caps")),
    )


def test_variations_without_a_schedule_do_not_count() -> None:
    without = [an_outcome("a", Status.INFEASIBLE), an_outcome("b", Status.NO_SOLUTION)]
    assert labels(an_outcome("base", p=2021), *without)["p"] is Label.ALWAYS
    assert labels(*without) == {}


def test_a_schedule_that_is_not_proven_counts() -> None:
    assert labels(an_outcome("base", p=2021), an_outcome("caps", Status.FEASIBLE))["p"] is Label.BORDERLINE


def test_an_empty_schedule_counts() -> None:
    assert labels(an_outcome("base"))["p"] is Label.NEVER
