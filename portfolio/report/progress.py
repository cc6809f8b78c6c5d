"""The live line on stderr while the solver works: objective, best value, bound, gap, time."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.live import Live
from rich.text import Text as Line

from portfolio.domain.progress import SolveEvent
from portfolio.domain.text import Lang
from portfolio.report import labels
from portfolio.report.terminal_page import Page, figure, percent

REFRESH_PER_SECOND = 4


class SolveProgress:
    """Give it to the solver as its listener inside a `with` block; the line is gone afterwards.

    Silent unless stderr is a terminal that can rewrite a line. An event only replaces the one before
    it, from whatever thread; the line is drawn by its own clock, so that time runs on without events.
    """

    def __init__(
        self, lang: Lang = "both", console: Console | None = None, clock: Callable[[], float] = monotonic
    ) -> None:
        self._console = console or Console(stderr=True)
        encoding = getattr(self._console.file, "encoding", None) or "utf-8"
        self._page = Page(lang, encoding=encoding)
        self._clock = clock
        self._latest: tuple[SolveEvent | None, float] = (None, clock())
        self._live: Live | None = None

    def __enter__(self) -> Self:
        self._latest = (None, self._clock())
        if self._console.is_terminal and not self._console.is_dumb_terminal:
            self._live = Live(
                get_renderable=self._render,
                console=self._console,
                refresh_per_second=REFRESH_PER_SECOND,
                transient=True,
                redirect_stdout=False,
            )
            self._live.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._live:
            self._live.stop()
            self._live = None

    def __call__(self, event: SolveEvent) -> None:
        """Take the newest event; returns at once."""
        self._latest = (event, self._clock())

    def line(self) -> str:
        """The line as it stands now."""
        event, since = self._latest
        passed = self._clock() - since
        if event is None:
            return f"{self._page.say('term.progress.start')} · {elapsed(passed)}"
        name = self._page.pick(labels.objective_label(event.stage))
        parts = [f"{event.position}/{event.stages} {name}"]
        parts += [f"{self._page.say(f'term.progress.{key}')} {text}" for key, text in _known(event)]
        return " · ".join([*parts, elapsed(event.seconds + passed)])

    def _render(self) -> Line:
        return Line(self.line(), no_wrap=True, overflow="ellipsis")


def elapsed(seconds: float) -> str:
    """Minutes and seconds; hours where there are any."""
    minutes, second = divmod(int(max(0.0, seconds)), 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def _known(event: SolveEvent) -> list[tuple[str, str]]:
    """What the event says, by catalogue key."""
    known: list[tuple[str, str]] = []
    if event.value is not None:
        known.append(("best", figure(event.value)))
    if event.bound is not None:
        known.append(("bound", figure(event.bound)))
    if event.gap is not None:
        known.append(("gap", percent(event.gap)))
    return known
