"""Text, dates, durations and money as the format writes them.

Microsoft's "Project XML Data Interchange Schema": a day is eight hours of the project's calendar,
a lag is counted in tenths of a minute, money in hundredths of the currency's unit.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache
from xml.sax.saxutils import escape

from portfolio.domain.money import HUNDREDTHS_PER_WAN, YUAN_PER_HUNDREDTH, Money

LONGEST = 255
"""Characters that Project keeps in a name or a text field."""

MORNING, EVENING = "T08:00:00", "T17:00:00"
"""When a working day begins and ends."""

HOURS_PER_DAY = 8
LAG_PER_DAY = HOURS_PER_DAY * 60 * 10
FEN_PER_MONEY = YUAN_PER_HUNDREDTH * 100

_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BREAKS = re.compile(r"[\t\r\n]+")
_LINE_ENDS = re.compile(r"\r\n?")


def note(text: str) -> str:
    """Escaped text of several lines; what XML 1.0 cannot hold is shown as `\ufffd`."""
    return escape(_FORBIDDEN.sub("\ufffd", _LINE_ENDS.sub("\n", text)))


def line(text: str) -> str:
    """Escaped text of one line, at most as long as Project keeps."""
    flat = _BREAKS.sub(" ", text)
    return note(flat if len(flat) <= LONGEST else flat[: LONGEST - 1] + "…")


def fen(amount: Money) -> int:
    """Hundredths of a yuan, exact."""
    return amount * FEN_PER_MONEY


def wan(amount: Money) -> str:
    """万元 with two decimals, exact, for programs."""
    return f"{amount // HUNDREDTHS_PER_WAN}.{amount % HUNDREDTHS_PER_WAN:02}"


def wan_words(amount: Money) -> str:
    """万元 for people: `18,968.00`."""
    return f"{amount // HUNDREDTHS_PER_WAN:,}.{amount % HUNDREDTHS_PER_WAN:02}"


@lru_cache(maxsize=4096)
def duration(start: str, finish: str) -> str:
    """The working time between two moments, each the morning or the evening of a day."""
    days = (date.fromisoformat(finish[:10]) - date.fromisoformat(start[:10])).days
    return f"PT{HOURS_PER_DAY * (days + finish.endswith(EVENING))}H0M0S"


def lag(first_year: int, years: int) -> int:
    """The days of `years` years from 1 January of `first_year`, as a lag."""
    return LAG_PER_DAY * (date(first_year + years, 1, 1) - date(first_year, 1, 1)).days
