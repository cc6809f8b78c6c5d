"""How firmly each project is in or out, in a terminal: the variations, then a line a project."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from rich.console import Group
from rich.text import Text as Line

from portfolio.domain.robustness import Label, Robustness, RobustnessReport
from portfolio.domain.text import Text
from portfolio.report import labels
from portfolio.report.labels import label
from portfolio.report.terminal_page import INDENT, Page, fill
from portfolio.scenario.problem import PlanningProblem

STYLES = {Label.ALWAYS: "green", Label.BORDERLINE: "yellow", Label.NEVER: "dim"}


def robustness_page(problem: PlanningProblem, report: RobustnessReport, page: Page) -> Group:
    """The labels with what they stand on."""
    return Group(
        page.heading(page.say("robust.title", scenario=problem.scenario)),
        page.line(),
        page.heading(page.say("robust.variations")),
        *_variations(page, report),
        *_projects(page, problem, report),
        page.line(),
        *(line for note in report.notes for line in page.paragraph(note, "* ")),
    )


def _variations(page: Page, report: RobustnessReport) -> Iterator[Line]:
    for number, outcome in enumerate(report.outcomes, start=1):
        what = labels.status_label(outcome.status)
        if outcome.has_schedule:
            count = fill(label("robust.scheduled"), n=len(outcome.starts))
            what = Text(f"{what.zh}，{count.zh}", f"{what.en}, {count.en}")
        told = Text(f"{outcome.text.zh}：{what.zh}", f"{outcome.text.en}: {what.en}")
        yield from page.paragraph(told, f"{number:>3}  ")


def _projects(page: Page, problem: PlanningProblem, report: RobustnessReport) -> Iterator[Line]:
    if not report.projects:
        return
    numbers = {outcome.variation: n for n, outcome in enumerate(report.outcomes, start=1)}
    counts = Counter(line.label for line in report.projects)
    tally = [fill(label("robust.count"), label=_label(kind), n=counts[kind]) for kind in Label]
    yield page.line()
    yield page.heading(page.say("robust.projects"))
    yield from page.paragraph(Text("，".join(t.zh for t in tally), ", ".join(t.en for t in tally)), INDENT)
    head = [page.say(f"robust.{key}", "/") for key in ("projects", "label", "in", "starts", "out")]
    rows = [head, *(_row(page, problem, line, numbers) for line in report.projects)]
    styles = ["bold", *(STYLES[line.label] for line in report.projects)]
    for row, style in zip(page.table(rows), styles, strict=True):
        yield page.line(row, style)


def _row(page: Page, problem: PlanningProblem, line: Robustness, numbers: dict[str, int]) -> list[str]:
    name = labels.project_name(problem.candidates[line.project].row)
    starts = "–"
    if line.earliest_start is not None:
        same = line.earliest_start == line.latest_start
        starts = str(line.earliest_start) if same else f"{line.earliest_start}–{line.latest_start}"
    # Out of all: the numbers would only say so again.
    out = [] if line.label is Label.NEVER else [str(numbers[name]) for name in line.left_out_in]
    return [
        page.pick(Text(name.zh, "") if page.lang == "both" else name),
        page.pick(_label(line.label), "/"),
        f"{line.scheduled}/{line.variations}",
        starts,
        " ".join(out),
    ]


def _label(kind: Label) -> Text:
    return label(f"robust.{kind}")
