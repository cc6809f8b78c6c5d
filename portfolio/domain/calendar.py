"""Years. Both ends of every interval are inclusive; seats are counted in September of the year."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Horizon:
    """The calendar years planned for, `first_year` to `last_year` inclusive."""

    first_year: int
    last_year: int

    def __post_init__(self) -> None:
        if self.last_year < self.first_year:
            raise ValueError(f"horizon ends in {self.last_year}, before {self.first_year}")

    @property
    def years(self) -> range:
        return range(self.first_year, self.last_year + 1)

    def __contains__(self, year: int) -> bool:
        return self.first_year <= year <= self.last_year

    def __len__(self) -> int:
        return self.last_year - self.first_year + 1
