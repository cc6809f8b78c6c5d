"""What the program tells people to run, it must be able to run."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from portfolio.cli import main as program
from portfolio.cli.main import COMMANDS, SUMMARIES

SOURCES = Path(__file__).parents[2] / "portfolio"


def test_every_command_named_in_a_message_exists() -> None:
    named = {
        (path.name, verb)
        for path in SOURCES.rglob("*.py")
        for verb in re.findall(
            r"(?:运行|用|run|Run|;|`) ?portfolio ([a-z]+)", path.read_text(encoding="utf-8")
        )
    }
    assert named
    assert {(file, verb) for file, verb in named if verb not in COMMANDS} == set()


def test_every_command_has_a_summary() -> None:
    assert list(SUMMARIES) == list(COMMANDS)


@pytest.mark.parametrize(
    ("behind", "told"),
    [(KeyboardInterrupt(), "已中断 / interrupted"), (OSError(), "unexpected failure: ImportError")],
)
def test_ctrl_c_while_a_library_loads_is_an_interruption(
    behind: BaseException, told: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Compiled libraries turn it into an ImportError with the interrupt behind it."""

    def load(_: str) -> None:
        raise ImportError("initialization failed") from behind

    monkeypatch.setattr(program, "import_module", load)
    with pytest.raises(SystemExit) as ended:
        program.main(["runs"])

    assert ended.value.code == 1
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["shedule"], '没有这个命令 no such command: "shedule"；是否指 / did you mean: schedule'),
        (["schedule"], "缺少必填的参数或选项 / Missing option '--scenario' / '-s'."),
        (["schedule", "-s", "base", "--gap", "7"], "选项或参数的值不合要求 / Invalid value for '--gap'"),
        (["runs", "--many"], "没有这个选项 / No such option '--many'"),
        (["report", "a", "b"], "用法有误 / Got unexpected extra argument"),
        (["db", "down"], "用 portfolio db --help 查看用法 / shows how to use it"),
    ],
)
def test_mistakes_on_the_command_line_are_told_in_both_languages(
    arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        program.main(arguments)
    assert ended.value.code == 2
    assert words in capsys.readouterr().err
