"""What can be said of a scenario before it is solved: the quality of its data, standards and norms, and
conditions that already fail. No solver, no schedule."""

from __future__ import annotations

from dataclasses import dataclass

from portfolio.domain.estimate import Estimate
from portfolio.domain.notice import Severity
from portfolio.quality.findings import IMPOSSIBLE, Finding, Kind
from portfolio.quality.gaps import check_gaps
from portfolio.quality.impossible import check_possible
from portfolio.quality.norms import check_norms
from portfolio.quality.payers import payers_of
from portfolio.quality.reach import check_reach
from portfolio.quality.schools import check_schools
from portfolio.quality.seats import check_seats, check_targets, most_supply
from portfolio.quality.windows import windows_of
from portfolio.scenario.basis import BasisLine, input_basis
from portfolio.scenario.problem import Candidate, PlanningProblem

__all__ = ["EstimateLine", "Finding", "Kind", "Report", "check"]

_SEVERITIES = list(reversed(Severity))
_KINDS = list(Kind)


@dataclass(frozen=True, slots=True)
class EstimateLine:
    """A figure of a project that norms filled in."""

    candidate: Candidate
    field: str
    estimate: Estimate[int]


@dataclass(frozen=True, slots=True)
class Report:
    """Everything a check found, the most important first; what is estimated; what the input rests on."""

    problem: PlanningProblem
    findings: tuple[Finding, ...]
    estimates: tuple[EstimateLine, ...]
    basis: tuple[BasisLine, ...]

    @property
    def impossible(self) -> bool:
        """Whether it is proven that the scenario has no schedule; False proves nothing."""
        return any(finding.kind in IMPOSSIBLE for finding in self.findings)


def check(problem: PlanningProblem) -> Report:
    """Checks a scenario. Within a kind, the graver findings come first, then as in the workbook."""
    payers = payers_of(problem)
    windows = windows_of(problem, payers)
    most = most_supply(problem, windows)
    findings = [
        *check_possible(problem, payers, windows),
        *check_targets(problem, windows, most),
        *check_reach(problem, windows),
        *check_seats(problem, most),
        *check_schools(problem),
        *check_norms(problem),
        *check_gaps(problem, payers),
    ]
    findings.sort(key=lambda f: (_KINDS.index(f.kind), _SEVERITIES.index(f.severity)))
    estimates = tuple(
        EstimateLine(candidate, field, estimate)
        for candidate in problem.candidates.values()
        for field, estimate in candidate.estimated.items()
    )
    return Report(problem, tuple(findings), estimates, input_basis(problem))
