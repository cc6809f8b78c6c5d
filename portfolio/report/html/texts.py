"""Texts as the page holds them: what is shown, and the English that stands smaller beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from portfolio.domain.text import Lang, Text, fill
from portfolio.report.labels import label

HTML_LANG: dict[Lang, str] = {"zh": "zh-CN", "en": "en", "both": "zh-CN"}
"""The language of the page; smaller English parts of it say so themselves."""


class Pair(NamedTuple):
    """A text in the page's language; `small` is its English where both are shown, else "" ."""

    main: str
    small: str = ""

    @property
    def plain(self) -> str:
        """On one line, for titles and attributes."""
        return f"{self.main} {self.small}".rstrip()


def shown(text: Text, lang: Lang) -> Pair:
    """What a page in `lang` shows of a text."""
    if lang == "both" and text.zh and text.en and text.zh != text.en:
        return Pair(text.zh, text.en)
    return Pair(text.pick("zh" if lang == "both" else lang))


@dataclass(frozen=True, slots=True)
class Words:
    """The catalogue in one language choice."""

    lang: Lang

    def pair(self, text: Text) -> Pair:
        return shown(text, self.lang)

    def say(self, key: str, **values: object) -> Pair:
        return self.pair(fill(label(key), **values))


@dataclass(slots=True)
class Pool:
    """Texts that many rows share, each once; rows hold their number."""

    texts: list[str | list[str]] = field(default_factory=list)
    numbers: dict[Pair, int] = field(default_factory=dict)

    def add(self, text: Pair | str) -> int:
        pair = Pair(text) if isinstance(text, str) else text
        number = self.numbers.setdefault(pair, len(self.texts))
        if number == len(self.texts):
            self.texts.append(packed(pair))
        return number


def packed(pair: Pair) -> str | list[str]:
    """A text alone where there is nothing beside it."""
    return list(pair) if pair.small else pair.main
