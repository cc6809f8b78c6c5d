"""Seeded instances in the manner of published sets."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.families import instance
from benchmarks.ppsx import check, read
from benchmarks.ppsx_program import compile_instance
from portfolio.domain.schedule import Status
from portfolio.optimise.engine import Engine, Limits

NAMES = ("knapsack-20x3", "release-30x20", "pit-60x3")


@pytest.mark.parametrize("name", NAMES)
def test_an_instance_can_be_read_and_something_is_worth_choosing(name: str, tmp_path: Path) -> None:
    file = tmp_path / "instance.json"
    file.write_text(json.dumps(instance(name, 1)), encoding="utf-8")
    compiled = compile_instance(read(file))
    result = Engine(compiled.program, Limits(time_limit_s=20)).run()
    assert result.values is not None
    assert result.status is Status.OPTIMAL
    starts = compiled.starts(result.values)
    assert starts
    assert check(compiled.instance, starts) == []


@pytest.mark.parametrize("name", NAMES)
def test_the_seed_decides(name: str) -> None:
    assert instance(name, 1) == instance(name, 1) != instance(name, 2)


@pytest.mark.parametrize("name", ["pit", "pit-0x3", "hole-3x3", "pit-3"])
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="pit-4000x12"):
        instance(name, 1)
