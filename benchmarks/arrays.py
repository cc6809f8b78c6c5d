"""A program and its first objective as a file of arrays, for methods that run in processes of their own."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from portfolio.optimise.program import Program, ProgramBuilder, Stage


def save(program: Program, path: Path) -> None:
    """Writes columns, rows and the first stage; later stages and what rows stand for stay behind."""
    matrix, stage = program.matrix, program.stages[0]
    np.savez(
        path,
        low=program.low,
        high=program.high,
        job=program.job,
        time=program.time,
        block=program.block,
        row=matrix.row_of_entry(),
        column=matrix.column,
        coefficient=matrix.coefficient,
        row_low=matrix.low,
        row_high=matrix.high,
        objective=np.stack([stage.columns, stage.coefficients]),
        figures=np.array([stage.constant, stage.divisor, stage.sign]),
        least=np.array([] if stage.least is None else [stage.least]),
        name=np.array(stage.name),
    )


def load(path: Path) -> Program:
    """The program that `save` wrote."""
    with np.load(path, allow_pickle=False) as file:
        arrays = dict(file)
    builder = ProgramBuilder()
    builder.add_columns(
        arrays["low"], arrays["high"], job=arrays["job"], time=arrays["time"], block=arrays["block"]
    )
    builder.add_rows(
        "rows",
        arrays["row"],
        arrays["column"],
        arrays["coefficient"],
        low=arrays["row_low"],
        high=arrays["row_high"],
        count=len(arrays["row_low"]),
    )
    columns, coefficients = arrays["objective"]
    constant, divisor, sign = map(int, arrays["figures"])
    least = arrays["least"].tolist()
    builder.add_stage(
        Stage(
            str(arrays["name"]),
            columns,
            coefficients,
            constant=constant,
            divisor=divisor,
            sign=sign,
            least=int(least[0]) if least else None,
        )
    )
    return builder.build()
