"""ppsx/1 instances: tiny ones with optima argued by hand, and random ones against trying everything."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from decimal import Decimal
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.ppsx import Instance, UnusableFileError, check, read, value
from benchmarks.ppsx_program import LARGEST_SUM, Compiled, compile_instance
from benchmarks.solve import Answer, solve
from portfolio.domain.schedule import Status
from portfolio.optimise.engine import Limits
from portfolio.optimise.program import UNBOUNDED

SEEDS = range(100)
"""Of the random instances; the engine takes a few milliseconds for each."""


def an_instance(jobs: list[dict[str, Any]], *, horizon: int = 3, **rest: Any) -> dict[str, Any]:
    return {"format": "ppsx/1", "name": "small", "horizon": horizon, "jobs": jobs, **rest}


def a_job(key: Any, values: list[Any], **rest: Any) -> dict[str, Any]:
    return {"id": key, "dur": 1, "value_by_start": values, "uses": {}, **rest}


def period(cap: list[Any], **rest: Any) -> dict[str, Any]:
    return {"id": "money", "kind": "period", "cap": cap, **rest}


def total(cap: Any, **rest: Any) -> dict[str, Any]:
    return {"id": "money", "kind": "total", "cap": cap, **rest}


def read_text(folder: Path, text: str) -> Instance:
    file = folder / "instance.json"
    file.write_text(text, encoding="utf-8")
    return read(file)


def read_data(folder: Path, data: dict[str, Any]) -> Instance:
    return read_text(folder, json.dumps(data))


def best_by_trying_all(instance: Instance) -> Decimal | None:
    """The largest value of all choices of starts that the judge accepts."""
    return max(
        (value(instance, starts) for starts in every_choice(instance) if not check(instance, starts)),
        default=None,
    )


def every_choice(instance: Instance) -> list[dict[str, int]]:
    options = [[None, *range(instance.number_of_starts(job))] for job in instance.jobs]
    keys = [job.id for job in instance.jobs]
    return [
        {key: start for key, start in zip(keys, choice, strict=True) if start is not None}
        for choice in product(*options)
    ]


def solved(compiled: Compiled) -> Answer:
    return solve(compiled, Limits(time_limit_s=20, workers=1))


def assert_optimum(instance: Instance, expected: str | None) -> Answer:
    """The engine proves it, and trying everything agrees."""
    best = None if expected is None else Decimal(expected)
    assert best_by_trying_all(instance) == best
    answer = solved(compile_instance(instance))
    assert answer.status is (Status.INFEASIBLE if best is None else Status.OPTIMAL)
    assert (answer.value, answer.bound) == (best, best)
    return answer


# --- each rule ----------------------------------------------------------------------------------


def test_nothing_to_choose_from(tmp_path: Path) -> None:
    assert_optimum(read_data(tmp_path, an_instance([])), "0")


def test_a_job_starts_once_where_it_is_worth_most(tmp_path: Path) -> None:
    answer = assert_optimum(read_data(tmp_path, an_instance([a_job(7, [1, 5, 3])])), "5")
    assert answer.starts == {"7": 1}


def test_jobs_are_optional_and_losses_are_left_out(tmp_path: Path) -> None:
    jobs = [a_job("gain", [2, 1, 1]), a_job("loss", [-1, -2, -3]), a_job("nothing", [0, 0, 0])]
    answer = assert_optimum(read_data(tmp_path, an_instance(jobs)), "2")
    assert "loss" not in answer.starts


def test_latest_start(tmp_path: Path) -> None:
    """Worth 9 in period 2, but it must begin by 1; values beyond that may be missing."""
    assert_optimum(read_data(tmp_path, an_instance([a_job("a", [4, 3, 9], latest_start=1)])), "4")
    assert_optimum(read_data(tmp_path, an_instance([a_job("a", [4], latest_start=0)])), "4")
    assert_optimum(read_data(tmp_path, an_instance([a_job("a", [4], latest_start=-1)])), "0")


def test_period_cap_makes_one_wait(tmp_path: Path) -> None:
    """Each uses 2 of 3 for two periods: the second starts in 2; from 3 on nothing is limited."""
    jobs = [a_job(key, [10, 9, 8], uses={"money": [2, 2]}) for key in "ab"]
    assert_optimum(read_data(tmp_path, an_instance(jobs, resources=[period([3, 3, 3])])), "18")


def test_use_beyond_the_caps_is_not_limited(tmp_path: Path) -> None:
    jobs = [a_job("a", [1, 1, 1], uses={"money": [1, 99]})]
    assert_optimum(read_data(tmp_path, an_instance(jobs, resources=[period([1, 1])])), "1")
    assert_optimum(read_data(tmp_path, an_instance(jobs, resources=[period([1, 1, 1, 1])])), "0")


def test_total_cap_counts_the_window_only(tmp_path: Path) -> None:
    """Each uses 1 in three periods. Of two, 3 fall before period 2 at starts 0 and 1, 2 at 1 and 1."""
    jobs = [a_job(key, [5, 4, 3], uses={"money": [1, 1, 1]}) for key in "ab"]
    assert_optimum(read_data(tmp_path, an_instance(jobs, resources=[total(3, window=2)])), "9")
    assert_optimum(read_data(tmp_path, an_instance(jobs, resources=[total(2, window=2)])), "8")
    assert_optimum(read_data(tmp_path, an_instance(jobs, resources=[total(5)])), "5")


def test_floor_forces_what_is_not_worth_it(tmp_path: Path) -> None:
    """2 must be used in period 1: the loss of 3 at start 0 (its second period) is the least."""
    jobs = [a_job("a", [-3, -4, -1], uses={"money": [2, 2]})]
    answer = assert_optimum(
        read_data(tmp_path, an_instance(jobs, resources=[period([9, 9, 9], floor=[0, 2])])), "-3"
    )
    assert answer.starts == {"a": 0}
    assert_optimum(read_data(tmp_path, an_instance(jobs, resources=[total(9, floor=5)])), None)
    assert_optimum(read_data(tmp_path, an_instance(jobs, resources=[total(1, floor=2)])), None)


@pytest.mark.parametrize(("lag", "expected"), [(0, "15"), (1, "14"), (2, "13"), (3, "5"), (-1, "15")])
def test_precedence_with_lag(tmp_path: Path, lag: int, expected: str) -> None:
    """b is worth 10, 9, 8, and a 5 in any period: b comes `lag` after a, or not at all."""
    jobs = [a_job("a", [5, 5, 5]), a_job("b", [10, 9, 8])]
    assert_optimum(read_data(tmp_path, an_instance(jobs, prec=[["a", "b", lag]])), expected)


def test_precedence_takes_a_loss_along(tmp_path: Path) -> None:
    jobs = [a_job(1, [-5, -5, -5]), a_job(2, [4, 7, 1])]
    assert_optimum(read_data(tmp_path, an_instance(jobs, prec=[[1, 2, 1]])), "2")


def test_a_predecessor_that_may_start_early_only(tmp_path: Path) -> None:
    jobs = [a_job(1, [0, 9, 9], latest_start=0), a_job(2, [1, 2, 6])]
    answer = assert_optimum(read_data(tmp_path, an_instance(jobs, prec=[[1, 2, 1]])), "6")
    assert answer.starts == {"1": 0, "2": 2}


def test_exclusion(tmp_path: Path) -> None:
    jobs = [a_job(1, [3, 1, 1]), a_job(2, [2, 4, 1]), a_job(3, [1, 1, 1])]
    assert_optimum(read_data(tmp_path, an_instance(jobs, excl=[[1, 2], [3, 3]])), "5")


def test_groups_take_at_least_and_at_most(tmp_path: Path) -> None:
    jobs = [a_job(n, [v, v, v]) for n, v in enumerate((5, 4, -1, -2))]
    groups = [{"jobs": [0, 1], "min": 0, "max": 1}, {"jobs": [2, 3], "min": 1, "max": 2}]
    assert_optimum(read_data(tmp_path, an_instance(jobs, groups=groups)), "4")
    for impossible in ({"jobs": [0, 1], "min": 3, "max": 3}, {"jobs": [0, 1], "min": 2, "max": 1}):
        assert_optimum(read_data(tmp_path, an_instance(jobs, groups=[impossible])), None)


# --- exact numbers ------------------------------------------------------------------------------


def test_decimals_fit_exactly(tmp_path: Path) -> None:
    """0.1 + 0.2 is 0.3, though not in binary fractions."""
    jobs = [a_job("a", [1], uses={"money": [0.1]}), a_job("b", [1], uses={"money": [0.2]})]
    assert 0.1 + 0.2 > 0.3
    assert_optimum(read_data(tmp_path, an_instance(jobs, horizon=1, resources=[period([0.3])])), "2")


def test_a_cap_a_hair_too_small_is_too_small(tmp_path: Path) -> None:
    """The cap has more digits than a double; so has the value."""
    text = json.dumps(
        an_instance([a_job("a", ["V"], uses={"money": [0.3]})], horizon=1, resources=[period(["C"])])
    )
    text = text.replace('"V"', "0.12345678901234567")
    short = read_text(tmp_path, text.replace('"C"', "0.29999999999999999999"))
    assert_optimum(short, "0")
    enough = read_text(tmp_path, text.replace('"C"', "0.30000000000000000001"))
    assert_optimum(enough, "0.12345678901234567")


def test_a_floor_a_hair_too_high_is_too_high(tmp_path: Path) -> None:
    jobs = [a_job("a", [1], uses={"money": [0.3]})]
    text = json.dumps(an_instance(jobs, horizon=1, resources=[period([], floor=["F"])]))
    assert_optimum(read_text(tmp_path, text.replace('"F"', "0.3")), "1")
    assert_optimum(read_text(tmp_path, text.replace('"F"', "0." + "3".ljust(40, "0") + "1")), None)


def test_rows_are_divided_by_what_their_amounts_share(tmp_path: Path) -> None:
    jobs = [a_job(n, [1], uses={"money": [2.5]}) for n in range(3)]
    resources = [period([7.4], floor=[2.6])]
    matrix = compile_instance(
        read_data(tmp_path, an_instance(jobs, horizon=1, resources=resources))
    ).program.matrix
    assert (matrix.coefficient == 1).all()
    assert matrix.high.min() == 2
    assert matrix.low.max() == 2


def test_too_many_digits_are_rounded_against_the_planner(tmp_path: Path) -> None:
    """Amounts of 25 digits keep the cap exactly; the bound is not claimed then."""
    noise = "0.3000000000000000000000001"
    text = json.dumps(an_instance([a_job(n, [1], uses={"money": ["N"]}) for n in range(4)], horizon=1))
    text = (
        text.replace('"N"', noise)[:-1] + ', "resources": [{"id": "money", "kind": "period", "cap": [0.9]}]}'
    )
    compiled = compile_instance(read_text(tmp_path, text))
    assert not compiled.rows_exact
    answer = solved(compiled)
    assert answer.status is Status.FEASIBLE
    assert answer.value == Decimal(2)
    assert answer.bound is None


def test_values_of_too_many_digits_widen_the_bound(tmp_path: Path) -> None:
    text = json.dumps(an_instance([a_job(n, [f"V{n}"]) for n in range(2)], horizon=1))
    text = text.replace('"V0"', "1234567.1234567890123456789").replace('"V1"', "0.00000001")
    compiled = compile_instance(read_text(tmp_path, text))
    answer = solved(compiled)
    assert compiled.value_error > 0
    assert answer.value == Decimal("1234567.1234567990123456789")
    assert answer.bound is not None
    assert 0 <= answer.bound - answer.value <= 2 * compiled.value_error
    assert np.abs(compiled.program.stages[0].coefficients).sum() <= LARGEST_SUM < UNBOUNDED


# --- random instances ---------------------------------------------------------------------------


def a_random_instance(dice: random.Random) -> dict[str, Any]:
    """Up to four jobs and three periods, with every kind of rule now and then."""
    horizon = dice.randint(1, 3)
    keys = [str(n) if dice.random() < 0.5 else n for n in range(dice.randint(1, 4))]
    resources = [a_random_resource(dice, key, horizon) for key in ("x", "y")[: dice.randint(0, 2)]]
    jobs = [
        a_job(
            key,
            [dice.choice((0, 0.1, 1.25, 2, 3.333, 4, 0.7, -0.5)) for _ in range(horizon)],
            uses={
                resource["id"]: [dice.choice((0, 0.1, 0.2, 0.3, 1, 1.5)) for _ in range(dice.randint(0, 3))]
                for resource in resources
            },
            **({"latest_start": dice.randint(0, horizon)} if dice.random() < 0.3 else {}),
        )
        for key in keys
    ]

    def pairs() -> list[list[Any]]:
        return [dice.sample(keys, 2) for _ in range(dice.randint(0, 2))] if len(keys) > 1 else []

    groups = []
    if dice.random() < 0.4:
        least = dice.randint(0, 2)
        members = dice.sample(keys, dice.randint(1, len(keys)))
        groups.append({"jobs": members, "min": least, "max": dice.randint(least, 3)})
    prec = [[*pair, dice.randint(-1, 2)] for pair in pairs()]
    return an_instance(
        jobs, horizon=horizon, resources=resources, prec=prec, excl=pairs() if dice.random() < 0.3 else [], groups=groups
    )  # fmt: skip


def a_random_resource(dice: random.Random, key: str, horizon: int) -> dict[str, Any]:
    if dice.random() < 0.4:
        window = {"window": dice.randint(0, horizon + 1)} if dice.random() < 0.6 else {}
        return {"id": key, "kind": "total", "cap": dice.choice((0.6, 1.7, 2.5, 4)), **window}
    caps = [dice.choice((0, 0.3, 0.5, 1.5, 1.8, 3)) for _ in range(dice.randint(1, horizon + 2))]
    floors = {"floor": [dice.choice((0, 0, 0.1, 0.3)) for _ in caps]} if dice.random() < 0.2 else {}
    return {"id": key, "kind": "period", "cap": caps, **floors}


@pytest.mark.parametrize("block", range(4))
def test_engine_against_trying_everything(tmp_path: Path, block: int) -> None:
    for seed in SEEDS[block::4]:
        instance = read_data(tmp_path, a_random_instance(random.Random(seed)))
        best = best_by_trying_all(instance)
        answer = solved(compile_instance(instance))
        assert answer.status is (Status.INFEASIBLE if best is None else Status.OPTIMAL), seed
        assert (answer.value, answer.bound) == (best, best), seed


def test_program_and_judge_agree_on_every_choice(tmp_path: Path) -> None:
    """Not only on the best one."""
    for seed in SEEDS:
        instance = read_data(tmp_path, a_random_instance(random.Random(1000 + seed)))
        program = compile_instance(instance).program
        number = {job.id: n for n, job in enumerate(instance.jobs)}
        column = {
            place: c for c, place in enumerate(zip(program.job.tolist(), program.time.tolist(), strict=True))
        }
        for starts in every_choice(instance):
            values = np.zeros(len(program), dtype=np.int64)
            values[[column[number[key], start] for key, start in starts.items()]] = 1
            assert bool(check(instance, starts)) == bool(len(program.matrix.broken(values))), seed
            stage = program.stages[0]
            assert value(instance, starts) == Decimal(-stage.value(values)) / stage.divisor, seed


def test_judge_sees_starts_that_are_none(tmp_path: Path) -> None:
    instance = read_data(tmp_path, an_instance([a_job("a", [1, 1, 1], latest_start=1)]))
    for starts in ({"a": 2}, {"a": -1}, {"a": 3}, {"b": 0}):
        assert len(check(instance, starts)) == 1
    assert check(instance, {"a": 1}) == []


# --- files and the command ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"format": "ppsx/2"}, "format"),
        ({"horizon": 0}, "horizon"),
        ({"jobs": [a_job("a", [1, 1])]}, "more periods to start in than values"),
        ({"jobs": [a_job("a", [1, 1, "much"])]}, "jobs.0.value_by_start.2"),
        ({"jobs": [a_job(1, [1, 1, 1]), a_job("1", [1, 1, 1])]}, "two jobs have the id 1"),
        ({"jobs": [a_job("a", [1, 1, 1], uses={"time": [1]})]}, "there is no resource time"),
        ({"prec": [["a", "b", 1]]}, "there is no job b"),
        ({"excl": [["a", "b"]]}, "there is no job b"),
        ({"groups": [{"jobs": ["b"], "min": 0, "max": 1}]}, "there is no job b"),
        ({"resources": [{"id": "money", "kind": "daily", "cap": [1]}]}, "kind"),
    ],
)
def test_unsound_files_are_refused(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    with pytest.raises(UnusableFileError, match=message):
        read_data(tmp_path, an_instance([a_job("a", [1, 1, 1])]) | change)


@pytest.mark.parametrize("text", ["", "{", '{"horizon": NaN}', "[1]", "\x00", '{"horizon": 1e9999999}'])
def test_what_is_no_instance_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(UnusableFileError, match=r"instance\.json"):
        read_text(tmp_path, text)


def run_command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "benchmarks.solve", *arguments], capture_output=True, text=True, check=False
    )


def test_command_prints_one_line_of_json(tmp_path: Path) -> None:
    jobs = [a_job(key, [10.5, 9.5, 8.5], uses={"money": [2, 2]}) for key in (1, 2)]
    read_data(tmp_path, an_instance(jobs, resources=[period([3, 3, 3])]))
    done = run_command(str(tmp_path / "instance.json"), "--time-limit", "10", "--workers", "1", "--seed", "3")
    assert (done.returncode, done.stderr, done.stdout.count("\n")) == (0, "", 1)
    line = json.loads(done.stdout)
    assert list(line) == [
        "name", "status", "value", "bound", "gap", "seconds", "peak_mb", "starts", "build_seconds",
    ]  # fmt: skip
    assert (line["name"], line["status"], line["value"], line["bound"], line["gap"]) == (
        "small", "optimal", 19, 19, 0,
    )  # fmt: skip
    assert sorted(line["starts"].values()) == [0, 2]
    assert set(line["starts"]) == {"1", "2"}


def test_command_refuses_what_it_cannot_use(tmp_path: Path) -> None:
    done = run_command(str(tmp_path / "missing.json"))
    assert (done.returncode, done.stdout) == (2, "")
    assert "missing.json: No such file" in done.stderr
