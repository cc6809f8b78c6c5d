"""Problems found in input are values: collected, located, told in both languages."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from portfolio.domain.text import Lang, Text


class Severity(StrEnum):
    NOTICE = "notice"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One thing to tell about an input.

    `place` is `Sheet!Cell` in a workbook or `file: [section] key` in a scenario; `column` is the
    English key of the column or setting; `found` is what stood there; `text` says what is wrong
    and what to write instead. `estimated`: it tells only what a norm gave for a blank.
    """

    severity: Severity
    place: str
    text: Text
    column: str = ""
    found: str = ""
    estimated: bool = False

    def line(self, lang: Lang = "both") -> str:
        """One line: place, column, what was found, what to write."""
        where = f"{self.place} {self.column}".strip()
        found = f' "{self.found}"' if self.found else ""
        words = self.text.pick(lang, " / ")
        return f"{where}:{found} {words}"
