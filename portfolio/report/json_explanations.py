"""What `portfolio explain --money` and `--robustness` tell other programs. Money is in 万元."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from decimal import Decimal

from portfolio.domain.marginal import MoneyCheck, MoneyReport, Shift, UsefulRaise
from portfolio.domain.money import wan_number
from portfolio.domain.robustness import Robustness, RobustnessReport
from portfolio.domain.text import Text
from portfolio.report.json_reason import Entry, words
from portfolio.scenario.problem import PlanningProblem


def money_dumps(problem: PlanningProblem, report: MoneyReport) -> str:
    """The values of all caps, the re-solves and the notes, as UTF-8 text with a newline at its end."""
    at_most = report.marginals.at_most
    return _dumps(
        {
            "scenario": problem.scenario,
            "inputs_sha256": problem.inputs_sha256,
            "unit": "weighted seat-years per 100 万元",
            "values": [
                {
                    "source": source,
                    "county": problem.sources[source].county,
                    "year": year,
                    "cap": wan_number(problem.caps[source].get(year, 0)),
                    "marginal_value": float(value),
                    "at_most": (source, year) in at_most,
                }
                for (source, year), value in report.marginals.values.items()
            ],
            "checks": [_check(check) for check in report.checks],
            "stopped": report.stopped,
            "notes": _texts(report.notes),
        }
    )


def robustness_dumps(problem: PlanningProblem, report: RobustnessReport) -> str:
    """The variations, the label of each project and the notes, in the same form."""
    return _dumps(
        {
            "scenario": problem.scenario,
            "inputs_sha256": problem.inputs_sha256,
            "variations": [
                {
                    "variation": outcome.variation,
                    **words(outcome.text),
                    "status": outcome.status.value,
                    "selected": len(outcome.starts) if outcome.has_schedule else None,
                }
                for outcome in report.outcomes
            ],
            "projects": [_robustness(line) for line in report.projects],
            "stopped": report.stopped,
            "notes": _texts(report.notes),
        }
    )


def _check(check: MoneyCheck) -> Entry:
    return {
        "source": check.source,
        "year": check.year,
        "raise": wan_number(check.amount),
        "price": _number(check.price),
        "relaxed": _number(check.relaxed),
        "weighted": _number(check.weighted),
        "seats": check.seats,
        "proven": check.proven,
        "shifts": _shifts(check.shifts),
        "useful": None if check.useful is None else _useful(check.useful),
        **words(check.text or Text("", "")),
    }


def _useful(useful: UsefulRaise) -> Entry:
    return {
        "raise": wan_number(useful.amount) if useful.amount else None,
        "proven": useful.proven,
        "weighted": _number(useful.weighted),
        "seats": useful.seats,
        "shifts": _shifts(useful.shifts),
    }


def _shifts(shifts: Iterable[Shift]) -> list[Entry]:
    return [{"project": s.project, "before": s.before, "after": s.after} for s in shifts]


def _robustness(line: Robustness) -> Entry:
    return {
        "key": line.project,
        "label": line.label.value,
        "scheduled": line.scheduled,
        "variations": line.variations,
        "earliest_start": line.earliest_start,
        "latest_start": line.latest_start,
        "left_out_in": list(line.left_out_in),
    }


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _texts(notes: Sequence[Text]) -> list[Entry]:
    return [words(note) for note in notes]


def _dumps(entry: Entry) -> str:
    return json.dumps(entry, ensure_ascii=False, allow_nan=False, indent=1) + "\n"
