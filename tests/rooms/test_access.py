"""Who may do and see what: passwords, log-ins, phones, posts, and every guard."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable

import pytest

from hodi import access
from hodi.access import Account, Place
from hodi.config import ROOT
from hodi.db import Connection, Store
from hodi.domain import Event
from hodi.errors import HodiError
from hodi.events import append
from hodi.record import fold, load_record_schema
from tests.cast import (
    ADMIN,
    ASSISTANT,
    COLLEAGUE,
    COUNTY_OFFICER,
    NURSE,
    OFFICER,
    PASSWORD,
    PROMOTER,
    REACH,
    STRANGE_ASSISTANT,
    STRANGE_NURSE,
    STRANGER,
    WORKERS,
    Worker,
    seat,
)
from tests.hand import NOW, RULES, Hand

UMOJA, JIRANI, AREA_A, AREA_B = 10, 20, 11, 12
MINUTE, HOUR = 60_000, 3_600_000


@pytest.fixture
def store(store: Store) -> Store:
    store.write_now(lambda c: seat(c, NOW))
    return store


@pytest.fixture
def small_store(sqlite_store: Store) -> Store:
    sqlite_store.write_now(lambda c: seat(c, NOW))
    return sqlite_store


def account(store: Store, worker: Worker) -> Account:
    return store.read_now(lambda c: access.account_by_number(c, worker.account))


def refused(code: str, work: Callable[[], object]) -> None:
    with pytest.raises(HodiError) as raised:
        work()
    assert raised.value.problem.code == code


# ── where people work ──


def test_an_account_knows_where_it_works(store: Store) -> None:
    assert account(store, PROMOTER).areas == {AREA_A}
    assert account(store, PROMOTER).units == {UMOJA}
    assert account(store, ASSISTANT).units == {UMOJA}
    nurse = account(store, NURSE)
    assert (nurse.facilities, nurse.units) == ({"90004"}, {UMOJA})
    assert account(store, OFFICER).places == {2}
    assert account(store, ADMIN).units == frozenset()
    assert [one.username for one in store.read_now(access.list_accounts)] == sorted(
        worker.username for worker in WORKERS
    )


def test_places_are_entered_and_stated_anew(store: Store) -> None:
    new = Place(place=50, kind="area", name="Umoja D", parent=UMOJA)
    store.write_now(
        lambda c: access.put_places(c, [new, Place(place=51, kind="area", name="Umoja C", parent=UMOJA)])
    )
    store.write_now(
        lambda c: access.put_places(c, [Place(place=50, kind="area", name="Umoja Z", parent=UMOJA)])
    )
    found = store.read_now(lambda c: access.places_in(c, UMOJA, "area"))
    assert [place.name for place in found] == ["Umoja A", "Umoja B", "Umoja C", "Umoja Z"]
    refused("not_found", lambda: store.read_now(lambda c: access.place_by_number(c, 999)))


# ── passwords ──


def log_in(store: Store, username: str, password: str, now: int = NOW) -> Account:
    return asyncio.run(access.check_password(store, username, password, now=now))


def test_the_right_password_opens_and_a_wrong_one_does_not(store: Store) -> None:
    assert log_in(store, " Promoter ", PASSWORD).account == PROMOTER.account
    for username, password in (
        ("promoter", PASSWORD + "x"), ("promoter", ""), ("nobody", PASSWORD), ("", ""),
        ("promoter", "\ud800"),
        ("x\0y", "z"), ("' OR 1=1 --", PASSWORD),
    ):  # fmt: skip
        refused(
            "wrong_password", lambda username=username, password=password: log_in(store, username, password)
        )


def test_every_failure_after_the_fourth_makes_the_wait_longer(small_store: Store) -> None:
    now = NOW
    for _ in range(5):
        refused("wrong_password", lambda: log_in(small_store, "promoter", "wrong", now))
    for wait_s in (30, 60, 120, 240, 480, 900, 900):
        refused("too_many_tries", lambda: log_in(small_store, "promoter", PASSWORD, now + wait_s * 1_000 - 1))  # noqa: B023
        assert log_in(small_store, "colleague", PASSWORD, now).account == COLLEAGUE.account
        now += wait_s * 1_000
        refused("wrong_password", lambda: log_in(small_store, "promoter", "wrong", now))  # noqa: B023
    assert log_in(small_store, "promoter", PASSWORD, now + 900_000).account == PROMOTER.account


def test_the_right_password_forgets_the_failures(small_store: Store) -> None:
    for _ in range(4):
        refused("wrong_password", lambda: log_in(small_store, "promoter", "wrong"))
    log_in(small_store, "promoter", PASSWORD)
    for _ in range(4):
        refused("wrong_password", lambda: log_in(small_store, "promoter", "wrong"))
    assert log_in(small_store, "promoter", PASSWORD).account == PROMOTER.account


def test_whoever_is_locked_out_is_out_everywhere(store: Store) -> None:
    session = store.write_now(lambda c: access.open_session(c, account(store, PROMOTER), now=NOW))
    store.write_now(lambda c: access.set_active(c, PROMOTER.account, False))
    refused("wrong_password", lambda: log_in(store, "promoter", PASSWORD))
    refused(
        "not_signed_in", lambda: store.read_now(lambda c: access.session_of(c, session.token or "", now=NOW))
    )
    refused("not_allowed", lambda: store.read_now(lambda c: access.device_by_token(c, PROMOTER.token)))
    store.write_now(lambda c: access.set_active(c, PROMOTER.account, True))
    assert log_in(store, "promoter", PASSWORD).active
    assert store.read_now(lambda c: access.device_by_token(c, PROMOTER.token)).device == PROMOTER.device


def test_another_password_ends_the_log_ins(store: Store) -> None:
    session = store.write_now(lambda c: access.open_session(c, account(store, NURSE), now=NOW))
    changed = access.hash_password("mpya kabisa")
    assert changed.startswith("$argon2id$")
    store.write_now(lambda c: access.set_password(c, NURSE.account, changed))
    refused(
        "not_signed_in", lambda: store.read_now(lambda c: access.session_of(c, session.token or "", now=NOW))
    )
    refused("wrong_password", lambda: log_in(store, "nurse", PASSWORD))
    assert log_in(store, "nurse", "mpya kabisa").account == NURSE.account


def test_a_new_account_can_work_at_once(store: Store) -> None:
    number = store.write_now(
        lambda c: access.create_account(
            c, username="Mpya", password_hash=access.hash_password("siri"), name="Mpya", role="supervisor",
            language="sw", posts=[JIRANI, UMOJA], now=NOW,
        )
    )  # fmt: skip
    assert number > max(worker.account for worker in WORKERS)
    assert log_in(store, "mpya", "siri").units == {UMOJA, JIRANI}


# ── log-ins ──


def test_a_session_ends_when_it_is_idle_or_old(store: Store) -> None:
    session = store.write_now(lambda c: access.open_session(c, account(store, ASSISTANT), now=NOW))
    token = session.token or ""

    def at(now: int) -> access.Session:
        return store.read_now(lambda c: access.session_of(c, token, now=now))

    assert at(NOW + 59 * MINUTE).csrf == session.csrf
    assert at(NOW + 59 * MINUTE).wants_touch(NOW + 59 * MINUTE)
    refused("not_signed_in", lambda: at(NOW + 61 * MINUTE))
    for step in range(1, 14):
        store.write_now(lambda c, now=NOW + step * 55 * MINUTE: access.touch_session(c, token, now=now))  # type: ignore[misc]
    assert at(NOW + 12 * HOUR).account.account == ASSISTANT.account
    refused("not_signed_in", lambda: at(NOW + 12 * HOUR + 1))


def test_a_cookie_is_not_what_the_store_holds(store: Store) -> None:
    session = store.write_now(lambda c: access.open_session(c, account(store, ASSISTANT), now=NOW))
    [(kept,)] = store.read_now(lambda c: c.rows("SELECT token FROM session"))
    assert kept != session.token
    for shown in (kept, "", "x", (session.token or "")[:-1]):
        refused(
            "not_signed_in",
            lambda shown=shown: store.read_now(lambda c: access.session_of(c, shown, now=NOW)),
        )
    store.write_now(lambda c: access.close_session(c, session.token or "", now=NOW))
    refused(
        "not_signed_in", lambda: store.read_now(lambda c: access.session_of(c, session.token or "", now=NOW))
    )


# ── phones ──


def test_enrolling_gives_a_number_that_no_phone_had(store: Store) -> None:
    promoter = account(store, PROMOTER)
    first = store.write_now(lambda c: access.enrol(c, promoter, app="1.0", now=NOW))
    store.write_now(lambda c: access.revoke_device(c, first.device.device, now=NOW))
    second = store.write_now(lambda c: access.enrol(c, promoter, app="1.0", now=NOW))
    numbers = {worker.device for worker in WORKERS if worker.device} | {first.device.device}
    assert second.device.device not in numbers
    assert (second.device.unit, second.device.area) == (UMOJA, AREA_A)
    found = store.read_now(lambda c: access.device_by_token(c, second.token))
    assert found == second.device
    [(kept,)] = store.read_now(
        lambda c: c.rows("SELECT token FROM device WHERE device = :device", {"device": second.device.device})
    )
    assert kept != second.token
    refused("not_signed_in", lambda: store.read_now(lambda c: access.device_by_token(c, kept)))


def test_nobody_uses_up_the_numbers(small_store: Store) -> None:
    promoter = account(small_store, PROMOTER)

    def enrol(now: int) -> access.Enrolment:
        return small_store.write_now(lambda c: access.enrol(c, promoter, app=None, now=now))

    later = NOW + 24 * HOUR + 1
    for _ in range(20):
        enrol(later)
    refused("too_many_tries", lambda: enrol(later + HOUR))
    assert enrol(later + 24 * HOUR).device.device > 1000


def test_only_a_promoter_with_one_area_enrols_a_phone(store: Store) -> None:
    for worker in (ASSISTANT, NURSE, OFFICER, COUNTY_OFFICER, ADMIN):
        someone = account(store, worker)
        refused(
            "not_allowed",
            lambda someone=someone: store.write_now(lambda c: access.enrol(c, someone, app=None, now=NOW)),
        )


def test_a_revoked_phone_is_told_so(store: Store) -> None:
    store.write_now(lambda c: access.revoke_device(c, PROMOTER.device or 0, now=NOW))
    refused("device_revoked", lambda: store.read_now(lambda c: access.device_by_token(c, PROMOTER.token)))
    assert store.read_now(lambda c: access.device_by_token(c, COLLEAGUE.token)).device == COLLEAGUE.device
    assert [one.device for one in store.read_now(lambda c: access.devices_of_unit(c, UMOJA))] == [
        COLLEAGUE.device
    ]


def test_the_scope_names_what_a_promoter_needs_and_its_version_follows_it(store: Store) -> None:
    def scope() -> access.PhoneScope:
        device = store.read_now(lambda c: access.device_by_token(c, PROMOTER.token))
        return store.read_now(lambda c: access.phone_scope(c, device, reach=REACH))

    first = scope()
    assert first.unit == {"place": UMOJA, "name": "Umoja", "code": "990010"}
    assert first.area == {"place": AREA_A, "name": "Umoja A"}
    assert [(one["kind"], one["name"]) for one in first.above] == [
        ("county", "Kaunti"), ("sub_county", "Kijani"), ("ward", "Mtoni"),
    ]  # fmt: skip
    assert first.facilities == [
        {"code": "90004", "name": "Zahanati ya Mtoni", "linked": True},
        {"code": "90005", "name": "Hospitali ya Kijani", "linked": False},
    ]
    assert first.worker == {"account": 101, "name": "Promoter A", "phone": "+254700000101"}
    assert first.supervisor == {"name": "Assistant of Umoja", "phone": "+254700000104"}
    assert scope().version == first.version
    store.write_now(lambda c: access.set_active(c, ASSISTANT.account, False))
    assert (scope().supervisor, scope().version == first.version) == (None, False)
    store.write_now(lambda c: access.set_active(c, ASSISTANT.account, True))
    assert scope().version == first.version
    store.write_now(lambda c: access.set_posts(c, PROMOTER.account, [AREA_B]))
    assert scope().area["place"] == AREA_B
    assert scope().version != first.version


# ── guards ──


def made_referral(store: Store) -> tuple[int, int]:
    """A household of area A, with a referral to the Zahanati: (household, referral)."""
    hand = Hand(PROMOTER)
    household, registered = hand.household()
    person, member = hand.member(household)
    referral = hand.event(
        "referral.made",
        referral_code="K7M2P49", referral_class="urgent", referral_facility="90004", referral_due_at=NOW,
            referral_escalate_at=NOW,
        household=household, person=person,
    )  # fmt: skip

    def work(c: Connection) -> None:
        receipts = append(c, [registered, member, referral], now=NOW, rules=RULES)
        assert {one.verdict for one in receipts} == {"accepted"}
        _fold(c, referral)

    store.write_now(work)
    return household, referral.id


def _fold(c: Connection, referral: Event) -> None:
    assert fold(c, load_record_schema(ROOT / "content" / "kenya"), households_max=100).households
    assert c.rows("SELECT 1 FROM referral WHERE referral = :id", {"id": referral.id})


def allowed(work: Callable[[Account], None], store: Store, workers: Iterable[Worker] = WORKERS) -> set[str]:
    """Who passes a guard."""
    passed = set()
    for worker in workers:
        try:
            work(account(store, worker))
        except HodiError as error:
            assert error.problem.code == "not_allowed"
        else:
            passed.add(worker.username)
    return passed


def test_each_guard_lets_in_whom_it_should_and_nobody_else(small_store: Store) -> None:
    store = small_store
    household, referral = made_referral(store)

    def reading(work: Callable[[Connection, Account], None]) -> Callable[[Account], None]:
        return lambda someone: store.read_now(lambda c: work(c, someone))

    assert allowed(access.require_admin, store) == {"admin"}
    assert allowed(lambda a: access.require_role(a, "supervisor", "nurse"), store) == {
        "assistant", "strange-assistant", "nurse", "strange-nurse",
    }  # fmt: skip
    assert allowed(lambda a: access.require_unit(a, UMOJA), store) == {"assistant"}
    assert allowed(lambda a: access.require_facility(a, "90004"), store) == {"nurse"}
    for place, officers in {
        1: {"county-officer"},
        2: {"officer", "county-officer"},
        3: {"officer", "county-officer"},
        999: set(),
    }.items():
        of_place = reading(lambda c, a, place=place: access.require_place(c, a, place))  # type: ignore[misc]
        assert allowed(of_place, store) == officers
    of_household = reading(lambda c, a: access.require_household(c, a, unit=UMOJA, household=household))
    assert allowed(of_household, store) == {"promoter", "assistant", "nurse"}
    elsewhere = reading(lambda c, a: access.require_household(c, a, unit=JIRANI, household=household))
    assert allowed(elsewhere, store) == {"strange-assistant"}, "her unit; there is nothing to see in it"
    of_referral = reading(lambda c, a: access.require_referral(c, a, unit=UMOJA, referral=referral))
    assert allowed(of_referral, store) == {"promoter", "assistant", "nurse"}
    stranger = account(store, STRANGE_NURSE)
    store.write_now(lambda c: access.claim_referral(c, stranger, unit=UMOJA, referral=referral, now=NOW))
    assert allowed(of_referral, store) == {"promoter", "assistant", "nurse", "strange-nurse"}, (
        "she to whom the slip was brought"
    )
    nurse = account(store, NURSE)
    refused(
        "not_found",
        lambda: reading(lambda c, a: access.require_referral(c, a, unit=UMOJA, referral=1))(nurse),
    )


def test_a_promoter_loses_sight_of_a_household_that_moved(small_store: Store) -> None:
    household, _ = made_referral(small_store)
    moved = Hand(PROMOTER, NOW + HOUR).move(household, UMOJA, AREA_B)
    small_store.write_now(lambda c: append(c, [moved], now=NOW + 2 * HOUR, rules=RULES))

    def sees(worker: Worker) -> bool:
        one = account(small_store, worker)
        return allowed(
            lambda _: small_store.read_now(
                lambda c: access.require_household(c, one, unit=UMOJA, household=household)
            ),
            small_store, [worker],
        ) != set()  # fmt: skip

    assert (sees(PROMOTER), sees(COLLEAGUE), sees(STRANGER)) == (False, True, False)


def test_who_read_what_is_kept(store: Store) -> None:
    nurse = account(store, NURSE)
    for person in (7, 8):
        store.write_now(
            lambda c, person=person: access.log_read(
                c, nurse, "read", now=NOW, unit=UMOJA, household=5, person=person
            )  # type: ignore[misc]
        )
    rows = store.read_now(
        lambda c: c.rows("SELECT at, account, action, unit, household, person FROM access_log ORDER BY id")
    )
    assert rows == [(NOW, NURSE.account, "read", UMOJA, 5, 7), (NOW, NURSE.account, "read", UMOJA, 5, 8)]


def test_the_cast_has_a_stranger_on_every_side() -> None:
    assert {STRANGE_NURSE.posts, STRANGE_ASSISTANT.posts, STRANGER.posts} == {(5,), (20,), (21,)}
