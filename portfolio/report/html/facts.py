"""What the page says in words and tables of its own: key figures, scenario, proof, data basis."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from portfolio.domain.money import Money, round_half_up, to_wan
from portfolio.domain.project import Basis
from portfolio.domain.schedule import Objective
from portfolio.domain.text import Text, fill
from portfolio.report.html.texts import Pair, Words
from portfolio.report.labels import (
    MAXIMISED,
    basis_label,
    coded,
    label,
    objective_label,
    objective_unit,
)
from portfolio.report.workbook.view import View, years_text
from portfolio.scenario.basis import BasisLine, input_basis
from portfolio.scenario.plan import Plan

WAN_PER_YI, WAN_PER_BILLION = 10_000, 100_000
LEAST_SHOWN = 0.0005
"""A gap below this share is shown with a "<" and not as 0.0 %."""


@dataclass(frozen=True, slots=True)
class Card:
    """A key figure; `tone` is plain, good or bad, `exact` the figure for programs."""

    name: str
    title: Pair
    figure: str
    unit: Pair
    note: Pair
    tone: str = "plain"
    exact: str = ""


def large(amount: Money) -> Text:
    """In 亿元; in English in thousand million yuan; two places, halves up."""
    wan = to_wan(amount)
    yi, billion = (
        (wan / unit).quantize(Decimal("0.01"), ROUND_HALF_UP) for unit in (WAN_PER_YI, WAN_PER_BILLION)
    )
    return Text(f"{yi:,} 亿元", f"{billion:,} bn yuan")


def percent(share: Fraction) -> str:
    """`87%`; what is short of the whole is not shown as the whole."""
    rounded = round_half_up(share * 100)
    return "99.9%" if rounded == 100 and share < 1 else f"{rounded}%"


def key_figures(view: View, words: Words) -> list[Card]:
    """The cards at the top, the money in the page's own unit."""
    chosen = [item for items in view.selected.values() for item in items]
    out = [item for items in view.deferred.values() for item in items]
    cost, lost = (sum(item.line.cost for item in items) for items in (chosen, out))
    paid = sum(view.spend(year) for year in view.years)
    caps = sum(view.total(view.problem.sources, year, "cap") for year in view.years)
    added, net = (sum(getattr(i, name) for i in chosen) for name in ("seats_added", "seats_net"))
    year, use = peak_use(view)
    last = view.years[-1]
    short = sum(line.shortage for line in view.evaluation.seats if line.year == last)
    late = sum(line.late_years > 0 for line in view.evaluation.milestones)
    count = len(view.evaluation.milestones)
    items, seat, bare = words.say("items"), words.say("seat"), Pair("")

    return [
        Card("scheduled", words.say("card.scheduled"), f"{len(chosen):,}", items, words.say("card.of", n=f"{len(view.items):,}")),
        Card("deferred", words.say("card.deferred"), f"{len(out):,}", items, words.say("html.card.deferred", amount=large(lost)),
             "bad" if out else "good"),
        Card("cost", words.say("card.cost"), *_money(cost, words), words.say("html.card.before"), exact=str(cost)),
        Card("paid", words.say("html.card.paid"), *_money(paid, words), words.say("html.card.caps", amount=large(caps)), exact=str(paid)),
        Card("seats", words.say("card.seats"), f"{added:,}", seat, words.say("card.net", n=f"{net:,}")),
        Card("use", words.say("card.use"), percent(use), bare,
             words.say("html.card.peak", year=year) if year else words.say("card.use_note"), "bad" if use > 1 else "plain"),
        Card("shortage", words.say("card.shortage"), f"{short:,}", seat, words.say("card.shortage_note", year=last),
             "bad" if short else "good"),
        Card("late", words.say("card.late"), f"{late:,}", bare, words.say("card.late_note", n=count), "bad" if late else "good"),
    ]  # fmt: skip


def _money(amount: Money, words: Words) -> tuple[str, Pair]:
    """The figure and its unit; both languages keep 亿元, and the English has the figure in its own."""
    text = large(amount)
    (zh, unit_zh), (en, unit_en) = text.zh.split(" ", 1), text.en.split(" ", 1)
    if words.lang == "en":
        return en, Pair(unit_en)
    return zh, Pair(unit_zh, f"{en} {unit_en}" if words.lang == "both" else "")


def peak_use(view: View) -> tuple[int | None, Fraction]:
    """The year in which most of the usable money is spent, and the share; None without money."""
    best: tuple[int | None, Fraction] = (None, Fraction(0))
    for year in view.years:
        usable = sum(view.usable(source, year) for source in view.problem.sources)
        share = Fraction(view.spend(year), usable) if usable else Fraction(0)
        if share > best[1]:
            best = (year, share)
    return best


# the scenario and how sure the plan is


def status(plan: Plan, words: Words) -> list[Pair]:
    """How the solve ended, in words; the first is the short one."""
    code = plan.result.status
    parts = [words.say(f"status.{code}"), words.say(f"status.{code}.note")]
    return parts + ([words.say(f"stopped.{plan.result.stopped}")] if plan.result.stopped else [])


def scenario_facts(plan: Plan, words: Words) -> list[tuple[Pair, Pair]]:
    """(what, value) in reading order."""
    problem, solver = plan.problem, plan.problem.solver
    none = words.say("html.fact.no_limit")

    def limit(most: int | None) -> Pair:
        return none if most is None else Pair(f"{most:,}")

    settings = words.say(
        "log.settings", limit=f"{solver.time_limit_s:g}", gap=f"{solver.gap:%}", seed=solver.seed, workers=solver.workers
    )  # fmt: skip
    order = [coded("objective", name) for name in problem.order]
    joined = Text(" → ".join(o.zh for o in order), " → ".join(o.en for o in order))
    rising = Pair(f"{problem.escalation * 100:f}".rstrip("0").rstrip(".") + "%")
    facts = [
        ("log.scenario", Pair(problem.scenario)),
        ("log.horizon", Pair(years_text(problem.horizon))),
        ("html.fact.candidates", Pair(f"{len(problem.candidates):,}")),
        ("html.fact.escalation", rising if problem.escalation else words.say("html.fact.escalation.none")),
        ("html.fact.price_year", Pair(str(problem.price_year) if problem.escalation else "")),
        ("html.fact.max_starts", limit(problem.max_starts)),
        ("html.fact.max_under_construction", limit(problem.max_under_construction)),
        ("html.fact.targets", Pair(f"{len(problem.targets):,}")),
        ("html.fact.relations", Pair(f"{len(problem.after):,} / {len(problem.groups):,}")),
        ("html.fact.approved", _approved(plan, words)),
        # with a schedule the table of objectives tells the order
        ("log.order", Pair("") if plan.evaluation else words.pair(joined)),
        ("log.solver", settings),
        ("log.run", Pair(plan.run)),
        ("log.created_at", Pair(when(plan))),
        ("log.inputs_sha256", Pair(problem.inputs_sha256)),
        ("log.input_name", Pair(plan.input_name)),
        ("log.input_sha256", Pair(plan.input_sha256)),
    ]
    lines = [(words.say(key), value) for key, value in facts if value.main]
    lines += [
        (words.pair(coded("log.seconds", name)), Pair(f"{seconds:.2f} s"))
        for name, seconds in plan.seconds.items()
        if seconds
    ]
    versions = ", ".join(f"{name} {version}" for name, version in sorted(plan.versions.items()))
    return [*lines, (words.say("html.fact.versions"), Pair(versions))] if versions else lines


def when(plan: Plan) -> str:
    return plan.created_at.strftime("%Y-%m-%d %H:%M")


def _approved(plan: Plan, words: Words) -> Pair:
    approved = plan.problem.approved
    return Pair("") if approved is None else words.say("html.fact.approved.some", n=len(approved))


@dataclass(frozen=True, slots=True)
class ObjectiveRow:
    name: Pair
    sense: Pair
    value: str
    bound: str
    unit: Pair
    conclusion: Pair
    proven: bool


def objective_rows(plan: Plan, words: Words) -> list[ObjectiveRow]:
    return [_objective(objective, words) for objective in plan.result.objectives]


def _objective(objective: Objective, words: Words) -> ObjectiveRow:
    sense, arrow = ("max", "↑") if objective.name in MAXIMISED else ("min", "↓")
    known = objective.bound.is_finite()
    gap = _gap(objective.gap) if known else "–"
    key = "open" if not objective.proven else ("within" if objective.gap else "proven")
    return ObjectiveRow(
        name=words.pair(objective_label(objective.name)),
        sense=words.pair(fill(Text(f"{arrow} {{it}}", f"{arrow} {{it}}"), it=label(f"sense.{sense}"))),
        value=_figure(objective.value),
        bound=_figure(objective.bound) if known else "–",
        unit=words.pair(objective_unit(objective.name)),
        conclusion=words.say(f"gap.{key}", gap=gap),
        proven=objective.proven,
    )


def _figure(value: Decimal) -> str:
    """Exact, without needless decimals."""
    text = f"{value:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _gap(share: float) -> str:
    return "<0.1%" if 0 < share < LEAST_SHOWN else f"{share:.1%}"


# the data basis


@dataclass(frozen=True, slots=True)
class BasisRow:
    """A kind of input by basis: amounts, shares, and the parts of a bar of length 100 (start, length)."""

    name: Pair
    amounts: list[str]
    shares: list[str]
    parts: list[tuple[float, float]]


def basis_names(words: Words) -> list[Pair]:
    return [words.pair(basis_label(basis)) for basis in Basis]


def basis_rows(plan: Plan, words: Words) -> list[BasisRow]:
    return [_basis(line, words) for line in input_basis(plan.problem)]


def _basis(line: BasisLine, words: Words) -> BasisRow:
    total = sum(line.amounts.values())
    amounts = [_figure(to_wan(a)) if line.is_money else f"{a:,}" for a in line.amounts.values()]
    shares = [f"{amount / total:.1%}" if total else "0.0%" for amount in line.amounts.values()]
    lengths = [100 * amount / total if total else 0 for amount in line.amounts.values()]
    parts = [(round(sum(lengths[:n]), 2), round(length, 2)) for n, length in enumerate(lengths)]
    return BasisRow(words.say(f"basis.{line.name}"), amounts, shares, parts)
