"""Lines for a terminal: measured in display cells, where a Chinese character takes two.

Text that the output's encoding cannot hold is replaced, never an error.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from rich.cells import cell_len, chop_cells, set_cell_size
from rich.text import Text as Line

from portfolio.domain.money import round_half_up
from portfolio.domain.text import Lang, Text
from portfolio.domain.text import fill as fill
from portfolio.report.labels import label

INDENT = "  "


class Glyphs(NamedTuple):
    """What the Gantt is drawn with: small, middle and large share of the cost, opening, nothing."""

    light: str
    medium: str
    heavy: str
    opens: str
    idle: str
    cut: str


BLOCKS = Glyphs("░", "▒", "█", "◆", "·", "…")
PLAIN = Glyphs("-", "=", "#", "O", ".", "~")


def clean(text: str, encoding: str = "utf-8") -> str:
    """The text on one line: control characters become spaces, what cannot be encoded becomes `?`."""
    visible = "".join(c if c.isprintable() else " " for c in text)
    return visible.encode(encoding, "replace").decode(encoding)


@dataclass(frozen=True, slots=True)
class Page:
    """How to write: language, width in display cells, colour or none, and the output's encoding."""

    lang: Lang
    width: int = 80
    colour: bool = False
    encoding: str = "utf-8"

    @property
    def glyphs(self) -> Glyphs:
        drawn = "".join(BLOCKS)
        return BLOCKS if clean(drawn, self.encoding) == drawn else PLAIN

    def pick(self, text: Text, joiner: str = " ") -> str:
        return clean(text.pick(self.lang, joiner), self.encoding)

    def say(self, key: str, joiner: str = " ", **values: object) -> str:
        """The words of a catalogue key, with a value for each `{name}` in them."""
        return self.pick(fill(label(key), **values), joiner)

    def line(self, text: str = "", style: str = "") -> Line:
        return Line(text.rstrip(), style=style if self.colour else "", no_wrap=True, overflow="ignore")

    def heading(self, text: str) -> Line:
        return self.line(self.clip(text, self.width), "bold")

    def clip(self, text: str, width: int) -> str:
        """The text cut to `width` cells."""
        if cell_len(text) <= width:
            return text
        return set_cell_size(text, max(0, width - 1)).rstrip() + self.glyphs.cut

    def paragraph(self, text: Text, first: str = "", style: str = "") -> list[Line]:
        """The text wrapped behind `first`; in both languages the English stands on lines of its own."""
        indent = " " * cell_len(first)
        both = self.lang == "both" and text.zh and text.en and text.zh != text.en
        wordings = (text.zh, text.en) if both else (text.pick(self.lang),)
        rows = [row for w in wordings for row in wrap(clean(w, self.encoding), self.width - len(indent))]
        return [self.line((indent if n else first) + row, style) for n, row in enumerate(rows)]

    def table(self, rows: Sequence[Sequence[str]]) -> list[str]:
        """Columns by display width: the first to the left, cut where needed, the others to the right."""
        widths = [max(cell_len(cell) for cell in column) for column in zip(*rows, strict=True)]
        others = sum(widths[1:]) + 2 * len(widths[1:])
        first = max(1, min(widths[0], self.width - len(INDENT) - others))
        return [
            INDENT
            + set_cell_size(self.clip(row[0], first), first)
            + "".join("  " + " " * (w - cell_len(c)) + c for c, w in zip(row[1:], widths[1:], strict=True))
            for row in rows
        ]


def wrap(text: str, width: int) -> list[str]:
    """Lines of at most `width` cells, broken at spaces and between Chinese characters, but not
    before closing punctuation."""
    rows, row = [], ""
    for token in re.findall(
        r"\s+|[\u2e80-\uffef][，。；：、！？）》」]*|[^\s\u2e80-\uffef]+[，。；：、！？）》」]*", text
    ):
        for part in chop_cells(token, width) if cell_len(token) > width else [token]:
            if cell_len(row) + cell_len(part.rstrip()) > width:
                rows.append(row.rstrip())
                row = part.lstrip()
            else:
                row += part
    return [*rows, row.rstrip()] if row.strip() or not rows else rows


def figure(value: Decimal | float) -> str:
    """With thousands separators and at most 2 decimals; a dash where the value is not finite."""
    exact = Decimal(value)
    if not exact.is_finite():
        return "–"
    if exact == exact.to_integral_value():
        return f"{int(exact):,}"
    return f"{Decimal(round_half_up(exact * 100)).scaleb(-2):,}"


def percent(share: float) -> str:
    """A share in percent with 2 decimals; one that is not 0 never looks like 0."""
    return "<0.01%" if 0 < share < 0.0001 else f"{share:.2%}"
