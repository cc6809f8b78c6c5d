"""The one catalogue of words."""

from __future__ import annotations

from collections import Counter

from portfolio.report.labels import PARTS, WORDS


def test_no_key_stands_in_two_parts() -> None:
    counted = Counter(key for part in PARTS for key in part)
    assert [key for key, times in counted.items() if times > 1] == []
    assert set(counted) == set(WORDS)


def test_both_languages_are_there() -> None:
    assert [key for key, (zh, en) in WORDS.items() if not (zh.strip() and en.strip())] == []
