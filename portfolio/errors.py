"""What can go wrong in a way a user can mend. Each error knows its exit code."""

from __future__ import annotations


class PortfolioError(Exception):
    """Base of every error that is shown to the user as a message, without a stack trace."""

    exit_code = 1


class UsageError(PortfolioError):
    """A file, scenario or option that does not exist or cannot be used."""

    exit_code = 2


class InputRefusedError(PortfolioError):
    """Input data with errors; nothing was stored."""

    exit_code = 3


class VerificationError(PortfolioError):
    """A stored run or a schedule.json is not what its inputs give, or its inputs cannot be had."""

    exit_code = 3


class InfeasibleError(PortfolioError):
    """No schedule can keep every rule of the scenario."""

    exit_code = 4


class NoScheduleError(PortfolioError):
    """The time limit ended before any schedule was found."""

    exit_code = 5


class CheckFailedError(PortfolioError):
    """The solver's schedule and the independent check disagree: a defect of this program."""

    exit_code = 1
