"""How rows and columns become a program."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from portfolio.domain.schedule import Requirement
from portfolio.domain.text import Text
from portfolio.optimise.program import (
    UNBOUNDED,
    ProgramBuilder,
    Stage,
    Term,
    figure,
    ints,
    merged,
    row_sums,
)
from portfolio.optimise.subprogram import Columns, restrict, without_rows
from tests.optimise.programs import dense

Row = tuple[list[Term], int, int]

COLUMNS = [(0, 1), (0, 1), (-1, 2), (1, 1)]
"""Their bounds."""

ROWS = st.lists(
    st.tuples(
        st.lists(st.tuples(st.integers(0, len(COLUMNS) - 1), st.integers(-3, 3)), max_size=6),
        st.sampled_from((-UNBOUNDED, -3, -1, 0, 1, 2)),
        st.sampled_from((2, 3, 5, UNBOUNDED)),
    ),
    max_size=6,
)


def requirement(text: str) -> Requirement:
    return Requirement("rule", Text(text, text))


def builder_of(rows: list[Row]) -> ProgramBuilder:
    """Each row stands for a requirement with its number."""
    builder = ProgramBuilder()
    builder.add_columns([low for low, _ in COLUMNS], [high for _, high in COLUMNS])
    for number, (terms, low, high) in enumerate(rows):
        builder.add_row("row", terms, low=low, high=high, meaning=requirement(str(number)))
    return builder


def holds(row: Row, values: tuple[int, ...]) -> bool:
    terms, low, high = row
    return low <= sum(coefficient * values[column] for column, coefficient in terms) <= high


@given(rows=ROWS)
def test_each_row_that_is_kept_holds_where_the_one_it_was_made_from_holds(rows: list[Row]) -> None:
    """So a conflict is told in the words of the right rule; rows left out hold everywhere."""
    program = builder_of(rows).build()
    named = [int(r.text.en) for r in program.requirements if r is not None]
    every = list(product(*(range(low, high + 1) for low, high in COLUMNS)))
    for values in every:
        broken = {named[row] for row in program.matrix.broken(ints(values))}
        assert broken == {number for number, row in enumerate(rows) if not holds(row, values)}
    assert named == sorted(named)


@given(rows=ROWS)
def test_each_column_stands_once_in_a_row_and_never_for_nothing(rows: list[Row]) -> None:
    matrix = builder_of(rows).build().matrix
    places = list(zip(matrix.row_of_entry().tolist(), matrix.column.tolist(), strict=True))
    assert places == sorted(set(places))
    assert (matrix.coefficient != 0).all()


def test_terms_of_one_column_are_summed_and_may_cancel() -> None:
    program = builder_of([([(0, 1), (1, 2), (0, 1), (1, -2), (2, 1)], 1, 1)]).build()
    assert dense(program).tolist() == [[2, 0, 1, 0]]


def test_a_row_that_can_never_hold_is_kept_even_without_columns() -> None:
    program = builder_of([([], 1, UNBOUNDED), ([], 0, 0)]).build()
    assert np.diff(program.matrix.first).tolist() == [0]
    assert program.requirement(0) == requirement("0")


def family(builder: ProgramBuilder) -> None:
    """Rows column 0 >= 0 … column 0 >= 3 for column 0 up to 2: the first always holds."""
    builder.add_columns(0, [2])
    builder.add_rows(
        "family",
        np.arange(4),
        ints([0, 0, 0, 0]),
        1,
        low=np.arange(4),
        count=4,
        meaning=lambda position: requirement(f"at least {position}"),
    )


def test_the_meaning_of_a_row_goes_by_its_place_in_the_family() -> None:
    builder = builder_of([([(0, 1)], 0, UNBOUNDED), ([(0, 1)], 1, UNBOUNDED)])
    family(builder)
    said = [r.text.en for r in builder.build().requirements if r is not None]
    assert said == ["1", "at least 1", "at least 2", "at least 3"]


def test_the_meaning_survives_leaving_out_rows_and_restriction() -> None:
    """With column 1 held at 4, the first row of the family that is left always holds."""
    builder = ProgramBuilder()
    builder.add_columns(0, [3, 5])
    builder.add_rows(
        "family",
        ints([0, 1, 1, 2, 3]),
        ints([0, 0, 1, 0, 0]),
        1,
        low=[3, 4, 2, 1],
        count=4,
        meaning=lambda position: requirement(f"row {position}"),
    )
    rest = without_rows(builder.build(), np.array([True, False, False, False]))
    assert [r.text.en for r in rest.requirements if r] == ["row 1", "row 2", "row 3"]
    held = ints([0, 4])
    part, rows = restrict(rest, Columns(rest.matrix, len(rest)), ints([0]), held, rest.matrix.activity(held))
    assert [r.text.en for r in part.requirements if r] == ["row 2", "row 3"]
    assert rows.tolist() == [1, 2]


@given(entries=st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(-2, 2)), max_size=20))
def test_merged_entries_add_up_to_the_same_matrix(entries: list[tuple[int, int, int]]) -> None:
    before, after = np.zeros((4, 4), np.int64), np.zeros((4, 4), np.int64)
    row, column, coefficient = ints(entries).reshape(-1, 3).T
    np.add.at(before, (row, column), coefficient)
    row, column, coefficient = merged(row, column, coefficient, 4)
    after[row, column] = coefficient
    assert before.tolist() == after.tolist()
    assert len(row) == np.count_nonzero(before)


def test_the_sum_of_an_empty_row_is_nothing() -> None:
    assert row_sums(ints([0, 0, 2, 2]), ints([3, 4])).tolist() == [0, 7, 0]


def test_a_stage_counts_its_constant_and_shows_its_own_units() -> None:
    stage = Stage("priority", ints([0, 2]), ints([-3, -4]), constant=1, divisor=2, sign=-1)
    assert stage.value(ints([1, 9, 2])) == -10
    assert figure(stage, -10) == Decimal(5)
    assert str(figure(stage, 0)) == "0"
