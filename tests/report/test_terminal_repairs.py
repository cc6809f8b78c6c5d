"""What a terminal says of an infeasible scenario."""

from __future__ import annotations

import io
from dataclasses import replace
from decimal import Decimal

import pytest
from rich.cells import cell_len
from rich.console import Console

from portfolio.domain.repair import Change, ChangeKind, Repair, Scope
from portfolio.domain.schedule import Conflict, Requirement, Status
from portfolio.domain.text import Lang, Text
from portfolio.report.terminal import print_summary
from portfolio.scenario.plan import Plan
from portfolio.service import with_repairs
from tests import builders
from tests.report.builders import a_candidate, a_plan, a_problem


def printed(plan: Plan, lang: Lang = "en", width: int = 80) -> str:
    out = io.StringIO()
    print_summary(plan, Console(file=out, width=width), lang)
    return out.getvalue()


def a_change(number: int) -> Change:
    text = Text(f"改动{number}", f"change {number}")
    return Change(
        kind=ChangeKind.RAISE_CAP, setting="cap", source="s", year=2021, amount=Decimal(1), text=text
    )


def a_repair(changes: int, *, proven: bool = True) -> Repair:
    text = Text("补救", "the whole sentence")
    return Repair(scope=Scope.CAPS, text=text, changes=tuple(map(a_change, range(changes))), proven=proven)


def an_infeasible_plan(**more: object) -> Plan:
    conflict = (Requirement("cap", Text("不够", "too little")), Requirement("cap", Text("也不够", "no more")))
    plan = a_plan(a_problem([a_candidate()]), status=Status.INFEASIBLE, conflict=conflict)
    return replace(plan, result=replace(plan.result, **more))  # type: ignore[arg-type]


def test_few_changes_are_one_sentence_and_many_a_list() -> None:
    text = printed(an_infeasible_plan(repairs=(a_repair(1), a_repair(4), a_repair(3, proven=False))))
    assert "1. [More money] the whole sentence" in text
    assert "2. [More money] 4 changes, 4 万元 in all:\n     - change 0\n     - change 1" in text
    assert "- change 3\n     - other splits over years and sources may do as well\n" in text
    assert "3. [More money] 3 changes, 3 万元 in all, not proven to be the least:" in text


def test_a_list_without_money_to_split_speaks_of_none() -> None:
    dropped = tuple(replace(a_change(n), kind=ChangeKind.DROP, amount=None) for n in range(2))
    for changes in (dropped + dropped, (*dropped, a_change(9))):
        repair = Repair(scope=Scope.COMBINED, text=Text("", ""), changes=changes)
        text = printed(an_infeasible_plan(repairs=(repair,)))
        assert f"{len(changes)} changes:\n" in text
        assert "other splits" not in text


@pytest.mark.parametrize(("rule", "words"), [("target", "All projects"), ("milestone", "It cannot be met")])
def test_what_is_impossible_by_itself_is_told_as_such(rule: str, words: str) -> None:
    alone = (Requirement(rule, Text("", "too much")),)
    text = " ".join(printed(an_infeasible_plan(conflict=alone)).split())
    assert words in text
    assert "every other requirement given up: that is proven" in text
    assert "the rest can hold together" not in text
    pair = (*alone, Requirement("cap", Text("", "too little")))
    assert "the rest can hold together" in " ".join(printed(an_infeasible_plan(conflict=pair)).split())
    later = printed(an_infeasible_plan(conflict=pair, other_conflicts=(Conflict(alone), Conflict(alone))))
    assert " ".join(later.split()).count(words) == 1, "said once, not of each"


def test_what_does_not_mend_it_is_said() -> None:
    text = printed(an_infeasible_plan(repair_notes=(Text("无法", "no amount of money alone mends it"),)))
    assert "  - no amount of money alone mends it" in text
    assert "What would mend it" not in text


def test_other_conflicts_follow_and_too_many_are_counted() -> None:
    others = tuple(Conflict((Requirement("cap", Text("", f"other {n}")),)) for n in range(6))
    text = printed(an_infeasible_plan(other_conflicts=others))
    assert "Other requirements in conflict (2)\n  1. [Funding cap] other 0" in text
    assert "other 3" in text
    assert "other 4" not in text
    assert "At least 2 more" in text


def test_a_conflict_that_is_not_proven_minimal_does_not_claim_it() -> None:
    text = printed(an_infeasible_plan(minimal=False))
    assert "the rest can hold together" not in text
    assert "not proven in time" in " ".join(text.split())


def test_a_long_conflict_is_cut() -> None:
    conflict = tuple(Requirement("cap", Text("", f"member {n}.")) for n in range(40))
    text = printed(an_infeasible_plan(conflict=conflict))
    assert "member 14." in text
    assert "member 15." not in text
    assert "25 more" in text


@pytest.mark.parametrize("lang", ["zh", "en", "both"])
def test_a_real_one_fits_the_page_and_tells_how_to_apply_each_repair(lang: Lang) -> None:
    """10 due in 2022 where 9 are there: a cap, a year later, or not at all."""
    problem = builders.a_problem([builders.a_project(fixed_start=2022)], caps=[builders.caps(99, 9, 99)])
    plan = a_plan(problem, status=Status.INFEASIBLE)
    text = printed(replace(plan, result=with_repairs(problem, plan.result)), lang)
    assert all(cell_len(line) <= 80 for line in text.splitlines())
    assert '  extends = "test"\n\n  [funding.caps.s]\n  2022 = 10\n' in text
    assert "  [projects.p]\n  start = 2023\n" in text
    assert '  [projects]\n  exclude = [\n      "p",\n  ]\n' in text
