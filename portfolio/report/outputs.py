"""The files that a plan is written to: all of them, or none."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from portfolio.domain.text import Lang
from portfolio.scenario.plan import Plan
from portfolio.writing import in_place, told

WORKBOOK, HTML, PROJECT_XML, DOCUMENT = "schedule.xlsx", "report.html", "schedule.xml", "schedule.json"
NAMES = (WORKBOOK, HTML, PROJECT_XML, DOCUMENT)
"""In the order in which they are written and told."""


@dataclass(frozen=True, slots=True)
class Outputs:
    """The files of a plan while they are written: each as a draft beside its place."""

    folder: Path
    drafts: Mapping[str, Path]

    @property
    def files(self) -> tuple[Path, ...]:
        return tuple(self.folder / name for name in NAMES)

    def write_reports(self, plan: Plan, lang: Lang) -> Plan:
        """Writes what people look at; gives the plan with the time it took, which the document tells.

        Raises:
            UsageError, PortfolioError: a file cannot be written.
        """
        # each is slow to load and needed here only
        from portfolio.report import html, mspdi
        from portfolio.report.workbook import book

        began = time.monotonic()
        for name, write in ((WORKBOOK, book.write), (HTML, html.write), (PROJECT_XML, mspdi.write)):
            with told(self.folder / name):
                write(plan, self.drafts[name], lang)
        return replace(plan, seconds={**plan.seconds, "export": time.monotonic() - began})

    def write_document(self, text: str) -> None:
        """Writes schedule.json. Raises: as above."""
        with told(self.folder / DOCUMENT):
            self.drafts[DOCUMENT].write_bytes(text.encode())


def make_folder(folder: Path) -> None:
    """Makes the folder, if it is not there. Raises `UsageError` where that is refused."""
    with told(folder):
        folder.mkdir(parents=True, exist_ok=True)


@contextmanager
def outputs(folder: Path) -> Iterator[Outputs]:
    """Drafts that replace the files in `folder` at the end; the folder is made if need be. A failure
    leaves the old files.

    Raises:
        UsageError: the folder or a file in it cannot be written.
    """
    make_folder(folder)
    with ExitStack() as stack:
        yield Outputs(folder, {name: stack.enter_context(in_place(folder / name)) for name in NAMES})
