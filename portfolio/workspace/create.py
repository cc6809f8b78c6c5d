"""Makes a workspace: an input workbook, scenarios and a README, ready for `portfolio schedule`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from portfolio.domain.portfolio import Portfolio
from portfolio.errors import UsageError
from portfolio.writing import told

WORKBOOK = Path("data/projects.xlsx")
SCENARIOS = Path("scenarios")
README = Path("README.md")

_HERE = Path(__file__).resolve().parent
_TEMPLATE = _HERE / "template"


def create(folder: Path, *, example: bool = False) -> tuple[Path, ...]:
    """Makes the files of a workspace in `folder` (made if it is not there) and returns them.

    An empty template and scenarios to go with it; with `example`, the data and scenarios that come with
    the program. Nothing that exists is touched.

    Raises:
        UsageError: one of the files exists, or the folder cannot be written.
    """
    makers = _example() if example else _empty()
    taken = [str(path) for path in makers if (folder / path).exists() or (folder / path).is_symlink()]
    if folder.exists() and not folder.is_dir():
        raise UsageError(
            f"{folder}: 是文件，不是文件夹；请另取一个名字 / is a file, not a folder; choose another name"
        )
    if taken:
        raise UsageError(
            f"{folder}: 已有 {'、'.join(taken)}，什么都没有写；请换一个文件夹，或先移走这些文件 / has {', '.join(taken)}"
            " already, nothing was written; name another folder, or move these files away first"
        )
    for path, make in makers.items():
        target = folder / path
        with told(target):
            target.parent.mkdir(parents=True, exist_ok=True)
            make(target)
    return tuple(folder / path for path in makers)


Make = Callable[[Path], object]


def _empty() -> Mapping[Path, Make]:
    from portfolio.workbook.writer import write

    return {
        WORKBOOK: partial(write, Portfolio()),
        **_copies(_TEMPLATE / "scenarios", SCENARIOS),
        README: partial(_copy, _TEMPLATE / README),
    }


def _example() -> Mapping[Path, Make]:
    root = _example_folder()
    return {
        WORKBOOK: partial(_copy, root / WORKBOOK),
        **_copies(root / SCENARIOS, SCENARIOS),
        README: partial(_copy, _TEMPLATE / README),
    }


def _example_folder() -> Path:
    """The shipped data and scenarios: inside the installed package, else in the repository."""
    inside = _HERE / "example"
    return inside if inside.is_dir() else _HERE.parent.parent


def _copies(folder: Path, into: Path) -> Mapping[Path, Make]:
    return {into / file.name: partial(_copy, file) for file in sorted(folder.glob("*.toml"))}


def _copy(source: Path, target: Path) -> None:
    with target.open("xb") as file:
        file.write(source.read_bytes())
