"""A row of the task list, and how it is written. The order of the elements is the schema's."""

from __future__ import annotations

from typing import NamedTuple

from portfolio.domain.money import Money
from portfolio.report.mspdi.markup import duration, fen

AS_SOON_AS_POSSIBLE, NOT_BEFORE = 0, 4
FINISH_TO_START = 1
DAYS = 7


class Link(NamedTuple):
    """The task starts when `task` has finished and `lag` (tenths of a minute) has passed."""

    task: int
    lag: int = 0


class Task(NamedTuple):
    """A task; texts and custom fields are escaped XML.

    `number` is the place in the outline (`1.2.3`, level 3). What is no summary keeps its start by
    a "start no earlier than" constraint, so that a program that calculates the dates anew finds the
    same ones; summaries follow from what they hold. A task without length is a milestone.
    """

    uid: int
    number: str
    level: int
    name: str
    start: str
    finish: str
    summary: bool = False
    cost: Money = 0
    deadline: str = ""
    note: str = ""
    links: tuple[Link, ...] = ()
    fields: str = ""

    def xml(self) -> str:
        uid, number, start, length = self.uid, self.number, self.start, duration(self.start, self.finish)
        held = "" if self.summary else f"<ConstraintDate>{start}</ConstraintDate>"
        due = f"<Deadline>{self.deadline}</Deadline>" if self.deadline else ""
        note = f"<Notes>{self.note}</Notes>" if self.note else ""
        cost = fen(self.cost)
        return (
            f"<Task><UID>{uid}</UID><ID>{uid}</ID><Name>{self.name}</Name><Active>1</Active><Manual>0</Manual>"
            f"<Type>1</Type><IsNull>0</IsNull><WBS>{number}</WBS><OutlineNumber>{number}</OutlineNumber>"
            f"<OutlineLevel>{self.level}</OutlineLevel><Priority>500</Priority><Start>{start}</Start>"
            f"<Finish>{self.finish}</Finish><Duration>{length}</Duration><DurationFormat>{DAYS}</DurationFormat>"
            f"<Work>PT0H0M0S</Work><EffortDriven>0</EffortDriven><Estimated>0</Estimated>"
            f"<Milestone>{int(start == self.finish)}</Milestone><Summary>{int(self.summary)}</Summary>"
            f"<FixedCost>0</FixedCost><FixedCostAccrual>3</FixedCostAccrual><Cost>{cost}</Cost>"
            f"<ActualDuration>PT0H0M0S</ActualDuration><RemainingDuration>{length}</RemainingDuration>"
            f"<RemainingCost>{cost}</RemainingCost>"
            f"<ConstraintType>{AS_SOON_AS_POSSIBLE if self.summary else NOT_BEFORE}</ConstraintType>"
            f"<CalendarUID>-1</CalendarUID>{held}{due}{note}{''.join(map(_link, self.links))}{self.fields}</Task>\n"
        )


def _link(link: Link) -> str:
    return (
        f"<PredecessorLink><PredecessorUID>{link.task}</PredecessorUID><Type>{FINISH_TO_START}</Type>"
        f"<CrossProject>0</CrossProject><LinkLag>{link.lag}</LinkLag><LagFormat>{DAYS}</LagFormat></PredecessorLink>"
    )
