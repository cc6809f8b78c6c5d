"""What would mend an infeasible scenario: the menu of repairs."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from portfolio.domain.text import Text

NO_WORDS = Text("", "")


class ChangeKind(StrEnum):
    RAISE_CAP = "raise_cap"
    DROP = "drop"
    MOVE = "move"
    RELAX_TARGET = "relax_target"
    EXTEND_HORIZON = "extend_horizon"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One figure that a repair changes; "" and None where a field does not apply.

    | kind | `amount` | `year` | `setting` |
    |---|---|---|---|
    | `raise_cap` | 万元 to add | the cap's year | `cap` |
    | `drop` | None | None | `mandatory`: the project is left out, its duties lapse |
    | `move` | years it moves by, negative: earlier | the new year | `start`, `latest_finish`, or a milestone's kind |
    | `relax_target` | the new ratio or share | None | `ratio` or `public_share` |
    | `extend_horizon` | years added | the new last year | `last_year` |

    `target` is the place of the target among the scenario's, from 1; `text` says the change in words.
    """

    kind: ChangeKind
    setting: str
    source: str = ""
    project: str = ""
    county: str = ""
    year: int | None = None
    amount: Decimal | None = None
    target: int | None = None
    text: Text = NO_WORDS


class Scope(StrEnum):
    """Which question a repair is the least answer to."""

    CAPS = "caps"
    ONE_YEAR = "one_year"
    ONE_SOURCE = "one_source"
    ONE_CAP = "one_cap"
    DROP = "drop"
    MOVE = "move"
    TARGETS = "targets"
    ONE_TARGET = "one_target"
    HORIZON = "horizon"
    COMBINED = "combined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Repair:
    """Changes that together make the scenario feasible. `proven`: none of its scope is less."""

    scope: Scope
    text: Text
    changes: tuple[Change, ...]
    proven: bool = True
