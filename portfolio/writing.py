"""Writing files whole: the old one stays until the new one is complete."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from portfolio.errors import PortfolioError, UsageError


@contextmanager
def in_place(target: Path) -> Iterator[Path]:
    """A draft beside `target` that replaces it at the end; a failure leaves the old file.

    Raises:
        UsageError: `target` cannot be replaced.
        PortfolioError: the disk is full.
    """
    draft = target.with_name(f"~{target.name}.{os.getpid()}")
    try:
        with told(target):
            draft.touch()  # a folder that takes no files is found before the work is done
            yield draft
            draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def told(target: Path) -> Iterator[None]:
    """Turns a refused write into words."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raise PortfolioError(
                f"{target}: 磁盘已满，文件没有写成，原文件不变；请腾出空间后重试 / the disk is full and the file was not"
                " written, an old one is as it was; make room and try again"
            ) from None
        raise UsageError(
            f"{target}: 无法写入（若在 Excel 或 WPS 中打开，请先关闭）/ cannot be written (close it in Excel or"
            f" WPS): {error.strerror}"
        ) from None
