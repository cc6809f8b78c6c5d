"""The short form of a reason: one or two sentences that say why, and what it would take."""

from __future__ import annotations

from portfolio.domain.explanation import Counterfactual
from portfolio.domain.schedule import Reason
from portfolio.domain.text import Text
from portfolio.optimise.explain import phrases
from portfolio.optimise.explain.counterfactual import WhatIf
from portfolio.optimise.explain.questions import Question
from portfolio.optimise.explain.why import Finding
from portfolio.optimise.explain.words import say, sentence, sentences
from portfolio.scenario.problem import PlanningProblem

RIVALRY = frozenset({"cap", "delivery", "exclude", "choose"})
"""Codes behind which stand other projects: what forcing it in would do to them belongs to the reason."""

NO_MONEY_HELPS = frozenset({"window", "funding", "no_gain", "delivery", "target", "milestone", "rules"})


def reason(problem: PlanningProblem, question: Question, finding: Finding, what_if: WhatIf | None) -> Reason:
    """The finding in words, with what forcing it in would do, where that was worked out."""
    why, forced = finding.why, what_if.found if what_if else None
    if finding.code in RIVALRY and what_if is not None:
        why = _with_what_if(problem, question, why, what_if)
    if question.planned is not None:
        why = say("late", earliest=question.years[0], why=why)
    text = sentences([sentence(why), _what_it_takes(problem, question, finding)])
    return Reason(finding.code, text, _outranked_by(finding, forced), finding.admission, forced)


def _with_what_if(problem: PlanningProblem, question: Question, why: Text, what_if: WhatIf) -> Text:
    if what_if.found is not None:
        return say("and", one=why, other=phrases.forced(problem, question.key, what_if.found))
    if not what_if.impossible:
        return why
    never = "forced.never" if question.planned is None else "forced.never.late"
    return say("and", one=why, other=say(never))


def _what_it_takes(problem: PlanningProblem, question: Question, finding: Finding) -> Text:
    if finding.admission is not None:
        return sentence(phrases.admitted(problem, question.key, finding.admission))
    if finding.takes is not None:
        return sentence(finding.takes)
    return sentence(say("no_money_helps")) if finding.code in NO_MONEY_HELPS else Text("", "")


def _outranked_by(finding: Finding, forced: Counterfactual | None) -> tuple[str, ...]:
    """The projects that would be dropped or delayed; the alternatives it loses to are certain anyway."""
    alternatives = finding.others if finding.code in ("exclude", "choose") else ()
    delayed = tuple(move.project for move in forced.moves if move.worse) if forced else ()
    return tuple(dict.fromkeys([*alternatives, *delayed])) if finding.code in RIVALRY else alternatives
