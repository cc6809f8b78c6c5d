"""Notes of the tasks: what is a convention, what was promised, what hangs together, what is left out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property

from portfolio.domain.schedule import MilestoneLine
from portfolio.domain.text import Lang, Text
from portfolio.report.labels import (
    coded,
    label,
    milestone_label,
    project_name,
    reason_label,
    rule_label,
    status_label,
)
from portfolio.report.mspdi.fields import Fields
from portfolio.report.mspdi.markup import note, wan_words
from portfolio.report.workbook.view import Item, View, years_text
from portfolio.scenario.plan import Plan
from portfolio.scenario.problem import Group

LONGEST_LIST = 300
"""Deferred projects that a note names; the workbook has them all."""


class Words:
    """The catalogue in one language choice; both stand side by side."""

    def __init__(self, lang: Lang) -> None:
        self.lang = lang

    def pick(self, text: Text) -> str:
        return text.pick(self.lang, " / ")

    def say(self, key: str, /, **values: object) -> str:
        """The words of a key; a `Text` among the values is shown in the language of the words."""
        zh, en = label(key)
        return self.pick(
            Text(
                zh.format(**{k: v.zh if isinstance(v, Text) else v for k, v in values.items()}),
                en.format(**{k: v.en if isinstance(v, Text) else v for k, v in values.items()}),
            )
        )


def of_run(plan: Plan, lang: Lang) -> list[str]:
    """What was run, how it ended, and what the figures mean: the project's comments."""
    words, problem = Words(lang), plan.problem
    status = plan.result.status
    facts = {
        "log.scenario": problem.scenario,
        "log.scenario_title": problem.title,
        "log.horizon": years_text(problem.horizon),
        "log.run": plan.run,
        "log.created_at": plan.created_at.isoformat(sep=" ", timespec="seconds"),
        "log.status": words.pick(status_label(status)),
        "log.inputs_sha256": problem.inputs_sha256,
    }
    lines = [f"{words.pick(label(key))}: {text}" for key, text in facts.items() if text]
    lines.append(words.say(f"status.{status}.note"))
    if plan.result.stopped:
        lines.append(words.say(f"stopped.{plan.result.stopped}"))
    if plan.evaluation is None:
        lines.append(words.say("mspdi.note.no_schedule"))
    lines += [
        f"- {words.pick(rule_label(member.rule))}: {words.pick(member.text)}"
        for member in plan.result.conflict
    ]
    lines += [words.say("mspdi.note.units"), words.say("mspdi.note.years"), words.say("mspdi.note.phase")]
    if problem.escalation:
        rate = f"{problem.escalation * 100:f}".rstrip("0").rstrip(".") + "%"
        lines.append(words.say("mspdi.note.escalation", rate=rate, year=problem.price_year))
    else:
        lines.append(words.say("mspdi.note.no_escalation"))
    return lines


class Notes:
    """The notes of a scheduled plan's tasks, escaped."""

    def __init__(self, view: View, fields: Fields) -> None:
        self._view = view
        self._fields = fields
        self._words = Words(view.lang)

    def fixed(self, *keys: str) -> str:
        """Sentences that are the same wherever they stand."""
        return note("\n".join(self._words.say(key) for key in keys))

    def of_root(self) -> str:
        """The project's comments, with the deferred projects of counties that have no task."""
        lines = of_run(self._view.plan, self._view.lang)
        for county in self._view.counties:
            if not self._view.selected[county]:
                lines += [self._view.county(county), *self._deferred(county)]
        return note("\n".join(lines))

    def of_county(self, county: str) -> str:
        """The county's projects that are not scheduled. They are no tasks: a task has dates, and
        only some editions of Project know inactive ones; others would show them as planned."""
        return note("\n".join(self._deferred(county)))

    def of_project(self, item: Item) -> str:
        """Everything that has no field, and in full what a field may have cut off."""
        row, say = item.candidate.row, self._words.say
        lines = [say("mspdi.note.window", years=item.years("–"), opens=item.line.opens)]
        if sunk := self._fields.sunk(item):
            lines.append(say("mspdi.note.sunk", year=self._view.years[0], amount=wan_words(sunk)))
        if paid := self._fields.funding_words(item):
            lines.append(f"{say('mspdi.field.funding')}: {paid}")
        for field, estimate in item.candidate.estimated.items():
            lines.append(
                f"{say('estimated')}: {self._words.pick(coded('field', field))}"
                f" = {self._words.pick(estimate.formula)}"
            )
        lines += [self._promise(promise) for promise in self._promises.get(item.key, ())]
        lines += self._relations.get(item.key, ())
        told = {
            "mspdi.field.location": row.location,
            "mspdi.field.scale": row.scale,
            "mspdi.field.lead": row.lead_unit,
            "document": row.source,
            "locator": row.locator,
            "notes": row.notes,
        }
        lines += [f"{say(key)}: {text}" for key, text in told.items() if text]
        return note("\n".join(lines))

    def _deferred(self, county: str) -> Iterator[str]:
        left_out = self._view.deferred[county]
        if not left_out:
            return
        yield self._words.say("mspdi.note.deferred", n=len(left_out))
        for item in left_out[:LONGEST_LIST]:
            name = self._words.pick(project_name(item.candidate.row))
            reason = self._view.plan.reasons.get(item.key)
            why = ""
            if reason:
                why = f": {self._words.pick(reason_label(reason.code))}: {self._words.pick(reason.text)}"
            promises = "".join(f"; {self._promise(p)}" for p in self._promises.get(item.key, ()))
            yield f"- {name} ({item.key}){why}{promises}"
        if len(left_out) > LONGEST_LIST:
            yield self._words.say("term.more", n=len(left_out) - LONGEST_LIST)

    @cached_property
    def _promises(self) -> dict[str, list[MilestoneLine]]:
        found: dict[str, list[MilestoneLine]] = defaultdict(list)
        for promise in self._view.evaluation.milestones:
            found[promise.milestone.project].append(promise)
        return found

    def _promise(self, line: MilestoneLine) -> str:
        made, say = line.milestone, self._words.say
        firm = label("milestones.firm" if made.firm else "milestones.soft")
        if line.actual is None:
            actual = label("milestones.never")
        else:
            zh, en = label("mspdi.note.late" if line.late_years else "mspdi.note.kept")
            values = {"year": line.actual, "late": line.late_years}
            actual = Text(zh.format(**values), en.format(**values))
        kind = milestone_label(made.kind)
        return say("mspdi.note.milestone", kind=kind, year=made.year, firm=firm, actual=actual)

    @cached_property
    def _relations(self) -> dict[str, list[str]]:
        problem, found = self._view.problem, defaultdict[str, list[str]](list)
        for pair in problem.after:
            name = project_name(problem.candidates[pair.other].row)
            found[pair.project].append(
                self._words.say("mspdi.note.after", name=name, key=pair.other, lag=pair.lag_years)
            )
        for candidate in problem.candidates.values():
            for key in candidate.left_out_predecessors:
                found[candidate.key].append(self._words.say("mspdi.note.after.left_out", key=key))
        for group in problem.groups:
            for key in group.members:
                found[key].append(self._group(group, (m for m in group.members if m != key)))
        return found

    def _group(self, group: Group, others: Iterable[str]) -> str:
        names = [project_name(self._view.problem.candidates[key].row) for key in others]
        joined = Text("、".join(name.zh for name in names), ", ".join(name.en for name in names))
        return self._words.say(
            "mspdi.note.group", kind=rule_label(str(group.kind)), group=group.name, names=joined
        )
