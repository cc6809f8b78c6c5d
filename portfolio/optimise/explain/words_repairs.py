"""The sentences of repairs: what to change, by how much, and what no change of a kind can do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from portfolio.domain.demand import STAGE_NAMES
from portfolio.domain.funding import SHARED
from portfolio.domain.money import from_wan
from portfolio.domain.places import county_name
from portfolio.domain.project import Stage
from portfolio.domain.repair import Change, ChangeKind
from portfolio.domain.text import Text, fill
from portfolio.optimise.explain import words
from portfolio.optimise.explain.words import Catalogue
from portfolio.scenario.problem import PlanningProblem, Target

TEMPLATES: Catalogue = {
    "raise_cap": Text(
        "把{year}年{source}上限提高 {amount}", "raise the {year} {source} cap by {amount}"
    ),
    "drop": Text("不建{project}", "leave out {project}"),
    "drop.mandatory": Text("不建{project}（取消必建）", "leave out {project} (no longer mandatory)"),
    "drop.fixed": Text(
        "不建{project}（取消既定的 {year} 年开工）", "leave out {project} (its start is fixed to {year})"
    ),
    "drop.begun": Text(
        "停建{project}（{year} 年已开工）", "stop {project} (under construction since {year})"
    ),
    "drop.firm": Text(
        "不建{project}（取消其刚性节点）", "leave out {project} (its firm milestones lapse)"
    ),
    "move.start": Text(
        "把{project}的开工从 {old} 年移到 {year} 年（{way} {years}）",
        "move the start of {project} from {old} to {year} ({years} {way})",
    ),
    "move.latest_finish": Text(
        "把{project}的最迟完工从 {old} 年推迟到 {year} 年（{years}）",
        "put off the latest finish of {project} from {old} to {year} ({years})",
    ),
    "move.start_by": Text(
        "把{project}的刚性节点“开工”从 {old} 年推迟到 {year} 年（{years}）",
        "put off the firm milestone of {project} to start by {old} to {year} ({years})",
    ),
    "move.finish_by": Text(
        "把{project}的刚性节点“完工”从 {old} 年推迟到 {year} 年（{years}）",
        "put off the firm milestone of {project} to finish by {old} to {year} ({years})",
    ),
    "move.open_by": Text(
        "把{project}的刚性节点“投用”从 {old} 年推迟到 {year} 年（{years}）",
        "put off the firm milestone of {project} to open by {old} to {year} ({years})",
    ),
    "earlier": Text("提前", "earlier"),
    "later": Text("推后", "later"),
    "ratio": Text(
        "把{place}的学位目标比例从 {old} 降到 {new}{seats}", "lower the seat target of {place} from {old} to {new}{seats}"
    ),
    "public_share": Text(
        "把{place}的公办幼儿园目标比例从 {old} 降到 {new}{seats}",
        "lower the public kindergarten target of {place} from {old} to {new}{seats}",
    ),
    "seats": Text(
        "（{where} {year} 年应有 {needed}，只能做到 {possible}）",
        " ({where} {year}: {needed} needed, {possible} possible)",
    ),
    "all": Text("全部县区", "all counties"),
    "extend_horizon": Text(
        "把规划期延长 {years}，到 {year} 年（新增年份的资金上限照工作簿，空白为 0；可结转的资金计入）",
        "extend the horizon by {years}, to {year} (caps of the added years as in the workbook, blank is 0;"
        " money carried over counts)",
    ),
    "total": Text("，合计 {amount}", ", {amount} in all"),
    "split": Text("；各年、各来源间可能还有别的分法", "; other splits over years and sources may do as well"),
    "unproven": Text("；未证明最少", "; not proven to be the least"),
    "none.caps": Text("单靠增加资金无法解决", "no amount of money alone mends it"),
    "none.one_year": Text("单靠一年的资金无法解决", "more money in a single year does not mend it"),
    "none.one_source": Text(
        "单靠一个来源的资金无法解决", "more money from a single source does not mend it"
    ),
    "none.one_cap": Text(
        "单靠一个来源一年的资金无法解决", "raising a single cap does not mend it"
    ),
    "none.drop": Text("单靠不建必建项目无法解决", "leaving out mandatory projects alone does not mend it"),
    "none.move": Text(
        "单靠移动既定开工、节点或最迟完工无法解决",
        "moving fixed starts, firm milestones or latest finishes alone does not mend it",
    ),
    "none.targets": Text("单靠降低目标无法解决", "lowering targets alone does not mend it"),
    "none.one_target": Text("单靠降低一个目标无法解决", "lowering a single target does not mend it"),
    "none.horizon": Text(
        "把规划期延长 {years}以内无法解决", "extending the horizon by up to {years} does not mend it"
    ),
    "none.combined": Text(
        "资金、必建项目和目标一起放宽也无法解决：请核对项目关系、工期窗口和建设能力",
        "money, duties and targets together do not mend it: check relations, windows and delivery limits",
    ),
    "unsearched.caps": Text("未在时限内查明：增加资金", "not found out in time: more money"),
    "unsearched.one_year": Text("未在时限内查明：只增加一年的资金", "not found out in time: more money in a single year"),
    "unsearched.one_source": Text("未在时限内查明：只增加一个来源的资金", "not found out in time: more money from a single source"),
    "unsearched.one_cap": Text("未在时限内查明：只提高一项上限", "not found out in time: raising a single cap"),
    "unsearched.drop": Text("未在时限内查明：不建必建项目", "not found out in time: leaving out mandatory projects"),
    "unsearched.move": Text("未在时限内查明：移动开工和节点", "not found out in time: moving starts and milestones"),
    "unsearched.targets": Text("未在时限内查明：降低目标", "not found out in time: lowering targets"),
    "unsearched.one_target": Text("未在时限内查明：只降低一个目标", "not found out in time: lowering a single target"),
    "unsearched.horizon": Text("未在时限内查明：延长规划期", "not found out in time: a longer horizon"),
    "unsearched.combined": Text("未在时限内查明：同时放宽几类", "not found out in time: several kinds together"),
    "bound.caps": Text(
        "只增加资金：至少要 {amount}（已证明），最少的办法未在时限内查明",
        "more money: at least {amount} is needed (proven); the least way was not found out in time",
    ),
    "interrupted": Text("已被中断，其余办法未查", "interrupted: other repairs were not searched"),
}  # fmt: skip


def say(key: str, **values: object) -> Text:
    """The sentence of a key of this catalogue."""
    return fill(TEMPLATES[key], **values)


def told(
    problem: PlanningProblem, changes: Iterable[Change], seats: Iterable[Text] = ()
) -> tuple[Change, ...]:
    """The changes with their words; `seats` are what the relaxed targets come to, in order."""
    come_to = iter(seats)
    return tuple(
        replace(
            change,
            text=_relaxed(problem, change, next(come_to, Text("", "")))
            if change.kind is ChangeKind.RELAX_TARGET
            else _told(problem, change),
        )
        for change in changes
    )


def sentence(changes: Sequence[Change]) -> Text:
    """All changes of a repair, told already, in one sentence."""
    text = Text("，".join(c.text.zh for c in changes), words.listed([c.text for c in changes]).en)
    raised = [from_wan(c.amount or 0) for c in changes if c.kind is ChangeKind.RAISE_CAP]
    if len(raised) > 1:
        text = beside(text, say("total", amount=words.amount(sum(raised))), say("split"))
    return text


def beside(*parts: Text) -> Text:
    """Texts set one behind the other."""
    return Text("".join(part.zh for part in parts), "".join(part.en for part in parts))


def _told(problem: PlanningProblem, change: Change) -> Text:
    if change.kind is ChangeKind.RAISE_CAP:
        amount = words.amount(from_wan(change.amount or 0))
        return say("raise_cap", year=change.year, source=_source(problem, change.source), amount=amount)
    if change.kind is ChangeKind.DROP:
        return _dropped(problem, change)
    if change.kind is ChangeKind.MOVE:
        return _moved(problem, change)
    years = words.count(int(change.amount or 0), "year")
    return say("extend_horizon", years=years, year=change.year)


def _dropped(problem: PlanningProblem, change: Change) -> Text:
    candidate = problem.candidates[change.project]
    fixed = candidate.fixed_start
    project = candidate.label
    if fixed is not None:
        duty = "begun" if fixed < problem.horizon.first_year else "fixed"
        return say(f"drop.{duty}", project=project, year=fixed)
    return say("drop.mandatory" if candidate.mandatory else "drop.firm", project=project)


def _moved(problem: PlanningProblem, change: Change) -> Text:
    candidate = problem.candidates[change.project]
    old: int | None
    if change.setting == "start":
        old = candidate.fixed_start
    elif change.setting == "latest_finish":
        old = candidate.latest_finish
    else:
        kept = (m for m in problem.milestones if m.firm and m.project == candidate.key)
        old = min(m.year for m in kept if m.kind == change.setting)
    by = int(change.amount or 0)
    return say(
        f"move.{change.setting}",
        project=candidate.label,
        old=old,
        year=change.year,
        years=words.count(abs(by), "year"),
        way=say("earlier" if by < 0 else "later"),
    )


def _relaxed(problem: PlanningProblem, change: Change, seats: Text) -> Text:
    target = problem.targets[(change.target or 1) - 1]
    old = target.public_share if target.ratio is None else target.ratio
    return say(
        change.setting,
        place=_place(target),
        old=percent(old or Decimal(0)),
        new=percent(change.amount or Decimal(0)),
        seats=seats,
    )


def seats_of(where: Text, year: int, needed: int, possible: int) -> Text:
    """What a target comes to at the place that binds most."""
    needed_seats, possible_seats = words.count(needed, "seat"), words.count(possible, "seat")
    return say("seats", where=where, year=year, needed=needed_seats, possible=possible_seats)


def percent(share: Decimal) -> str:
    """`92.3%`, exact."""
    return f"{words.plain(share * 100)}%"


def _place(target: Target) -> Text:
    """The counties, zone and stage that a target is about: `A 城区 primary`, `primary in all counties`."""
    county = county_name(target.county) if target.county else say("all")
    stage = STAGE_NAMES[Stage(target.stage)] if target.stage else Text("", "")
    here = [part for part in (Text(target.zone, target.zone), stage) if part.en]
    zh, en = "".join([county.zh, *(part.zh for part in here)]), " ".join(part.en for part in here)
    if target.county:
        return Text(zh, f"{county.en} {en}".rstrip())
    return Text(zh, f"{en} in {county.en}" if en else county.en)


def _source(problem: PlanningProblem, key: str) -> Text:
    """The source's name, with its county where another source has the same name."""
    name, row = words.source(problem, key), problem.sources[key]
    alike = [other for other in problem.sources if words.source(problem, other).zh == name.zh]
    if len(alike) == 1:
        return name
    if row.county == SHARED or len({problem.sources[k].county for k in alike}) < len(alike):
        return Text(f"{name.zh}（{key}）", f"{name.en} ({key})")
    county = county_name(row.county)
    return Text(f"{county.zh}{name.zh}", f"{county.en} {name.en}")
