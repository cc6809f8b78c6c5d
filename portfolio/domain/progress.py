"""What a running solve tells about itself, while it runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SolveEvent:
    """How far a solve is: objective `stage`, the `position`-th (from 1) of `stages`.

    `value` is the best value found, `bound` the proven bound, `gap` the relative gap of the stage
    (MODEL section 4); each None until known. Values of `cost` are 万元, of `priority` points, else
    seats or years. `seconds` counts from the start of the solve.
    """

    stage: str
    position: int
    stages: int
    value: float | None
    bound: float | None
    gap: float | None
    seconds: float


SolveListener = Callable[[SolveEvent], None]
"""Told of each step forward; may be called from any thread and must return at once."""
