"""The machine a figure comes from. A figure without it means nothing."""

from __future__ import annotations

import os
import pathlib
import platform
import subprocess


def describe_machine() -> dict[str, str]:
    """Cores, memory, kernel and the versions that matter, as printed by themselves."""
    return {
        "processor": _processor(),
        "cores": str(os.cpu_count()),
        "memory": _memory(),
        "kernel": platform.release(),
        "system": _pretty_name(),
        "python": platform.python_version(),
        "sqlite": _python_says("import apsw; print(apsw.sqlite_lib_version())"),
        "node": _says("node", "--version"),
        "postgres": _says("postgres", "--version"),
        "chromium": _says("chromium", "--version", "--no-sandbox"),
        "load when it ended": " ".join(f"{load:.2f}" for load in os.getloadavg()),
    }


def _processor() -> str:
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor() or "unknown"


def _memory() -> str:
    kilobytes = int(pathlib.Path("/proc/meminfo").read_text().split()[1])
    return f"{kilobytes / 2**20:.0f} GiB"


def _pretty_name() -> str:
    for line in pathlib.Path("/etc/os-release").read_text().splitlines():
        if line.startswith("PRETTY_NAME="):
            return line.split("=", 1)[1].strip('"')
    return platform.system()


def _python_says(program: str) -> str:
    import sys

    return _says(sys.executable, "-c", program)


def _says(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=20, check=True).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return "not found"
