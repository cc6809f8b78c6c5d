"""Where printed pages end: blocks that fit on a page are not torn apart."""

from __future__ import annotations

from collections.abc import Sequence

from portfolio.report.workbook.page import A3, Page

PAPER_INCHES = {True: (16.54, 11.69), False: (11.69, 8.27)}
"""A3 or not -> long and short side."""

POINTS_PER_INCH = 72
POINTS_PER_PIXEL = 0.75
SAFETY = 0.95
"""Programs round widths and heights in their own ways."""

STEP = 10.0
"""Points by which pages are made shorter to make them even."""

Rows = tuple[int, int]
"""First and last of some rows that stay together."""


def page_breaks(
    page: Page, blocks: Sequence[Sequence[Rows]], *, paper: int, landscape: bool, last_col: int, repeat: Rows
) -> list[int]:
    """The rows before which a page begins.

    A block that does not fit on what is left of a page goes to the next one; a block taller than a
    page follows on and is torn between its rows. What stands above the first block counts as on page one;
    `repeat` are the rows of the header that every further page begins with.
    """
    if not blocks:
        return []
    room = page_room(page, paper=paper, landscape=landscape, last_col=last_col)
    top = page.height(*repeat)
    first = blocks[0][0][0]
    used, found = page.height(0, first - 1), []
    for block in blocks:
        tall = page.height(block[0][0], block[-1][1])
        if used + tall > room >= top + tall and block[0][0] != first:
            found.append(block[0][0])
            used = top
        for rows in block:
            part = page.height(*rows)
            if used + part > room and used > top:
                found.append(rows[0])
                used = top
            used += part
    return found


def even_pages(heights: Sequence[float], used: float, top: float, room: float) -> list[int]:
    """The rows (by their place in `heights`) with which further pages begin, as few and as even as they can be.

    `used` points of the first page are taken, `top` points of every further one; a page holds `room`.
    """
    found = _further_pages(heights, used, top, room)
    while room > STEP and len(shorter := _further_pages(heights, used, top, room - STEP)) == len(found):
        found, room = shorter, room - STEP
    return found


def _further_pages(heights: Sequence[float], used: float, top: float, room: float) -> list[int]:
    found: list[int] = []
    for n, height in enumerate(heights):
        if used + height > room and n:
            found.append(n)
            used = top
        used += height
    return found


def page_room(page: Page, *, paper: int, landscape: bool, last_col: int) -> float:
    """Points of rows that a page holds once the sheet is shrunk to the width of the paper."""
    long, short = PAPER_INCHES[paper == A3]
    wide, tall = (long, short) if landscape else (short, long)
    across, down = page.margins
    points = sum(int(page.widths.get(col, 9.0) * 7 + 5) * POINTS_PER_PIXEL for col in range(last_col + 1))
    scale = min(1.0, (wide - across) * POINTS_PER_INCH / points)
    return (tall - down) * POINTS_PER_INCH / scale * SAFETY
