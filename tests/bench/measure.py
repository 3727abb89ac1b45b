"""Run a command and see what it and all its processes take: time, work, memory."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

_TICK = 1 / os.sysconf("SC_CLK_TCK")
_PAUSE = 0.05


@dataclass(frozen=True)
class Cost:
    """Wall seconds, seconds of work of all processes together, and the greatest memory that one of them held (bytes)."""

    wall: float
    work: float
    peak: int
    status: int


def run(command: Sequence[str], folder: Path) -> Cost:
    """Run a command in `folder`. Work and memory are looked at every twentieth of a second, as Linux tells them."""
    started = time.monotonic()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    work: dict[int, float] = {}
    peak = 0
    while process.poll() is None:
        for number in _family(process.pid):
            seconds, memory = _look(number)
            work[number] = max(work.get(number, 0.0), seconds)
            peak = max(peak, memory)
        time.sleep(_PAUSE)
    if process.returncode not in (0, 1):
        message = process.stderr.read().decode(errors="replace") if process.stderr else ""
        sys.exit(f"{' '.join(command)}: exit status {process.returncode}\n{message}")
    return Cost(time.monotonic() - started, sum(work.values()), peak, process.returncode)


def _family(first: int) -> list[int]:
    """The process and all that come from it."""
    found = [first]
    for number in found:
        # Only the family is looked at: going through all processes of the machine would take a tenth of a core.
        for thread in _list(f"/proc/{number}/task"):
            found += map(int, _read(f"/proc/{number}/task/{thread}/children").split())
    return found


def _list(path: str) -> list[str]:
    try:
        return os.listdir(path)
    except OSError:
        return []  # it has just ended


def _look(number: int) -> tuple[float, int]:
    fields = _read(f"/proc/{number}/stat").rsplit(")", 1)[-1].split()
    seconds = (int(fields[11]) + int(fields[12])) * _TICK if len(fields) > 12 else 0.0
    for line in _read(f"/proc/{number}/status").splitlines():
        if line.startswith("VmHWM:"):
            return seconds, int(line.split()[1]) * 1024
    return seconds, 0


def _read(path: str) -> str:
    try:
        with open(path, encoding="utf-8", errors="replace") as handle:
            return handle.read()
    except OSError:
        return ""  # it has just ended


def machine() -> str:
    """Cores, processor and memory."""
    model = next((line.split(":", 1)[1].strip() for line in _read("/proc/cpuinfo").splitlines() if line.startswith("model name")), "?")
    memory = next((int(line.split()[1]) for line in _read("/proc/meminfo").splitlines() if line.startswith("MemTotal")), 0)
    return f"{len(os.sched_getaffinity(0))} cores, {model}, {memory / 2**20:.0f} GB"
