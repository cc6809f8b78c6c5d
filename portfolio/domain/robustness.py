"""How firmly a project is in or out: its place in the schedules of several variations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from portfolio.domain.schedule import Status
from portfolio.domain.text import Text


class Label(StrEnum):
    """In the schedule of every variation that has one, of some, of none."""

    ALWAYS = "always"
    BORDERLINE = "borderline"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Outcome:
    """A variation and its schedule's starts. `proven`: it is the best schedule; `starts` is empty where
    there is none."""

    variation: str
    text: Text
    status: Status
    starts: Mapping[str, int] = field(default_factory=dict, hash=False)

    @property
    def has_schedule(self) -> bool:
        return self.status in (Status.OPTIMAL, Status.FEASIBLE)

    @property
    def proven(self) -> bool:
        return self.status is Status.OPTIMAL


@dataclass(frozen=True, slots=True)
class Robustness:
    """A project over the variations that have a schedule: in how many of them it is scheduled, its
    earliest and latest start (None: never scheduled), and the variations in which it is left out."""

    project: str
    label: Label
    scheduled: int
    variations: int
    earliest_start: int | None
    latest_start: int | None
    left_out_in: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RobustnessReport:
    """`projects` is empty where no variation has a schedule. `stopped` is "interrupted" where that left
    variations out; `notes` is what must be known to read the labels."""

    outcomes: tuple[Outcome, ...]
    projects: tuple[Robustness, ...]
    notes: tuple[Text, ...] = ()
    stopped: str = ""


def robustness(projects: Iterable[str], outcomes: Sequence[Outcome]) -> tuple[Robustness, ...]:
    """The label of each project; none where no variation has a schedule."""
    counted = [outcome for outcome in outcomes if outcome.has_schedule]
    return tuple(_of(key, counted) for key in projects) if counted else ()


def _of(key: str, counted: Sequence[Outcome]) -> Robustness:
    starts = [outcome.starts[key] for outcome in counted if key in outcome.starts]
    label = Label.BORDERLINE
    if len(starts) == len(counted):
        label = Label.ALWAYS
    elif not starts:
        label = Label.NEVER
    return Robustness(
        project=key,
        label=label,
        scheduled=len(starts),
        variations=len(counted),
        earliest_start=min(starts, default=None),
        latest_start=max(starts, default=None),
        left_out_in=tuple(outcome.variation for outcome in counted if key not in outcome.starts),
    )
