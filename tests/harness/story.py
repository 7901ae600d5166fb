"""Telling a story in facts: each function states events through the front door, as a promoter would."""

from __future__ import annotations

import pathlib

from hodi import indicators, record
from hodi.db import Connection
from hodi.domain import DAY_MS, day_of
from hodi.events import DESK, Draft, mint_ids, state
from tests import cast
from tests.contract.rules import evaluate
from tests.harness.events import IN_KENYA, Country, observations

PACK: pathlib.Path = IN_KENYA.folder


class Story:
    """A store's story at the instant `now` (ms), in a country's pack. Days are counted back from it."""

    def __init__(self, connection: Connection, now: int, pack: pathlib.Path = PACK) -> None:
        self.c = connection
        self.now = now
        self.country = Country(pack)
        self.rules = self.country.rules

    @property
    def today(self) -> int:
        """The local day of the story."""
        return day_of(self.now, self.rules.zone)

    def tell(
        self,
        kind: str,
        *,
        unit: int = cast.UMOJA.place,
        days_ago: float = 0,
        id_: int | None = None,
        author: int = cast.PROMOTER.account,
        area: int | None = None,
        household: int | None = None,
        person: int | None = None,
        visit: int | None = None,
        form: str | None = None,
        target: int | None = None,
        **values: float | str,
    ) -> int:
        """State one event; values are numbers or codes/texts by concept. Gives its id."""
        id_ = id_ or mint_ids(self.c, 1, writer=DESK)[0]
        draft = Draft(
            unit=unit,
            kind=kind,
            id=id_,
            area=area,
            household=household,
            person=person,
            visit=visit,
            form=form,
            target=target,
            occurred_at=self.now - round(days_ago * DAY_MS),
            observations=observations(self.country, **values),
        )
        [receipt] = state(self.c, author=author, drafts=[draft], now=self.now, rules=self.rules)
        assert receipt.verdict == "accepted", receipt
        return id_

    def household(
        self,
        head: str,
        *,
        area: int = cast.AREA_A.place,
        unit: int = cast.UMOJA.place,
        author: int = cast.PROMOTER.account,
        days_ago: float = 200,
        **values: float | str,
    ) -> int:
        """Register a household; gives its number."""
        number = mint_ids(self.c, 1, writer=DESK)[0]
        self.tell(
            "household.registered",
            unit=unit,
            area=area,
            household=number,
            author=author,
            days_ago=days_ago,
            head_name=head,
            **values,
        )
        return number

    def person(
        self,
        household: int,
        given: str,
        family: str,
        *,
        sex: str = "female",
        age_days: int = 700,
        unit: int = cast.UMOJA.place,
        author: int = cast.PROMOTER.account,
        days_ago: float = 200,
        **values: float | str,
    ) -> int:
        """Register a member; gives her number."""
        number = mint_ids(self.c, 1, writer=DESK)[0]
        self.tell(
            "person.registered",
            unit=unit,
            household=household,
            person=number,
            author=author,
            days_ago=days_ago,
            given_name=given,
            family_name=family,
            sex=sex,
            birth_day=self.today - age_days,
            birth_estimated=0,
            **values,
        )
        return number

    def visit(
        self,
        household: int,
        *,
        area: int = cast.AREA_A.place,
        unit: int = cast.UMOJA.place,
        author: int = cast.PROMOTER.account,
        days_ago: float = 0,
        outcome: str = "done",
    ) -> int:
        """Call at a household; gives the visit's number."""
        number = mint_ids(self.c, 1, writer=DESK)[0]
        return self.tell(
            "visit.made",
            unit=unit,
            area=area,
            household=household,
            visit=number,
            id_=number,
            author=author,
            days_ago=days_ago,
            visit_outcome=outcome,
        )

    def assess(
        self,
        household: int,
        person: int,
        *,
        form: str = "under_five",
        unit: int = cast.UMOJA.place,
        author: int = cast.PROMOTER.account,
        visit: int | None = None,
        days_ago: float = 0,
        **values: float | str,
    ) -> int:
        """Assess a member."""
        return self.tell(
            "assessment.recorded",
            unit=unit,
            household=household,
            person=person,
            form=form,
            visit=visit,
            author=author,
            days_ago=days_ago,
            **values,
        )

    def refer(
        self,
        household: int,
        person: int,
        *,
        code: str,
        class_: str = "urgent",
        days_ago: float = 0,
        facility: str = "90004",
        reason: str = "danger_sign",
        unit: int = cast.UMOJA.place,
        author: int = cast.PROMOTER.account,
        due_h: float = 24,
        escalate_h: float = 48,
        **values: float | str,
    ) -> int:
        """Refer a member; gives the referral's number."""
        made_at = self.now - round(days_ago * DAY_MS)
        return self.tell(
            "referral.made",
            unit=unit,
            household=household,
            person=person,
            author=author,
            days_ago=days_ago,
            referral_code=code,
            referral_class=class_,
            referral_facility=facility,
            referral_reason=reason,
            referral_due_at=made_at + round(due_h * 3_600_000),
            referral_escalate_at=made_at + round(escalate_h * 3_600_000),
            **values,
        )

    def fold(self) -> None:
        """Bring record, signals and indicators up to date."""
        more = True
        while more:
            folded = record.fold(self.c, record.load_record_schema(PACK), households_max=500)
            evaluate(self.c, folded.households, today=self.today, now=self.now)
            for unit in folded.units:
                indicators.rebuild(
                    self.c,
                    indicators.load_indicators(PACK),
                    unit,
                    today=self.today,
                    now=self.now,
                    months_back=indicators.load_limits(PACK).months_back,
                )
            more = folded.more


def falling_arm(story: Story, household: int, person: int) -> None:
    """Three measurements, each lower: what NUT_DECLINE looks for."""
    for days_ago, muac in ((60, 140), (30, 133), (1, 126)):
        visit = story.visit(household, days_ago=days_ago)
        story.assess(
            household,
            person,
            visit=visit,
            days_ago=days_ago,
            muac_mm=muac,
            weight_kg=10,
            length_cm=82,
            measured_position="lying",
        )
