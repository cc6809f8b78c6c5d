"""A report for other programs (docs/commands.md): plain dictionaries, lists, texts and numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from portfolio.domain.money import wan_number
from portfolio.domain.notice import Severity
from portfolio.domain.project import Basis
from portfolio.domain.text import Text
from portfolio.quality import EstimateLine, Finding, Report
from portfolio.scenario.basis import BasisLine

Entry = dict[str, Any]


def document(report: Report) -> Entry:
    """The whole report; amounts in 万元, texts in Chinese and English joined by " / "."""
    counts = Counter(finding.severity for finding in report.findings)
    return {
        "scenario": report.problem.scenario,
        "inputs_sha256": report.problem.inputs_sha256,
        "impossible": report.impossible,
        "counts": {str(severity): counts[severity] for severity in reversed(Severity)},
        "findings": [_finding(finding) for finding in report.findings],
        "basis": [_basis(line) for line in report.basis],
        "estimates": [_estimate(line) for line in report.estimates],
    }


def _finding(finding: Finding) -> Entry:
    return {
        "kind": str(finding.kind),
        "severity": str(finding.severity),
        "place": _words(finding.place),
        "project": finding.project,
        "county": finding.county,
        "zone": finding.zone,
        "stage": finding.stage,
        "source": finding.source,
        "year": finding.year,
        "found": finding.found,
        "limit": finding.limit,
        "text": _words(finding.text),
        "advice": _words(finding.advice),
        "document": finding.document,
        "locator": finding.locator,
    }


def _basis(line: BasisLine) -> Entry:
    amounts: Mapping[Basis, int] = line.amounts
    return {
        "name": line.name,
        "unit": "万元" if line.is_money else "rows",
        **{str(basis): wan_number(n) if line.is_money else n for basis, n in amounts.items()},
    }


def _estimate(line: EstimateLine) -> Entry:
    estimate = line.estimate
    value = wan_number(estimate.value) if line.field == "total_cost" else float(Decimal(estimate.value))
    return {
        "project": line.candidate.key,
        "field": line.field,
        "value": value,
        "formula": _words(estimate.formula),
        "basis": str(estimate.basis),
        "document": estimate.norm.source,
        "locator": estimate.norm.locator,
        "notes": estimate.norm.notes,
    }


def _words(text: Text) -> str:
    return text.pick("both", " / ")
