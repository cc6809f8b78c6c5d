"""Writes seeded ppsx/1 instances of kinds that others publish: knapsacks, next releases, open pits.

    python -m benchmarks.families pit-4000x12 --seed 1 --out FILE.json
    python -m benchmarks.families knapsack-250x10
    python -m benchmarks.families release-1500x1000

They are made up, in the manner of the published sets (capital budgeting: Chu and Beasley; next
release: Bagnall and others; open pit: precedence by blocks above, caps of mining and of milling), and
stand for them only in what is hard about them.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

Instance = dict[str, Any]
Random = np.random.Generator

RATE = 0.08
"""Discount of a period, for pits."""

ABOVE = [(dx, dy) for dx in (-1, 0, 1) for dy in (-1, 0, 1)]


def knapsack(random: Random, jobs: int, limits: int) -> Instance:
    """Worth is near to what a job uses; half of all use is allowed."""
    use = random.integers(1, 1001, (limits, jobs))
    worth = (use.sum(0) / limits + 500 * random.random(jobs)).astype(int)
    return {
        "horizon": 1,
        "jobs": [
            {"id": j, "dur": 1, "value_by_start": [int(worth[j])],
             "uses": {f"r{k}": [int(use[k, j])] for k in range(limits)}}
            for j in range(jobs)
        ],
        "resources": [{"id": f"r{k}", "kind": "total", "cap": int(use[k].sum() // 2)} for k in range(limits)],
    }  # fmt: skip


def release(random: Random, requirements: int, customers: int) -> Instance:
    """Customers are worth something once all they ask for is there; requirements build on others; half of
    their cost is allowed."""
    cost = random.integers(1, 11, requirements)
    jobs: list[Instance] = [
        {"id": f"q{i}", "dur": 1, "value_by_start": [0], "uses": {"money": [int(cost[i])]}}
        for i in range(requirements)
    ]
    prec: list[tuple[str, str, int]] = []
    for i in range(requirements // 3):
        later = random.choice(np.arange(requirements // 3, requirements), int(random.integers(0, 5)), False)
        prec += [(f"q{i}", f"q{j}", 0) for j in later]
    for c in range(customers):
        jobs.append({"id": f"c{c}", "dur": 1, "value_by_start": [int(random.integers(10, 51))]})
        asked = random.choice(requirements, int(random.integers(1, 6)), False)
        prec += [(f"q{i}", f"c{c}", 0) for i in asked]
    money = {"id": "money", "kind": "total", "cap": int(cost.sum() // 2)}
    return {"horizon": 1, "jobs": jobs, "resources": [money], "prec": prec}


def pit(random: Random, blocks: int, periods: int) -> Instance:
    """About so many blocks of a pit with a few lenses of ore; a block goes only with the nine above it."""
    width = max(3, round((blocks / 0.235) ** (1 / 3)))
    cells = _cells(width)
    worth, tonnes = _worth(random, cells, width), random.integers(4000, 7000, len(cells))
    number = {cell: j for j, cell in enumerate(cells)}
    ore = worth > 0
    jobs: list[Instance] = []
    for j in range(len(cells)):
        value = float(tonnes[j] * (max(0.0, worth[j]) - 1.6))
        uses = {"mine": [int(tonnes[j])]} | ({"mill": [int(tonnes[j])]} if ore[j] else {})
        values = [round(value / (1 + RATE) ** t, 2) for t in range(periods)]
        jobs.append({"id": j, "dur": 1, "value_by_start": values, "uses": uses})
    prec = [
        (number[above], j, 0)
        for (x, y, z), j in number.items()
        for above in ((x + dx, y + dy, z - 1) for dx, dy in ABOVE)
        if above in number
    ]
    caps = {"mine": 0.9 * tonnes.sum() / periods, "mill": 0.75 * tonnes[ore].sum() / periods}
    resources = [{"id": key, "kind": "period", "cap": [int(cap)] * periods} for key, cap in caps.items()]
    return {"horizon": periods, "jobs": jobs, "resources": resources, "prec": prec}


def _cells(width: int) -> list[tuple[int, int, int]]:
    """A pit as deep as a third of its width, narrower below."""
    return [
        (x, y, z)
        for z in range(max(2, width // 3))
        for x in range(width)
        for y in range(width)
        if z / 2 <= min(x, y) and max(x, y) < width - z / 2
    ]


def _worth(random: Random, cells: list[tuple[int, int, int]], width: int) -> NDArray[np.float64]:
    """Profit of a tonne milled, by cell; below 0: waste."""
    place = np.array(cells) / [width, width, max(2, width // 3)]
    grade = np.zeros(len(cells))
    for _ in range(5):
        middle, reach = random.uniform([0.1, 0.1, 0.1], [0.9, 0.9, 0.8]), random.uniform(0.1, 0.3, 3)
        grade = np.maximum(grade, random.uniform(0.6, 1) * np.exp(-(((place - middle) / reach) ** 2).sum(1)))
    return np.asarray(100 * grade * random.uniform(0.4, 1.6, len(cells)) - 8.2)


KINDS: dict[str, Callable[[Random, int, int], Instance]] = {
    "knapsack": knapsack,
    "release": release,
    "pit": pit,
}


def instance(name: str, seed: int) -> Instance:
    """An instance by its name, such as pit-4000x12.

    Raises:
        ValueError: there is no such kind, or no two sizes.
    """
    found = re.fullmatch(rf"({'|'.join(KINDS)})-([1-9]\d*)x([1-9]\d*)", name)
    if found is None:
        raise ValueError(f"{name}: write one of {', '.join(KINDS)} and two sizes, such as pit-4000x12")
    kind, first, second = found.groups()
    made = KINDS[kind](np.random.default_rng(seed), int(first), int(second))
    return {"format": "ppsx/1", "name": f"{name}-{seed}", "family": kind, **made}


def main() -> None:
    parser = argparse.ArgumentParser(prog="benchmarks.families", description=__doc__.partition("\n")[0])
    parser.add_argument("name")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    try:
        text = json.dumps(instance(arguments.name, arguments.seed))
    except ValueError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(2) from error
    if arguments.out is None:
        print(text)
    else:
        arguments.out.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
