"""Sheet Gantt: a row a project, live: a new start year moves the bar and every total after it.

Year cells look up the part of the cost that falls due so many years after the start; the parts
stand in helper columns to the right of the chart. Colours follow from the start year alone.
"""

from __future__ import annotations

from decimal import Decimal

from portfolio.domain.money import split, wan_number
from portfolio.domain.project import Stage
from portfolio.report.labels import nature_label, stage_label
from portfolio.report.workbook.breaks import Rows, page_breaks
from portfolio.report.workbook.edits import write_banner, write_count
from portfolio.report.workbook.gantt_bars import add_bars
from portfolio.report.workbook.gantt_layout import FACTS, FIRST_ROW, HEADER_ROW, Block, GanttLayout
from portfolio.report.workbook.gantt_legend import write_bar_legend, write_sign_legend
from portfolio.report.workbook.page import (
    A3,
    SECOND_SIZE,
    Page,
    Value,
    cell_name,
    names_height,
    row_height,
    span,
    text_width,
)
from portfolio.report.workbook.styles import RED, STAGE_COLOURS, WHITE, WHOLE_MONEY, YEAR, about
from portfolio.report.workbook.view import Item, View, years_text

STAGE_CODES = {stage: n for n, stage in enumerate(Stage, 1)}
LONGEST_PAUSE = 30
"""A start year may be typed up to so many years before the horizon (works already under way)."""

SEATS = "#,##0_0;-#,##0_0;–_0"
"""With room for a digit after it, so that seats keep clear of the first bar."""

LEAST_HEIGHT = 19.0
ON_ONE_LINE = 0.85
"""So many of the names do not wrap: a few long ones must not take the room of the years."""

WIDEST_YEAR = 16.0
MANY_YEARS = 14
"""More years than this stand closer together."""


def write(page: Page, view: View, layout: GanttLayout) -> None:
    """The whole sheet."""
    _columns(page, view, layout)
    _top(page, view, layout)
    for block in layout.blocks:
        _block(page, view, layout, block)
    _totals(page, view, layout)
    if layout.blocks:
        add_bars(page, layout)
        _validation(page, view, layout)
    page.sheet.set_zoom(90)
    page.sheet.freeze_panes(FIRST_ROW, layout.columns["name"] + 1)
    page.sheet.outline_settings(True, False, False, False)
    page.sheet.print_area(0, 0, layout.total_row + 2, layout.last_printed_col)
    _breaks(page, layout)
    page.printed(paper=A3, repeat=(HEADER_ROW, HEADER_ROW))


def _breaks(page: Page, layout: GanttLayout) -> None:
    """A county begins a page where it does not fit; a heading never stands alone at the foot."""
    blocks: list[list[Rows]] = []
    for block in layout.blocks:
        rows = [(block.subtotal_row, block.first_row)] if block.selected else []
        rows += [(row, row) for row in range(block.first_row + 1, block.deferred_header_row)]
        if block.deferred:
            first = block.deferred_header_row if rows else block.subtotal_row
            rows.append((first, block.deferred_header_row + 1))
            rows += [(row, row) for row in range(block.deferred_header_row + 2, block.last_row + 1)]
        blocks.append(rows)
    if blocks:
        last = blocks[-1][-1]
        blocks[-1][-1] = (last[0], layout.total_row + 2)
    breaks = page_breaks(
        page,
        blocks,
        paper=A3,
        landscape=True,
        last_col=layout.last_printed_col,
        repeat=(HEADER_ROW, HEADER_ROW),
    )
    page.sheet.set_h_pagebreaks(breaks)


def _columns(page: Page, view: View, layout: GanttLayout) -> None:
    """The years take at least half of the printed width."""
    names = [(view.name(item.candidate), view.second_name(item.candidate)) for item in view.items]
    lengths = sorted(max(text_width(name), text_width(below) * SECOND_SIZE / 10) for name, below in names)
    usual = lengths[int(len(lengths) * ON_ONE_LINE)] if lengths else 0.0
    words = {"zh": 9.0, "en": 11.5, "both": 11.0}[view.lang]
    widths = {
        "no": 4.5, "name": min(38.0, max(24.0, usual + 1.5)), "stage": words,
        "nature": words, "priority": 8.0, "start": 7.0, "duration": 6.5, "opens": 7.5, "due": 9.5, "cost": 10.0,
        "seats": 9.5, "trend": 9.0, "finish": 7.5, "in_plan": 10.0, "sunk": 10.0, "solved": 12.0,
    }  # fmt: skip
    columns, years = layout.columns, len(view.years)
    beside = sum(widths[name] for name in (*FACTS, "trend"))
    year_width = min(WIDEST_YEAR, max(1.03 * beside / years, 8.6 if years <= MANY_YEARS else 7.8))
    page.columns([widths.get(name, year_width) for name in columns])
    shown = (columns[layout.aside[0]], layout.last_shown_col)
    page.sheet.set_column(*shown, widths["in_plan"], page.styles(), {"level": 1})
    for name in layout.aside:
        page.sheet.set_column(columns[name], columns[name], widths[name], page.styles(), {"level": 1})
    first, last = columns["code"], columns["key"]
    page.sheet.set_column(first, last, 9, page.styles(), {"hidden": True, "level": 2})
    page.sheet.set_column(last + 1, last + 1, None, None, {"collapsed": True})


def _top(page: Page, view: View, layout: GanttLayout) -> None:
    last = layout.last_printed_col
    title = page.say("gantt.title", " · ", years=years_text(view.problem.horizon))
    page.title(title, page.say("gantt.how"), last)
    write_count(page, layout)
    write_banner(
        page, cell_name(*layout.edits_at, row_abs=True, col_abs=True), 1, last, page.say("gantt.how")
    )
    write_bar_legend(page, view, 2, last)
    write_sign_legend(page, view, 3, last)
    texts = {name: page.head(f"gantt.{name}") for name in layout.columns if not _is_year_or_part(name)}
    for name, col in layout.columns.items():
        if _is_year_or_part(name) and name[0] == "y":
            page.number(HEADER_ROW, col, int(name[1:]), "header", num_format="0", font_size=11)
        elif name.startswith("part"):
            page.number(HEADER_ROW, col, int(name[4:]), "header", num_format="0")
        else:
            page.text(HEADER_ROW, col, texts[name], "header")
    shown = [(text, page.widths[layout.columns[name]], 9.0) for name, text in texts.items()]
    page.row(HEADER_ROW, row_height(shown, 32))


def _is_year_or_part(name: str) -> bool:
    return name.startswith("part") or (name[0] == "y" and name[1:].isdigit())


def _block(page: Page, view: View, layout: GanttLayout, block: Block) -> None:
    _subtotal(page, view, layout, block)
    for n, item in enumerate(block.selected, 1):
        _project(page, view, layout, block.subtotal_row + n, item, n)
    if block.deferred:
        row = block.deferred_header_row
        page.fill(row, layout.last_printed_col + 1, layout.last_shown_col, "cell pale")
        words = page.say("gantt.try", " · ")
        page.merged(row, 0, layout.last_printed_col, words, "cell pale grey italic indent", font_size=9)
        page.row(row, 16, level=1)
        for n, item in enumerate(block.deferred, 1):
            _project(page, view, layout, row + n, item, len(block.selected) + n)


def _subtotal(page: Page, view: View, layout: GanttLayout, block: Block) -> None:
    row, columns = block.subtotal_row, layout.columns
    page.row(row, 20)
    page.fill(row, 0, layout.last_shown_col, "band")
    page.text(row, columns["name"], view.county(block.county), "band shrink", font_size=11)
    starts = span(block.first_row, columns["start"], block.last_row, columns["start"])
    count = f"COUNT({starts})"
    unit = page.say("items").replace('"', "")
    look = {"num_format": f'0" {unit}"', "align": "center"}
    page.merged_formula(row, columns["stage"], columns["nature"], count, len(block.selected), "band", **look)
    for name, value in _sums(view, block.selected).items():
        cells = span(block.first_row, columns[name], block.last_row, columns[name])
        formula = f'SUMIFS({cells},{starts},">0")' if name in ("cost", "seats") else f"SUM({cells})"
        page.formula(row, columns[name], formula, value, f"band int {_align(name)}", **_number(name))
    _sparkline(page, layout, row, "#2F6DB5")


def _number(name: str) -> dict[str, str]:
    return {"num_format": SEATS} if name == "seats" else {}


def _align(name: str) -> str:
    """Years are centred like the bars below them."""
    return "center" if name.startswith("y") else ""


def _sums(view: View, items: tuple[Item, ...]) -> dict[str, float]:
    """Column -> the sum over scheduled items, in 万元 or seats."""
    sums = {
        "cost": wan_number(sum(item.candidate.cost for item in items)),
        "in_plan": wan_number(sum(sum(item.line.spend.values()) for item in items)),
        "seats": float(sum(item.seats_added for item in items)),
    }
    first = view.years[0]
    if any((item.line.start or first) < first for item in view.items):
        sums["sunk"] = wan_number(sum(item.spend_before(first, view.problem) for item in items))
    for year in view.years:
        sums[f"y{year}"] = wan_number(sum(item.line.spend.get(year, 0) for item in items))
    return sums


def _project(page: Page, view: View, layout: GanttLayout, row: int, item: Item, number: int) -> None:
    columns, candidate = layout.columns, item.candidate
    tone = "" if item.line.selected else " grey"
    name, below = view.name(candidate), view.second_name(candidate)
    stage, nature = stage_label(candidate.row.stage), nature_label(candidate.row.nature)
    words = {"stage": page.pick(stage, "\n"), "nature": page.pick(nature, "\n")}
    page.number(row, columns["no"], number, "cell year small" + tone)
    page.names(row, columns["name"], name, below, "cell wrap" + tone)
    colour = {} if tone else {"font_color": STAGE_COLOURS[candidate.row.stage], "bold": True}
    page.text(row, columns["stage"], words["stage"], "cell center wrap small" + tone, **colour)
    page.text(row, columns["nature"], words["nature"], "cell center wrap small" + tone)
    page.number(row, columns["priority"], candidate.priority, "cell year" + tone)
    cost, seats = _about(item, "total_cost", WHOLE_MONEY), _about(item, "seats_added", SEATS)
    page.money(row, columns["cost"], candidate.cost, "cell money" + tone, **cost)
    page.number(row, columns["seats"], item.seats_added, "cell int" + tone, **({"num_format": SEATS} | seats))
    page.number(row, columns["solved"], item.line.start, "cell year grey")
    page.number(row, columns["due"], view.due.get(candidate.key), "cell year" + tone)
    _dates(page, layout, row, item, tone)
    _years(page, view, layout, row, item)
    page.fill(row, columns["trend"], columns["trend"], "cell")
    _helpers(page, layout, row, item)
    small = [(text, page.widths[columns[column]], 8.0) for column, text in words.items()]
    least = names_height(name, below, page.widths[columns["name"]])
    page.row(row, row_height(small, max(LEAST_HEIGHT, least)), level=1)


def _dates(page: Page, layout: GanttLayout, row: int, item: Item, tone: str) -> None:
    """Start (to be edited), duration, and what follows from them."""
    columns, line = layout.columns, item.line
    start, duration, finish, lag = (layout.cell(row, name) for name in ("start", "duration", "finish", "lag"))
    page.number(row, columns["start"], line.start, "box year input")
    years = _about(item, "duration_years", YEAR)
    page.number(row, columns["duration"], item.candidate.duration_years, "cell year" + tone, **years)
    for name, formula, value in (
        ("finish", f'IF(ISNUMBER({start}),{start}+{duration}-1,"")', line.finish),
        ("opens", f'IF(ISNUMBER({start}),{finish}+{lag},"")', line.opens),
    ):
        page.formula(row, columns[name], formula, "" if value is None else value, "cell year")


def _about(item: Item, field: str, number_format: str) -> dict[str, str]:
    """The number format that marks an estimated figure."""
    return {"num_format": about(number_format)} if field in item.candidate.estimated else {}


def _years(page: Page, view: View, layout: GanttLayout, row: int, item: Item) -> None:
    """Spend by year as formulas, a diamond where the school opens, a red edge at the due year."""
    columns, line, problem = layout.columns, item.line, view.problem
    start, opens, payments = (layout.cell(row, name) for name in ("start", "opens", "payments"))
    lookup = f"{layout.cell(row, 'part0')}:{layout.cell(row, f'part{layout.most_payments - 1}')}"
    due = view.due.get(item.key)
    paid = {} if line.start is None else problem.spend(item.key, line.start)
    for year in view.years:
        col = columns[f"y{year}"]
        head = cell_name(HEADER_ROW, col, row_abs=True)
        amount = _escalated(f"INDEX({lookup},{head}-{start}+1)", head, problem.escalation, problem.price_year)
        paying = f"AND({head}>={start},{head}<{start}+{payments})"
        formula = f'IF(ISNUMBER({start}),IF({paying},{amount},IF({head}={opens},"◆",0)),0)'
        value: Value = wan_number(paid.get(year, 0))
        if year == line.opens and year not in paid:
            value = "◆"
        edge = {"right": 5, "right_color": RED} if year == due else {"right": 1, "right_color": "#E3E8EF"}
        page.formula(row, col, formula, value, "cell", num_format="#,##0;-#,##0;", align="center", **edge)
    first, last = (cell_name(row, columns[f"y{year}"]) for year in (view.years[0], view.years[-1]))
    total = wan_number(sum(line.spend.values()))
    page.formula(row, columns["in_plan"], f"SUM({first}:{last})", total, "cell money")
    if layout.has_sunk:
        _sunk(page, view, layout, row, item)


def _escalated(amount: str, year: str, escalation: Decimal, price_year: int) -> str:
    """The amount in the prices of its year."""
    if not escalation:
        return amount
    return f"ROUND({amount}*(1+{escalation})^MAX(0,{year}-{price_year}),2)"


def _sunk(page: Page, view: View, layout: GanttLayout, row: int, item: Item) -> None:
    """What is spent before the first year of the horizon."""
    columns, problem, first = layout.columns, view.problem, view.years[0]
    start, col = layout.cell(row, "start"), columns["part0"]
    last = col + layout.most_payments - 1
    years = f"({start}+{span(HEADER_ROW, col, HEADER_ROW, last, absolute=True)})"
    amounts = span(row, col, row, last)
    if problem.escalation:
        later = f"({years}-{problem.price_year})*({years}>{problem.price_year})"
        amounts = f"ROUND({amounts}*(1+{problem.escalation})^({later}),2)"
    value = wan_number(item.spend_before(first, problem)) if item.line.selected else 0
    formula = f"IF(ISNUMBER({start}),SUMPRODUCT(({years}<{first})*{amounts}),0)"
    page.formula(row, columns["sunk"], formula, value, "cell money grey")


def _helpers(page: Page, layout: GanttLayout, row: int, item: Item) -> None:
    """What the formulas need: stage code, opening lag, the cost by year of payment."""
    columns, candidate = layout.columns, item.candidate
    page.number(row, columns["code"], STAGE_CODES[candidate.row.stage], "small grey")
    page.number(row, columns["lag"], candidate.open_lag, "small grey")
    page.number(row, columns["payments"], len(candidate.profile), "small grey")
    parts = split(candidate.cost, candidate.profile)
    for n in range(layout.most_payments):
        amount = parts[n] if n < len(parts) else 0
        page.number(row, columns[f"part{n}"], wan_number(amount), "small grey")
    page.text(row, columns["key"], candidate.key, "small grey")


def _totals(page: Page, view: View, layout: GanttLayout) -> None:
    """The total, and below it the money that the years have."""
    row, columns = layout.total_row, layout.columns
    if not layout.blocks:
        page.merged(FIRST_ROW, 0, layout.last_printed_col, page.say("gantt.none"), "grey center")
    page.row(row, 22)
    page.fill(row, 0, layout.last_shown_col, "total")
    page.text(row, columns["name"], page.say("total"), "total")
    chosen = tuple(item for items in view.selected.values() for item in items)
    starts, codes = layout.whole("start"), layout.whole("code")
    unit = page.say("items").replace('"', "")
    look = {"num_format": f'0" {unit}"', "align": "center"}
    page.merged_formula(
        row, columns["stage"], columns["nature"], f"COUNT({starts})", len(chosen), "total", **look
    )
    for name, value in _sums(view, chosen).items():
        cells = span(FIRST_ROW, columns[name], layout.last_row, columns[name])
        rule = f',{starts},">0"' if name in ("cost", "seats") else ""
        formula = f'SUMIFS({cells},{codes},">0"{rule})'
        page.formula(row, columns[name], formula, value, f"total int {_align(name)}", **_number(name))
    _sparkline(page, layout, row, WHITE)
    _funds(page, view, layout, row)


def _funds(page: Page, view: View, layout: GanttLayout, total_row: int) -> None:
    columns = layout.columns
    for n, key in ((1, "gantt.usable"), (2, "gantt.headroom")):
        page.row(total_row + n, 18)
        page.fill(total_row + n, 0, layout.last_shown_col, "cell")
        page.merged(
            total_row + n, columns["name"], columns[FACTS[-1]], page.say(key), "cell grey right indent"
        )
    for year in view.years:
        col = columns[f"y{year}"]
        usable = sum(view.usable(source, year) for source in view.problem.sources)
        page.money(total_row + 1, col, usable, "cell money grey center")
        top, middle = cell_name(total_row, col), cell_name(total_row + 1, col)
        left = wan_number(usable - view.spend(year))
        page.formula(
            total_row + 2, col, f"ROUND({middle}-{top},2)", left, "cell money center",
            num_format='#,##0;[Red]"▼ "-#,##0;–',
        )  # fmt: skip


def _sparkline(page: Page, layout: GanttLayout, row: int, colour: str) -> None:
    view, columns = layout.view, layout.columns
    cells = span(row, columns[f"y{view.years[0]}"], row, columns[f"y{view.years[-1]}"])
    page.sheet.add_sparkline(
        row, columns["trend"],
        {"range": layout.ref + cells, "type": "column", "series_color": colour, "min": 0},
    )  # fmt: skip


def _validation(page: Page, view: View, layout: GanttLayout) -> None:
    """A start year is a whole number; anything else is stopped with a hint."""
    rule = {
        "validate": "integer", "criteria": "between", "ignore_blank": True,
        "minimum": view.years[0] - LONGEST_PAUSE, "maximum": view.years[-1],
        "input_title": page.say("gantt.input.title"), "input_message": page.say("gantt.input.message", "\n"),
        "error_title": page.say("gantt.input.title"), "error_message": page.say("gantt.input.error", "\n"),
    }  # fmt: skip
    col = layout.columns["start"]
    for block in layout.blocks:
        page.sheet.data_validation(block.first_row, col, block.last_row, col, rule)
