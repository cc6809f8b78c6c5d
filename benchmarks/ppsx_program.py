"""A ppsx/1 instance as a program: exact integers, built as arrays."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from math import lcm

import numpy as np

from benchmarks.ppsx import Group, Instance, PeriodResource, TotalResource, UnusableFileError
from portfolio.optimise.program import UNBOUNDED, Ints, Program, ProgramBuilder, Stage, ints

VALUE = "value"
"""The name of the only objective."""

LARGEST_SUM = 2**61
"""The integers of a row, or of the objective, stay below this altogether, so that 64 bits hold any sum."""


@dataclass(frozen=True, slots=True)
class Compiled:
    """An instance as a program.

    `rows_exact` is False where a resource has too many digits for 64 bits: its amounts are then rounded
    against the planner, so that every solution keeps the caps but the bound may not hold.
    `value_error` is how far the program's objective may be from the true value, 0 but for such digits.
    """

    instance: Instance
    program: Program
    rows_exact: bool
    value_error: Decimal

    @property
    def exact(self) -> bool:
        return self.rows_exact and not self.value_error

    def starts(self, values: Sequence[int] | Ints) -> dict[str, int]:
        """The start of each selected job."""
        chosen = np.flatnonzero((ints(values) == 1) & (self.program.job >= 0))
        jobs, times = self.program.job[chosen].tolist(), self.program.time[chosen].tolist()
        return {self.instance.jobs[job].id: time for job, time in zip(jobs, times, strict=True)}


def compile_instance(instance: Instance) -> Compiled:
    """A column per job and start, rows for every rule, the negated value as the only stage.

    Raises:
        UnusableFileError: the values are too large for 64 bits.
    """
    builder = ProgramBuilder()
    starts = _Starts(instance, builder)
    value_error = _add_value(builder, starts)
    every = np.arange(len(instance.jobs))
    rows, columns = starts.of(every)
    builder.add_rows("job", rows, columns, 1, high=1, count=len(every))
    exact = [_add_resource(builder, starts, resource) for resource in instance.resources]
    _add_precedence(builder, starts)
    _add_groups(builder, starts)
    return Compiled(instance, builder.build(), all(exact), value_error)


class _Starts:
    """The start columns of each job: `count` of them from `first` on, for the periods 0, 1, …"""

    def __init__(self, instance: Instance, builder: ProgramBuilder) -> None:
        self.instance = instance
        self.number = {job.id: number for number, job in enumerate(instance.jobs)}
        self.count = ints([instance.number_of_starts(job) for job in instance.jobs])
        job, time = unfold(self.count)
        zeros = np.zeros(len(job), dtype=np.int64)
        self.column = builder.add_columns(zeros, 1, job=job, time=time)
        self.first = np.cumsum(self.count) - self.count

    def of(self, jobs: Ints) -> tuple[Ints, Ints]:
        """All start columns of some jobs: position in `jobs`, column."""
        position, time = unfold(self.count[jobs])
        return position, self.column[self.first[jobs][position] + time]

    def numbers(self, keys: Iterable[str]) -> Ints:
        return ints([self.number[key] for key in keys])


def unfold(counts: Ints) -> tuple[Ints, Ints]:
    """For counts 2, 0, 3: the owners 0 0 2 2 2 and the positions 0 1 0 1 2."""
    owner = np.repeat(np.arange(len(counts)), counts)
    return owner, np.arange(len(owner)) - np.repeat(np.cumsum(counts) - counts, counts)


def _add_value(builder: ProgramBuilder, starts: _Starts) -> Decimal:
    jobs = starts.instance.jobs
    counts = starts.count.tolist()
    values = [x for job, count in zip(jobs, counts, strict=True) for x in job.value_by_start[:count]]
    whole = exact_power(values)
    power = min(whole, largest_power(values))
    if power < 0:
        raise UnusableFileError(f"{starts.instance.name}: values are too large")
    negated = -ints(scaled(values, power))
    wanted = np.flatnonzero(negated)
    builder.add_stage(Stage(VALUE, starts.column[wanted], negated[wanted], divisor=10**power, sign=-1))
    # Rounded down, each selected job is worth less than one unit more.
    return Decimal(0) if power == whole else Decimal(len(jobs)).scaleb(-power)


def _add_resource(builder: ProgramBuilder, starts: _Starts, resource: PeriodResource | TotalResource) -> bool:
    """The rows of a resource, scaled to integers; whether that was exact."""
    job, offset, amounts = _uses(starts, resource.id)
    use, time = unfold(starts.count[job])
    column = starts.column[starts.first[job][use] + time]
    period = time + offset[use]
    if isinstance(resource, PeriodResource):
        row, caps, floors = period, resource.cap, resource.floor
    else:
        # The only row is row 0; what is used after the window counts nowhere.
        window = UNBOUNDED if resource.window is None else resource.window
        row, caps, floors = np.where(period < window, 0, 1), (resource.cap,), (resource.floor,)
    whole = exact_power(amounts)
    power = min(whole, largest_power(amounts, starts.instance.horizon))
    limits = _Limits(builder, f"resource {resource.id}", row, column, power)
    # Cap and floor are rows of their own: a floor above the cap is for the solver to refuse.
    limits.add(ints(scaled(amounts, power, up=True))[use], caps=caps)
    limits.add(ints(scaled(amounts, power))[use], floors=floors)
    return power == whole


def _uses(starts: _Starts, resource: str) -> tuple[Ints, Ints, list[Decimal]]:
    """Job, periods since its start and amount of each use that is not 0."""
    found = [
        (number, offset, amount)
        for number, job in enumerate(starts.instance.jobs)
        for offset, amount in enumerate(job.uses.get(resource, ()))
        if amount
    ]
    table = ints([(number, offset) for number, offset, _ in found]).reshape(-1, 2)
    return table[:, 0], table[:, 1], [amount for _, _, amount in found]


@dataclass(frozen=True, slots=True)
class _Limits:
    """Adds rows floor <= Σ amount x column <= cap, with amounts already multiplied by 10^power."""

    builder: ProgramBuilder
    family: str
    row: Ints
    column: Ints
    power: int

    def add(
        self,
        amounts: Ints,
        *,
        caps: Sequence[Decimal | None] = (),
        floors: Sequence[Decimal | None] = (),
    ) -> None:
        """A row for each cap or floor; those that are None limit nothing."""
        count = max(len(caps), len(floors))
        here = self.row < count
        row, amounts = self.row[here], amounts[here]
        divisor = np.zeros(count, dtype=np.int64)
        np.gcd.at(divisor, row, amounts)
        divisor = np.maximum(divisor, 1)
        high = [
            UNBOUNDED if cap is None else self._bound(cap, d) for cap, d in zip(caps, divisor, strict=False)
        ]
        low = [
            -UNBOUNDED if floor is None else -self._bound(floor.copy_negate(), d)
            for floor, d in zip(floors, divisor, strict=False)
        ]
        self.builder.add_rows(
            self.family,
            row,
            self.column[here],
            amounts // divisor[row],
            low=low or -UNBOUNDED,
            high=high or UNBOUNDED,
            count=count,
        )

    def _bound(self, cap: Decimal, divisor: np.int64) -> int:
        """The largest integer that a sum of amounts, divided by what they share, may reach."""
        most = scaled([cap], self.power)[0] // int(divisor)
        # No sum comes near these ends, and they still are bounds.
        return max(1 - UNBOUNDED, min(UNBOUNDED - 1, most))


def _add_precedence(builder: ProgramBuilder, starts: _Starts) -> None:
    """b started by t means a started by t - lag; a row for each t where that says something new."""
    prec = starts.instance.prec
    before, after = starts.numbers(a for a, _, _ in prec), starts.numbers(b for _, b, _ in prec)
    lag = ints([lag for _, _, lag in prec])
    pair, time = unfold(starts.count[after])
    early = np.clip(time - lag[pair] + 1, 0, starts.count[before][pair])
    # As long as no further start of a comes in, the last t of b says most.
    last = time == starts.count[after][pair] - 1
    kept = last | (early != np.append(early[1:], 0))
    pair, time, early = pair[kept], time[kept], early[kept]
    row_b, time_b = unfold(time + 1)
    row_a, time_a = unfold(early)
    builder.add_rows(
        "prec",
        np.concatenate([row_b, row_a]),
        np.concatenate(
            [
                starts.column[starts.first[after][pair][row_b] + time_b],
                starts.column[starts.first[before][pair][row_a] + time_a],
            ]
        ),
        np.repeat(ints([1, -1]), [len(row_b), len(row_a)]),
        high=0,
        count=len(pair),
    )


def _add_groups(builder: ProgramBuilder, starts: _Starts) -> None:
    """Exclusions are groups of two with at most one."""
    pairs = [Group(jobs=pair, max=1) for pair in starts.instance.excl]
    whole = [part for group in starts.instance.groups for part in _consistent(group)]
    for family, groups in (("excl", pairs), ("groups", whole)):
        members = [dict.fromkeys(group.jobs) for group in groups]
        owner = np.repeat(np.arange(len(groups)), [len(m) for m in members])
        position, column = starts.of(starts.numbers(chain.from_iterable(members)))
        builder.add_rows(
            family,
            owner[position],
            column,
            1,
            low=[-UNBOUNDED if group.min is None else group.min for group in groups],
            high=[UNBOUNDED if group.max is None else group.max for group in groups],
            count=len(groups),
        )


def _consistent(group: Group) -> list[Group]:
    """In two where more are asked for than allowed, so that no row ends before it begins."""
    if group.min is None or group.max is None or group.min <= group.max:
        return [group]
    return [Group(jobs=group.jobs, min=group.min), Group(jobs=group.jobs, max=group.max)]


def exact_power(numbers: Sequence[Decimal]) -> int:
    """The smallest power of ten that makes all of them integers."""
    shared = lcm(*{number.as_integer_ratio()[1] for number in numbers})
    power = 0
    while 10**power % shared:
        power += 1
    return power


def largest_power(numbers: Sequence[Decimal], times: int = 1) -> int:
    """The largest power of ten by which `times` all of them together stay within 64 bits."""
    total = max(1, int(sum(map(abs, numbers), Decimal(1)) * max(1, times)))
    power = len(str(LARGEST_SUM)) - len(str(total)) + 1
    while total * 10 ** max(0, power) > LARGEST_SUM * 10 ** max(0, -power):
        power -= 1
    return power


def scaled(numbers: Sequence[Decimal], power: int, *, up: bool = False) -> list[int]:
    """Each times 10^power, rounded down or up to an integer."""
    more, less = 10 ** max(0, power), 10 ** max(0, -power)
    sign = -1 if up else 1
    ratios = (number.as_integer_ratio() for number in numbers)
    return [sign * (sign * n * more // (d * less)) for n, d in ratios]
