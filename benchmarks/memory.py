"""The most memory processes have held, native code included (POSIX)."""

from __future__ import annotations

import os
import re
import resource
import sys
from pathlib import Path

PROC = Path("/proc")
MB = 2**20

BYTES_PER_UNIT = 1 if sys.platform == "darwin" else 1024
"""ru_maxrss counts bytes on macOS and kilobytes elsewhere."""


def peak_mb() -> float:
    """The most that this process has held, in MB of 2^20 bytes.

    Linux says so in /proc; ru_maxrss would never be less there than what the parent held when it
    started this process.
    """
    peak = _high_water_mb("self")
    if peak is None:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * BYTES_PER_UNIT / MB
    return round(peak, 1)


def group_peaks_mb(group: int) -> dict[int, float]:
    """The peak of each process of a process group that is alive; empty where there is no /proc."""
    found = {}
    for entry in PROC.glob("[0-9]*"):
        try:
            mine = os.getpgid(int(entry.name)) == group
        except ProcessLookupError:
            continue
        if mine and (peak := _high_water_mb(entry.name)) is not None:
            found[int(entry.name)] = peak
    return found


def _high_water_mb(process: str) -> float | None:
    try:
        status = (PROC / process / "status").read_text(encoding="ascii", errors="replace")
    except OSError:
        return None
    found = re.search(r"^VmHWM:\s+(\d+) kB", status, re.MULTILINE)
    return int(found[1]) * 1024 / MB if found else None
