"""What differs between two documents, each difference with its place: "projects[3].spend.2023".

Entries of a list are matched by what they are about, not by their place, so that one entry too many
is one difference.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum
from typing import Any

from portfolio.report.json_document import Entry


class Special(Enum):
    """`ANY` expects a value, whichever it is; `NOTHING` stands for what is not there."""

    ANY = "any"
    NOTHING = "nothing"


ANY, NOTHING = Special.ANY, Special.NOTHING

ABOUT: Mapping[str, tuple[str, ...]] = {
    "objectives": ("name",),
    "projects": ("key",),
    "milestones": ("project", "kind", "year"),
    "targets": ("county", "zone", "stage", "year"),
    "funding": ("source", "year"),
    "seats": ("county", "zone", "stage", "year"),
    "run_projects": ("project",),
    "run_draws": ("project", "year", "source"),
    "run_objectives": ("name",),
}
"""What an entry of a list is about; entries that are about the same are counted off."""

COMPLETE = frozenset({"spend", "funding"})
"""Keys that hold figures by year and source: whatever else stands there is a figure too much, while
unknown keys of other objects are none of a reader's business."""

WIDTH = 80


@dataclass(frozen=True, slots=True)
class Difference:
    """`found` stands where `expected` should; either may be `NOTHING`."""

    place: str
    found: Any
    expected: Any


def differences(found: Entry, expected: Entry) -> Iterator[Difference]:
    """Everything in which `found` is not as `expected`, in the order of `expected`."""
    yield from _object(found, expected, "", complete=False)


def figures(expected: Any) -> int:
    """How many single values are compared."""
    if expected is ANY:
        return 0
    if isinstance(expected, dict):
        return sum(map(figures, expected.values()))
    return sum(map(figures, expected)) if isinstance(expected, list) else 1


def shown(value: Any) -> str:
    """A value as JSON writes it, cut to a line; of a list of objects, how many there are."""
    if isinstance(value, list) and any(isinstance(entry, dict) for entry in value):
        text = f"[{len(value)} …]"
    elif isinstance(value, Decimal):
        text = format(value, "f") if -WIDTH < value.adjusted() < WIDTH else str(value)
    else:
        text = json.dumps(value, ensure_ascii=False, default=_plain)
    return text if len(text) <= WIDTH else f"{text[: WIDTH - 1]}…"


def _plain(value: object) -> object:
    return float(value) if isinstance(value, Decimal) else str(value)


def _value(found: Any, expected: Any, place: str, *, complete: bool) -> Iterator[Difference]:
    if expected is ANY and found is not NOTHING:
        return
    if isinstance(expected, dict) and isinstance(found, dict):
        yield from _object(found, expected, place, complete=complete)
    elif isinstance(expected, list) and isinstance(found, list):
        yield from _list(found, expected, place)
    elif not _same(found, expected):
        yield Difference(place, found, expected)


def _same(found: Any, expected: Any) -> bool:
    """true is not 1, though Python thinks so; 18968 is 18968.0."""
    return found == expected and isinstance(found, bool) == isinstance(expected, bool)


def _object(found: Entry, expected: Entry, place: str, *, complete: bool) -> Iterator[Difference]:
    for key, value in expected.items():
        inside = complete or key in COMPLETE
        yield from _value(found.get(key, NOTHING), value, _join(place, key), complete=inside)
    for key, value in found.items():
        if complete and key not in expected:
            yield Difference(_join(place, key), value, NOTHING)


def _list(found: list[Any], expected: list[Any], place: str) -> Iterator[Difference]:
    about = ABOUT.get(place)
    if about is None:
        if not _same(found, expected):
            yield Difference(place, found, expected)
        return
    there, due = _identified(found, about), _identified(expected, about)
    for identity, (_, entry) in due.items():
        if identity in there:
            index, other = there[identity]
            yield from _value(other, entry, f"{place}[{index}]", complete=False)
        else:
            yield Difference(place, NOTHING, _about(entry, about))
    for identity, (index, entry) in there.items():
        if identity not in due:
            yield Difference(f"{place}[{index}]", _about(entry, about), NOTHING)
    if list(there) != list(due) and set(there) == set(due):
        yield Difference(place, *_first_out_of_order(list(there), list(due)))


Identity = tuple[str, int]


def _identified(entries: list[Any], about: tuple[str, ...]) -> dict[Identity, tuple[int, Any]]:
    """Index and entry by what the entry is about."""
    seen: Counter[str] = Counter()
    identified: dict[Identity, tuple[int, Any]] = {}
    for index, entry in enumerate(entries):
        words = _about(entry, about)
        seen[words] += 1
        identified[words, seen[words]] = (index, entry)
    return identified


def _about(entry: Any, about: tuple[str, ...]) -> str:
    if not isinstance(entry, dict):
        return shown(entry)
    return " / ".join(str(entry.get(key, "")) for key in about)


def _first_out_of_order(found: list[Identity], expected: list[Identity]) -> tuple[str, str]:
    pairs = zip(found, expected, strict=True)
    return next((one[0], other[0]) for one, other in pairs if one != other)


def _join(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key
