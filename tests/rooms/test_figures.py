"""Figures for those who may see no person: what is not shown cannot be found; each number has its list."""

from __future__ import annotations

import datetime
import html
import re
from collections.abc import Callable

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hodi.db import Connection, Store
from hodi.domain import DAY_MS, day_of
from hodi.domain.times import day_of_date, month_of
from hodi.indicators import (
    Cell,
    Figures,
    Limits,
    Total,
    figures,
    load_indicators,
    load_limits,
    percent,
    protect,
)
from tests import cast
from tests.cast import ZONE
from tests.harness.serve import Served
from tests.harness.story import PACK, Story, falling_arm
from tests.rooms.test_web import log_in

NOW = day_of_date(datetime.date(2026, 10, 20)) * DAY_MS + 9 * 3_600_000
TODAY = day_of(NOW, ZONE)
BELOW = 5

_pair = st.integers(0, 40).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))
_counts = st.lists(st.tuples(st.integers(0, 40), st.none()), min_size=1, max_size=6)
_shares = st.lists(_pair, min_size=1, max_size=6)


@pytest.fixture
def limits() -> Limits:
    return load_limits(PACK)


def small(number: int) -> bool:
    return 0 < number < BELOW


@given(st.one_of(_counts, _shares))
def test_nothing_that_is_not_shown_can_be_found_from_what_is(pairs: list[tuple[int, int | None]]) -> None:
    """For each cell that is not shown there are other truths, with another number of people in every part
    that is small, that give the very same page: so no reader can tell which one holds."""
    page = protect(pairs, below=BELOW)
    for at, (count, of) in enumerate(pairs):
        if page[0][at].shown:
            parts = (count,) if of is None else (count, of, of - count)
            assert not any(map(small, parts)) and (page[0][at].count, page[0][at].of) == (count, of)
            continue
        others = (
            [(n, None) for n in range(41)]
            if of is None
            else [(n, d) for d in range(41) for n in range(d + 1)]
        )
        alike = [
            other for other in others if protect([*pairs[:at], other, *pairs[at + 1 :]], below=BELOW) == page
        ]
        assert (count, of) in alike
        assert len({other[0] for other in alike}) > 1, "its numerator can be computed"
        if of is not None:
            assert len({other[1] for other in alike}) > 1, "its denominator can be computed"
            assert len({other[1] - other[0] for other in alike}) > 1, "who is missing can be computed"  # type: ignore[operator]
            # Even to whom the denominator is known, from another month or another page.
            same = {other[0] for other in alike if other[1] == of}
            assert of < 2 or len(same) > 1, "its numerator can be computed from the denominator"


def test_what_two_lack_is_as_small_as_two() -> None:
    cells, total = protect([(13, 15), (20, 20), (0, 9), (9, 20)], below=BELOW)
    assert [cell.shown for cell in cells] == [False, True, True, True]
    assert cells[0] == Cell(count=0, of=0, shown=False)
    assert total == Total(sum=Cell(count=29, of=49), cells=3, all_cells=4)
    cells, total = protect([(2, None), (3, None)], below=BELOW)
    assert not any(cell.shown for cell in cells) and not total.sum.shown
    assert protect([(1, 2)], below=0)[0] == [Cell(count=1, of=2)]
    with pytest.raises(ValueError, match="small counts"):
        protect([(1, 2)], below=2)


@pytest.mark.parametrize(
    ("count", "of", "says"),
    [
        (0, 7, "0"),
        (7, 7, "100"),
        (1, 300, "<1"),
        (299, 300, ">99"),
        (1, 100, "1"),
        (99, 100, "99"),
        (2, 3, "67"),
    ],
)
def test_per_cent_is_all_only_if_it_is_all(count: int, of: int, says: str) -> None:
    assert percent(count, of) == says


@given(st.integers(1, 5000), st.integers(0, 5000))
def test_no_share_is_rounded_to_none_or_all(of: int, count: int) -> None:
    count = min(count, of)
    assert (percent(count, of) == "100") == (count == of)
    assert (percent(count, of) == "0") == (count == 0)


def told(store: Store) -> None:
    """Eleven households of a unit were visited, six of their eleven children assessed, each of them with
    an arm that gets thinner; in the unit beside one household was visited."""
    store.write_now(lambda c: cast.seat(c, NOW - 300 * DAY_MS))

    def tell(c: Connection) -> None:
        story = Story(c, NOW)
        for number in range(11):
            home = story.household(f"Mkuu {number}")
            child = story.person(home, f"Amina {number}", "Otieno")
            story.person(home, f"Baraka {number}", "Otieno", age_days=9000)
            story.visit(home, days_ago=2)
            story.refer(home, child, code=f"K7M2P{number:02}", days_ago=0.1)
            if number < 6:
                falling_arm(story, home, child)
        near = story.household("Few", area=21, unit=20, author=cast.STRANGER.account)
        story.visit(near, area=21, unit=20, author=cast.STRANGER.account, days_ago=2)
        story.fold()

    store.write_now(tell)


def shown(store: Store, limits: Limits, place: int, month: int, *, hidden: tuple[str, ...] = ()) -> Figures:
    return store.read_now(
        lambda c: figures(
            c,
            load_indicators(PACK),
            place=place,
            month=month,
            today=TODAY,
            now=NOW,
            suppress_below=limits.suppress_below,
            counted=lambda code: code not in hidden,
        )
    )


def test_figures_count_people_of_the_month_and_hide_the_few(store: Store, limits: Limits) -> None:
    told(store)
    month = month_of(TODAY)
    now = shown(store, limits, cast.KIJANI.place, month)
    umoja, jirani = (one.unit for one in sorted(now.units, key=lambda one: one.unit))
    visited, synced = now.column("HOUSEHOLDS_VISITED"), now.column("PROMOTERS_SYNCED")
    assert visited.cells[umoja] == Cell(count=11, of=11)
    assert now.column("UNDER_FIVES_ASSESSED").cells[umoja] == Cell(count=6, of=11)
    assert now.column("REFERRALS_ARRIVED").cells[umoja] == Cell(count=0, of=11)
    assert visited.cells[jirani] == Cell(count=0, of=0, shown=False)
    # 12 of 12 less 11 of 11 would give the 1 away: the total is that of the units shown.
    assert visited.total == Total(sum=Cell(count=11, of=11), cells=1, all_cells=2)
    assert (synced.cells[jirani], synced.total.sum) == (Cell(count=0, of=1), Cell(count=0, of=3))
    assert now.column("SIGNALS_OPEN", "NUT_DECLINE").cells[umoja] == Cell(count=6)
    before = shown(store, limits, cast.COUNTY.place, month - 1)
    cells = [before.column("HOUSEHOLDS_VISITED").cells[one.unit] for one in before.units]
    assert cells == [Cell(count=0, of=0, shown=False), Cell(count=6, of=11)]
    assert [one.indicator.code for one in before.columns] == [
        "HOUSEHOLDS_VISITED",
        "UNDER_FIVES_ASSESSED",
        "REFERRALS_ARRIVED",
    ]


def test_what_lists_may_not_name_has_no_column(store: Store, limits: Limits) -> None:
    told(store)
    all_of_them = shown(store, limits, 2, month_of(TODAY))
    named = {one.cell for one in all_of_them.columns if one.cell}
    assert "NUT_DECLINE" in named
    hidden = shown(store, limits, 2, month_of(TODAY), hidden=tuple(named))
    assert not any(one.cell for one in hidden.columns)


@pytest.fixture
def officer(sqlite_store: Store, serve: Callable[..., Served]) -> httpx.Client:
    """The officer's browser, logged in, on the day of the story."""
    told(sqlite_store)
    browser = httpx.Client(base_url=serve(sqlite_store, clock=lambda: NOW).url)
    assert log_in(browser, cast.OFFICER.username).status_code == 303
    return browser


def rows_behind(browser: httpx.Client, address: str) -> int:
    """How many rows the list at an address has, over all its pages."""
    rows = 0
    while True:
        page = browser.get(address)
        assert page.status_code == 200, address
        rows += page.text.count("data-row")
        after = re.search(r'rel="next" href="([^"]+)"', page.text)
        if after is None:
            return rows
        address = html.unescape(after.group(1))


def counts_on(page: str) -> list[tuple[int, str]]:
    """Every number on a page, with the list that it opens."""
    found = re.findall(r'data-count="(\d+)" href="([^"]+)"', page)
    return [(int(number), html.unescape(address)) for number, address in found]


def test_every_number_opens_a_list_of_as_many_rows(officer: httpx.Client) -> None:
    for address in ("/places", f"/places?month={month_of(TODAY) - 1}"):
        page = officer.get(address).text
        numbers = counts_on(page)
        assert len(numbers) > 10
        for number, list_ in numbers:
            assert rows_behind(officer, list_) == number, list_
        bare = re.sub(
            r'<a class="count-link.*?</a>|<span class="pct">.*?</span>|<small>.*?</small>', "", page
        )
        cells = re.findall(r"<td[^>]*>(.*?)</td>", bare, re.DOTALL)
        assert cells and not any(re.search(r"\d", re.sub(r"<[^>]*>", "", cell)) for cell in cells)


def test_the_lists_hold_nobodys_name_and_nothing_of_what_is_not_shown(officer: httpx.Client) -> None:
    lists = [address for _, address in counts_on(officer.get("/places").text)]
    for address in lists:
        page = officer.get(address).text
        assert not re.search(r"Amina|Baraka|Otieno|Mkuu|Few|K7M2", page), address
        assert not re.search(r"/(people|households|signals)/", page), address
    hidden = "/places/2/list/HOUSEHOLDS_VISITED?within=20"
    assert officer.get(hidden).status_code == 404
    assert officer.get("/places/2/list/HOUSEHOLDS_VISITED?within=10").status_code == 200
    assert officer.get("/places/2/list/SIGNALS_OPEN?within=10&cell=NOTHING").status_code == 404
    assert officer.get("/places/1/list/HOUSEHOLDS_VISITED").status_code == 403


def test_a_page_has_the_places_two_levels_below_and_leads_down_to_them(
    sqlite_store: Store, serve: Callable[..., Served]
) -> None:
    told(sqlite_store)
    browser = httpx.Client(base_url=serve(sqlite_store, clock=lambda: NOW).url)
    assert log_in(browser, cast.COUNTY_OFFICER.username).status_code == 303
    county = browser.get("/places").text
    assert '<th scope="col">Ward</th>' in county and '<a href="/places/3?' in county
    assert '<a href="/places/2?month=202610">Kijani sub-county</a>' in county and "Umoja" not in county
    # Of the ward's two units the one with few people counts in no sum, on this page as on any other.
    visited = [(number, list_) for number, list_ in counts_on(county) if "HOUSEHOLDS_VISITED" in list_]
    assert [number for number, _ in visited] == [11, 11, 11, 11], "the row and the total"
    assert "within=3" in visited[0][1] and rows_behind(browser, visited[0][1]) == 11
    assert county.count("1 of 2 units") >= 2
    ward = browser.get("/places/3").text
    assert '<th scope="col">Community unit</th>' in ward and "Umoja" in ward and 'class="group"' not in ward
    assert "Kaunti county</a> › " in ward and "Kijani sub-county</a> › " in ward
    for place in (cast.UMOJA.place, cast.ZAHANATI.place, cast.AREA_A.place):
        assert browser.get(f"/places/{place}").status_code == 404, "no place above the unit"


def test_what_is_known_of_today_alone_leaves_other_months(officer: httpx.Client) -> None:
    now, before = (officer.get(f"/places?month={month_of(TODAY) - n}").text for n in (0, 1))
    assert "Growth is going down" in now and "open today" in now
    assert "Growth is going down" not in before and "left out" in before
    old = f"/places/2/list/SIGNALS_OPEN?within=10&cell=NUT_DECLINE&month={month_of(TODAY) - 1}"
    assert officer.get(old).status_code == 404
