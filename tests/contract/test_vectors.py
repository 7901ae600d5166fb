"""Ids, digests, days and stamps: the server's arithmetic on the vectors that the phone's passes too."""

from __future__ import annotations

import json
import pathlib

from hodi.domain import Stamper, day_of, device_of, make_id, mix, stamp_ms

VECTORS = pathlib.Path(__file__).resolve().parents[2] / "contract" / "vectors"


def test_ids_and_what_they_add_to_a_digest() -> None:
    vectors = json.loads((VECTORS / "ids.json").read_text(encoding="utf-8"))
    for row in vectors["ids"]:
        assert make_id(row["device"], row["counter"]) == row["id"]
        assert device_of(row["id"]) == row["device"]
        assert mix(row["id"]) == row["mix"] < 2**52
    assert sum(row["mix"] for row in vectors["ids"]) % 2**52 == vectors["sum"]


def test_days_and_stamps() -> None:
    vectors = json.loads((VECTORS / "times.json").read_text(encoding="utf-8"))
    for row in vectors["days"]:
        assert day_of(row["at"], row["utc_offset_min"]) == row["day"]
    for row in vectors["stamps"]:
        assert Stamper(row["last"]).next(row["now"]) == row["stamp"]
        assert stamp_ms(row["stamp"]) == row["ms"]
