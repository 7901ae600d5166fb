"""`pack build` and `content-check`."""

from __future__ import annotations

import argparse

from hodi import content, signals, tasks
from hodi.cli.console import Stop, say
from hodi.config import ROOT, Config
from hodi.sync.pack import build_pack

PACK_FILE = ROOT / "build" / "pack.json"


def build(_: argparse.Namespace, config: Config) -> None:
    """Compile the pack for phones into build/pack.json."""
    artifact = build_pack(content.load(config.pack))
    PACK_FILE.parent.mkdir(exist_ok=True)
    PACK_FILE.write_bytes(artifact.content)
    say(
        f"{PACK_FILE.relative_to(ROOT)}: version {artifact.version}, "
        f"{len(artifact.gzipped) / 1000:.0f} kB compressed"
    )


def check(_: argparse.Namespace, config: Config) -> None:
    """Name every fault of the pack."""
    complaints = content.check(config.pack)
    for complaint in complaints:
        say(str(complaint))
    if complaints:
        raise Stop(f"{len(complaints)} faults in {config.pack.name}.")
    build_pack(content.load(config.pack))
    faults = signals.CASES.try_all(config.pack) + tasks.CASES.try_all(config.pack)
    for fault in faults:
        say(fault)
    if faults:
        raise Stop(
            f"{len(faults)} signals and tasks of {config.pack.name} do not come out as their cases say."
        )
    say(f"The pack {config.pack.name} is in order.")
