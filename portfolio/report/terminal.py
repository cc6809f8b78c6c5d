"""The plan in a terminal: figures, objectives, a small Gantt, warnings and the files written.

Every line fits the width, counted in display cells (a Chinese character takes two), and is plain
text where colour is off. What the output's encoding cannot hold is replaced, never an error.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction

from rich.cells import cell_len, set_cell_size
from rich.console import Console, Group
from rich.text import Text as Line

from portfolio.domain.estimate import ESTIMATED_FIELDS
from portfolio.domain.money import Money, round_half_up, to_wan
from portfolio.domain.project import Stage
from portfolio.domain.schedule import Evaluation, ProjectLine, Result, Status
from portfolio.domain.text import Lang, Text
from portfolio.report import labels
from portfolio.report.labels import label
from portfolio.report.terminal_gantt import gantt
from portfolio.report.terminal_page import INDENT, Page, clean, figure, fill, percent
from portfolio.report.terminal_repairs import infeasible
from portfolio.report.terminal_warnings import warnings
from portfolio.scenario.plan import Plan

MIN_WIDTH = 60

STATUS_STYLE = {
    Status.OPTIMAL: "bold green",
    Status.FEASIBLE: "bold yellow",
    Status.INFEASIBLE: "bold red",
    Status.NO_SOLUTION: "bold red",
}


def print_summary(plan: Plan, console: Console, lang: Lang = "both", files: Sequence[str] = ()) -> None:
    """Write the summary; in colour only to a terminal."""
    page = page_of(console, lang)
    group = summary(
        plan, lang=lang, width=page.width, colour=page.colour, encoding=page.encoding, files=files
    )
    console.print(group, soft_wrap=True, highlight=False)


def page_of(console: Console, lang: Lang) -> Page:
    """How to write to the console: its width and encoding, in colour only to a terminal."""
    encoding = getattr(console.file, "encoding", None) or "utf-8"
    return Page(lang, max(MIN_WIDTH, console.width), console.is_terminal and not console.no_color, encoding)


def summary(
    plan: Plan,
    *,
    lang: Lang = "both",
    width: int = 80,
    colour: bool = False,
    encoding: str = "utf-8",
    files: Sequence[str] = (),
) -> Group:
    """The plan as lines of at most `width` cells (60 at least); file names are never cut."""
    page = Page(lang, max(MIN_WIDTH, width), colour, encoding)
    lines = _header(page, plan)
    if plan.evaluation:
        lines += _figures(page, plan, plan.evaluation)
        lines += _shortages(page, plan, plan.evaluation)
        lines += _objectives(page, plan.result)
        lines += gantt(page, plan, plan.evaluation)
        lines += warnings(page, plan, plan.evaluation)
    elif plan.result.status is Status.INFEASIBLE:
        lines += infeasible(page, plan)
    else:
        lines += _advice(page, plan)
    return Group(*lines, *_files(page, files))


def _header(page: Page, plan: Plan) -> list[Line]:
    problem, result = plan.problem, plan.result
    title = problem.title or problem.scenario
    if problem.scenario not in title:
        title = f"{title} ({problem.scenario})"
    words = [page.pick(labels.status_label(result.status)), clean(plan.run, page.encoding)]
    if result.stopped:
        words.append(page.pick(labels.coded("stopped", result.stopped)))
    title, tail = clean(title, page.encoding), " · ".join(word for word in words if word)
    # Neither may be cut: what is too long for one line takes two.
    fits = cell_len(f"{title} · {tail}") <= page.width
    heads = [f"{title} · {tail}"] if fits else [page.clip(title, page.width), page.clip(tail, page.width)]
    note = label(f"status.{result.status}.note")
    style = STATUS_STYLE[result.status]
    return [*(page.line(head, style) for head in heads), *page.paragraph(note)]


def _figures(page: Page, plan: Plan, found: Evaluation) -> list[Line]:
    built = [line for line in found.projects if line.selected]
    years = plan.problem.horizon
    invested = sum(line.cost for line in built)
    paid = sum(line.planned for line in found.funding)
    caps = sum(line.cap for line in found.funding)
    added, soon = _seats_added(plan, built)
    rows = [
        ("term.horizon", f"{years.first_year}–{years.last_year}"),
        ("term.scheduled", f"{len(built)} / {len(found.projects) - len(built)}"),
        ("term.invested", _money(page, invested)),
        ("term.paid", _money(page, paid)),
        ("term.caps", _money(page, caps)),
        ("term.used", f"{Decimal(paid) / caps:.1%}" if caps else "–"),
        ("term.seats", f"{added:,}"),
        ("term.soon", f"{soon:,}"),
    ]
    if estimated := _estimated(page, plan):
        rows.append(("term.estimated", estimated))
    width = max(cell_len(page.say(key)) for key, _ in rows)
    lines = [page.line(), page.heading(page.say("term.figures"))]
    for key, value in rows:
        name = INDENT + set_cell_size(page.say(key), width) + INDENT
        lines += page.paragraph(Text(value, ""), name)
    return lines


def _estimated(page: Page, plan: Plan) -> str:
    """How many figures norms filled in, by kind: `投资 56，工期 59`."""
    counts = Counter(field for c in plan.problem.candidates.values() for field in c.estimated)
    return ", ".join(
        f"{page.pick(labels.coded('field', field))} {counts[field]:,}"
        for field in ESTIMATED_FIELDS
        if counts[field]
    )


def _seats_added(plan: Plan, built: Iterable[ProjectLine]) -> tuple[int, int]:
    """Seats added by the scheduled projects: all, and those that open inside the horizon."""
    added = soon = 0
    for line in built:
        seats = sum(effect.added for effect in plan.problem.candidates[line.key].effects)
        added += seats
        if line.opens is not None and line.opens <= plan.problem.horizon.last_year:
            soon += seats
    return added, soon


def _money(page: Page, amount: Money) -> str:
    """亿元 and exact 万元; in English also million yuan. Rounded half up."""
    yi = Decimal(round_half_up(Fraction(amount, 10_000))).scaleb(-2)
    million = Decimal(round_half_up(Fraction(amount, 1_000))).scaleb(-1)
    words = {"yi": f"{yi:,}", "wan": f"{to_wan(amount):,}", "million": f"{million:,}"}
    key = "term.money.both" if page.lang == "both" else "term.money"
    return page.say(key, **words)


def _shortages(page: Page, plan: Plan, found: Evaluation) -> list[Line]:
    """Shortage by stage in the first, the worst and the last year."""
    short: dict[Stage, Counter[int]] = {}
    for line in found.seats:
        if line.demand:
            short.setdefault(line.cell.stage, Counter())[line.year] += line.shortage
    if not short:
        return []
    first, last = plan.problem.horizon.first_year, plan.problem.horizon.last_year
    rows = [("", str(first), page.say("term.worst"), str(last))]
    for stage in (s for s in Stage if s in short):
        year, most = max(short[stage].items(), key=lambda item: (item[1], -item[0]))
        worst = f"{most:,} ({year})" if most else "0"
        name = page.pick(labels.stage_label(stage))
        rows.append((name, f"{short[stage][first]:,}", worst, f"{short[stage][last]:,}"))
    lines = page.table(rows)
    return [page.line(), page.heading(page.say("term.shortage")), *map(page.line, lines)]


def _objectives(page: Page, result: Result) -> list[Line]:
    rows = [("", *(page.say(f"term.{column}") for column in ("value", "bound", "gap", "proven")))]
    for objective in result.objectives:
        words = labels.objective_label(objective.name)
        # Both names beside each other would leave no room for the figures.
        name = page.pick(Text(words.zh, "") if page.lang == "both" else words)
        if page.lang != "both" and objective.name != "cost":
            name += f" ({page.pick(labels.objective_unit(objective.name))})"
        known = objective.bound.is_finite()
        rows.append(
            (
                name,
                figure(objective.value),
                figure(objective.bound),
                percent(objective.gap) if known else "–",
                page.say("yes" if objective.proven else "no"),
            )
        )
        if page.lang == "both":
            rows.append((f"  {words.en}", "", "", "", ""))
    lines = page.table(rows) if result.objectives else []
    return [page.line(), page.heading(page.say("term.objectives")), *map(page.line, lines)]


def _advice(page: Page, plan: Plan) -> list[Line]:
    limit = f"{plan.problem.solver.time_limit_s:g}"
    lines = [page.line(), page.heading(page.say("term.advice"))]
    for key in ("term.advice.time", "term.advice.gap"):
        text = fill(label(key), scenario=plan.problem.scenario, limit=limit)
        lines += page.paragraph(text, "  - ")
    return lines


def _files(page: Page, files: Sequence[str]) -> list[Line]:
    if not files:
        return []
    names = [page.line(INDENT + clean(name, page.encoding)) for name in files]
    return [page.line(), page.heading(page.say("term.files")), *names]
