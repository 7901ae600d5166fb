"""The demonstration: a country's places with people who do not exist.
What is seeded stands in content/<pack>/demonstration."""

from __future__ import annotations

import concurrent.futures
import contextlib
import csv
import functools
import multiprocessing
import pathlib
import random
import tomllib
from collections.abc import Callable, Iterator

import msgspec

from hodi import access, events
from hodi.access.accounts import Role
from hodi.access.register import read_places
from hodi.content import languages_of, load_place_facts, load_places
from hodi.db import Connection, Store, load_queries
from hodi.simulate.area import area_batches
from hodi.simulate.batch import Batch
from hodi.simulate.names import Names, load_names
from hodi.simulate.plan import AreaPlan, DeskPlan, Span, SupervisorPlan, UnitPlan, span_of
from hodi.simulate.stories import Story, load_stories
from hodi.simulate.stream import order
from hodi.simulate.write import write

_QUERIES = load_queries(__file__)
_SETTING = "demonstration"
_MANY_AREAS = 40  # fewer are drawn in this process: starting others takes as long
_DESKS, _SUPERVISORS = 100, 500
"""Device numbers of the desks of the simulated past: this and the facility's place; of the supervisors: this
and the place of the unit in the demonstration. Below `events.FIRST_PHONE` no phone is numbered."""

_BATCHES = msgspec.msgpack.Decoder(list[Batch])

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""


class StoreInUse(Exception):
    """The store holds something else already; a demonstration is not seeded over it."""


class DemoAccount(msgspec.Struct, frozen=True, kw_only=True):
    """A row of accounts.csv; `posts` are place numbers."""

    username: str
    name: str
    role: Role
    language: str
    phone: str
    posts: tuple[int, ...]


class Showcase(msgspec.Struct, frozen=True):
    """The area that has one household for each story."""

    area: int
    stories: tuple[str, ...]


class Demonstration(msgspec.Struct, frozen=True, kw_only=True):
    """demonstration.toml, with its places, accounts, names and stories. `name`: what is seeded; `hospital`:
    the facility that emergencies are sent to; `language`: the pack's default."""

    name: str
    seed: int
    months: int
    password: str
    units: tuple[int, ...]
    households: int
    hospital: int
    showcase: Showcase
    silent: dict[int, int]
    places: tuple[access.Place, ...] = ()
    accounts: tuple[DemoAccount, ...] = ()
    language: str = ""
    stories: tuple[Story, ...] = ()
    names: Names = Names()
    pack: pathlib.Path = pathlib.Path()


def load_demonstration(pack: pathlib.Path) -> Demonstration:
    """The demonstration of a pack's folder. Raises OSError or ValueError for what is wrong in it."""
    folder = pack / "demonstration"
    described = tomllib.loads((folder / "demonstration.toml").read_text(encoding="utf-8"))
    demonstration = msgspec.convert(described, Demonstration, strict=False)
    with (folder / "accounts.csv").open(encoding="utf-8", newline="") as file:
        accounts = tuple(
            msgspec.convert({**row, "posts": row["posts"].split()}, DemoAccount, strict=False)
            for row in csv.DictReader(file)
        )
    told = load_stories(pack)
    if unknown := [name for name in demonstration.showcase.stories if name not in told]:
        raise ValueError(f"{folder / 'stories.yaml'} tells no story called {', '.join(unknown)}")
    return msgspec.structs.replace(
        demonstration,
        places=tuple(read_places(folder / "places.csv", load_places(pack))),
        accounts=accounts,
        language=languages_of(pack)[0],
        stories=tuple(told[name] for name in demonstration.showcase.stories),
        names=load_names(pack),
        pack=pack,
    )


def is_seeded(store: Store, demonstration: Demonstration) -> bool:
    """Whether the store holds this demonstration, seeded to the end. Raises StoreInUse for another one."""
    state = _read_state(store)
    if state.get("name", demonstration.name) != demonstration.name:
        raise StoreInUse
    return state.get("done") is True


def seed(
    store: Store,
    demonstration: Demonstration,
    rules: events.Rules,
    *,
    now: int,
    build_records: Callable[[Progress], None],
    progress: Progress,
) -> bool:
    """Seed the demonstration so that its history ends now; False if that was done before. A seeding that
    was interrupted is taken up again. `build_records` folds what has been written. Raises StoreInUse."""
    if is_seeded(store, demonstration):
        return False
    state = _read_state(store)
    if not state:
        store.write_now(lambda c: _found(c, demonstration, now))
        state = _read_state(store)
    until = state["until"]
    assert isinstance(until, int)
    plan = store.read_now(lambda c: _plan(c, demonstration))
    span = span_of(demonstration.months, until, rules.zone)
    pushed = _draw(plan, span, demonstration, progress)
    total = sum(len(batch.events) for batch in pushed)
    done = 0

    def report(more: int) -> None:
        nonlocal done
        done += more
        progress("Writing what happened", done, total)

    write(store, pushed, rules, report)
    store.write_now(lambda c: _note_syncs(c, pushed))
    build_records(progress)
    store.write_now(lambda c: _put_state(c, {**state, "done": True}))
    return True


def _draw(units: list[UnitPlan], span: Span, demonstration: Demonstration, progress: Progress) -> list[Batch]:
    # What `batches` gives, area after area, so that the wait can be seen; many areas on every processor.
    areas = [(unit, area) for unit in units for area in unit.areas]
    draw = functools.partial(_drawn, span, demonstration.seed, demonstration.pack)
    drawn: list[Batch] = []
    with contextlib.ExitStack() as stack:
        each: Iterator[bytes] = map(draw, areas)
        if len(areas) >= _MANY_AREAS:
            pool = concurrent.futures.ProcessPoolExecutor(mp_context=multiprocessing.get_context("spawn"))
            each = stack.enter_context(pool).map(draw, areas)
        for done, found in enumerate(each, 1):
            drawn += _BATCHES.decode(found)
            progress("Drawing people and visits", done, len(areas))
    return sorted(drawn, key=order)


def _drawn(span: Span, seed: int, pack: pathlib.Path, of: tuple[UnitPlan, AreaPlan]) -> bytes:
    # As bytes, because that costs a quarter of pickling a thousand events.
    return msgspec.msgpack.encode(list(area_batches(*of, span, seed, pack)))


def _read_state(store: Store) -> dict[str, object]:
    rows = store.read_now(lambda c: c.rows(_QUERIES.find_setting, {"name": _SETTING}))
    return msgspec.json.decode(rows[0][0], type=dict[str, object]) if rows else {}


def _put_state(connection: Connection, state: dict[str, object]) -> None:
    value = msgspec.json.encode(state).decode()
    connection.run(_QUERIES.put_setting, {"name": _SETTING, "value": value})


def _found(connection: Connection, demonstration: Demonstration, now: int) -> None:
    # Places, people who can log in, and a phone for each promoter.
    if connection.rows(_QUERIES.find_anything):
        raise StoreInUse
    access.state_place_facts(connection, load_place_facts(demonstration.pack))
    access.put_places(connection, demonstration.places)
    hashed = access.hash_password(demonstration.password)
    staffed: set[int] = set()
    for one in demonstration.accounts:
        number = access.create_account(
            connection,
            username=one.username,
            password_hash=hashed,
            name=one.name,
            role=one.role,
            language=one.language,
            posts=one.posts,
            now=now,
            phone=one.phone or None,
        )
        if one.role == "promoter":
            staffed.update(one.posts)
            access.enrol(connection, access.account_by_number(connection, number), app=None, now=now)
    chance = random.Random(f"{demonstration.seed}/promoters")
    names = demonstration.names
    for area in _areas(demonstration):
        if area.place in staffed:
            continue
        sex = "female" if chance.random() < 0.7 else "male"
        number = access.create_account(
            connection,
            username=f"promoter-{area.place}",
            password_hash=hashed,
            name=f"{names.given(chance, sex)} {names.house(chance, sex)}",
            role="promoter",
            language=demonstration.language,
            posts=(area.place,),
            now=now,
            phone=names.telephone(chance),
        )
        access.enrol(connection, access.account_by_number(connection, number), app=None, now=now)
    _put_state(connection, {"name": demonstration.name, "until": now, "done": False})


def _areas(demonstration: Demonstration) -> list[access.Place]:
    return [
        place
        for place in demonstration.places
        if place.kind == "area" and place.parent in demonstration.units
    ]


def _plan(connection: Connection, demonstration: Demonstration) -> list[UnitPlan]:
    places = {place.place: place for place in demonstration.places}
    numbers = {account.username: account.account for account in access.list_accounts(connection)}
    nurses = {
        place: numbers[one.username]
        for one in demonstration.accounts
        if one.role == "nurse"
        for place in one.posts
    }
    supervisors = {
        place: numbers[one.username]
        for one in demonstration.accounts
        if one.role == "supervisor"
        for place in one.posts
    }
    plans = []
    for number, unit in enumerate(demonstration.units):
        linked = places[unit].facility
        phones = {device.area: device for device in reversed(access.devices_of_unit(connection, unit))}
        areas = tuple(
            AreaPlan(
                area=area.place,
                name=area.name,
                account=phones[area.place].account,
                device=phones[area.place].device,
                households=demonstration.households,
                stories=demonstration.stories if area.place == demonstration.showcase.area else (),
                diligence=0.86 if area.place == demonstration.showcase.area else None,
                silent_days=demonstration.silent.get(area.place, 0),
                facts=access.facts_of_area(connection, unit, area.place),
            )
            for area in _areas(demonstration)
            if area.parent == unit
        )
        desks = tuple(
            DeskPlan(facility=places[place].code or "", account=nurses[place], device=_DESKS + place)
            for place in dict.fromkeys((linked, demonstration.hospital))
            if place in nurses
        )
        supervisor = (
            SupervisorPlan(account=supervisors[unit], device=_SUPERVISORS + number)
            if unit in supervisors
            else None
        )
        plans.append(UnitPlan(unit=unit, areas=areas, desks=desks, supervisor=supervisor))
    return plans


def _note_syncs(connection: Connection, pushed: list[Batch]) -> None:
    last: dict[int, Batch] = {batch.device: batch for batch in pushed if batch.waiting is not None}
    for device, batch in last.items():
        access.note_sync(connection, device, now=batch.received_at, waiting=0, skew_ms=0, app=None, pack=None)
