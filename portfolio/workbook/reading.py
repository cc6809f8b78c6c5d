"""What one cell says: its value, or why it has none. Shared by every kind of cell."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time

from portfolio.domain.notice import Severity
from portfolio.domain.text import Text
from portfolio.workbook.package import CellError, Raw
from portfolio.workbook.words import clean_key

SHOWN_CHARACTERS = 60

LONGEST_FIGURE = 60
"""No figure or year takes more characters; longer texts are not searched for one."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a cell says. `ok` is False where it has no usable value; `blank` where it stands for an
    empty cell; `remark` is what to tell of it."""

    value: object = None
    ok: bool = True
    severity: Severity = Severity.NOTICE
    remark: Text | None = None
    blank: bool = False


@dataclass(frozen=True, slots=True)
class Manner:
    """How the cells of one column are taken.

    `unit` is what the header, or the title of the sheet, says of its bare numbers ("" where it is the
    column's own). `dash_is_blank`: a dash means the same as nothing at all. `text_only`: the file has
    no numbers, so that a number held as text is nothing to tell of.
    """

    unit: str = ""
    dash_is_blank: bool = False
    text_only: bool = False


AS_IT_STANDS = Manner()


def refused(zh: str, en: str) -> Reading:
    return Reading(ok=False, severity=Severity.ERROR, remark=Text(zh, en))


def noted(value: object, zh: str, en: str) -> Reading:
    return Reading(value, remark=Text(zh, en))


def is_blank(raw: Raw) -> bool:
    """Nothing, or only white space."""
    if not isinstance(raw, str):
        return raw is None
    return not raw[:1].isalnum() and not clean_key(raw)


def shown(raw: Raw) -> str:
    """The cell's content as a person saw it, at most 60 characters in one line."""
    if raw is None:
        return ""
    if isinstance(raw, CellError):
        return raw.code[:SHOWN_CHARACTERS]
    if isinstance(raw, bool):
        return str(raw).upper()
    if isinstance(raw, float):
        return f"{raw:.15g}"
    if isinstance(raw, datetime) and raw.time() == time():
        raw = raw.date()
    text = " ".join(str(raw).split())
    return text if len(text) <= SHOWN_CHARACTERS else text[: SHOWN_CHARACTERS - 1] + "…"
