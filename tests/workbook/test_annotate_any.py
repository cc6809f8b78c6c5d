"""Any marks on any small workbook: every value stays, and strict readers accept the result."""

from __future__ import annotations

from io import BytesIO

import openpyxl
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from openpyxl.utils import get_column_letter

from portfolio.domain.notice import Notice, Severity
from portfolio.domain.text import Text
from portfolio.workbook.annotate import annotated
from tests.workbook.packages import assert_sound, looks

TITLES = ("项目 Projects", "It's 2", 'a "b" <&>')
places = st.tuples(st.integers(1, 12), st.integers(1, 6))
values = (
    st.none()
    | st.booleans()
    | st.integers(-9, 9)
    | st.text(st.characters(exclude_categories=["C"]), max_size=5)
)
texts = st.text(max_size=20)


@st.composite
def workbooks(draw: st.DrawFn) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title in TITLES[: draw(st.integers(1, 3))]:
        sheet = book.create_sheet(title)
        for (row, column), value in draw(st.dictionaries(places, values, max_size=15)).items():
            sheet.cell(row, column).value = "'" + value if isinstance(value, str) else value
        for row, column in draw(st.sets(places, max_size=3)):
            sheet.cell(row, column).comment = Comment("own", "author")
        if draw(st.booleans()):
            sheet.merge_cells("B2:C4")
    book.active = draw(st.integers(0, len(book.worksheets) - 1))
    book.save(buffer := BytesIO())
    return buffer.getvalue()


@st.composite
def notices(draw: st.DrawFn) -> list[Notice]:
    found = []
    for row, column in draw(st.lists(places, max_size=12)):
        place = f"{draw(st.sampled_from(TITLES))}!{get_column_letter(column)}{row}"
        text = Text(draw(texts), draw(texts))
        severity = draw(st.sampled_from(Severity))
        found.append(Notice(severity=severity, place=place, found=draw(texts), text=text))
    return found


@settings(max_examples=40)
@given(workbooks(), notices(), notices())
def test_any_marks_keep_every_value(data: bytes, first: list[Notice], second: list[Notice]) -> None:
    once = annotated(data, first)
    twice = annotated(once, second)
    for result in (once, twice):
        assert_sound(result)
        assert list(looks(result)) == list(looks(data))
    titles = openpyxl.load_workbook(BytesIO(data)).sheetnames
    assert openpyxl.load_workbook(BytesIO(twice)).sheetnames[1:] == titles
    assert own_comments(twice) == own_comments(data)


def own_comments(data: bytes) -> list[tuple[str, str]]:
    """The cells whose comment begins with the user's words."""
    sheets = openpyxl.load_workbook(BytesIO(data)).worksheets
    cells = [(sheet.title, cell) for sheet in sheets for row in sheet.iter_rows() for cell in row]
    return [(title, c.coordinate) for title, c in cells if c.comment and c.comment.text.startswith("own")]
