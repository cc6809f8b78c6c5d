"""Normalising words for matching, and the nearest known word to a wrong one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from difflib import get_close_matches

# Zero-width space, non-joiner, word joiner, byte order mark and soft hyphen: typed by nobody, pasted
# by many. The zero-width joiner stays, because emoji are built with it.
_INVISIBLE = "\u200b\u200c\u2060\ufeff\u00ad"
_OUTER = re.compile(rf"^[\s{_INVISIBLE}]+|[\s{_INVISIBLE}]+$")
_LINE_END = re.compile(r"(?:_x000[dD]_)?\r?\n|_x000[dD]_|\r")
_NOT_A_WORD = re.compile(r"[\W_]+")


def fold(text: str) -> str:
    """Letters, digits and Chinese characters only, one width, one case: what matching compares."""
    return _NOT_A_WORD.sub("", unicodedata.normalize("NFKC", text).casefold())


def clean_text(text: str) -> str:
    """The text as typed, outer white space trimmed, line ends made `\\n`; nothing inside is changed."""
    return _OUTER.sub("", _LINE_END.sub("\n", text))


def clean_key(text: str) -> str:
    """A key for matching: NFKC, no invisible characters, any white space a single space."""
    plain = unicodedata.normalize("NFKC", _LINE_END.sub("\n", text))
    return " ".join(plain.translate({ord(c): None for c in _INVISIBLE}).split())


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word most like `word`, or None where nothing is near."""
    by_fold: dict[str, str] = {}
    for candidate in known:
        by_fold.setdefault(fold(candidate), candidate)
    found = get_close_matches(fold(word), list(by_fold), n=1, cutoff=0.6)
    return by_fold[found[0]] if found else None


def both_ways(zh: str, en: str) -> tuple[str, str, str, str]:
    """The folded forms that a pair of labels may take: either alone, or both in any order."""
    folded_zh, folded_en = fold(zh), fold(en)
    return folded_zh, folded_en, folded_zh + folded_en, folded_en + folded_zh


def choice_forms(choices: Mapping[str, str]) -> dict[str, str]:
    """Folded form -> English code, for a list of codes with their Chinese labels."""
    return {form: code for code, zh in choices.items() for form in both_ways(zh, code)}
