"""A country whose clocks are put forward and back: phone and server count its days by the same changes."""

from __future__ import annotations

import datetime
import json
import pathlib
import shutil
import zoneinfo

from hodi.config import ROOT
from hodi.content import load
from hodi.db import Store
from hodi.domain.times import DAY_MS, OffsetChange, date_of
from hodi.events import Draft, load_rules, state
from hodi.sync import build_pack
from tests.cast import AREA_A, UMOJA

KENYA = ROOT / "content" / "kenya"
LISBON = zoneinfo.ZoneInfo("Europe/Lisbon")


def _pack_in(tmp_path: pathlib.Path, zone: str) -> pathlib.Path:
    folder = tmp_path / "pack"
    shutil.copytree(KENYA, folder)
    facts = (folder / "pack.toml").read_text(encoding="utf-8")
    assert "Africa/Nairobi" in facts
    (folder / "pack.toml").write_text(facts.replace("Africa/Nairobi", zone), encoding="utf-8")
    return folder


def test_phones_receive_the_changes_that_the_server_counts_by(tmp_path: pathlib.Path) -> None:
    folder = _pack_in(tmp_path, "Europe/Lisbon")
    sent = json.loads(build_pack(load(folder)).content)
    zone = load_rules(folder).zone
    assert sent["utc_offset_min"] == zone.utc_offset_min == 0
    assert tuple(OffsetChange(**change) for change in sent["offset_changes"]) == zone.changes
    spring = datetime.datetime(2026, 3, 29, 1, tzinfo=datetime.UTC).timestamp() * 1000
    assert OffsetChange(at=int(spring), utc_offset_min=60) in zone.changes
    assert "offset_changes" not in json.loads(build_pack(load(KENYA)).content), "no changes cost nothing"


def test_what_is_stated_before_midnight_in_summer_belongs_to_the_local_day(
    sqlite_store: Store, tmp_path: pathlib.Path
) -> None:
    rules = load_rules(_pack_in(tmp_path, "Europe/Lisbon"))
    clock = [datetime.datetime(2026, month, 14, 23, 30, tzinfo=LISBON) for month in (1, 7)]
    clock += [at + datetime.timedelta(hours=1) for at in clock]
    for at in sorted(clock):
        now = int(at.timestamp() * 1000)
        draft = Draft(unit=UMOJA.place, area=AREA_A.place, kind="sync.tried")
        sqlite_store.write_now(
            lambda c, now=now, draft=draft: state(c, author=104, drafts=[draft], now=now, rules=rules)
        )
    rows = sqlite_store.read_now(lambda c: c.rows("SELECT occurred_at, occurred_day FROM event ORDER BY id"))
    assert [date_of(day) for _, day in rows] == [at.date() for at in sorted(clock)]
    assert [at // DAY_MS - day for at, day in rows] == [0, 0, 0, -1], (
        "half past midnight in July is still the 14th in UTC"
    )
