"""Explanations in a terminal: the projects that are out or late, and everything about one of them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from rich.cells import cell_len
from rich.console import Group
from rich.text import Text as Line

from portfolio.domain.explained import Explanation
from portfolio.domain.explanation import Admission, Counterfactual
from portfolio.domain.money import to_wan
from portfolio.domain.schedule import Reason
from portfolio.domain.text import Text
from portfolio.report import labels
from portfolio.report.labels import label
from portfolio.report.terminal_page import INDENT, Page, figure, fill
from portfolio.scenario.plan import Plan
from portfolio.scenario.problem import PlanningProblem

DEEP = INDENT * 2

NO_MONEY_NEEDED = ("tolerance", "unproven")
"""Reasons of projects that the money at hand could pay as well."""


def reasons_page(plan: Plan, starts: Mapping[str, int], reasons: Mapping[str, Reason], page: Page) -> Group:
    """Every project that is out or late with its reason, county by county."""
    problem = plan.problem
    lines = page.paragraph(fill(label("explain.title"), scenario=problem.scenario), style="bold")
    counties = dict.fromkeys(problem.candidates[key].row.county for key in reasons)
    for county in counties:
        lines += [page.line(), page.heading(page.pick(labels.county_label(county)))]
        for key, reason in reasons.items():
            if problem.candidates[key].row.county == county:
                lines += _case(page, problem, key, starts.get(key), reason)
    last = "explain.more" if reasons else "explain.none"
    return Group(*lines, page.line(), *page.paragraph(fill(label(last), scenario=problem.scenario)))


def _case(page: Page, problem: PlanningProblem, key: str, start: int | None, reason: Reason) -> list[Line]:
    name, code = labels.project_name(problem.candidates[key].row), labels.reason_label(reason.code)
    state = label("explain.out") if start is None else Text(f"{start}", f"{start}")
    head = Text(f"{name.zh}（{key}）{state.zh} · {code.zh}", f"{name.en} ({key}) {state.en} · {code.en}")
    return [
        *page.paragraph(head, style="yellow" if start is None else ""),
        *page.paragraph(reason.text, INDENT),
    ]


def explanation_page(plan: Plan, told: Explanation, page: Page) -> Group:
    """Everything about the decision on one project."""
    problem = plan.problem
    lines = [*_head(page, plan, told), *_decision(page, problem, told)]
    if told.reason is not None:
        lines += [
            page.line(),
            page.heading(page.say("explain.why")),
            *page.paragraph(told.reason.text, INDENT),
        ]
    if told.years:
        lines += _what_if(page, problem, told)
    lines += _takes(page, problem, told)
    lines += _rules(page, told)
    if not told.complete:
        lines += [page.line(), *page.paragraph(label("explain.incomplete"), style="yellow")]
    return Group(*lines)


def _head(page: Page, plan: Plan, told: Explanation) -> list[Line]:
    row = plan.problem.candidates[told.project].row
    name, county = labels.project_name(row), labels.county_label(row.county)
    words = Text(f"{name.zh}（{row.key}）{county.zh}", f"{name.en} ({row.key}), {county.en}")
    return page.paragraph(words, style="bold")


def _decision(page: Page, problem: PlanningProblem, told: Explanation) -> list[Line]:
    if told.start is None:
        return page.paragraph(label("explain.decision.out"), INDENT)
    on_time = told.reason is None
    words = label("explain.decision.on_time" if on_time else "explain.decision.in")
    opens = problem.candidates[told.project].opens(told.start)
    return page.paragraph(fill(words, start=told.start, opens=opens, earliest=told.earliest), INDENT)


def _what_if(page: Page, problem: PlanningProblem, told: Explanation) -> list[Line]:
    first, last = told.years[0], told.years[-1]
    years = f"{first}" if first == last else f"{first}–{last}"
    lines = [page.line(), page.heading(page.say("explain.what_if", years=years))]
    if told.forced is not None:
        return [*lines, *_forced(page, problem, told.forced, many=first != last)]
    if not told.conflict:
        return [*lines, *page.paragraph(label("explain.what_if.unknown"), INDENT)]
    lines += page.paragraph(label("explain.what_if.never"), INDENT)
    for member in told.conflict:
        rule = labels.rule_label(member.rule)
        text = Text(f"[{rule.zh}] {member.text.zh}", f"[{rule.en}] {member.text.en}")
        lines += page.paragraph(text, f"{INDENT}- ")
    return lines


def _forced(page: Page, problem: PlanningProblem, found: Counterfactual, *, many: bool) -> list[Line]:
    lines = page.paragraph(fill(label("explain.what_if.best"), start=found.start), INDENT) if many else []
    if not found.proven:
        lines += page.paragraph(label("explain.what_if.unproven"), INDENT)
    lines += page.paragraph(label("explain.moves" if found.moves else "explain.moves.none"), INDENT)
    out = label("explain.not_in")
    for move in found.moves:
        name = labels.project_name(problem.candidates[move.project].row)
        before = out if move.before is None else Text(f"{move.before}", f"{move.before}")
        after = out if move.after is None else Text(f"{move.after}", f"{move.after}")
        words = fill(label("explain.move"), name=name, before=before, after=after)
        lines += page.paragraph(words, f"{DEEP}- ", "" if not move.worse else "yellow")
    return [*lines, *_changes(page, found)]


def _changes(page: Page, found: Counterfactual) -> list[Line]:
    rows = [
        (page.pick(labels.objective_label(change.name)), change.change, change is found.first_change)
        for change in found.objectives
        if change.change and change.name != "cost"
    ]
    rows += [(page.say("explain.seat_years"), Decimal(found.seat_years), False)] if found.seat_years else []
    rows += [(page.say("explain.spend"), to_wan(found.spend), False)] if found.spend else []
    if not rows:
        return page.paragraph(label("explain.changes.none"), INDENT)
    told = page.table([(name, _signed(change)) for name, change, _ in rows])
    mark = page.say("explain.first")
    marked = [f"{row}  ← {mark}" if first else row for row, (*_, first) in zip(told, rows, strict=True)]
    fits = [m if cell_len(m) <= page.width else row for m, row in zip(marked, told, strict=True)]
    return [*page.paragraph(label("explain.changes"), INDENT), *(page.line(INDENT + row) for row in fits)]


def _signed(change: Decimal) -> str:
    return f"+{figure(change)}" if change > 0 else figure(change).replace("-", "−")


def _takes(page: Page, problem: PlanningProblem, told: Explanation) -> list[Line]:
    """The least money for any start that serves, and for the start that was supposed."""
    if told.reason is None or told.reason.code in NO_MONEY_NEEDED:
        return []
    least = [told.reason.admission, told.sooner]
    known = [admission for admission in least if admission is not None and admission.raises]
    if len(known) > 1 and known[0].start == known[1].start:
        known = known[:1]
    lines = [page.line(), page.heading(page.say("explain.takes"))]
    if not known:
        words = "explain.what_if.unknown" if told.reason.code == "unknown" else "explain.takes.none"
        return [*lines, *page.paragraph(label(words), INDENT)]
    return [*lines, *(row for admission in known for row in _admission(page, problem, admission))]


def _admission(page: Page, problem: PlanningProblem, admission: Admission) -> list[Line]:
    total = f"{to_wan(admission.total):,}"
    lines = page.paragraph(fill(label("explain.takes.start"), start=admission.start, total=total), INDENT)
    for raised in admission.raises:
        name = labels.source_name(problem.sources[raised.source])
        words = label("explain.takes.raise")
        amount = f"{to_wan(raised.amount):,}"
        lines += page.paragraph(fill(words, source=name, year=raised.year, amount=amount), f"{DEEP}- ")
    if admission.others:
        names = [problem.candidates[key].label for key in admission.others]
        others = Text("、".join(n.zh for n in names), ", ".join(n.en for n in names))
        lines += page.paragraph(fill(label("explain.takes.with"), others=others), DEEP)
    if not admission.proven:
        lines += page.paragraph(label("explain.takes.unproven"), DEEP)
    return lines


def _rules(page: Page, told: Explanation) -> list[Line]:
    lines = [page.line(), page.heading(page.say("explain.rules"))]
    for standing in told.standings:
        words = label("explain.rule.holds" if standing.holds else "explain.rule")
        rule = labels.rule_label(standing.rule)
        text = fill(words, rule=rule, text=standing.text)
        lines += page.paragraph(text, f"{INDENT}- ", "yellow" if standing.holds else "")
    return lines
