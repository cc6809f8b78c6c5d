"""Charts in one style, with axes set outright: no program then chooses its own."""

from __future__ import annotations

import math
from typing import Any

from portfolio.report.workbook.page import Page
from portfolio.report.workbook.styles import FONT, GREY, INK, NAVY, RED, RULE, SERIES
from portfolio.report.workbook.xlsx_sheet import for_attribute

PIXELS_PER_UNIT = 7
PIXELS_PER_COLUMN = 5
CHART_ROW_POINTS = 15
CHART_ROW_PIXELS = 20
MARKERS = ("circle", "square", "triangle", "diamond", "x", "plus", "star")
DASHES = ("solid", "dash", "square_dot", "long_dash", "dash_dot", "round_dot", "long_dash_dot")


def axis_limit(highest: float, steps: int = 5) -> tuple[float, float]:
    """A round upper end of an axis at or above `highest`, and the distance of its grid lines."""
    if highest <= 0:
        return 1.0, 1.0
    rough = highest * 1.02 / steps
    power = 10.0 ** math.floor(math.log10(rough))
    unit = next(step * power for step in (1, 2, 2.5, 5, 10) if step * power >= rough)
    unit = max(1.0, unit) if highest > 2 else unit
    return unit * math.ceil(highest * 1.02 / unit), unit


def font(size: float = 9, **more: Any) -> dict[str, Any]:
    return {"name": FONT, "size": size, "color": GREY, **more}


def line(options: dict[str, Any], n: int, colour: str, **more: Any) -> dict[str, Any]:
    """A line series, told apart by colour, dash and marker alike."""
    marker = {
        "type": MARKERS[n % len(MARKERS)],
        "size": 6,
        "fill": {"color": colour},
        "border": {"color": colour},
    }
    dash = DASHES[n % len(DASHES)]
    return {**options, "line": {"color": colour, "width": 2, "dash_type": dash}, "marker": marker, **more}


def bar(options: dict[str, Any], n: int) -> dict[str, Any]:
    """A stacked series, told apart by colour and pattern."""
    colour, pattern, ink = SERIES[n % len(SERIES)]
    fill: dict[str, Any] = {"fill": {"color": colour}}
    if pattern:
        fill = {"pattern": {"pattern": pattern, "fg_color": ink, "bg_color": colour}}
    return {**options, **fill, "border": {"color": ink, "width": 0.5}, "gap": 55}


def finish(
    chart: Any,
    title: str,
    limits: tuple[float, float],
    *,
    low: float = 0,
    number: str = "#,##0",
    title_size: float = 11,
) -> None:
    """Title, legend, and both axes of a chart over the years."""
    high, unit = limits
    chart.set_title(
        {
            "name": title,
            "overlay": False,
            "name_font": {"name": FONT, "size": title_size, "bold": True, "color": INK},
        }
    )
    chart.set_legend({"position": "bottom", "font": font()})
    chart.set_x_axis(
        {"num_font": font(), "line": {"color": GREY}, "major_tick_mark": "none", "num_format": "0"}
    )
    chart.set_y_axis(
        {
            "min": low, "max": high, "major_unit": unit, "num_font": font(), "num_format": number,
            "line": {"none": True}, "major_gridlines": {"visible": True, "line": {"color": RULE, "width": 0.75}},
        }
    )  # fmt: skip
    chart.set_chartarea({"border": {"color": RULE}, "fill": {"color": "#FFFFFF"}})
    chart.set_plotarea({"fill": {"color": "#FFFFFF"}})


def limit_line(options: dict[str, Any], colour: str = RED) -> dict[str, Any]:
    """The line that bars should stay under."""
    return {
        **options, "line": {"color": colour, "width": 2.25, "dash_type": "dash"},
        "marker": {"type": "square", "size": 5, "fill": {"color": "#FFFFFF"}, "border": {"color": colour}},
    }  # fmt: skip


def demand_line(options: dict[str, Any]) -> dict[str, Any]:
    marker = {"type": "circle", "size": 5, "fill": {"color": "#FFFFFF"}, "border": {"color": NAVY}}
    return {**options, "line": {"color": NAVY, "width": 2.25}, "marker": marker}


def pixels(page: Page, first_col: int, last_col: int) -> int:
    """The width of columns on the screen."""
    count = last_col - first_col + 1
    return round(page.room(first_col, last_col) * PIXELS_PER_UNIT) + PIXELS_PER_COLUMN * count


def place(
    page: Page,
    chart: Any,
    row: int,
    rows: int,
    *,
    words: str,
    last_col: int,
    first_col: int = 0,
    left: float = 0.0,
    share: float = 1.0,
) -> None:
    """Put a chart over `rows` rows of its own; `left` and `share` are fractions of the columns' width.

    `words` tell those who do not see the chart what it shows and where its figures are.
    """
    for n in range(row, row + rows):
        page.row(n, CHART_ROW_POINTS)
    place_beside(
        page,
        chart,
        row,
        rows * CHART_ROW_PIXELS,
        words=words,
        last_col=last_col,
        first_col=first_col,
        left=left,
        share=share,
    )


def place_beside(
    page: Page,
    chart: Any,
    row: int,
    height: int,
    *,
    words: str,
    last_col: int,
    first_col: int = 0,
    left: float = 0.0,
    share: float = 1.0,
) -> None:
    """Put a chart of `height` pixels beside rows that keep their own heights."""
    width = pixels(page, first_col, last_col)
    chart.set_size({"width": round(width * share) - 6, "height": height - 8})
    options = {
        "x_offset": round(width * left) + 3, "y_offset": 4, "object_position": 2, "description": for_attribute(words),
    }  # fmt: skip
    page.sheet.insert_chart(row, first_col, chart, options)
