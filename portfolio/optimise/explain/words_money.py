"""The sentences about the value of money and about robustness; the form is that of `words`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from portfolio.domain.marginal import MoneyCheck, Shift, UsefulRaise
from portfolio.domain.text import Text, fill
from portfolio.optimise.explain import words
from portfolio.optimise.explain.words import Catalogue
from portfolio.scenario.problem import PlanningProblem

SHOWN_PROJECTS = 4

SAME = Decimal("0.01")
"""Figures that differ by a smaller share than this agree."""

TEMPLATES: Catalogue = {
    "money.not_solved": Text(
        "增加 {amount}后的方案未在时限内得出",
        "no schedule with {amount} more was found within the time limit",
    ),
    "money.unfound": Text(
        "时限内没有找到少缺学位的方案，但未证明没有",
        "within the time limit no schedule with fewer missing seats was found, which proves nothing",
    ),
    "money.unproven": Text(
        "未证明最优，实际可能更多或更少", "not proven optimal: the true figure may be higher or lower"
    ),
    "money.same": Text(
        "再次求解少缺 {weighted}，与线性估计相符", "solving again avoids {weighted}, as the estimate says"
    ),
    "money.nothing": Text(
        "再增加 {amount}不起作用，而线性估计为 {relaxed}：项目只能整个建，线性估计却按部分项目折算",
        "{amount} more avoids nothing, while the estimate says {relaxed}: projects are whole, and the estimate counts"
        " parts of them",
    ),
    "money.nothing_either": Text(
        "再增加 {amount}不起作用，线性估计也是如此", "{amount} more avoids nothing, as the estimate says"
    ),
    "money.more": Text(
        "再次求解少缺 {weighted}，多于线性估计的 {relaxed}：项目只能整个建，原来建不成的现在建成，学位全部计入，线性估计则早已计入其中一部分",
        "solving again avoids {weighted}, more than the {relaxed} of the estimate: projects are whole, and what now"
        " becomes possible counts with all its seats, of which the estimate had counted a part before",
    ),
    "money.less": Text(
        "再次求解少缺 {weighted}，少于线性估计的 {relaxed}：项目只能整个建，线性估计计入了这笔钱还建不成的部分",
        "solving again avoids {weighted}, less than the {relaxed} of the estimate: projects are whole, and the"
        " estimate counts parts of what this money cannot build yet",
    ),
    "money.fades": Text(
        "增加得越多，价值越低：按边际价值折算为 {price}",
        "the value falls as more is added: at the marginal value it would be {price}",
    ),
    "money.seats": Text("不加权为 {seats}", "unweighted that is {seats}"),
    "money.useful": Text(
        "至少增加 {amount}才能少缺学位{effect}",
        "at least {amount} more is needed to avoid any missing seat{effect}",
    ),
    "money.useful_found": Text(
        "增加 {amount}可少缺学位（未证明是最少）{effect}",
        "{amount} more avoids missing seats (not proven to be the least){effect}",
    ),
    "money.effect": Text(
        "：可少缺 {weighted}，不加权为 {seats}", ", and avoids {weighted} ({seats} unweighted)"
    ),
    "money.no_effect": Text("", ""),
    "money.useless": Text(
        "单独增加它，无论多少都不能少缺学位：另有规则限制",
        "no amount of it alone avoids a missing seat: other rules stand against it",
    ),
    "money.built": Text("增建：{projects}", "built in addition: {projects}"),
    "money.left": Text("不再建：{projects}", "no longer built: {projects}"),
    "money.sooner": Text("提前：{projects}", "sooner: {projects}"),
    "money.later": Text("推后：{projects}", "later: {projects}"),
    "money.starts": Text("{project}（{year} 年开工）", "{project} (starting in {year})"),
    "money.moves": Text("{project}（{before} → {after} 年）", "{project} ({before} → {after})"),
    "money.some": Text("{shown}等 {counted}", "{shown} and {counted}"),
    "robust.base": Text("情景 {scenario} 本身", "the scenario {scenario} as it is"),
    "robust.scenario": Text("情景 {scenario}", "the scenario {scenario}"),
    "robust.caps": Text("资金上限 × {factor}", "caps × {factor}"),
    "robust.demand": Text("学位需求 × {factor}", "demand × {factor}"),
    "robust.costs": Text("造价 × {factor}", "costs × {factor}"),
    "robust.meaning": Text(
        "总在：每一种有方案的变化都入选；两可：有的入选；从不：都不入选",
        "always in: scheduled in every variation that has a schedule; borderline: in some; never: in none",
    ),
    "robust.infeasible": Text("{variation}：无可行方案，不计入", "{variation}: infeasible, not counted"),
    "robust.no_solution": Text(
        "{variation}：时限内未得出方案，不计入", "{variation}: no schedule within the time limit, not counted"
    ),
    "robust.unproven": Text(
        "{variation}：方案未证明最优，照样计入，最优方案的项目可能不同",
        "{variation}: not proven optimal; counted, though the best schedule may have other projects",
    ),
    "robust.interrupted": Text(
        "已中断，只计入已完成的变化", "interrupted: only the variations that were finished count"
    ),
    "robust.none": Text(
        "没有一种变化有方案，无从判断", "no variation has a schedule, so nothing can be said"
    ),
    "robust.other_projects": Text(
        "未列入的情景（项目不同或不能使用）：{scenarios}",
        "scenarios left out, because their projects are others or they cannot be used: {scenarios}",
    ),
}
"""Key -> template; the same `{fields}` in both languages."""


def say(key: str, **values: object) -> Text:
    """The sentence of a key of this catalogue.

    Raises:
        KeyError: there is no such sentence, or a field has no value.
    """
    return fill(TEMPLATES[key], **values)


def check_text(problem: PlanningProblem, check: MoneyCheck) -> Text:
    """What a re-solve says: how the figures differ, why, and what changes."""
    amount = words.amount(check.amount)
    if check.weighted is None or check.seats is None:
        return say("money.not_solved", amount=amount)
    parts = [_comparison(check, check.weighted)]
    if not check.proven:
        parts.append(say("money.unproven"))
    if check.weighted > 0:
        parts.append(say("money.seats", seats=words.count(check.seats, "seat_year")))
        parts += _fading(check)
    parts += changes(problem, check.shifts)
    if check.useful is not None:
        parts.append(_useful(check.useful))
        parts += changes(problem, check.useful.shifts)
    return words.joined(parts)


def _comparison(check: MoneyCheck, found: Decimal) -> Text:
    """The re-solve beside the relaxation with the same raise, or its price where there is no other figure."""
    relaxed = check.price if check.relaxed is None else check.relaxed
    estimate, amount = relaxed or Decimal(0), words.amount(check.amount)
    weighted = words.count(found, "weighted_seat_year")
    shown = words.count(estimate, "weighted_seat_year")
    if found <= 0:
        if not check.proven:
            return say("money.unfound")
        return say("money.nothing" if estimate else "money.nothing_either", amount=amount, relaxed=shown)
    if relaxed is None or abs(found - estimate) <= SAME * max(found, estimate):
        return say("money.same", weighted=weighted)
    return say("money.more" if found > estimate else "money.less", weighted=weighted, relaxed=shown)


def _fading(check: MoneyCheck) -> Iterator[Text]:
    """Said where the whole raise is worth clearly less, even by the relaxation, than its first part."""
    if check.price and check.relaxed is not None and check.price - check.relaxed > SAME * check.price:
        yield say("money.fades", price=words.count(check.price, "weighted_seat_year"))


def _useful(useful: UsefulRaise) -> Text:
    if not useful.amount:
        return say("money.useless")
    effect = say("money.no_effect")
    if useful.weighted is not None and useful.seats is not None:
        effect = say(
            "money.effect",
            weighted=words.count(useful.weighted, "weighted_seat_year"),
            seats=words.count(useful.seats, "seat_year"),
        )
    key = "money.useful" if useful.proven else "money.useful_found"
    return say(key, amount=words.amount(useful.amount), effect=effect)


def changes(problem: PlanningProblem, shifts: Sequence[Shift]) -> Iterator[Text]:
    """What is built in addition, left out, sooner and later."""
    kinds: dict[str, list[Text]] = {"built": [], "sooner": [], "later": [], "left": []}
    for shift in shifts:
        name = words.project(problem, shift.project)
        if shift.before is None:
            kinds["built"].append(say("money.starts", project=name, year=shift.after))
        elif shift.after is None:
            kinds["left"].append(name)
        else:
            kind = "sooner" if shift.after < shift.before else "later"
            kinds[kind].append(say("money.moves", project=name, before=shift.before, after=shift.after))
    for kind, names in kinds.items():
        if names:
            yield say(f"money.{kind}", projects=_some(names))


def _some(names: Sequence[Text]) -> Text:
    """The first of them, and how many there are."""
    told = names[:SHOWN_PROJECTS]
    shown = Text("、".join(name.zh for name in told), ", ".join(name.en for name in told))
    if len(names) == len(told):
        return shown
    all_of_them = words.count(len(names), "project")
    return say("money.some", shown=shown, counted=Text(all_of_them.zh, f"{len(names) - len(told)} more"))
