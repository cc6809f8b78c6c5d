"""The key figures at the top of the Summary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from portfolio.report.workbook.page import Page, Value
from portfolio.report.workbook.styles import NAVY
from portfolio.report.workbook.tables import Formula

CARD_ROW = 3
FIGURE = "pale bold shrink left indent"
WORDS = "small grey pale wrap indent"


@dataclass(frozen=True, slots=True)
class Card:
    """A figure by formula with its value, its number format, its colour, and a note below."""

    key: str
    formula: str
    value: Value
    number: str
    colour: str
    note: str | Formula


def write_cards(page: Page, cards: Sequence[Card], last_col: int) -> None:
    """The cards side by side over the columns of the sheet."""
    tall = 27 if page.lang == "both" else 16
    for row, height in ((CARD_ROW, tall), (CARD_ROW + 1, 30), (CARD_ROW + 2, tall), (CARD_ROW + 3, 8)):
        page.row(row, height)
    for (first, last), card in zip(_columns(len(cards), last_col), cards, strict=True):
        _card(page, first, last, card)


def _columns(count: int, last_col: int) -> list[tuple[int, int]]:
    """The first card stands on the wide first column, the others share the rest."""
    edges = [1 + round(n * last_col / (count - 1)) for n in range(count)]
    return [(0, 0), *((a, b - 1) for a, b in pairwise(edges))]


def _card(page: Page, first: int, last: int, card: Card) -> None:
    edge = {"left": 5, "left_color": card.colour}
    page.merged(CARD_ROW, first, last, page.say(f"card.{card.key}", "\n"), WORDS, **edge)
    ink = card.colour if card.value else NAVY
    look = {"font_size": 18, "font_color": ink, "num_format": card.number, **edge}
    page.merged_formula(CARD_ROW + 1, first, last, card.formula, card.value, FIGURE, **look)
    if isinstance(card.note, str):
        page.merged(CARD_ROW + 2, first, last, card.note, WORDS, **edge)
    else:
        page.merged_formula(CARD_ROW + 2, first, last, card.note.formula, card.note.value, WORDS, **edge)
