"""Sheet Quarters: the solved plan by the quarter, to be printed and hung up.

The fills are cell formats, written once: the sheet does not follow edits of the Gantt sheet, and says
so. Phases are told apart by brightness and by a letter, so that they survive a black-and-white print.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from portfolio.domain.quarters import PER_YEAR, Phase, Quarter, phases
from portfolio.report.labels import label, stage_label
from portfolio.report.workbook.breaks import Rows, page_breaks
from portfolio.report.workbook.edits import write_banner
from portfolio.report.workbook.gantt_layout import GanttLayout
from portfolio.report.workbook.legend import write_legend
from portfolio.report.workbook.page import A3, Page, cell_name, names_height, row_height, span
from portfolio.report.workbook.styles import (
    AMBER_INK,
    BLUE,
    INK,
    NAVY,
    RED,
    RED_PALE,
    RULE,
    STAGE_COLOURS,
    WHITE,
)
from portfolio.report.workbook.view import Item, View, years_text

FACTS = ("no", "name", "stage", "period", "opens", "due")
WIDTHS = {"no": 4.5, "name": 40.0, "stage": 11.0, "period": 11.0, "opens": 8.0, "due": 9.5}
FIRST_QUARTER_COL = len(FACTS)

OPENING_QUARTER = 3
"""Seats count in September, so schools open in the third quarter."""

YEARS_ROW, QUARTERS_ROW = 4, 5
FIRST_ROW = QUARTERS_ROW + 1

LOOKS: dict[Phase, dict[str, Any]] = {
    Phase.PREPARATION: {"bg_color": "#C9DAEE", "font_color": INK},
    Phase.CONSTRUCTION: {"bg_color": BLUE, "font_color": WHITE},
    Phase.ACCEPTANCE: {"bg_color": "#8FC4B4", "font_color": INK},
}
LATE: dict[Phase, dict[str, Any]] = {
    Phase.PREPARATION: {"bg_color": "#F3B4AC", "font_color": INK, "bold": True},
    Phase.CONSTRUCTION: {"bg_color": RED, "font_color": WHITE, "bold": True},
    Phase.ACCEPTANCE: {"bg_color": "#E58A80", "font_color": INK, "bold": True},
}
PAID_LATER = {"bg_color": "#EEF1F6", "font_color": INK}

SIZES = ((6, 4.0), (10, 2.8), (15, 2.0))
"""Up to so many years a quarter is so wide."""
NARROWEST = 1.4
MOST_LABELLED = 15
"""With more years a quarter is too narrow for its number."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What a quarter of a project shows: a sign, a fill, and whether the school is due by its end."""

    sign: str
    look: tuple[tuple[str, Any], ...]
    due: bool = False


def write(page: Page, view: View, gantt: GanttLayout) -> None:
    """The whole sheet."""
    _Quarters(page, view).write(gantt)


class _Quarters:
    def __init__(self, page: Page, view: View) -> None:
        self.page, self.view = page, view
        years = view.years
        self.first = Quarter(years[0], 1).index
        self.count = PER_YEAR * len(years)
        self.last_col = FIRST_QUARTER_COL + self.count - 1
        letters = {phase: label(f"quarters.letter.{phase}") for phase in Phase}
        self.letters = {phase: text.en if page.lang == "en" else text.zh for phase, text in letters.items()}

    def write(self, gantt: GanttLayout) -> None:
        page = self.page
        self._columns()
        self._top(gantt)
        row = FIRST_ROW
        blocks: list[list[Rows]] = []
        for county, items in self.view.selected.items():
            if items:
                blocks.append(self._county(row, county, items))
                row = blocks[-1][-1][1] + 1
        if blocks:
            self._grid(row - 1)
        else:
            page.note(row, self.last_col, page.say("quarters.none"))
            row += 1
        repeat = (YEARS_ROW, QUARTERS_ROW)
        breaks = page_breaks(page, blocks, paper=A3, landscape=True, last_col=self.last_col, repeat=repeat)
        page.sheet.set_h_pagebreaks(breaks)
        page.sheet.set_zoom(90)
        page.sheet.freeze_panes(FIRST_ROW, FACTS.index("name") + 1)
        page.sheet.print_area(0, 0, row - 1, self.last_col)
        page.printed(paper=A3, repeat=repeat, money=False)

    def _columns(self) -> None:
        years = len(self.view.years)
        width = next((width for most, width in SIZES if years <= most), NARROWEST)
        self.page.columns([*(WIDTHS[name] for name in FACTS), *[width] * self.count])

    # the top

    def _top(self, gantt: GanttLayout) -> None:
        page = self.page
        title = page.say("quarters.title", " · ", years=years_text(self.view.problem.horizon))
        how = page.say("quarters.how")
        page.title(title, how, self.last_col)
        write_banner(page, gantt.edits, 1, self.last_col, how)
        self._legend()
        page.row(3, 5)
        for col, name in enumerate(FACTS):
            page.sheet.merge_range(
                YEARS_ROW, col, QUARTERS_ROW, col, page.head(f"quarters.{name}"), page.styles("header")
            )
        for n, year in enumerate(self.view.years):
            col = FIRST_QUARTER_COL + PER_YEAR * n
            page.merged(YEARS_ROW, col, col + PER_YEAR - 1, "", "header year", font_size=11)
            page.number(YEARS_ROW, col, year, "header year", font_size=11)
            for quarter in range(PER_YEAR):
                self._quarter_head(col + quarter, quarter + 1)
        page.row(YEARS_ROW, 20)
        page.row(QUARTERS_ROW, 15)

    def _quarter_head(self, col: int, number: int) -> None:
        page, look = self.page, {"font_size": 7, "border": 0, "bg_color": NAVY if number % 2 else "#35547F"}
        if len(self.view.years) > MOST_LABELLED:
            page.fill(QUARTERS_ROW, col, col, "header", **look)
        else:
            page.number(QUARTERS_ROW, col, number, "header", num_format="0", **look)

    def _legend(self) -> None:
        page = self.page
        swatches = {phase: LOOKS[phase]["bg_color"] for phase in Phase}
        parts: list[tuple[str, dict[str, Any], str]] = [
            ("■", {"font_color": swatches[phase]}, f"{self.letters[phase]} = {page.say(f'quarters.{phase}')}")
            for phase in Phase
        ]
        signs: list[tuple[str, str, dict[str, Any]]] = [
            ("◆", "open", {"font_color": AMBER_INK, "bold": True})
        ]
        items = [item for items in self.view.selected.values() for item in items]
        if any(item.key in self.view.due for item in items):
            signs.append(("┃", "due", {"font_color": RED, "bold": True}))
        if any(self._is_late(item) for item in items):
            signs.append(("!", "late", {"font_color": RED, "bold": True}))
        if any(self._paid_later(item) for item in items):
            signs.append(("¥", "paid_later", {"font_color": INK, "bold": True}))
        parts += [(sign, look, page.say(f"quarters.legend.{key}")) for sign, key, look in signs]
        write_legend(page, 2, self.last_col, parts)

    # the rows

    def _county(self, row: int, county: str, items: tuple[Item, ...]) -> list[Rows]:
        page = self.page
        page.fill(row, 0, self.last_col, "band")
        heading = f"{self.view.county(county)} · {len(items)} {page.say('items')}"
        page.merged(row, 0, FIRST_QUARTER_COL - 1, heading, "band left indent", font_size=11)
        page.row(row, 20)
        for n, item in enumerate(items, 1):
            self._project(row + n, n, item)
        return [(row, row + 1), *((n, n) for n in range(row + 2, row + len(items) + 1))]

    def _project(self, row: int, number: int, item: Item) -> None:
        page, candidate = self.page, item.candidate
        name, below = self.view.name(candidate), self.view.second_name(candidate)
        stage = page.pick(stage_label(candidate.row.stage), "\n")
        colour = STAGE_COLOURS[candidate.row.stage]
        page.number(row, 0, number, "cell year small")
        page.names(row, 1, name, below)
        page.text(row, 2, stage, "cell center wrap small bold", font_color=colour)
        page.text(row, 3, item.years("–"), "cell center")
        late = {"font_color": RED, "bold": True, "num_format": '0" !"'} if self._is_late(item) else {}
        page.number(row, 4, item.line.opens, "cell year", **late)
        page.number(row, 5, self.view.due.get(item.key), "cell year")
        for index, mark in self.marks(item).items():
            self._mark(row, FIRST_QUARTER_COL + index, mark)
        least = names_height(name, below, page.widths[1])
        page.row(row, row_height([(stage, page.widths[2], 8)], max(19.0, least)))

    def _mark(self, row: int, col: int, mark: Mark) -> None:
        edge = {"right": 5, "right_color": RED} if mark.due else {}
        look = {
            "align": "center",
            "font_size": 8,
            "bottom": 1,
            "bottom_color": RULE,
            **dict(mark.look),
            **edge,
        }
        self.page.text(row, col, mark.sign, "", **look)

    def _grid(self, last_row: int) -> None:
        """Fine lines under the rows and before the years; one rule each instead of a cell each."""
        page, first = self.page, FIRST_QUARTER_COL
        header = cell_name(YEARS_ROW, first, row_abs=True)
        area = span(FIRST_ROW, first, last_row, self.last_col)
        rule = {"bottom": 1, "bottom_color": RULE}
        due = cell_name(FIRST_ROW, FACTS.index("due"), col_abs=True)
        due_year = cell_name(YEARS_ROW, first - OPENING_QUARTER + 1, row_abs=True)
        elsewhere = f'OR({due}="",{due_year}<>{due})'  # where it is due, the cell keeps its own edge
        looks = {
            f'=AND({elsewhere},{header}<>"")': page.styles.overlay(left=1, left_color="#AEB9C9", **rule),
            f'=AND({elsewhere},{header}="")': page.styles.overlay(**rule),
        }
        for condition, look in looks.items():
            page.sheet.conditional_format(area, {"type": "formula", "criteria": condition, "format": look})

    # what a quarter shows

    def marks(self, item: Item) -> dict[int, Mark]:
        """Quarter of the horizon (0 is its first) -> what stands there."""
        found = dict(self._bars(item))
        for index in self._paid_later(item):
            sign = "¥" if index % PER_YEAR == 0 else ""
            found[index] = Mark(sign, tuple(PAID_LATER.items()))
        line, due = item.line, self.view.due.get(item.key)
        if line.opens is not None:
            index = Quarter(line.opens, OPENING_QUARTER).index - self.first
            found[index] = self._opening(item, found.get(index))
        if due is not None:
            index = Quarter(due, OPENING_QUARTER).index - self.first
            mark = found.get(index, Mark("", ()))
            found[index] = Mark(mark.sign, mark.look, due=True)
        return {index: mark for index, mark in sorted(found.items()) if 0 <= index < self.count}

    def _bars(self, item: Item) -> Iterator[tuple[int, Mark]]:
        """The phases; each has its letter in its first quarter that the sheet shows."""
        start, finish = item.line.start, item.line.finish
        assert start is not None
        assert finish is not None
        due = self.view.due.get(item.key)
        for phase, first, last in phases(start, finish):
            begin = max(first.index - self.first, 0)
            for index in range(begin, last.index - self.first + 1):
                letter = self.letters[phase] if index == begin else ""
                year = self.view.years[0] + index // PER_YEAR
                if due is not None and year > due - item.candidate.open_lag:
                    yield index, Mark(letter or "!", tuple(LATE[phase].items()))
                else:
                    yield index, Mark(letter, tuple(LOOKS[phase].items()))

    def _paid_later(self, item: Item) -> list[int]:
        """The quarters of the years in which money is paid after the works."""
        finish = item.line.finish or 0
        years = [year for year, amount in item.line.spend.items() if amount and year > finish]
        return [Quarter(year, q).index - self.first for year in years for q in range(1, PER_YEAR + 1)]

    def _opening(self, item: Item, under: Mark | None) -> Mark:
        """The diamond, on the bar where the school opens before its works end."""
        if self._is_late(item):
            return Mark("!◆", (("bg_color", RED_PALE), ("font_color", RED), ("bold", True)))
        if under is None:
            return Mark("◆", (("font_color", AMBER_INK), ("bold", True), ("font_size", 10)))
        return Mark("◆", under.look)

    def _is_late(self, item: Item) -> bool:
        due, opens = self.view.due.get(item.key), item.line.opens
        return due is not None and opens is not None and opens > due
