"""A text in Chinese and English, and the choice between them."""

from __future__ import annotations

from typing import Literal, NamedTuple

Lang = Literal["zh", "en", "both"]


class Text(NamedTuple):
    """The same words in both languages."""

    zh: str
    en: str

    def pick(self, lang: Lang, joiner: str = " ") -> str:
        """The text in `lang`; `both` puts the Chinese first."""
        if lang == "zh" or not self.en:
            return self.zh or self.en
        if lang == "en" or not self.zh or self.zh == self.en:
            return self.en
        return f"{self.zh}{joiner}{self.en}"
