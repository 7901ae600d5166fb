"""All benchmarks, one after another, and the page of their figures: `make bench`."""

from __future__ import annotations

import subprocess
import sys

from bench.processes import BENCH, ROOT
from bench.report import BENCHMARKS


def main() -> None:
    """Install what the comparison needs, run everything, write the page. A benchmark that fails is told at
    the end and stops no other."""
    if not (BENCH / "node_modules").exists():
        subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=BENCH, check=True)
    failed = []
    for name in BENCHMARKS:
        print(f"── {name} ──", flush=True)
        if subprocess.run([sys.executable, "-m", f"bench.{name}"], cwd=ROOT, check=False).returncode:
            failed.append(name)
    subprocess.run([sys.executable, "-m", "bench.report"], cwd=ROOT, check=True)
    if failed:
        sys.exit(f"These benchmarks did not run to their end: {', '.join(failed)}")


if __name__ == "__main__":
    main()
