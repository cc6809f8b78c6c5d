"""One project of a plan in a terminal: what is decided, what it costs and who pays, the seats it gives,
what was promised, what it hangs together with, and where its figures come from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal

from rich.cells import cell_len, set_cell_size
from rich.console import Group
from rich.text import Text as Line

from portfolio.domain.money import Money, to_wan
from portfolio.domain.schedule import Evaluation, ProjectLine
from portfolio.domain.text import Text
from portfolio.report import labels
from portfolio.report.labels import label
from portfolio.report.terminal_gantt import bar
from portfolio.report.terminal_page import INDENT, Page, fill
from portfolio.report.terminal_warnings import place_of
from portfolio.scenario.plan import Plan
from portfolio.scenario.problem import Candidate

YEAR_CELLS = 2
"""Cells of a year in the bar."""


def project_card(plan: Plan, key: str, page: Page) -> Group:
    """Everything the plan says of the project.

    Raises:
        KeyError: the plan has no such project.
    """
    candidate = plan.problem.candidates[key]
    line = _line(plan.evaluation, key)
    return Group(
        *_head(page, plan, candidate),
        *_decision(page, plan, candidate, line),
        *_money(page, plan, line),
        *_seats(page, candidate),
        *_promises(page, plan.evaluation, key),
        *_relations(page, plan, key),
        *_about(page, candidate),
    )


def _line(found: Evaluation | None, key: str) -> ProjectLine | None:
    lines = found.projects if found else ()
    return next((line for line in lines if line.key == key), None)


def _section(page: Page, key: str, lines: Iterable[Line]) -> list[Line]:
    """A heading and what stands under it; nothing where there is nothing to tell."""
    told = list(lines)
    return [page.line(), page.heading(page.say(key)), *told] if told else []


def _head(page: Page, plan: Plan, candidate: Candidate) -> list[Line]:
    row = candidate.row
    parts = [place_of(row.county, row.zone, row.stage), labels.nature_label(row.nature)]
    words = Text(" · ".join(p.zh for p in parts if p.zh), " · ".join(p.en for p in parts if p.en))
    name = labels.project_name(row)
    status = labels.status_label(plan.result.status)
    run = fill(label("card.run"), run=plan.run, scenario=plan.problem.scenario, status=status)
    return [
        *page.paragraph(Text(f"{name.zh}（{row.key}）", f"{name.en} ({row.key})"), style="bold"),
        *page.paragraph(words),
        *page.paragraph(run, style="dim"),
    ]


def _decision(page: Page, plan: Plan, candidate: Candidate, line: ProjectLine | None) -> list[Line]:
    if line is None:
        return _section(page, "card.decision", page.paragraph(label("card.no_schedule"), INDENT))
    if line.selected:
        words = fill(label("card.selected"), start=line.start, finish=line.finish, opens=line.opens)
        years = list(plan.problem.horizon.years)
        drawn = page.line(INDENT).append(f"{INDENT}{years[0]} ")
        drawn.append_text(bar(page, line, years, YEAR_CELLS)).append(f" {years[-1]}")
        lines = [*page.paragraph(words, INDENT), drawn]
    else:
        reason = plan.reasons.get(candidate.key)
        lines = page.paragraph(label("card.left_out"), INDENT, "yellow")
        if reason is not None:
            short = labels.reason_label(reason.code)
            why = Text(f"{short.zh}：{reason.text.zh}", f"{short.en}: {reason.text.en}")
            lines += page.paragraph(why, INDENT)
    return _section(page, "card.decision", lines)


def _money(page: Page, plan: Plan, line: ProjectLine | None) -> list[Line]:
    """A line a year: what is spent and who pays it; then the sums. In 万元."""
    if line is None or not line.funding:
        return []
    total: Counter[str] = Counter()
    for by_source in line.funding.values():
        total.update(by_source)
    rows = [(str(year), line.funding[year]) for year in sorted(line.funding)]
    rows.append((page.say("total"), total))
    named, wide = cell_len(rows[-1][0]), cell_len(_wan(sum(total.values())))
    told: list[Line] = []
    for name, paid in rows:
        amount = _wan(sum(paid.values()))
        head = (
            INDENT + set_cell_size(name, named) + INDENT + " " * (wide - cell_len(amount)) + amount + INDENT
        )
        told += page.paragraph(_payers(plan, paid), head)
    return _section(page, "card.money", told)


def _payers(plan: Plan, paid: Mapping[str, Money]) -> Text:
    parts = [
        (labels.source_name(plan.problem.sources[key]), _wan(paid[key])) for key in sorted(paid) if paid[key]
    ]
    zh, en = ([f"{name[n]} {amount}" for name, amount in parts] for n in (0, 1))
    return Text("、".join(zh), ", ".join(en))


def _wan(amount: Money) -> str:
    return f"{to_wan(amount):,}"


def _seats(page: Page, candidate: Candidate) -> list[Line]:
    told: list[Line] = []
    for effect in candidate.effects:
        parts = [
            fill(label(f"card.{name}"), n=f"{number:,}")
            for name, number in (
                ("seats_added", effect.added),
                ("seats_replaced", effect.seats_replaced),
                ("seats_offline", effect.seats_offline),
            )
            if number
        ]
        where = place_of("", effect.zone, effect.stage)
        words = Text("，".join(p.zh for p in parts), ", ".join(p.en for p in parts))
        told += page.paragraph(Text(f"{where.zh}：{words.zh}", f"{where.en}: {words.en}"), INDENT)
    return _section(page, "card.seat_effects", told)


def _promises(page: Page, found: Evaluation | None, key: str) -> list[Line]:
    told: list[Line] = []
    for line in found.milestones if found else ():
        if line.milestone.project == key:
            actual = label("term.never") if line.actual is None else line.actual
            outcome = label("card.missed" if line.late_years else "card.kept")
            kind = labels.milestone_label(line.milestone.kind)
            words = fill(
                label("card.promise"), kind=kind, year=line.milestone.year, actual=actual, outcome=outcome
            )
            told += page.paragraph(words, INDENT)
    return _section(page, "card.promises", told)


def _relations(page: Page, plan: Plan, key: str) -> list[Line]:
    """What the project hangs together with, each other project with its start."""
    told: list[Line] = []
    for after in plan.problem.after:
        if key in (after.project, after.other):
            other = after.other if after.project == key else after.project
            words = label("card.after" if after.project == key else "card.before")
            told += page.paragraph(fill(words, other=_other(plan, other), lag=after.lag_years), INDENT)
    for group in plan.problem.groups:
        if key in group.members:
            others = [_other(plan, member) for member in group.members if member != key]
            names = Text("、".join(o.zh for o in others), ", ".join(o.en for o in others))
            told += page.paragraph(fill(label(f"card.{group.kind}"), others=names), INDENT)
    return _section(page, "card.relations", told)


def _other(plan: Plan, key: str) -> Text:
    candidate, line = plan.problem.candidates.get(key), _line(plan.evaluation, key)
    if candidate is None:
        return Text(key, key)
    words = label("card.other" if line and line.selected else "card.other.out")
    return fill(
        words, name=candidate.label, start=line.start if line else "", finish=line.finish if line else ""
    )


def _about(page: Page, candidate: Candidate) -> list[Line]:
    """The input behind it, and where it comes from."""
    row = candidate.row
    window = [str(year or "…") for year in (candidate.earliest_start, candidate.latest_finish)]
    area = candidate.estimated.get("floor_area_m2")
    size = row.floor_area_m2 if area is None else area.value
    told = [
        ("field.total_cost", _figure(page, "wan", to_wan(candidate.cost), "total_cost", candidate)),
        (
            "field.duration_years",
            _figure(page, "years", candidate.duration_years, "duration_years", candidate),
        ),
        (
            "field.floor_area_m2",
            "" if size is None else _figure(page, "area", size, "floor_area_m2", candidate),
        ),
        ("card.window", "" if set(window) == {"…"} else "–".join(window)),
        ("card.fixed_start", str(candidate.fixed_start or "")),
        ("mandatory", page.say("yes" if candidate.mandatory else "no")),
        ("priority", str(candidate.priority)),
        ("card.status", page.pick(labels.coded("project_status", row.status))),
        ("card.location", row.location),
        ("card.scale", row.scale),
        ("card.lead_unit", row.lead_unit),
        ("card.cooperating_units", row.cooperating_units),
        ("basis", page.pick(labels.basis_label(row.basis))),
        ("document", row.source),
        ("locator", row.locator),
        ("notes", row.notes),
    ]
    colon = "：" if page.lang == "zh" else ": "
    lines = [page.paragraph(Text(text, ""), INDENT + page.say(key) + colon) for key, text in told if text]
    return _section(page, "card.about", (line for paragraph in lines for line in paragraph))


def _figure(page: Page, unit: str, value: Decimal | int, field: str, candidate: Candidate) -> str:
    """The figure with its unit; an estimated one with the formula that gave it."""
    one = ".one" if unit == "years" and value == 1 else ""
    words = page.pick(fill(label(f"card.unit.{unit}{one}"), n=f"{value:,}"))
    estimate = candidate.estimated.get(field)
    if estimate is None:
        return words
    formula = page.pick(estimate.formula)
    return f"≈ {words}" if formula == words else f"≈ {words} = {formula}"
