"""The sentences of explanations, and the helpers that put figures, years and names into them.

A template has the same `{fields}` in both languages. Numbers come with their unit: the helpers give
`Text` values, so that singular and plural are right in English. Other modules of explanations keep
templates of their own in the same form, and use these helpers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from portfolio.domain.funding import SHARED
from portfolio.domain.money import Money, to_wan
from portfolio.domain.places import county_name
from portfolio.domain.text import Text, fill
from portfolio.scenario.problem import PlanningProblem

Catalogue = Mapping[str, Text]
"""Key -> template."""

NOUNS: Catalogue = {
    "project": Text("个项目", "project|projects"),
    "seat": Text("个学位", "seat|seats"),
    "seat_year": Text("座·年", "seat-year|seat-years"),
    "weighted_seat_year": Text("加权座·年", "weighted seat-year|weighted seat-years"),
    "year": Text("年", "year|years"),
    "point": Text("分", "point|points"),
    "wan": Text("万元", "万元|万元"),
}
"""What is counted: the Chinese measure word, the English singular and plural."""


def count(number: int | Decimal, noun: str) -> Text:
    """`3 个项目`, `1 project`, `2 projects`."""
    words = NOUNS[noun]
    one, many = words.en.split("|")
    shown = plain(number)
    return Text(f"{shown} {words.zh}", f"{shown} {one if number == 1 else many}")


def amount(money: Money) -> Text:
    """`1,240 万元`; two decimals where the figure is not whole."""
    shown = wan(money)
    return Text(f"{shown} 万元", f"{shown} 万元")


def plain(number: int | Decimal) -> str:
    """With thousands separators, exact, and without decimals where the figure is whole."""
    exact = Decimal(number)
    return f"{int(exact):,}" if exact == exact.to_integral_value() else f"{exact.normalize():,f}"


def wan(money: Money) -> str:
    """An amount without its unit, for tables that name it elsewhere."""
    exact = to_wan(money)
    return f"{exact:,}" if exact != exact.to_integral_value() else f"{int(exact):,}"


def years(wanted: Iterable[int]) -> Text:
    """`2023 年`, `2023—2025 年`, `2023、2026 年`; `2023`, `2023–2025`, `2023 and 2026`. In ascending order."""
    runs: list[list[int]] = []
    for year in sorted(set(wanted)):
        if runs and runs[-1][-1] == year - 1:
            runs[-1].append(year)
        else:
            runs.append([year])
    spans = [
        Text(f"{run[0]}", f"{run[0]}")
        if len(run) == 1
        else Text(f"{run[0]}—{run[-1]}", f"{run[0]}–{run[-1]}")
        for run in runs
    ]
    return Text("、".join(s.zh for s in spans) + " 年", listed(spans).en)


def listed(parts: Sequence[Text]) -> Text:
    """`A、B`; `A`, `A and B`, `A, B and C`."""
    zh, en = [part.zh for part in parts], [part.en for part in parts]
    return Text("、".join(zh), " and ".join([", ".join(en[:-1]), en[-1]]) if len(en) > 1 else "".join(en))


def joined(parts: Sequence[Text]) -> Text:
    """Clauses one after the other: `A；B`, `A; B`."""
    return Text("；".join(part.zh for part in parts), "; ".join(part.en for part in parts))


def sentences(parts: Iterable[Text]) -> Text:
    """Sentences one after the other."""
    told = [part for part in parts if part.zh]
    return Text("".join(part.zh for part in told), " ".join(part.en for part in told))


def sentence(clause: Text) -> Text:
    """The clause with a full stop, the English beginning with a capital letter."""
    if not clause.zh:
        return clause
    return Text(f"{clause.zh}。", f"{clause.en[:1].upper()}{clause.en[1:]}.")


def source(problem: PlanningProblem, key: str) -> Text:
    """A source's names, or its key where it has none."""
    row = problem.sources[key]
    zh, en = row.name_zh or row.name_en or key, row.name_en or row.name_zh or key
    return Text(zh, en)


def project(problem: PlanningProblem, key: str) -> Text:
    """A project's names, or its key where it has none."""
    row = problem.candidates[key].row
    zh, en = row.name_zh or row.name_en or key, row.name_en or row.name_zh or key
    return Text(zh, en)


def projects(problem: PlanningProblem, keys: Iterable[str], most: int = 3) -> Text:
    """The names of projects; more than `most` are counted: `A、B等 5 个项目`, `A, B and 3 more projects`."""
    names = [project(problem, key) for key in keys]
    if len(names) <= most:
        return listed(names)
    shown, rest = names[: most - 1], len(names) - (most - 1)
    total = count(len(names), "project")
    more = count(rest, "project").en.replace(" ", " more ", 1)
    return Text(f"{listed(shown).zh}等 {total.zh}", f"{', '.join(name.en for name in shown)} and {more}")


def county(key: str) -> Text:
    """A county's name; the money that counties share is told as such."""
    return Text("各区县共用", "shared by counties") if key == SHARED else county_name(key)


OBJECTIVES: Mapping[str, tuple[Text, str]] = {
    "seat_shortage": (Text("加权学位缺口", "the weighted seat shortage"), "seat_year"),
    "targets": (Text("目标欠缺学位", "the seats missing from targets"), "seat_year"),
    "milestones": (Text("节点逾期", "lateness at milestones"), "year"),
    "priority": (Text("优先得分", "the priority score"), "point"),
    "idle_seats": (Text("闲置学位", "idle seats"), "seat_year"),
    "disruption": (Text("对已批计划的变动", "the change from the approved plan"), "year"),
    "cost": (Text("规划期支出", "spending in the horizon"), "wan"),
    "earliness": (Text("推迟开工的年数", "waiting for starts"), "year"),
}
"""Each objective's name in a sentence, and what it is counted in."""

TEMPLATES: Catalogue = {
    "rises": Text("{name}增加 {by}", "{name} would rise by {by}"),
    "falls": Text("{name}减少 {by}", "{name} would fall by {by}"),
    # why it is out or late
    "left_out": Text(
        "须在{others}之后建设，而本情景未包含它",
        "it must come after {others}, which the scenario leaves out",
    ),
    "no_window": Text(
        "工期 {duration}，最早 {first} 年开工，{limit} 年底前无法建成付清",
        "{duration} of construction from {first} on cannot be finished and paid by the end of {limit}",
    ),
    "nobody_pays": Text("没有可用的资金来源", "no funding source may pay it"),
    "may_not_pay": Text(
        "应由{source}承担的份额无法支付", "a share is due from {source}, which may not pay it"
    ),
    "too_late_before": Text(
        "须在{others}之后建设，而规划期内来不及", "it must come after {others}, too late for the horizon"
    ),
    "exclude": Text("{others}与它互斥，已入选", "{others}, its alternative, is selected"),
    "choose": Text("与{others}只能择一，后者已入选", "only one of the group is built, and that is {others}"),
    "waits": Text(
        "须等{other}于 {finish} 年完工，{ready} 年起才能开工",
        "it must wait for {other}, finished in {finish}, and cannot start before {ready}",
    ),
    "with.after": Text(
        "须在{other}之后建设，而后者未排入（{why}）", "it must come after {other}, which is out ({why})"
    ),
    "with.together": Text(
        "须与{other}同建，而后者不能排入（{why}）", "it is built together with {other}, which is out ({why})"
    ),
    "before_is_out": Text(
        "须在{other}之后建设，而后者未排入", "it must come after {other}, which is not selected"
    ),
    "partner_is_out": Text(
        "须与{others}同建，资金不够一并列入",
        "it is built together with {others}, and there is no money for all",
    ),
    "short_of_money": Text(
        "缺 {where}的资金，其他项目照排时共差 {total}",
        "money is missing from {where}: with all other projects as scheduled, {total} in all",
    ),
    "missing_from": Text("{year} 年{sources}", "{sources} in {year}"),
    "missing_in": Text("{years}", "several sources in {years}"),
    "other_rules": Text("与其他规则冲突", "other rules stand against it"),
    "against": Text("与以下要求冲突：{what}", "these requirements stand against it: {what}"),
    "tolerance": Text(
        "列入可使{gain}，情景的容差允许为后面的目标放弃它",
        "with it {gain}, but the scenario's tolerance gives that up for later objectives",
    ),
    "tolerance.none": Text(
        "列入更优，情景的容差放弃了它",
        "the plan would be better with it; the scenario's tolerance gives that up",
    ),
    "unproven": Text(
        "列入可使{gain}；求解提前结束，未证明最优，请延长时限再排",
        "with it {gain}; the search ended before optimality was proven, so allow it more time",
    ),
    "unproven.none": Text(
        "列入可能更优；求解提前结束，请延长时限再排",
        "the plan may be better with it; the search ended early, so allow it more time",
    ),
    "opens_too_late": Text(
        "最早 {opens} 年投用，在规划期（至 {last} 年）之后，列入只增加支出",
        "it would open in {opens} at the earliest, after the horizon ({last}), and only add cost",
    ),
    "enough_seats": Text(
        "它所服务的学段片区 {opens} 年起学位已够", "the places it serves have seats enough from {opens} on"
    ),
    "enough_until": Text(
        "它所服务的学段片区 {planned} 年前学位已够", "the places it serves have seats enough before {planned}"
    ),
    "so": Text("{one}，列入会使{change}", "{one}, and with it {change}"),
    "so.late": Text("{one}，提早会使{change}", "{one}, and if it came earlier {change}"),
    "makes_worse": Text(
        "列入会使{change}，不合目标次序", "with it {change}, against the order of objectives"
    ),
    "makes_worse.late": Text(
        "提早开工会使{change}，不合目标次序", "started earlier, {change}, against the order of objectives"
    ),
    "no_change": Text("列入与否各项目标相同", "no objective changes with it"),
    "no_change.late": Text("提早开工，各项目标不变", "no objective changes when it starts earlier"),
    "unknown": Text("未在时限内查明", "not found out within the time limit"),
    # where it stands on each rule
    "stands.window": Text(
        "工期 {duration}，{years}可以开工", "{duration} of construction; it may start in {years}"
    ),
    "stands.no_start": Text(
        "工期 {duration}，没有可以开工的年份", "{duration} of construction; there is no year it may start in"
    ),
    "stands.fixed": Text("既定 {start} 年开工", "its start is fixed to {start}"),
    "stands.mandatory": Text("必须列入", "it is mandatory"),
    "stands.payers": Text("可由{sources}支付", "{sources} may pay it"),
    "stands.ranges": Text(
        "可由{sources}支付，各有比例上下限", "{sources} may pay it, each within its range of shares"
    ),
    "stands.shares": Text("由{sources}按既定比例支付", "{sources} pay it in fixed shares"),
    "stands.after": Text("须在{other}完工之后开工", "it starts after the end of {other}"),
    "stands.after.lag": Text(
        "须在{other}完工并过 {lag}之后开工", "it starts {lag} after the end of {other}, or later"
    ),
    "stands.before": Text("{other}须在它完工之后开工", "{other} starts after its end"),
    "stands.before.lag": Text(
        "{other}须在它完工并过 {lag}之后开工", "{other} starts {lag} after its end, or later"
    ),
    "stands.exclude": Text("与{others}互斥，最多建一个", "at most one is built of it and {others}"),
    "stands.choose": Text("与{others}择一，恰好建一个", "exactly one is built of it and {others}"),
    "stands.together": Text("与{others}同建或都不建", "all or none are built of it and {others}"),
    "stands.starts": Text("{county}每年开工不超过 {most} 个", "starts a year in {county}: at most {most}"),
    "stands.building": Text(
        "{county}同时在建不超过 {most} 个", "under construction at a time in {county}: at most {most}"
    ),
    "stands.start_by": Text("应于 {year} 年底前开工", "it should start by {year}"),
    "stands.finish_by": Text("应于 {year} 年底前完工", "it should be finished by {year}"),
    "stands.open_by": Text("应于 {year} 年底前投用", "it should open by {year}"),
    "stands.kept": Text("{duty}，按期（{met} 年）", "{duty}, and does ({met})"),
    "stands.late": Text("{duty}，迟至 {met} 年", "{duty}, and does so in {met} only"),
    "stands.never": Text("{duty}，未能实现", "{duty}, and never does"),
    "stands.in": Text("{project}（{start}—{finish} 年）", "{project} ({start}–{finish})"),
    "stands.out": Text("{project}（未排入）", "{project} (not scheduled)"),
    # what forcing it in would do
    "delay": Text("{projects}推迟", "delay {projects}"),
    "drop": Text("{projects}落选", "drop {projects}"),
    "and_drop": Text("{one}，{other}", "{one} and {other}"),
    "forced.worse": Text(
        "若 {start} 年开工，{moves}，{change}", "starting it in {start} would {moves}, and {change}"
    ),
    "forced.equal": Text(
        "若 {start} 年开工而{moves}，方案同样好", "to start it in {start} and {moves} would be as good a plan"
    ),
    "forced.alone": Text("若 {start} 年开工，{change}", "starting it in {start}, {change}"),
    "forced.free": Text("若 {start} 年开工，方案同样好", "starting it in {start} would be as good a plan"),
    "forced.beyond": Text(
        "{one}（{opens} 年才投用，在规划期之后）", "{one} (it would open in {opens}, after the horizon)"
    ),
    "forced.never": Text("其他项目怎样让路都列不进", "no plan has it, whatever else gives way"),
    "forced.never.late": Text(
        "其他项目怎样让路都不能提早", "no plan has it any earlier, whatever else gives way"
    ),
    "forced.better": Text(
        "若 {start} 年开工，方案更好（{change}）；本排期未证明最优",
        "starting it in {start} would be better ({change}): this plan is not proven to be the best",
    ),
    # what it would take, and how the parts are put together
    "and": Text("{one}；{other}", "{one}; {other}"),
    "late": Text("本可 {earliest} 年开工，但{why}", "it could start in {earliest} by itself, but {why}"),
    "no_money_helps": Text(
        "其他项目照排时，提高资金上限无济于事",
        "with the other projects as scheduled, raising caps does not help",
    ),
    "unproven_least": Text("{words}（未证明最少）", "{words} (not proven to be the least)"),
    "raise": Text("{year} 年{source}上限提高 {amount}", "the {year} cap on {source} by {amount}"),
    "more_raises": Text("另 {n} 处上限（合计 {total}）", "{n} more caps ({total} in all)"),
    "admitted": Text(
        "把 {raises}，即可 {start} 年开工、{opens} 年投用，其他项目不动",
        "raising {raises} lets it start in {start} and open in {opens} with no other project moved",
    ),
    "admitted.with": Text(
        "把 {raises}，即可与{others}一并列入，{start} 年开工、{opens} 年投用，其他项目不动",
        "raising {raises} lets it come in with {others}, start in {start} and open in {opens}, with no other project"
        " moved",
    ),
}
"""The sentences of `why not`, `why late`, of counterfactuals and of the least money that admits."""


def say(key: str, **values: object) -> Text:
    """The sentence of a key of this catalogue.

    Raises:
        KeyError: there is no such sentence, or a field has no value.
    """
    return fill(TEMPLATES[key], **values)
