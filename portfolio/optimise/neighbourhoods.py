"""Which columns to set free next: parts of a program in which a better solution may hide.

Every kind picks some jobs. Their starts that the relaxation does not price out are set free, and
with them the other columns of the blocks they belong to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from portfolio.optimise.linear import Floats
from portfolio.optimise.program import NO_JOB, Flags, Ints, Program, ints
from portfolio.optimise.relaxation import Relaxation

KINDS = ("window", "random", "differs", "row", "near", "apart", "blocks")
SMALLEST, LARGEST = 40, 6000
"""Bounds of the number of start columns in a neighbourhood."""

FEW = 4
"""A row with at most so many jobs relates them; jobs related directly or by others are near."""

RELATED = 1.0
"""Nearness means something where there are at least so many relations to a job."""

PRICED_OUT = (0.005, 0.02, 0.06, 0.2)
"""Starts with a reduced cost above this part of the gap are left out."""


@dataclass(slots=True)
class Kind:
    """How large its neighbourhoods should be, in start columns, and how well they have done."""

    size: float
    merit: float = 1.0


@dataclass(slots=True)
class Layout:
    """The jobs of a program: where their starts are and which block they belong to."""

    starts: Ints
    job: Ints
    first: Ints
    block: Ints
    blocks: Ints
    others: Ints
    others_block: Ints
    time: Ints

    @classmethod
    def of(cls, program: Program) -> Layout:
        starts = np.flatnonzero(program.job != NO_JOB)
        starts = starts[np.argsort(program.job[starts], kind="stable")]
        _, job = np.unique(program.job[starts], return_inverse=True)
        count = int(job.max(initial=-1)) + 1
        first = np.searchsorted(job, np.arange(count + 1))
        block = program.block[starts[first[:-1]]]
        others = np.flatnonzero(program.job == NO_JOB)
        return cls(
            starts, job, first, block, np.unique(block), others, program.block[others], program.time[starts]
        )

    def __len__(self) -> int:
        return len(self.first) - 1


@dataclass(slots=True)
class Relations:
    """For each job the jobs it shares a row with that has few: those of job j are `other[first[j]:first[j + 1]]`.
    `many`: for each row, whether it has more jobs than that."""

    first: Ints
    other: Ints
    many: Flags

    @classmethod
    def of(cls, program: Program, layout: Layout) -> Relations:
        matrix = program.matrix
        job = np.full(len(program), -1)
        job[layout.starts] = layout.job
        row, job = matrix.row_of_entry(), job[matrix.column]
        place = np.unique((row * (len(layout) + 1) + job)[job >= 0])
        row, job = place // (len(layout) + 1), place % (len(layout) + 1)
        count = np.bincount(row, minlength=len(matrix))
        pairs = [np.zeros((0, 2), np.int64)]
        for size in range(2, FEW + 1):
            groups = job[count[row] == size].reshape(-1, size)
            pairs += [groups[:, (a, b)] for a in range(size) for b in range(size) if a != b]
        both = np.unique(np.concatenate(pairs), axis=0)
        return cls(np.searchsorted(both[:, 0], np.arange(len(layout) + 1)), both[:, 1], count > FEW)

    @property
    def prevail(self) -> bool:
        """Whether there are so many that jobs hang together by them."""
        return len(self.other) >= 2 * RELATED * (len(self.first) - 1)

    def around(self, job: int, count: int, random: np.random.Generator) -> Ints:
        """So many jobs, or all there are, from this one on: first those related to it, then those related to these."""
        seen = np.zeros(len(self.first) - 1, dtype=bool)
        seen[job] = True
        found, edge = [job], ints([job])
        while len(edge) and len(found) < count:
            size = self.first[edge + 1] - self.first[edge]
            entry = np.arange(size.sum()) + np.repeat(self.first[edge] - (np.cumsum(size) - size), size)
            edge = np.unique(self.other[entry])
            edge = random.permutation(edge[~seen[edge]])
            seen[edge] = True
            found += edge.tolist()
        return ints(found)


@dataclass(slots=True)
class Guide:
    """What the relaxation says of each start: its value and reduced cost; and prices of the rows."""

    value: Floats
    reduced_cost: Floats
    row_price: Floats

    @classmethod
    def of(cls, layout: Layout, relaxation: Relaxation | None, rows: int) -> Guide:
        if relaxation is None:
            zeros = np.zeros(len(layout.starts))
            return cls(zeros, zeros, np.zeros(rows))
        return cls(
            relaxation.values[layout.starts], relaxation.reduced_costs[layout.starts], relaxation.prices
        )


@dataclass(slots=True)
class Neighbourhoods:
    """Draws neighbourhoods of an incumbent, larger ones where they are solved with ease."""

    program: Program
    guide: Guide
    layout: Layout
    relations: Relations
    kinds: dict[str, Kind] = field(default_factory=dict)

    def __post_init__(self) -> None:
        size = min(600.0, max(SMALLEST, len(self.layout.starts) / 2))
        useful = {"blocks": len(self.layout.blocks) > 1, "near": self.relations.prevail}
        names = [kind for kind in KINDS if useful.get(kind, True)]
        self.kinds = {name: Kind(size) for name in names}

    def draw(
        self, values: Ints, others: Sequence[Ints], gap: float, random: np.random.Generator
    ) -> tuple[str, Ints]:
        """A kind and the columns it sets free. `others`: good solutions that others have come to."""
        names = [name for name in self.kinds if name != "apart" or others]
        merit = np.array([self.kinds[name].merit for name in names])
        name = names[int(random.choice(len(names), p=merit / merit.sum()))]
        size = self.kinds[name].size * float(random.choice((0.5, 1.0, 1.0, 1.5)))
        within, part = self._some_blocks(size, random)
        if name == "apart":
            other = others[int(random.integers(len(others)))]
            jobs = self._apart(values, other, random)
            return name, self._columns(jobs, None, np.maximum(values, other), size, gap, random)
        chosen, times = self._jobs(name, within, values, random)
        gap *= part
        return name, self._columns(chosen, times, values, size, gap, random)

    def learn(self, name: str, *, improved: float, solved: bool, effort: float) -> None:
        """`improved` is relative to the gap; `solved`: to the end, within less effort than allowed."""
        kind = self.kinds[name]
        if solved:
            kind.size = min(kind.size * 1.15, LARGEST, 2.0 * len(self.layout.starts))
        elif improved <= 0:
            kind.size = max(kind.size * 0.85, SMALLEST)
        gain = min(1.0, 20 * improved / max(0.1, effort))
        kind.merit = max(0.15, 0.85 * kind.merit + 0.15 * (0.1 + 2 * gain))

    def _some_blocks(self, size: float, random: np.random.Generator) -> tuple[Ints, float]:
        """Jobs of so many blocks, drawn at random, that they offer starts enough; the part of the blocks
        that was drawn."""
        layout = self.layout
        every = np.arange(len(layout))
        if len(layout.blocks) <= 1:
            return every, 1.0
        order = random.permutation(layout.blocks)
        per_block = len(layout.starts) / len(layout.blocks)
        count = max(1, min(len(order), round(size / per_block * float(random.choice((1.0, 2.0, 4.0))))))
        return every[np.isin(layout.block, order[:count])], count / len(order)

    def _jobs(
        self, name: str, within: Ints, values: Ints, random: np.random.Generator
    ) -> tuple[Ints, tuple[int, int] | None]:
        """Jobs in the order in which they are wanted, and the times they may start in (None: all)."""
        layout = self.layout
        chosen_start = values[layout.starts] > 0
        selected = np.bincount(layout.job, chosen_start, minlength=len(layout)) > 0
        mixed = random.permutation(within)
        if name == "window":
            times = np.unique(layout.time)
            a = int(random.integers(len(times)))
            b = min(len(times) - 1, a + int(random.integers(1, 2 + len(times) // 3)))
            low, high = int(times[a]), int(times[b])
            inside = chosen_start & (layout.time >= low) & (layout.time <= high)
            wanted = np.bincount(layout.job, inside, minlength=len(layout)) > 0
            return self._with_unselected(mixed, wanted, selected), (low, high)
        if name == "differs":
            away = np.abs(chosen_start - self.guide.value) > 1e-6
            wanted = np.bincount(layout.job, away, minlength=len(layout)) > 0
            return self._with_unselected(mixed, wanted, selected), None
        if name == "near":
            # A job has at least one start: so many jobs are enough for any size.
            return self.relations.around(int(random.choice(within)), LARGEST, random), None
        if name == "row":
            wanted = self._in_a_row(random)
            return self._with_unselected(mixed, wanted, selected), None
        return mixed, None

    def _apart(self, values: Ints, other: Ints, random: np.random.Generator) -> Ints:
        """Jobs that start at another time in the other solution, and then the rest; both in random order."""
        layout = self.layout
        differs = values[layout.starts] != other[layout.starts]
        wanted = np.bincount(layout.job, differs, minlength=len(layout)) > 0
        mixed = random.permutation(len(layout))
        return np.concatenate([mixed[wanted[mixed]], mixed[~wanted[mixed]]])

    def _in_a_row(self, random: np.random.Generator) -> Flags:
        """Jobs with a start in one of the rows that have a price and do more than relate a few jobs."""
        layout, matrix = self.layout, self.program.matrix
        wanted = np.zeros(len(layout), dtype=bool)
        priced = np.flatnonzero((np.abs(self.guide.row_price) > 1e-9) & self.relations.many)
        if not len(priced):
            return ~wanted
        job_of_column = np.full(len(self.program), -1)
        job_of_column[layout.starts] = layout.job
        for row in random.choice(priced, size=min(3, len(priced)), replace=False):
            jobs = job_of_column[matrix.column[matrix.first[row] : matrix.first[row + 1]]]
            wanted[jobs[jobs >= 0]] = True
        return wanted

    def _with_unselected(self, mixed: Ints, wanted: Flags, selected: Flags) -> Ints:
        """The wanted jobs and those left out, in turn; both in random order."""
        one, two = mixed[wanted[mixed] & selected[mixed]], mixed[~selected[mixed]]
        rank = np.concatenate([np.arange(len(one)), np.arange(len(two)) * 1.5])
        return np.concatenate([one, two])[np.argsort(rank, kind="stable")]

    def _columns(
        self,
        jobs: Ints,
        times: tuple[int, int] | None,
        values: Ints,
        size: float,
        gap: float,
        random: np.random.Generator,
    ) -> Ints:
        """The free columns: starts of the first jobs until there are `size`, and what goes with them."""
        layout = self.layout
        part = float(random.choice(PRICED_OUT))
        allowed = self.guide.reduced_cost <= part * gap
        if times is not None:
            allowed &= (layout.time >= times[0] - 1) & (layout.time <= times[1] + 1)
        allowed |= values[layout.starts] > 0
        allowed &= self.program.high[layout.starts] > 0
        counts = np.bincount(layout.job, allowed, minlength=len(layout))
        taken = jobs[: int(np.searchsorted(np.cumsum(counts[jobs]), size)) + 1]
        inside = np.zeros(len(layout), dtype=bool)
        inside[taken] = True
        starts = layout.starts[allowed & inside[layout.job]]
        blocks = np.unique(layout.block[taken])
        beside = layout.others[np.isin(layout.others_block, np.append(blocks, NO_JOB))]
        return np.sort(np.concatenate([starts, beside]))
