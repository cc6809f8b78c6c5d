"""Normalising words for matching, and the nearest known word to a wrong one."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime, time
from difflib import get_close_matches
from functools import cached_property

# Zero-width space, non-joiner, word joiner, byte order mark and soft hyphen: typed by nobody, pasted
# by many. The zero-width joiner stays, because emoji are built with it.
_INVISIBLE = "\u200b\u200c\u2060\ufeff\u00ad"
_OUTER = re.compile(rf"^[\s{_INVISIBLE}]+|[\s{_INVISIBLE}]+$")
_LINE_END = re.compile(r"(?:_x000[dD]_)?\r?\n|_x000[dD]_|\r")
_WITHOUT_INVISIBLE = dict.fromkeys(map(ord, _INVISIBLE))
# ASCII and Chinese characters with single blanks between words: nearly every cell, and clean already.
_CLEAN = re.compile(r"[!-~\u4e00-\u9fff]+(?: [!-~\u4e00-\u9fff]+)*")
_NOT_A_WORD = re.compile(r"[\W_]+")
_DASHES = re.compile(r"[‐‑‒–—―−]")


def fold(text: str) -> str:
    """Letters, digits and Chinese characters only, one width, one case: what matching compares."""
    return _NOT_A_WORD.sub("", unicodedata.normalize("NFKC", text).casefold())


def clean_text(text: str) -> str:
    """The text as typed, outer white space trimmed, line ends made `\\n`; nothing inside is changed."""
    if "\r" in text or "_x000" in text:
        text = _LINE_END.sub("\n", text)
    plain = text.strip()
    hidden = plain and (plain[0] in _INVISIBLE or plain[-1] in _INVISIBLE)
    return _OUTER.sub("", plain) if hidden else plain


def clean_key(text: str) -> str:
    """A key for matching: NFKC, no invisible characters, any white space a single space."""
    if _CLEAN.fullmatch(text) and "_x000" not in text:
        return text
    plain = unicodedata.normalize("NFKC", _LINE_END.sub("\n", text))
    return " ".join(plain.translate(_WITHOUT_INVISIBLE).split())


def loose_key(text: str) -> str:
    """A key but for width, case, white space and the kind of its dashes: what is certain to be meant
    where nothing else is like it."""
    return _DASHES.sub("-", "".join(clean_key(text).split())).casefold()


def as_text(raw: object) -> str:
    """Text as typed; a number or date that stands in a text column as a person sees it."""
    if isinstance(raw, str):
        return clean_text(raw)
    if isinstance(raw, bool):
        return str(raw).upper()
    if isinstance(raw, float):
        return str(int(raw)) if raw.is_integer() and abs(raw) < 1e15 else f"{raw:.15g}"
    if isinstance(raw, datetime) and raw.time() == time():
        raw = raw.date()
    return str(raw)


def nearest(word: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The known word most like `word`, or None where nothing is near. For short lists; see `Suggester`."""
    by_fold: dict[str, str] = {}
    for candidate in known:
        by_fold.setdefault(fold(candidate), candidate)
    found = get_close_matches(fold(word), list(by_fold), n=1, cutoff=cutoff)
    return by_fold[found[0]] if found else None


class Suggester:
    """The nearest of many known words, for many wrong ones.

    Comparing 20,000 keys with 20,000 others would take hours. Only the words that share the most and
    rarest triples of letters with a wrong one are compared, and after `MOST` wrong words none is.
    """

    MOST = 500
    _COMPARED = 50
    _COMMON = 1000

    def __init__(self, known: Iterable[str]) -> None:
        self._by_fold: dict[str, str] = {}
        for candidate in sorted(known):
            self._by_fold.setdefault(fold(candidate), candidate)
        self._answers: dict[str, str | None] = {}

    def nearest(self, word: str) -> str | None:
        """The known word most like `word`, or None where nothing is near or too much was asked."""
        if word not in self._answers and len(self._answers) < self.MOST:
            folded = fold(word)
            found = get_close_matches(folded, self._candidates(folded), n=1, cutoff=0.6)
            self._answers[word] = self._by_fold[found[0]] if found else None
        return self._answers.get(word)

    def _candidates(self, folded: str) -> list[str]:
        if len(self._by_fold) <= self._COMPARED:
            return list(self._by_fold)
        shared = Counter[str]()
        for alike in sorted((self._with_triple.get(triple, []) for triple in _triples(folded)), key=len):
            if len(alike) > self._COMMON and shared:
                break
            shared.update(alike[: self._COMMON])
        return [known for known, _ in shared.most_common(self._COMPARED)]

    @cached_property
    def _with_triple(self) -> dict[str, list[str]]:
        index = defaultdict[str, list[str]](list)
        for known in self._by_fold:
            for triple in _triples(known):
                index[triple].append(known)
        return dict(index)


def _triples(word: str) -> set[str]:
    """Every three neighbouring letters, the ends counted as letters; none of nothing."""
    if not word:
        return set()
    return {a + b + c for a, b, c in zip(f"^{word}", f"{word}$", f"{word[1:]}$ ", strict=True)}


def both_ways(zh: str, en: str) -> tuple[str, str, str, str]:
    """The folded forms that a pair of labels may take: either alone, or both in any order."""
    folded_zh, folded_en = fold(zh), fold(en)
    return folded_zh, folded_en, folded_zh + folded_en, folded_en + folded_zh


def choice_forms(choices: Mapping[str, str]) -> dict[str, str]:
    """Folded form -> English code, for a list of codes with their Chinese labels."""
    return {form: code for code, zh in choices.items() for form in both_ways(zh, code)}
