"""The counties of the shipped data by both their names; any other county is known by its key alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from portfolio.domain.text import Text

COUNTIES: Mapping[str, Text] = {
    "shizhu": Text("石柱县", "Shizhu"),
    "yunyang": Text("云阳县", "Yunyang"),
    "liangping": Text("梁平区", "Liangping"),
    "xifeng": Text("息烽县", "Xifeng"),
}
"""Key in small letters -> names."""


def county_name(key: str) -> Text:
    """Both names of a county; the key itself where no name is known."""
    known = COUNTIES.get(_code(key))
    return known or Text(key, key)


def same_county(name: str, known: Iterable[str]) -> str | None:
    """The member of `known` that means the same county as `name`: 石柱县, Shizhu and 石柱县 Shizhu
    are one. None if none does."""
    code = _code(name)
    return next((key for key in known if _code(key) == code), None)


def _code(name: str) -> str:
    """The key in small letters, whichever of the names is given."""
    words = name.casefold().split()
    for code, names in COUNTIES.items():
        spellings = {code, names.zh, names.zh[:-1]}
        if words and all(word in spellings for word in words):
            return code
    return name
