"""Select-and-schedule instances made by others: the JSON format ppsx/1, read and judged exactly.

Every job may start once, in one of its periods, or not at all; the sum of its values at the starts
is to be as large as possible. Jobs use resources in the periods from their start on. Numbers are
decimals from the file to the solver's integers, so that nothing is lost in binary fractions.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from decimal import Context, Decimal, Inexact, localcontext
from functools import cached_property
from itertools import chain
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)

MOST_ZEROS = 60
"""Numbers of 10^60 and more, or so close to 0, are mistakes."""

MOST_PERIODS = 10**9

SHOWN_MISTAKES = 5


class UnusableFileError(ValueError):
    """The file is not a ppsx/1 instance; the message says where and why."""


# --- the instance -------------------------------------------------------------------------------


def _key(value: object) -> object:
    """Ids are numbers in some files and words in others; uses name resources by words always."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _sensible(value: Decimal) -> Decimal:
    if value and abs(value.adjusted()) >= MOST_ZEROS:
        raise ValueError(f"{value:.3e} is not a sensible amount")
    return value


def _short(value: object) -> object:
    """Turns 1e999999999 away before it becomes an integer of a billion digits."""
    if isinstance(value, Decimal):
        _sensible(value)
    return value


Key = Annotated[str, BeforeValidator(_key)]
Amount = Annotated[Decimal, AfterValidator(_sensible)]
Count = Annotated[int, BeforeValidator(_short), Field(ge=-MOST_PERIODS, le=MOST_PERIODS)]


class _Record(BaseModel):
    """Fields beyond those of the format, such as names and origins, are left alone."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Job(_Record):
    """`uses`: resource -> amounts in the start period, the one after it, and so on."""

    id: Key
    latest_start: Count | None = None
    value_by_start: tuple[Amount, ...]
    uses: Mapping[str, tuple[Amount, ...]] = {}


class PeriodResource(_Record):
    """At most `cap` and at least `floor` in each period; beyond their length, and where null, no limit."""

    id: Key
    kind: Literal["period"]
    cap: tuple[Amount | None, ...] = ()
    floor: tuple[Amount | None, ...] = ()


class TotalResource(_Record):
    """At most `cap` and at least `floor` over the periods before `window`, or over all."""

    id: Key
    kind: Literal["total"]
    cap: Amount | None = None
    floor: Amount | None = None
    window: Count | None = None


Resource = Annotated[PeriodResource | TotalResource, Field(discriminator="kind")]


class Group(_Record):
    """From `min` to `max` of these jobs are selected."""

    jobs: tuple[Key, ...]
    min: Count | None = None
    max: Count | None = None


class Instance(_Record):
    """`prec` (a, b, lag): with b goes a, started `lag` periods before or earlier. `excl`: not both."""

    format: Literal["ppsx/1"]
    name: str
    horizon: Annotated[Count, Field(ge=1)]
    jobs: tuple[Job, ...]
    resources: tuple[Resource, ...] = ()
    prec: tuple[tuple[Key, Key, Count], ...] = ()
    excl: tuple[tuple[Key, Key], ...] = ()
    groups: tuple[Group, ...] = ()

    def number_of_starts(self, job: Job) -> int:
        """The job may start in this many periods, from 0 on."""
        last = self.horizon - 1 if job.latest_start is None else min(self.horizon - 1, job.latest_start)
        return max(0, last + 1)

    @cached_property
    def job_by_id(self) -> dict[str, Job]:
        return {job.id: job for job in self.jobs}

    @model_validator(mode="after")
    def _hangs_together(self) -> Self:
        """Names lead somewhere, and every possible start has its value."""
        _all_known("job", [job.id for job in self.jobs], self._named_jobs())
        used = chain.from_iterable(job.uses for job in self.jobs)
        _all_known("resource", [resource.id for resource in self.resources], used)
        for job in self.jobs:
            if len(job.value_by_start) < self.number_of_starts(job):
                raise ValueError(f"job {job.id} has more periods to start in than values")
        return self

    def _named_jobs(self) -> Iterator[str]:
        for first, second, _ in self.prec:
            yield from (first, second)
        yield from chain.from_iterable(self.excl)
        for group in self.groups:
            yield from group.jobs


def _all_known(what: str, ids: list[str], named: Iterable[str]) -> None:
    known = set(ids)
    if len(known) < len(ids):
        twice = next(key for key, number in Counter(ids).items() if number > 1)
        raise ValueError(f"two {what}s have the id {twice}")
    unknown = next((key for key in named if key not in known), None)
    if unknown is not None:
        raise ValueError(f"there is no {what} {unknown}")


def read(path: Path) -> Instance:
    """The instance in a file.

    Raises:
        UnusableFileError: the file cannot be read, is no JSON or no sound ppsx/1 instance.
    """
    try:
        data = json.loads(path.read_bytes(), parse_float=Decimal, parse_constant=_no_number)
        return Instance.model_validate(data)
    except OSError as error:
        raise UnusableFileError(f"{path}: {error.strerror or error}") from error
    except ValidationError as error:
        raise UnusableFileError("\n".join(f"{path}: {line}" for line in _mistakes(error))) from error
    except (ValueError, RecursionError) as error:
        raise UnusableFileError(f"{path}: not a JSON file: {error}") from error


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is not a number")


def _mistakes(error: ValidationError) -> Iterator[str]:
    found = error.errors(include_url=False, include_input=False)
    for mistake in found[:SHOWN_MISTAKES]:
        where = ".".join(map(str, mistake["loc"]))
        yield f"{where}: {mistake['msg']}" if where else mistake["msg"]
    if len(found) > SHOWN_MISTAKES:
        yield f"and {len(found) - SHOWN_MISTAKES} more mistakes"


# --- the judge ----------------------------------------------------------------------------------

EXACTLY = Context(prec=10_000, traps=[Inexact])


def value(instance: Instance, starts: Mapping[str, int]) -> Decimal:
    """The sum of the values of the jobs at their starts."""
    with localcontext(EXACTLY):
        return sum((instance.job_by_id[key].value_by_start[t] for key, t in starts.items()), Decimal(0))


def check(instance: Instance, starts: Mapping[str, int]) -> list[str]:
    """What is wrong with these starts; written from the format alone, not from the program."""
    wrong = [
        f"job {key} cannot start in {start}"
        for key, start in starts.items()
        if key not in instance.job_by_id or not _may_start(instance, instance.job_by_id[key], start)
    ]
    if wrong:
        return wrong
    with localcontext(EXACTLY):
        wrong += _broken_resources(instance, starts)
    return [*wrong, *_broken_relations(instance, starts)]


def _may_start(instance: Instance, job: Job, start: int) -> bool:
    latest = job.latest_start
    return isinstance(start, int) and 0 <= start < instance.horizon and (latest is None or start <= latest)


def _broken_resources(instance: Instance, starts: Mapping[str, int]) -> Iterator[str]:
    for resource in instance.resources:
        used: dict[int, Decimal] = {}
        for key, start in starts.items():
            for offset, amount in enumerate(instance.job_by_id[key].uses.get(resource.id, ())):
                used[start + offset] = used.get(start + offset, Decimal(0)) + amount
        if isinstance(resource, TotalResource):
            window = resource.window
            total = sum((a for t, a in used.items() if window is None or t < window), Decimal(0))
            yield from _outside(f"resource {resource.id}", total, resource.cap, resource.floor)
            continue
        for t in range(max(len(resource.cap), len(resource.floor))):
            cap = resource.cap[t] if t < len(resource.cap) else None
            floor = resource.floor[t] if t < len(resource.floor) else None
            yield from _outside(f"resource {resource.id} in {t}", used.get(t, Decimal(0)), cap, floor)


def _outside(what: str, used: Decimal, cap: Decimal | None, floor: Decimal | None) -> Iterator[str]:
    if cap is not None and used > cap:
        yield f"{what}: {used} used, at most {cap} allowed"
    if floor is not None and used < floor:
        yield f"{what}: {used} used, at least {floor} asked for"


def _broken_relations(instance: Instance, starts: Mapping[str, int]) -> Iterator[str]:
    for first, second, lag in instance.prec:
        if second not in starts:
            continue
        if first not in starts:
            yield f"job {second} is selected without {first}"
        elif starts[second] < starts[first] + lag:
            yield f"job {second} starts less than {lag} after {first}"
    for first, second in instance.excl:
        if first != second and first in starts and second in starts:
            yield f"jobs {first} and {second} are both selected"
    for group in instance.groups:
        chosen = sum(key in starts for key in set(group.jobs))
        if group.min is not None and chosen < group.min:
            yield f"{chosen} of the jobs {', '.join(group.jobs)} selected, at least {group.min} asked for"
        if group.max is not None and chosen > group.max:
            yield f"{chosen} of the jobs {', '.join(group.jobs)} selected, at most {group.max} allowed"
