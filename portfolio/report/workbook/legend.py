"""The line that explains a sheet's signs: each sign in its own colour, its meaning in plain words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from portfolio.report.workbook.page import Page, row_height

LEGEND_SIZE = 9.5
GAP = "    "
LEAST_RUNS = 2
"""One text in one font is no rich string."""


def write_legend(
    page: Page, row: int, last_col: int, parts: Iterable[tuple[str, dict[str, Any], str]]
) -> None:
    """Signs ("" for words alone), their fonts and their meanings over the whole width of a row."""
    word = page.styles("", font_size=LEGEND_SIZE)
    runs: list[object] = []
    plain = ""
    for sign, look, meaning in parts:
        if sign:
            runs += [page.styles("", font_size=11, **look), f"{sign} "]
        runs += [word, meaning + GAP]
        plain += f"{sign} {meaning}{GAP}"
    style = page.styles("wrap")
    if last_col:
        page.sheet.merge_range(row, 0, row, last_col, "", style)
    if len(runs) > LEAST_RUNS:
        page.sheet.write_rich_string(row, 0, *runs, style)
    else:
        page.text(row, 0, plain.strip(), "wrap", font_size=LEGEND_SIZE)
    page.row(row, row_height([(plain, page.room(0, last_col), LEGEND_SIZE)], 18))
