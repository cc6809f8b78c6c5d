"""What the file says about itself, in the programs' own dialogue of document properties."""

from __future__ import annotations

from datetime import UTC

from portfolio.domain.text import Lang
from portfolio.report.labels import label
from portfolio.report.workbook.view import years_text
from portfolio.report.workbook.xlsx_book import Book
from portfolio.scenario.plan import Plan

LONGEST = 255
"""Characters that a property holds."""


def set_properties(book: Book, plan: Plan, lang: Lang) -> None:
    """Title, subject and remarks for people; for programs the run's facts under the names of schedule.json."""
    problem = plan.problem

    def say(key: str) -> str:
        return label(key).pick(lang)

    facts = {
        "scenario": problem.scenario,
        "run": plan.run,
        "status": say(f"status.{plan.result.status}"),
        "inputs_sha256": problem.inputs_sha256,
    }
    book.set_properties(
        {
            "title": (problem.title or problem.scenario)[:LONGEST],
            "subject": f"{say('properties.subject')} · {years_text(problem.horizon)}",
            "category": say("properties.category"),
            "keywords": f"{say('properties.keywords')}, {problem.scenario}"[:LONGEST],
            "comments": "\n".join(f"{say(f'log.{key}')}: {fact}" for key, fact in facts.items() if fact),
            "created": plan.created_at.astimezone(UTC).replace(tzinfo=None),
        }
    )
    coded = facts | {"status": str(plan.result.status), "version": plan.versions.get("portfolio", "")}
    for name, fact in coded.items():
        if fact:
            book.set_custom_property(name, fact[:LONGEST], "text")
