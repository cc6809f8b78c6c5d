"""Projects that come after one another in a circle: they can never all be built."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from portfolio.domain.project import RelationKind
from portfolio.domain.text import Text
from portfolio.workbook.problems import Problems
from portfolio.workbook.tables import Row

_NAMED = 6
"""Of a longer circle only so many projects are named."""


def check_cycles(rows: Sequence[Row], problems: Problems) -> None:
    """A warning at a row of each circle of `after`: no plan can have all its projects.

    Rows with a negative lag let projects overlap, and may stand in a circle.
    """
    earlier = defaultdict[str, dict[str, Row]](dict)
    for row in rows:
        project, other = row.text("project"), row.text("other")
        after = row.values.get("kind") is RelationKind.AFTER and (row.whole("lag_years") or 0) >= 0
        if after and project and other and project != other:
            earlier[project].setdefault(other, row)
    for circle in _circles(earlier):
        shown = [*circle[:_NAMED], "…"] if len(circle) > _NAMED else circle
        names = " → ".join([*shown, circle[0]])
        text = Text(
            f"先后关系成环：{names}；这些项目不可能全部建成，请改正其中一行",
            f"the projects come after one another in a circle: {names}; they can never all be built; mend one row",
        )
        row = earlier[circle[-1]][circle[0]]
        problems.warning(row.where, "other", text, row.text("other"))


def _circles(earlier: Mapping[str, Mapping[str, Row]]) -> Iterator[list[str]]:
    """A circle for each row that closes one, each project after the next and the last after the first."""
    done: set[str] = set()
    for start in earlier:
        path: dict[str, Iterator[str]] = {}
        here = start
        while here not in done:
            steps = path.setdefault(here, iter(earlier.get(here, ())))
            there = next(steps, None)
            if there is None:
                del path[here]
                done.add(here)
                here = next(reversed(path), here)
            elif there in path:
                way = list(path)
                yield way[way.index(there) :]
            elif there not in done:
                here = there
