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


def fill(text: Text, /, **values: object) -> Text:
    """Both languages with a value for each `{name}`; a `Text` value gives each language its own words."""
    zh = {name: value.zh if isinstance(value, Text) else value for name, value in values.items()}
    en = {name: value.en if isinstance(value, Text) else value for name, value in values.items()}
    return Text(text.zh.format(**zh), text.en.format(**en))
