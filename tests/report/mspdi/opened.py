"""Reads schedule.xml with nothing but the standard library, and says what a plan must look like in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from xml.etree import ElementTree as ET

from portfolio.domain.quarters import phases
from portfolio.domain.schedule import ProjectLine
from portfolio.domain.text import Lang
from portfolio.report import mspdi
from portfolio.report.json_document import document
from portfolio.report.labels import county_label, label, project_name
from portfolio.scenario.plan import Plan
from portfolio.scenario.problem import Candidate

NAMESPACE = "{http://schemas.microsoft.com/project}"
PHASES = ("preparation", "construction", "acceptance")
YUAN_PER_WAN = 10_000

Element = ET.Element


@dataclass(frozen=True)
class Row:
    """A task as a person sees it; money in yuan."""

    level: int
    name: str
    start: str
    finish: str
    cost: Decimal
    deadline: str = ""

    @property
    def milestone(self) -> bool:
        return self.start == self.finish


@dataclass
class Expected:
    """What the file must hold, worked out from the plan alone."""

    rows: list[Row] = field(default_factory=list)
    place: dict[tuple[str, str], int] = field(default_factory=dict)
    """(project, "project" | "first" | a phase | "opens" | a year) -> the row."""


def written(plan: Plan, path: Path, lang: Lang = "both") -> Element:
    """The root of the file, read back."""
    mspdi.write(plan, path, lang)
    return ET.parse(path).getroot()


def text(element: Element, path: str) -> str:
    return element.findtext("/".join(NAMESPACE + part for part in path.split("/")), "")


def all_of(root: Element, kind: str) -> list[Element]:
    """The tasks, resources, assignments ... of the file."""
    return root.findall(f"{NAMESPACE}{kind}s/{NAMESPACE}{kind}")


def yuan(element: Element, name: str = "Cost") -> Decimal:
    return Decimal(text(element, name)) / 100


def row_of(task: Element) -> Row:
    parts = ("OutlineLevel", "Name", "Start", "Finish", "Deadline")
    level, name, start, finish, deadline = (text(task, part) for part in parts)
    return Row(int(level), name, start, finish, yuan(task), deadline)


def values(task: Element, aliases: Mapping[str, str]) -> dict[str, str]:
    """The custom fields of a task by the names they have in the file."""
    found = task.findall(f"{NAMESPACE}ExtendedAttribute")
    return {aliases[text(one, "FieldID")]: text(one, "Value") for one in found}


def aliases_of(root: Element) -> dict[str, str]:
    """Field number -> the name it has in the file."""
    return {text(one, "FieldID"): text(one, "Alias") for one in all_of(root, "ExtendedAttribute")}


def paid_by_source_and_year(root: Element, plan: Plan) -> dict[tuple[str, str], Decimal]:
    """(source, year) -> 万元, summed over the assignments."""
    keys = dict(enumerate(plan.problem.sources, 1))
    sums: dict[tuple[str, str], Decimal] = {}
    for one in all_of(root, "Assignment"):
        year = text(one, "Start")[:4]
        assert text(one, "Finish") == f"{year}-12-31T17:00:00"
        key = keys[int(text(one, "ResourceUID"))], year
        sums[key] = sums.get(key, Decimal(0)) + yuan(one) / YUAN_PER_WAN
    return sums


def planned(plan: Plan) -> dict[tuple[str, str], Decimal]:
    """(source, year) -> 万元, as schedule.json has it."""
    lines = document(plan)["funding"]
    found = {(one["source"], str(one["year"])): Decimal(str(one["planned"])) for one in lines}
    return {key: amount for key, amount in found.items() if amount}


def expected(plan: Plan, lang: Lang) -> Expected:
    """Every task but the first, which stands for the whole."""
    found = Expected()
    if plan.evaluation is None:
        return found
    rows = {row.key: n for n, row in enumerate(plan.problem.portfolio.projects)}
    lines = [line for line in plan.evaluation.projects if line.selected]
    lines.sort(key=lambda line: (line.start, rows[line.key]))
    known = dict.fromkeys(row.county for row in plan.problem.portfolio.projects)
    for county in known:
        own = [line for line in lines if plan.problem.candidates[line.key].row.county == county]
        if own:
            _county(found, plan, county, own, lang)
    return found


def _county(found: Expected, plan: Plan, county: str, lines: Sequence[ProjectLine], lang: Lang) -> None:
    at = len(found.rows)
    found.rows.append(Row(1, county_label(county).pick(lang), "", "", Decimal(0)))
    for line in lines:
        here = len(found.rows)
        rows = list(_project(plan, line, lang))
        found.place |= {(line.key, what): here + n for n, (what, _) in enumerate(rows)}
        found.rows += [row for _, row in rows]
    _sum_up(found.rows, at, len(found.rows))


def _project(plan: Plan, line: ProjectLine, lang: Lang) -> Iterator[tuple[str, Row]]:
    candidate = plan.problem.candidates[line.key]
    start, finish, opens = line.start, line.finish, line.opens
    assert start is not None
    assert finish is not None
    due = {
        kind: min((m.year for m in plan.problem.milestones if m.project == line.key and m.kind == kind), default=0)
        for kind in ("start_by", "finish_by", "open_by")
    }  # fmt: skip
    below: list[tuple[str, Row]] = []

    def add(
        what: str, word: str, days: tuple[str, str], deadline: str = "", level: int = 3, cost: int = 0
    ) -> None:
        name = cut(f"{label('mspdi.' + word).pick(lang)} · {own_name(candidate, lang)}")
        below.append((what, Row(level, name, *days, Decimal(cost) * 100, deadline)))

    if due["start_by"]:
        add("first", "begins", (f"{start}-01-01T08:00:00",) * 2, f"{due['start_by']}-12-31T17:00:00")
    for part in phases(start, finish):
        first, last = part.first, part.last
        month = last.first_month + 2
        end = f"{last.year}-{month:02}-{31 if month in (3, 12) else 30}T17:00:00"
        late = f"{due['finish_by']}-12-31T17:00:00" if part.phase == "acceptance" and due["finish_by"] else ""
        add(part.phase, part.phase, (f"{first.year}-{first.first_month:02}-01T08:00:00", end), late)
    late = f"{due['open_by']}-09-30T17:00:00" if due["open_by"] else ""
    add("opens", "opens", (f"{opens}-09-01T08:00:00",) * 2, late)
    if line.spend:
        add("payments", "payments", ("", ""))
    for year in sorted(line.spend):
        name = cut(f"{label('mspdi.payment').pick(lang).format(year=year)} · {own_name(candidate, lang)}")
        days = f"{year}-01-01T08:00:00", f"{year}-12-31T17:00:00"
        below.append((str(year), Row(4, name, *days, Decimal(line.spend[year]) * 100)))
    rows = [
        Row(2, cut(project_name(candidate.row).pick(lang)), "", "", Decimal(0)),
        *(row for _, row in below),
    ]
    payments = next((n for n, (what, _) in enumerate(below, 1) if what == "payments"), None)
    if payments:
        _sum_up(rows, payments, len(rows))
    _sum_up(rows, 0, len(rows))
    yield from zip(["project", *(what for what, _ in below)], rows, strict=True)


def own_name(candidate: Candidate, lang: Lang) -> str:
    """The name in one language: Chinese where both are shown."""
    return project_name(candidate.row).pick("en" if lang == "en" else "zh")


def cut(name: str) -> str:
    """One line of at most 255 characters that XML can hold."""
    flat = "".join("\ufffd" if ord(c) < 32 and c not in "\t\r\n" else c for c in name)
    flat = flat.replace("\r\n", " ").replace("\ufffe", "\ufffd").replace("\ud800", "\ufffd")
    return flat if len(flat) <= 255 else flat[:254] + "…"


def _sum_up(rows: list[Row], at: int, end: int) -> None:
    """A summary spans what it holds and costs what its leaves cost."""
    below = rows[at + 1 : end]
    leaves = [row for n, row in enumerate(below) if n + 1 == len(below) or below[n + 1].level <= row.level]
    total = sum((row.cost for row in leaves), Decimal(0))
    start, finish = min(row.start for row in below if row.start), max(row.finish for row in below)
    rows[at] = Row(rows[at].level, rows[at].name, start, finish, total)


def duration_hours(row: Row) -> int:
    """Eight hours for each day that the row holds."""
    days = (date.fromisoformat(row.finish[:10]) - date.fromisoformat(row.start[:10])).days
    return 8 * (days + row.finish.endswith("17:00:00"))
