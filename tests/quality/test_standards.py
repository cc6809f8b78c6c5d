"""The file of standards: complete, sourced, and shown to those who work with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from portfolio.domain.project import Basis, Stage
from portfolio.quality.standards import NINE_YEAR, Measure, Standard, standard_for, standards

DATA_PAGE = Path(__file__).parents[2] / "docs" / "data.md"


@pytest.mark.parametrize("standard", standards(), ids=lambda s: f"{s.measure}-{s.stage}-{s.county}")
def test_every_standard_says_where_it_comes_from_and_is_documented(standard: Standard) -> None:
    assert standard.document
    assert standard.locator
    assert standard.stage in {*Stage, NINE_YEAR}
    assert standard.comparator in ("<=", ">=")
    assert standard.basis in (Basis.STATED, Basis.DERIVED)
    limit = f"{'≤' if standard.comparator == '<=' else '≥'} {standard.value} {standard.unit}"
    row = f"{standard.document}，{standard.locator} |"
    lines = DATA_PAGE.read_text(encoding="utf-8").splitlines()
    assert any(limit in line and row in line and standard.county in line for line in lines)


def test_each_standard_stands_once() -> None:
    keys = [(s.measure, s.stage, s.county) for s in standards()]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize(
    ("measure", "stage", "value"),
    [
        (Measure.CLASS_SIZE, "primary", 45),
        (Measure.CLASS_SIZE, "junior", 50),
        (Measure.SCHOOL_SIZE, "junior", 2000),
        (Measure.SCHOOL_SIZE, NINE_YEAR, 2500),
    ],
)
@pytest.mark.parametrize("county", ["Shizhu", "Yunyang"])
def test_class_and_school_sizes_hold_everywhere(
    measure: Measure, stage: str, value: int, county: str
) -> None:
    found = standard_for(measure, stage, county)
    assert found
    assert found.value == value
    assert found.kept_by(value)
    assert not found.kept_by(value + 1)


def test_no_standard_is_made_up_for_the_others() -> None:
    assert standard_for(Measure.CLASS_SIZE, "kindergarten", "Yunyang") is None
    assert standard_for(Measure.SPORTS_AREA, "senior", "Shizhu") is None
