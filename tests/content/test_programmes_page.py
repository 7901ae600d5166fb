"""docs/programmes.md: the files that it shows make a programme that works, in a copy of Kenya's pack."""

from __future__ import annotations

import pathlib
import re
import shutil
import subprocess
import sys

import pytest
import yaml

from hodi import content
from hodi.config import ROOT
from hodi.content import runner
from hodi.content.runner.evaluate import day_of_text
from tests.content.write_form_vectors import IDS, fill_in, newcomers, whole_case

PAGE = (ROOT / "docs" / "programmes.md").read_text(encoding="utf-8")
SHOWN = dict(re.findall(r"^\*\*`([^`]+)`\*\*[^\n]*\n\n```\w*\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL))
CASES = yaml.safe_load(SHOWN["programmes/eyesight/forms/cases/eye_check.yaml"])


@pytest.fixture
def pack(tmp_path: pathlib.Path) -> pathlib.Path:
    """A copy of Kenya's pack with the programme of the page."""
    folder = tmp_path / "kenya"
    shutil.copytree(ROOT / "content" / "kenya", folder)
    for name, text in SHOWN.items():
        path = folder / name
        assert not path.exists(), "no file outside its folder changes"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def checked(pack: pathlib.Path) -> subprocess.CompletedProcess[str]:
    """`python -m hodi content-check` of a pack."""
    return subprocess.run(
        [sys.executable, "-m", "hodi", "content-check"],
        cwd=ROOT,
        env={"HODI_PACK": str(pack), "PATH": ""},
        capture_output=True,
        text=True,
    )


def test_the_page_shows_every_kind_of_file() -> None:
    of = {name.removeprefix("programmes/eyesight/").split("/")[0] for name in SHOWN}
    assert of == {
        "programme.toml", "concepts.csv", "limits.toml", "record", "context.sql", "forms", "tasks",
        "signals", "indicators", "display.sql", "display.toml", "simulate.toml",
    }  # fmt: skip


def test_the_pack_with_it_is_in_order_and_its_cases_are_tried(pack: pathlib.Path) -> None:
    found = checked(pack)
    assert (found.returncode, found.stdout.splitlines()[-1]) == (0, "The pack kenya is in order."), (
        found.stdout
    )
    for rule in ("tasks/EYES_AGAIN", "signals/EYES_WORSE", "indicators/EYES_CHECKED"):
        cases = pack / "programmes" / "eyesight" / rule / "cases.yaml"
        text = cases.read_text(encoding="utf-8")
        cases.write_text(
            text.replace("born: -22000", "born: -21000")
            .replace("day: 0, ", "day: 5, ")
            .replace("day: 1,", "day: 3,")
        )
    spoiled = checked(pack)
    assert spoiled.returncode != 0
    for code in ("EYES_AGAIN", "EYES_WORSE", "EYES_CHECKED"):
        assert f"{code}, " in spoiled.stdout, "a case that is wrong is named"


@pytest.mark.parametrize("name", [one["name"] for one in CASES["cases"]])
def test_its_form_does_what_its_cases_say(name: str, pack: pathlib.Path) -> None:
    model = content.load(pack).forms["eye_check"]
    one = next(case for case in CASES["cases"] if case["name"] == name)
    run, _ = fill_in(model, whole_case(CASES["cases"], one), day_of_text(str(CASES["today"])) or 0)
    left = list(runner.problems(run))
    assert ({"at": left[0].name, "kind": left[0].kind} if left else None) == one.get("stops")
    assert [path for path in one.get("shown", ()) if not run.relevant[path]] == []
    assert [path for path in one.get("hidden", ()) if run.relevant[path]] == []
    if not left:
        (event,) = runner.finish(run, runner.FinishIds(**IDS, newcomers=newcomers(run)))
        assert {said["concept"]: said["number"] for said in event.observations} == one["states"]
