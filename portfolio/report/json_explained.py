"""What `portfolio explain --json` prints of projects (docs/commands.md); reasons as in schedule.json."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from portfolio.domain.explained import Explanation
from portfolio.domain.schedule import Reason, Requirement, Status
from portfolio.report import json_document, json_reason
from portfolio.scenario.plan import Plan

Entry = dict[str, Any]


def reasons_dumps(plan: Plan, starts: Mapping[str, int], reasons: Mapping[str, Reason]) -> str:
    """The projects that are out or late with their reasons; of an infeasible scenario what contradicts."""
    infeasible = None
    if plan.result.status is Status.INFEASIBLE:
        infeasible = json_document.document(plan)["infeasible"]
    return _dumps(
        {
            **_head(plan),
            "projects": [
                {
                    "key": key,
                    "county": plan.problem.candidates[key].row.county,
                    "selected": key in starts,
                    "start": starts.get(key),
                    "reason": json_reason.written(reason),
                }
                for key, reason in reasons.items()
            ],
            "infeasible": infeasible,
        }
    )


def explanation_dumps(plan: Plan, told: Explanation) -> str:
    """Everything about the decision on one project."""
    return _dumps(
        {
            **_head(plan),
            "project": told.project,
            "start": told.start,
            "earliest": told.earliest,
            "reason": None if told.reason is None else json_reason.written(told.reason),
            "what_if": _what_if(told) if told.years else None,
            "sooner": None if told.sooner is None else json_reason.admission(told.sooner),
            "rules": [
                {"rule": standing.rule, "holds": standing.holds, **json_reason.words(standing.text)}
                for standing in told.standings
            ],
            "complete": told.complete,
        }
    )


def _head(plan: Plan) -> Entry:
    return {"scenario": plan.problem.scenario, "run": plan.run, "status": plan.result.status.value}


def _what_if(told: Explanation) -> Entry:
    return {
        "years": list(told.years),
        "counterfactual": None if told.forced is None else json_reason.counterfactual(told.forced),
        "conflict": [_requirement(member) for member in told.conflict],
    }


def _requirement(member: Requirement) -> Entry:
    about = {key: getattr(member, key) for key in ("rule", "project", "source", "county", "year")}
    return {**about, **json_reason.words(member.text)}


def _dumps(entry: Entry) -> str:
    return json.dumps(entry, ensure_ascii=False, allow_nan=False, indent=1) + "\n"
