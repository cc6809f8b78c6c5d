"""Components against a plain union-find."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from portfolio.optimise.components import components
from portfolio.optimise.program import Program, ProgramBuilder
from tests.optimise.programs import programs

ROWS = st.lists(st.lists(st.integers(0, 11), min_size=1, max_size=4, unique=True), max_size=12)


def program_of(rows: list[list[int]], columns: int = 12) -> Program:
    builder = ProgramBuilder()
    builder.add_columns(0, [1] * columns)
    for row in rows:
        builder.add_row("row", [(column, 1) for column in row], low=1)
    return builder.build()


def united(program: Program) -> set[frozenset[int]]:
    """By joining the columns of each row, one row after the other."""
    groups: list[set[int]] = []
    matrix = program.matrix
    for row in range(len(matrix)):
        joined = set(matrix.column[matrix.first[row] : matrix.first[row + 1]].tolist())
        for group in [g for g in groups if g & joined]:
            groups.remove(group)
            joined |= group
        groups.append(joined)
    return {frozenset(group) for group in groups if group}


@given(rows=ROWS)
def test_the_parts_are_those_of_a_plain_union(rows: list[list[int]]) -> None:
    program = program_of(rows)
    found = components(program)
    assert {frozenset(part.tolist()) for part in found} == united(program)
    assert len(found) == len(united(program))


@given(program=programs(blocks=(0, 1)))
def test_of_programs_with_starts_too(program: Program) -> None:
    assert {frozenset(part.tolist()) for part in components(program)} == united(program)


@given(rows=ROWS)
def test_the_largest_part_comes_first_and_columns_in_order(rows: list[list[int]]) -> None:
    found = components(program_of(rows))
    assert [(-len(part), part[0]) for part in found] == sorted((-len(part), part[0]) for part in found)
    assert all(part.tolist() == sorted(part.tolist()) for part in found)


def test_a_long_path_is_one_part() -> None:
    """Far apart and in an unfavourable order, yet tied together."""
    path = [[column, column + 1] for column in reversed(range(199))]
    assert [len(part) for part in components(program_of(path, columns=200))] == [200]


def test_a_column_in_no_row_is_in_no_part() -> None:
    found = components(program_of([[0, 3], [5]], columns=7))
    assert [part.tolist() for part in found] == [[0, 3], [5]]


def test_in_one_part_when_asked_for() -> None:
    found = components(program_of([[0, 3], [5]], columns=7), whole=True)
    assert [part.tolist() for part in found] == [[0, 1, 2, 3, 4, 5, 6]], "the columns in no row with them"
    assert components(program_of([], columns=0), whole=True) == []
