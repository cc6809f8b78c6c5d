"""What CP-SAT is told, where the time it takes depends on it."""

from __future__ import annotations

from unittest.mock import patch

import pytest
from ortools.sat.python import cp_model

from portfolio.optimise.cpsat import Effort, Stop, solve
from tests.optimise.programs import thirsty_counties


@pytest.mark.parametrize("cuts", [True, False])
def test_cuts_are_looked_for_only_where_asked_for(cuts: bool) -> None:
    told = []

    def solved(self: cp_model.CpSolver, *_: object) -> None:
        told.append(self.parameters.cut_level)
        raise InterruptedError

    effort = Effort(effort=1.0, seconds=1.0, cuts=cuts)
    with patch.object(cp_model.CpSolver, "solve", solved), pytest.raises(InterruptedError):
        solve(thirsty_counties(), None, None, effort, Stop())
    assert told == [int(cuts)]
