"""`pack build` and `content-check`."""

from __future__ import annotations

import argparse

from hodi import content, indicators, signals, tasks
from hodi.cli.console import Stop, say
from hodi.config import ROOT, Config
from hodi.sync.app_words import build_app_words
from hodi.sync.pack import build_pack

PACK_FILE = ROOT / "build" / "pack.json"
WORDS_FILE = ROOT / "build" / "words.json"


def build(_: argparse.Namespace, config: Config) -> None:
    """Compile the pack for phones into build/pack.json, and the app's words into build/words.json, which
    keeps its time where they stay the same: the app need not be built anew then."""
    pack = content.load(config.pack)
    _refuse(indicators.faults(pack), config)
    artifact = build_pack(pack)
    PACK_FILE.parent.mkdir(exist_ok=True)
    PACK_FILE.write_bytes(artifact.content)
    words = build_app_words(pack)
    if not WORDS_FILE.exists() or WORDS_FILE.read_bytes() != words:
        WORDS_FILE.write_bytes(words)
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
    _refuse(indicators.faults(content.load(config.pack)), config)
    faults = [
        fault
        for kind in (signals.CASES, tasks.CASES, indicators.CASES)
        for fault in kind.try_all(config.pack)
    ]
    for fault in faults:
        say(fault)
    if faults:
        raise Stop(
            f"{len(faults)} signals, tasks and indicators of {config.pack.name}"
            " do not come out as their cases say."
        )
    say(f"The pack {config.pack.name} is in order.")


def _refuse(faults: list[str], config: Config) -> None:
    for fault in faults:
        say(fault)
    if faults:
        raise Stop(f"{len(faults)} faults in {config.pack.name}.")
