"""What a planner must notice about a plan: late milestones, missed targets, missing seats, deferrals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from rich.text import Text as Line

from portfolio.domain.schedule import Evaluation
from portfolio.domain.text import Text
from portfolio.report import labels
from portfolio.report.labels import label
from portfolio.report.terminal_page import Page, fill
from portfolio.scenario.plan import Plan

LISTED = 5
"""Cases named under a warning at most."""


def warnings(page: Page, plan: Plan, found: Evaluation) -> list[Line]:
    lines = [
        *_late(page, plan, found),
        *_missed_targets(page, found),
        *_short_cells(page, plan, found),
        *_deferred(page, plan, found),
    ]
    return [page.line(), page.heading(page.say("term.warnings")), *lines] if lines else []


def _cases(page: Page, head: Text, cases: Sequence[Text]) -> list[Line]:
    """A warning and the first cases of it."""
    lines = page.paragraph(head, "! ", "yellow")
    for case in cases[:LISTED]:
        lines += page.paragraph(case, "  - ")
    if len(cases) > LISTED:
        lines += page.paragraph(fill(label("term.more"), n=len(cases) - LISTED), "  - ")
    return lines


def _late(page: Page, plan: Plan, found: Evaluation) -> list[Line]:
    late = sorted((m for m in found.milestones if m.late_years > 0), key=lambda m: -m.late_years)
    cases = [
        fill(
            label("term.late.case"),
            project=labels.project_name(plan.problem.candidates[m.milestone.project].row),
            kind=labels.milestone_label(m.milestone.kind),
            year=m.milestone.year,
            actual=label("term.never") if m.actual is None else m.actual,
        )
        for m in late
    ]
    return _cases(page, fill(label("term.late"), n=len(late)), cases) if late else []


def _missed_targets(page: Page, found: Evaluation) -> list[Line]:
    missed = sorted((t for t in found.targets if t.missing), key=lambda t: -t.missing)
    cases = [
        fill(
            label("term.target.case"),
            place=place_of(t.county, t.zone, t.stage),
            year=t.year,
            needed=f"{t.needed:,}",
            missing=f"{t.missing:,}",
        )
        for t in missed
    ]
    return _cases(page, fill(label("term.target"), n=len(missed)), cases) if missed else []


def _short_cells(page: Page, plan: Plan, found: Evaluation) -> list[Line]:
    last = plan.problem.horizon.last_year
    short = sorted((s for s in found.seats if s.year == last and s.shortage), key=lambda s: -s.shortage)
    cases = [
        fill(
            label("term.short.case"),
            place=place_of(*s.cell),
            missing=f"{s.shortage:,}",
            demand=f"{s.demand:,}",
        )
        for s in short
    ]
    total = sum(s.shortage for s in short)
    head = fill(label("term.short"), n=len(short), year=last, missing=f"{total:,}")
    return _cases(page, head, cases) if short else []


def place_of(county: str, zone: str, stage: str) -> Text:
    """County, zone and stage in words; a part that is empty is left out."""
    parts = [labels.county_label(county)] if county else []
    parts += [labels.zone_label(zone)] if zone else []
    parts += [labels.stage_label(stage)] if stage else []
    return Text(" ".join(p.zh for p in parts), " ".join(p.en for p in parts))


def _deferred(page: Page, plan: Plan, found: Evaluation) -> list[Line]:
    """Projects left out: how many for each reason, then the first of them, by priority and cost."""
    out = [plan.problem.candidates[line.key] for line in found.projects if not line.selected]
    if not out:
        return []
    out.sort(key=lambda c: (c.priority, -c.cost))
    told = [(c, plan.reasons[c.key]) for c in out if c.key in plan.reasons]
    counts = Counter(reason.code for _, reason in told).most_common()
    tally = [(labels.reason_label(code), n) for code, n in counts]
    why = Text("、".join(f"{t.zh} {n}" for t, n in tally), ", ".join(f"{t.en} {n}" for t, n in tally))
    case = label("term.out.case")
    cases = [fill(case, project=labels.project_name(c.row), reason=reason.text) for c, reason in told]
    return _cases(page, fill(label("term.out"), n=len(out), why=why), cases)
