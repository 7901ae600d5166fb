"""The server on the vectors that the phone passes too: ids, digests, days, stamps, events, clocks."""

from __future__ import annotations

import datetime
import json
import pathlib
import zoneinfo
from typing import Any

import jsonschema_rs
import msgspec
import pytest

from hodi.content import fill
from hodi.content.messages import faults
from hodi.db import Store
from hodi.domain import (
    Stamper,
    birth_day_told,
    completed_months,
    completed_years,
    day_of,
    device_of,
    is_referral_code,
    make_id,
    mix,
    near_codes,
    referral_code,
    stamp_ms,
)
from hodi.domain.times import DAY_MS, OffsetChange, Zone, date_of, day_of_date, day_start, zone_of
from hodi.errors import HodiError
from hodi.events import read_line
from tests.cast import PROMOTER, ZONE, seat
from tests.hand import RULES, Hand, sync

VECTORS = pathlib.Path(__file__).resolve().parents[2] / "contract" / "vectors"

_FROM_MS = 1_750_000_000_000


def _read(name: str) -> dict[str, Any]:
    vectors: dict[str, Any] = json.loads((VECTORS / name).read_text(encoding="utf-8"))
    return vectors


def test_ids_and_what_they_add_to_a_digest() -> None:
    vectors = json.loads((VECTORS / "ids.json").read_text(encoding="utf-8"))
    for row in vectors["ids"]:
        assert make_id(row["device"], row["counter"]) == row["id"]
        assert device_of(row["id"]) == row["device"]
        assert mix(row["id"]) == row["mix"] < 2**52
    assert sum(row["mix"] for row in vectors["ids"]) % 2**52 == vectors["sum"]


def test_sentences_with_numbers() -> None:
    vectors = _read("messages.json")
    for row in vectors["filled"]:
        assert fill(row["message"], row["language"], row["values"]) == row["text"]
    for row in vectors["judged"]:
        assert (faults(row["message"], row["language"]) == []) is row["sound"], row["message"]


def test_codes_on_slips() -> None:
    vectors = _read("codes.json")
    for row in vectors["codes"]:
        draws = iter(row["draws"])
        assert referral_code(lambda n, draws=draws: next(draws)) == row["code"]  # type: ignore[misc]
        assert is_referral_code(f" {row['code'][:4].lower()} {row['code'][4:]}")
    assert all(is_referral_code(code) for code in vectors["before"])
    assert not any(is_referral_code(code) for code in vectors["wrong"])


def test_a_slip_of_the_hand_leads_back_to_the_code() -> None:
    for row in _read("codes.json")["codes"]:
        code = row["code"]
        slips = [code[:4] + code[5:], code[:4] + "Z" + code[4:], code[:3] + code[4] + code[3] + code[5:]]
        slips += [code[:n] + ("2" if code[n] != "2" else "3") + code[n + 1 :] for n in range(len(code))]
        for typed in slips:
            assert code in set(near_codes(typed)) or typed == code, typed
            assert len(list(near_codes(typed))) < 30


@pytest.mark.parametrize(
    "name", ["Africa/Nairobi", "Europe/Lisbon", "America/Santiago", "Australia/Lord_Howe"]
)
def test_a_zone_gives_every_hour_the_day_of_the_iana_database(name: str) -> None:
    zone, known = zone_of(name), zoneinfo.ZoneInfo(name)
    for at in range(_FROM_MS, _FROM_MS + 800 * DAY_MS, DAY_MS // 48):
        local = datetime.datetime.fromtimestamp(at // 1000, known)
        assert date_of(day_of(at, zone)) == local.date(), at
        assert zone.offset_min(at) * 60 == local.utcoffset().total_seconds(), at  # type: ignore[union-attr]
    with pytest.raises(ValueError, match="Africa/Limuru"):
        zone_of("Africa/Limuru")


def test_days_and_stamps() -> None:
    vectors = json.loads((VECTORS / "times.json").read_text(encoding="utf-8"))
    zones = {
        name: Zone(
            one["utc_offset_min"], msgspec.convert(one.get("offset_changes", ()), tuple[OffsetChange, ...])
        )
        for name, one in vectors["zones"].items()
    }
    for row in vectors["days"]:
        assert day_of(row["at"], zones[row["zone"]]) == row["day"], row
    for row in vectors["starts"]:
        assert day_start(row["day"], zones[row["zone"]]) == row["at"], row
    for row in vectors["stamps"]:
        assert Stamper(row["last"]).next(row["now"]) == row["stamp"]
        assert stamp_ms(row["stamp"]) == row["ms"]


def test_ages_by_the_calendar() -> None:
    vectors = _read("ages.json")
    for row in vectors["completed"]:
        assert completed_months(row["birth_day"], row["day"]) == row["months"], row["says"]
        assert completed_years(row["birth_day"], row["day"]) == row["years"], row["says"]
    for row in vectors["told"]:
        told = birth_day_told(row["day"], years=row["years"], months=row["months"])
        assert told == row["birth_day"], row["says"]


def test_an_age_told_on_any_day_is_the_age_shown_until_the_birthday() -> None:
    first = day_of_date(datetime.date(2027, 1, 1))
    for day in range(first, first + 731):  # with a leap year in it
        for years in range(111):
            assert completed_years(birth_day_told(day, years=years), day) == years, (day, years)
        born = birth_day_told(day, years=5)
        assert [completed_years(born, day + days) for days in (364, 367)] == [5, 6]


def test_digests_of_households() -> None:
    vectors = _read("digests.json")
    for household in vectors["households"]:
        assert [len(household["ids"]), sum(map(mix, household["ids"])) % 2**52] == household["digest"]
    digests = [household["digest"] for household in vectors["households"]]
    assert [sum(n for n, _ in digests), sum(one for _, one in digests) % 2**52] == vectors["total"]


@pytest.mark.parametrize("vector", _read("events.json")["events"], ids=lambda vector: vector["says"])
def test_events_as_they_travel(vector: dict[str, Any]) -> None:
    schema = json.loads((VECTORS.parent / "event.schema.json").read_text(encoding="utf-8"))
    assert jsonschema_rs.is_valid(schema, vector["event"]) is vector["shape"]
    arrival = read_line(json.dumps(vector["event"]).encode(), RULES)
    assert (arrival.problem.code if arrival.problem else None) == vector["code"]
    if "detail" in vector:
        assert arrival.detail == vector["detail"]
    if vector["code"] is None:
        assert arrival.event is not None
        again = json.loads(msgspec.json.encode(arrival.event))
        assert {**vector["event"], **again} == vector["event"], "what is known of it is kept as it was"


@pytest.mark.parametrize("vector", _read("clock.json")["requests"], ids=lambda vector: vector["says"])
def test_clocks(sqlite_store: Store, vector: dict[str, Any]) -> None:
    sqlite_store.write_now(lambda c: seat(c, vector["now"]))
    _, event = Hand(PROMOTER).household()
    at = vector["recorded_at"]
    event = msgspec.structs.replace(
        event, recorded_at=at, occurred_at=at, occurred_day=day_of(at, ZONE), stamp=vector["stamp"]
    )

    def asked() -> tuple[str | None, str | None]:
        try:
            answer = sync(sqlite_store, PROMOTER, [event], now=vector["now"], phone_now=vector["phone_now"])
        except HodiError as error:
            return error.problem.code, "request"
        [receipt] = answer.receipts
        return receipt.code, None if receipt.verdict == "accepted" else "event"

    assert asked() == (vector["answer"], vector.get("of"))
