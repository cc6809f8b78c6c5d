"""The lower half of the Summary: how much of the input is known, and how sure the solver is."""

from __future__ import annotations

from portfolio.domain.money import wan_number
from portfolio.domain.project import Basis
from portfolio.domain.schedule import Objective
from portfolio.domain.text import Text
from portfolio.report.labels import MAXIMISED, basis_label, label, objective_label, objective_unit
from portfolio.report.workbook import charts
from portfolio.report.workbook.edits import grey_out, write_conclusion
from portfolio.report.workbook.page import Page, quoted, span
from portfolio.report.workbook.styles import BLUE_PALE, GREEN, NAVY, ORANGE, WHITE
from portfolio.report.workbook.view import View
from portfolio.scenario.basis import BasisLine, input_basis

CHART_ROWS = 10
CHART_PIXELS = 262
"""The height of those rows."""

TABLE_COLS = 6
"""Columns of the basis table after its labels; the chart stands to the right of them."""

SURE_SHARE = 0.0005
"""A gap below this share is shown with a "<" and not as 0.0 %."""


def write_basis(page: Page, view: View, row: int, last_col: int) -> int:
    """The table and the bar chart; returns the next free row."""
    page.merged(row, 0, last_col, page.say("basis.title"), "section")
    page.row(row, 22)
    header = row + 1
    names = [page.pick(basis_label(basis)) for basis in Basis]
    page.text(header, 0, page.say("basis.item"), "header left")
    for n, name in enumerate(names):
        page.text(header, 1 + n, name.replace(" ", "\n"), "header")
        page.text(header, 4 + n, name.replace(" ", "\n") + " %", "header small")
    page.row(header, 30)
    lines = input_basis(view.problem)
    for n, line in enumerate(lines, 1):
        _basis_row(page, header + n, line)
    page.row(header + len(lines) + 1, 30)
    page.merged(header + len(lines) + 1, 0, TABLE_COLS, page.say("basis.note"), "subtitle wrap top")
    _basis_chart(page, header, len(lines), row, last_col)
    return row + CHART_ROWS + 1


def _basis_row(page: Page, row: int, line: BasisLine) -> None:
    page.text(row, 0, page.say(f"basis.{line.name}"), "cell shrink")
    total = sum(line.amounts.values())
    cells = span(row, 1, row, 3)
    for n, basis in enumerate(Basis):
        amount = line.amounts[basis]
        page.number(row, 1 + n, wan_number(amount) if line.is_money else amount, "cell int shrink")
        share = amount / total if total else 0
        top = span(row, 1 + n, row, 1 + n).split(":")[0]
        page.formula(row, 4 + n, f"IF(SUM({cells})=0,0,{top}/SUM({cells}))", share, "cell percent")
    page.row(row, 17)


def _basis_chart(page: Page, header: int, count: int, row: int, last_col: int) -> None:
    """Bars to 100 %: stated dark, derived striped, assumed dotted."""
    chart = page.book.add_chart({"type": "bar", "subtype": "percent_stacked"})
    looks = (
        {"fill": {"color": NAVY}},
        {"pattern": {"pattern": "wide_upward_diagonal", "fg_color": WHITE, "bg_color": BLUE_PALE}},
        {"pattern": {"pattern": "percent_20", "fg_color": ORANGE, "bg_color": WHITE}},
    )
    for n, (basis, look) in enumerate(zip(Basis, looks, strict=True)):
        chart.add_series(
            {
                "name": page.pick(basis_label(basis)), "gap": 45, "border": {"color": "#8A94A6", "width": 0.75},
                "categories": [page.name, header + 1, 0, header + count, 0],
                "values": [page.name, header + 1, 4 + n, header + count, 4 + n], **look,
            }
        )  # fmt: skip
    charts.finish(chart, page.say("basis.chart"), (1.0, 0.25), number="0%")
    chart.set_y_axis(
        {"reverse": True, "num_font": charts.font(), "line": {"color": "#8A94A6"}, "major_tick_mark": "none"}
    )
    chart.set_x_axis({
        "min": 0, "max": 1, "major_unit": 0.25, "num_format": "0%", "num_font": charts.font(), "line": {"none": True},
        "major_gridlines": {"visible": True, "line": {"color": "#D5DBE5", "width": 0.75}},
    })  # fmt: skip
    first = TABLE_COLS + 1
    words = page.say("alt.basis")
    charts.place_beside(page, chart, row, CHART_PIXELS, words=words, first_col=first, last_col=last_col)


def basis_words(page: Page, view: View) -> str:
    """What the figures rest on, in a sentence: the share of each input that a document bears out."""
    shares = [
        (line.name, _borne_out(line)) for line in input_basis(view.problem) if any(line.amounts.values())
    ]
    parts = [
        Text(
            f"{label(f'summary.rests.{name}').zh} {share:.0%}",
            f"{label(f'summary.rests.{name}').en} {share:.0%}",
        )
        for name, share in shares
    ]
    if not parts:
        return page.say("basis.none")
    joined = Text("，".join(part.zh for part in parts), ", ".join(part.en for part in parts))
    return page.say("summary.rests", parts=joined)


def _borne_out(line: BasisLine) -> float:
    """The share that is stated or derived."""
    return 1 - line.amounts[Basis.ASSUMED] / sum(line.amounts.values())


def write_solver(page: Page, view: View, row: int, last_col: int, edits: str, banner_row: int) -> None:
    """Status, then each objective with value, proven bound, and the gap in words.

    All that is of the solved plan: it turns grey, and says so, when the cell `edits` counts any.
    """
    result = view.plan.result
    page.merged(row, 0, last_col, page.say("solver.title"), "section")
    page.row(row, 22)
    words = [page.say(f"status.{result.status}"), page.say(f"status.{result.status}.note")]
    if result.stopped:
        words.append(page.say(f"stopped.{result.stopped}"))
    words.append(f"↓ {page.say('sense.min')}  ↑ {page.say('sense.max')}")
    text = " · ".join(words)
    page.note(row + 1, last_col, text, "wrap")
    before = quoted(f"{page.say('edits.before')} · ") + "&" + quoted(text)
    page.formula(row + 1, 0, f"IF({edits}=0,{quoted(text)},{before})", text, "wrap")
    header = row + 2
    areas = ((0, 0, "objective"), (1, 2, "value"), (3, 4, "bound"), (5, 7, "unit"), (8, last_col, "gap"))
    for first, last, key in areas:
        page.merged(
            header,
            first,
            last,
            page.say(f"solver.{key}"),
            "header",
            align="left" if key in ("objective", "gap") else "center",
        )
    page.row(header, 20)
    for n, objective in enumerate(result.objectives, 1):
        _objective(page, header + n, n, objective, last_col, edits)
    grey_out(page, (row + 1, header - 1), (0, last_col), banner_row)
    if result.objectives:
        grey_out(page, (header + 1, header + len(result.objectives)), (0, last_col), banner_row)


def _objective(page: Page, row: int, n: int, objective: Objective, last_col: int, edits: str) -> None:
    sense = "↑" if objective.name in MAXIMISED else "↓"
    name = f"{n}. {page.pick(objective_label(objective.name))}"
    page.text(row, 0, name, "cell shrink")
    for first, figure in ((1, objective.value), (3, objective.bound)):
        whole = figure == figure.to_integral_value()
        page.merged(row, first, first + 1, "", "cell int", num_format="#,##0" if whole else "#,##0.00")
        page.number(row, first, float(figure), "cell int", num_format="#,##0" if whole else "#,##0.00")
    page.merged(
        row,
        5,
        7,
        f"{sense} {page.pick(objective_unit(objective.name))}",
        "cell small grey left indent shrink",
    )
    colour = GREEN if objective.proven else ORANGE
    write_conclusion(page, edits, row, (8, last_col), gap_words(page, objective), colour)
    page.row(row, 18)


def gap_words(page: Page, objective: Objective) -> str:
    """`已证明最优`, or how far the value is from the bound."""
    if objective.proven:
        return "✓ " + page.say("gap.within" if objective.gap else "gap.proven", gap=_percent(objective.gap))
    return "… " + page.say("gap.open", gap=_percent(objective.gap))


def _percent(share: float) -> str:
    return "<0.1%" if 0 < share < SURE_SHARE else f"{share:.1%}"
