"""The convention for phases: they cover a project's years, in order and without gaps."""

from __future__ import annotations

import pytest

from portfolio.domain.quarters import Phase, PhaseSpan, Quarter, phases


def test_a_year_has_one_quarter_of_preparation_two_of_works_and_one_of_acceptance() -> None:
    assert phases(2025, 2025) == (
        PhaseSpan(Phase.PREPARATION, Quarter(2025, 1), Quarter(2025, 1)),
        PhaseSpan(Phase.CONSTRUCTION, Quarter(2025, 2), Quarter(2025, 3)),
        PhaseSpan(Phase.ACCEPTANCE, Quarter(2025, 4), Quarter(2025, 4)),
    )


def test_longer_projects_are_prepared_longer_and_accepted_in_the_last_quarter() -> None:
    preparation, construction, acceptance = phases(2024, 2026)
    assert preparation.last == Quarter(2024, 3)
    assert (construction.first, construction.last) == (Quarter(2024, 4), Quarter(2026, 3))
    assert acceptance == PhaseSpan(Phase.ACCEPTANCE, Quarter(2026, 4), Quarter(2026, 4))


@pytest.mark.parametrize("years", range(1, 9))
def test_phases_cover_every_quarter_once(years: int) -> None:
    found = phases(2020, 2019 + years)
    covered = [n for span in found for n in range(span.first.index, span.last.index + 1)]
    assert covered == list(range(Quarter(2020, 1).index, Quarter(2020 + years, 1).index))


def test_quarters_count_on_over_the_end_of_a_year() -> None:
    assert Quarter.number(Quarter(2025, 4).index + 1) == Quarter(2026, 1)
    assert Quarter(2026, 3).first_month == 7


def test_a_project_cannot_finish_before_it_starts() -> None:
    with pytest.raises(ValueError, match="2026 cannot finish in 2025"):
        phases(2026, 2025)
