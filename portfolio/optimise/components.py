"""Parts of a program that share no row: their optima do not depend on one another."""

from __future__ import annotations

from dataclasses import dataclass

from portfolio.optimise.program import Program, Stage, Term


@dataclass(frozen=True, slots=True)
class Component:
    """Numbers of the columns and rows that belong together."""

    columns: tuple[int, ...]
    rows: tuple[int, ...]
    members: frozenset[int]

    def stage_terms(self, stage: Stage) -> list[Term]:
        """The part of an objective that this component decides."""
        return [term for term in stage.terms if term[0] in self.members]


def components(program: Program, *, whole: bool = False) -> list[Component]:
    """The components of all columns that stand in a row, largest first; `whole`: a single one.

    Largest first gives the hardest part the first call on the time; ties go by the first column.
    """
    parent = list(range(len(program.low)))

    def root(column: int) -> int:
        while parent[column] != column:
            parent[column] = parent[parent[column]]
            column = parent[column]
        return column

    anchor = next((row.terms[0][0] for row in program.rows), 0)
    for row in program.rows:
        first = root(anchor if whole else row.terms[0][0])
        for column, _ in row.terms:
            parent[root(column)] = first
    columns: dict[int, list[int]] = {}
    touched = {column for row in program.rows for column, _ in row.terms}
    for column in sorted(touched):
        columns.setdefault(root(column), []).append(column)
    rows: dict[int, list[int]] = {key: [] for key in columns}
    for index, row in enumerate(program.rows):
        rows[root(row.terms[0][0])].append(index)
    found = [Component(tuple(c), tuple(rows[key]), frozenset(c)) for key, c in columns.items()]
    return sorted(found, key=lambda part: (-len(part.columns), part.columns[0]))
