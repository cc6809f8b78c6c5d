"""The plan in a terminal: figures, objectives, a small Gantt, warnings and the files written.

Every line fits the width, counted in display cells (a Chinese character takes two), and is plain
text where colour is off. What the output's encoding cannot hold is replaced, never an error.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

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
from portfolio.report.terminal_page import INDENT, Glyphs, Page, clean, figure, fill, percent
from portfolio.scenario.plan import Plan

MIN_WIDTH = 60
MIN_NAME_WIDTH = 24
GANTT_LINES = 120
"""Projects drawn at most; the workbook has them all."""
LISTED = 5
"""Cases named under a warning at most."""

STATUS_STYLE = {
    Status.OPTIMAL: "bold green",
    Status.FEASIBLE: "bold yellow",
    Status.INFEASIBLE: "bold red",
    Status.NO_SOLUTION: "bold red",
}


def print_summary(plan: Plan, console: Console, lang: Lang = "both", files: Sequence[str] = ()) -> None:
    """Write the summary; in colour only to a terminal."""
    encoding = getattr(console.file, "encoding", None) or "utf-8"
    group = summary(
        plan,
        lang=lang,
        width=console.width,
        colour=console.is_terminal and not console.no_color,
        encoding=encoding,
        files=files,
    )
    console.print(group, soft_wrap=True, highlight=False)


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
        lines += _gantt(page, plan, plan.evaluation)
        lines += _warnings(page, plan, plan.evaluation)
    elif plan.result.status is Status.INFEASIBLE:
        lines += _conflict(page, plan)
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


class Scale(NamedTuple):
    """The columns of the Gantt: cells of the name, years drawn, cells a year, cells of the cost."""

    name: int
    years: Sequence[int]
    step: int
    cost: int


def _scale(page: Page, years: range, names: Iterable[str], costs: Iterable[str]) -> Scale:
    """The widest years that leave room for names; a horizon too long for the width is cut."""
    cost = max(cell_len("万元"), *map(cell_len, costs))
    room = page.width - len(INDENT) - 2 - cost
    step = next((n for n in (3, 2) if room - n * len(years) >= MIN_NAME_WIDTH), 1)
    drawn = years[: room - MIN_NAME_WIDTH // 2] if step == 1 else years
    return Scale(min(room - step * len(drawn), max(map(cell_len, names))), drawn, step, cost)


def _name(page: Page, plan: Plan, line: ProjectLine) -> str:
    return page.pick(labels.project_name(plan.problem.candidates[line.key].row))


def _gantt(page: Page, plan: Plan, found: Evaluation) -> list[Line]:
    built = [line for line in found.projects if line.selected]
    if not built:
        return []
    names = (_name(page, plan, line) for line in built)
    scale = _scale(page, plan.problem.horizon.years, names, (_whole_wan(line.cost) for line in built))
    marks = dict(zip(("light", "medium", "heavy", "opens"), page.glyphs, strict=False))
    heading = page.heading(page.say("term.gantt"))
    lines = [page.line(), heading, *page.paragraph(fill(label("term.legend"), **marks), INDENT)]
    lines.append(page.line(_ruler(scale)))
    left = GANTT_LINES
    for county, group in _by_county(plan, built).items():
        total = _whole_wan(sum(line.cost for line in group))
        name = page.pick(labels.county_label(county))
        lines.append(page.line(page.clip(f"{name} · {len(group)} · {total} 万元", page.width), "bold cyan"))
        lines += [_bar_line(page, plan, line, scale) for line in group[: max(0, left)]]
        left -= len(group)
    if left < 0:
        lines.append(page.line(page.clip(INDENT + page.say("term.more", n=-left), page.width)))
    return lines


def _whole_wan(amount: Money) -> str:
    return f"{round_half_up(to_wan(amount)):,}"


def _by_county(plan: Plan, built: Iterable[ProjectLine]) -> dict[str, list[ProjectLine]]:
    """Counties in the order of the workbook; in each the earlier start first."""
    groups: dict[str, list[ProjectLine]] = {}
    for line in built:
        groups.setdefault(plan.problem.candidates[line.key].row.county, []).append(line)
    for group in groups.values():
        group.sort(key=lambda line: (line.start or 0, line.opens or 0))
    return groups


def _ruler(scale: Scale) -> str:
    """Four-digit years above their columns, as many as leave a space between them."""
    every = -(-5 // scale.step)
    years = "".join(f"{year:<{every * scale.step}}" for year in scale.years[::every])
    width = scale.step * len(scale.years)
    cost = " " * (scale.cost - cell_len("万元")) + "万元"
    return f"{INDENT}{'':<{scale.name}} {years[:width]:<{width}} {cost}"


def _bar_line(page: Page, plan: Plan, line: ProjectLine, scale: Scale) -> Line:
    name = page.clip(_name(page, plan, line), scale.name)
    text = page.line()
    text.append(INDENT + set_cell_size(name, scale.name) + " ")
    for year in scale.years:
        mark, style, filled = _mark(page.glyphs, line, year)
        drawn = mark * scale.step if filled else mark.ljust(scale.step)
        text.append(drawn, style if page.colour else None)
    text.append(" " + _whole_wan(line.cost).rjust(scale.cost))
    return text


def _mark(glyphs: Glyphs, line: ProjectLine, year: int) -> tuple[str, str, bool]:
    """Glyph and style of a year, and whether it fills the year's cells."""
    if year == line.opens:
        return glyphs.opens, "bold green", False
    share = Fraction(line.spend.get(year, 0), max(1, line.cost))
    building = line.start is not None and line.finish is not None and line.start <= year <= line.finish
    if not share and not building:
        return glyphs.idle, "dim", False
    if share >= Fraction(2, 5):
        return glyphs.heavy, "blue", True
    return (glyphs.medium if share >= Fraction(1, 5) else glyphs.light), "blue", True


def _warnings(page: Page, plan: Plan, found: Evaluation) -> list[Line]:
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
            place=_place(t.county, t.zone, t.stage),
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
            place=_place(*s.cell),
            missing=f"{s.shortage:,}",
            demand=f"{s.demand:,}",
        )
        for s in short
    ]
    total = sum(s.shortage for s in short)
    head = fill(label("term.short"), n=len(short), year=last, missing=f"{total:,}")
    return _cases(page, head, cases) if short else []


def _place(county: str, zone: str, stage: str) -> Text:
    """County, zone and stage in words; a part that is empty is left out."""
    parts = [labels.county_label(county)] if county else []
    parts += [Text(zone, zone)] if zone else []
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
    tally = [(_reason_words(code), n) for code, n in counts]
    why = Text("、".join(f"{t.zh} {n}" for t, n in tally), ", ".join(f"{t.en} {n}" for t, n in tally))
    case = label("term.out.case")
    cases = [fill(case, project=labels.project_name(c.row), reason=reason.text) for c, reason in told]
    return _cases(page, fill(label("term.out"), n=len(out), why=why), cases)


def _reason_words(code: str) -> Text:
    """A short name for a reason: its own, else that of the rule behind it, else the code."""
    own = labels.coded("reason", code)
    return own if own != Text(code, code) else labels.rule_label(code)


def _conflict(page: Page, plan: Plan) -> list[Line]:
    lines = [page.line(), page.heading(page.say("term.conflict"))]
    for number, member in enumerate(plan.result.conflict, 1):
        rule = labels.rule_label(member.rule)
        zh, en = member.text.pick("zh"), member.text.pick("en")
        text = Text(f"[{rule.zh}] {zh}", f"[{rule.en}] {en}")
        lines += page.paragraph(text, f"{number:>3}. ")
    if not plan.result.conflict:
        lines += page.paragraph(label("term.conflict.none"), INDENT)
    return [*lines, page.line(), *page.paragraph(label("term.conflict.advice"))]


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
