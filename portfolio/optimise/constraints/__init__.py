"""The rules as rows of the program, one module a rule, named as in MODEL section 3.

Each has `add(program, problem, variables)`; they may be called in any order.
"""

from __future__ import annotations

from portfolio.optimise.constraints import (
    after,
    cap,
    choose,
    delivery,
    exclude,
    funding,
    mandatory,
    milestone,
    target,
    together,
    window,
)

CONSTRAINTS = {
    "window": window,
    "mandatory": mandatory,
    "funding": funding,
    "cap": cap,
    "after": after,
    "exclude": exclude,
    "choose": choose,
    "together": together,
    "delivery": delivery,
    "milestone": milestone,
    "target": target,
}
