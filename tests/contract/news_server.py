"""A real server for tests/contract/news.test.ts: the cast, a promoter's referral, and a nurse who states an
outcome when she is told to. One line in, one line out."""

from __future__ import annotations

import json
import pathlib
import sys
import tempfile

from hodi.clock import system_clock
from hodi.config import ROOT
from hodi.db import open_store
from hodi.domain import Observation
from hodi.events import Draft, load_rules, state
from tests.cast import NURSE, PROMOTER, seat
from tests.harness.serve import served

RULES = load_rules(ROOT / "content" / "kenya")


def main() -> None:
    """`outcome` states one for the last referral received; `away` and `back` stop and start the server."""
    with tempfile.TemporaryDirectory() as folder:
        store = open_store(f"sqlite:///{pathlib.Path(folder) / 'hodi.db'}")
        store.write_now(lambda c: seat(c, system_clock()))
        server = served(store)
        port = int(server.url.rsplit(":", 1)[1])
        print(json.dumps({"url": server.url, "token": PROMOTER.token, "device": PROMOTER.device}), flush=True)
        for line in sys.stdin:
            asked = line.strip()
            if asked == "away":
                server.stop()
            elif asked == "back":
                server = served(store, port=port)
            else:
                [[unit, household, person, referral]] = store.read_now(
                    lambda c: c.rows(
                        "SELECT unit, household, person, id FROM event WHERE kind = 'referral.made' "
                        "ORDER BY seq DESC LIMIT 1"
                    )
                )
                said = (
                    Observation(concept="evidence", code="facility_desk"),
                    Observation(concept="referral_outcome", code="treated"),
                )
                draft = Draft(
                    unit=unit, kind="referral.seen", household=household, person=person, target=referral,
                    observations=said,
                )  # fmt: skip
                store.write_now(
                    lambda c, draft=draft: state(
                        c, author=NURSE.account, drafts=[draft], now=system_clock(), rules=RULES
                    )
                )
            print(json.dumps({"done": asked}), flush=True)
        server.stop()
        store.close()


if __name__ == "__main__":
    main()
