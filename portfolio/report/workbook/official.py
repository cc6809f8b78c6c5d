"""Sheet Official: the county's own published form, a block a county, to be printed as it is.

Source of the form: annex 重大项目规划表 of 石柱县's plan for balanced compulsory education 2020–2029.
The form is Chinese in every language choice; English heads stand below the Chinese ones.
"""

from __future__ import annotations

from portfolio.domain.money import HUNDREDTHS_PER_WAN, to_wan, wan_number
from portfolio.report.labels import county_label, label, nature_label, project_name
from portfolio.report.workbook.breaks import even_pages, page_room
from portfolio.report.workbook.page import A4, Page, row_height, span
from portfolio.report.workbook.scope import scope_of
from portfolio.report.workbook.styles import about
from portfolio.report.workbook.view import Item, View

COLUMNS = ("no", "location", "name", "nature", "scale", "cost", "period")
WIDTHS = (6.0, 15.0, 28.0, 10.5, 62.0, 21.0, 17.0)
COST_COL = COLUMNS.index("cost")
LAST_COL = len(COLUMNS) - 1

TITLE_HEIGHT, ENGLISH_HEIGHT, TOTAL_HEIGHT, NOTE_HEIGHT = 32, 16, 24, 18


def write(page: Page, view: View) -> None:
    """The whole sheet."""
    _Official(page).write(view)


class _Official:
    """Writes the counties' forms; every printed page of a form begins with its header."""

    def __init__(self, page: Page) -> None:
        self.page = page
        page.columns(WIDTHS)
        self.room = page_room(page, paper=A4, landscape=True, last_col=LAST_COL)
        self.row = 0
        self.used = 0.0
        self.breaks: list[int] = []

    def write(self, view: View) -> None:
        page = self.page
        forms = [(county, items) for county, items in view.selected.items() if items]
        for county, items in forms:
            self._county(county, items)
        if not forms:
            page.merged(0, 0, LAST_COL, page.say("official.none"), "grey")
        page.sheet.set_h_pagebreaks(self.breaks)
        page.sheet.print_area(0, 0, max(0, self.row - 1), LAST_COL)
        page.printed()

    def _place(self, height: float) -> int:
        """The next row, which takes so many points."""
        self.page.row(self.row, height)
        self.row += 1
        self.used += height
        return self.row - 1

    def _new_page(self) -> None:
        if self.row:
            self.breaks.append(self.row)
        self.used = 0.0

    def _county(self, county: str, items: tuple[Item, ...]) -> None:
        page, names = self.page, county_label(county)
        self._new_page()
        heading = label("official.title").zh.format(county=names.zh)
        page.merged(self._place(TITLE_HEIGHT), 0, LAST_COL, heading, "center bold", font_size=16)
        if page.lang != "zh":
            english = label("official.title").en.format(county=names.en)
            page.merged(self._place(ENGLISH_HEIGHT), 0, LAST_COL, english, "subtitle center")
        self._header()
        first = self.row
        estimated = any("total_cost" in item.candidate.estimated for item in items)
        heights = [_height(item) for item in items]
        end = TOTAL_HEIGHT + NOTE_HEIGHT * estimated  # the last row keeps its total
        further = even_pages(
            [*heights[:-1], heights[-1] + end], self.used, ENGLISH_HEIGHT + self._header_height, self.room
        )
        for n, (item, height) in enumerate(zip(items, heights, strict=True)):
            if n in further:
                self._continue()
            _row(page, self._place(height), n + 1, item)
        _total(page, self._place(TOTAL_HEIGHT), first, items)
        if estimated:
            _note(page, self._place(NOTE_HEIGHT))

    def _continue(self) -> None:
        """Go on to a new page, under the same header."""
        self._new_page()
        words = label("official.continued")
        text = words.zh if self.page.lang == "zh" else f"{words.zh} {words.en}"
        self.page.merged(self._place(ENGLISH_HEIGHT), 0, LAST_COL, text, "subtitle right")
        self._header()

    @property
    def _header_height(self) -> float:
        return 24 if self.page.lang == "zh" else 36

    def _header(self) -> None:
        page = self.page
        row = self._place(self._header_height)
        for col, name in enumerate(COLUMNS):
            words = label(f"official.{name}")
            text = words.zh if page.lang == "zh" else f"{words.zh}\n{words.en}"
            page.text(row, col, text, "box center bold wrap pale")


def _note(page: Page, row: int) -> None:
    """What the sign before an estimated investment means."""
    words = label("official.estimated")
    text = words.zh if page.lang == "zh" else f"{words.zh} {words.en}"
    page.merged(row, 0, LAST_COL, text, "small grey wrap")


def _words(item: Item) -> tuple[str, str, str]:
    """Location, name and scale, in Chinese like the form."""
    candidate = item.candidate
    return candidate.row.location, project_name(candidate.row).zh, scope_of(candidate, "zh")


def _height(item: Item) -> float:
    location, name, scale = _words(item)
    return row_height([(location, WIDTHS[1], 10), (name, WIDTHS[2], 10), (scale, WIDTHS[4] - 1, 10)], 26)


def _row(page: Page, row: int, number: int, item: Item) -> None:
    candidate = item.candidate
    location, name, scale = _words(item)
    page.number(row, 0, number, "box year")
    page.text(row, 1, location, "box center wrap")
    page.text(row, 2, name, "box center wrap")
    page.text(row, 3, nature_label(candidate.row.nature).zh, "box center wrap")
    page.text(row, 4, scale, "box wrap left indent")
    if "total_cost" in candidate.estimated:
        exact = "0" if candidate.cost % HUNDREDTHS_PER_WAN == 0 else "0.00"
        page.money(row, COST_COL, candidate.cost, "box plain center", num_format=about(exact))
    else:
        page.number(row, COST_COL, wan_number(candidate.cost), "box plain center")
    page.text(row, 6, item.period, "box center")


def _total(page: Page, row: int, first: int, items: tuple[Item, ...]) -> None:
    page.merged(row, 0, COST_COL - 1, label("total").zh, "box center bold pale")
    amount = sum(item.candidate.cost for item in items)
    cells = span(first, COST_COL, row - 1, COST_COL)
    page.formula(row, COST_COL, f"SUM({cells})", float(to_wan(amount)), "box plain center bold pale")
    page.text(row, LAST_COL, "", "box pale")
