"""The comparison: the same visits as documents, by PouchDB from `pouchdb-server`, defaults throughout."""

from __future__ import annotations

import dataclasses
import http.client
import json
import pathlib
from collections.abc import Mapping, Sequence

from bench.browser import chromium
from bench.population import Visit
from bench.processes import BENCH
from bench.proxy import SlowRoad

_REPLICATE = """
async (remote) => {
  const started = performance.now();
  const local = new PouchDB('visits');
  const result = await local.replicate.from(remote);
  const took = performance.now() - started;
  return {took_ms: took, written: result.docs_written, held: (await local.info()).doc_count};
}
"""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Replication:
    """One first replication into a browser's IndexedDB. Times in seconds, `wire` in bytes both ways."""

    seconds: float
    requests: int
    wire: int
    documents: int


def document(visit: Visit) -> dict[str, object]:
    """The same visit as one document, the way document stores keep it: answers by name."""
    first = visit.events[0]
    return {
        "_id": f"visit:{first.id}",
        "type": "visit",
        "unit": first.unit,
        "area": first.area,
        "household": first.household,
        "author": first.author,
        "device": first.device,
        "occurred_at": first.occurred_at,
        "recorded_at": first.recorded_at,
        "reports": [
            {
                "kind": event.kind,
                "person": event.person,
                "form": event.form,
                "form_version": event.form_version,
                "answers": {
                    o.concept: o.number if o.number is not None else o.code or o.text
                    for o in event.observations
                },
            }
            for event in visit.events
        ],
    }


class Bulk:
    """Writes documents to a database of a `pouchdb-server`, on a connection that stays open."""

    def __init__(self, port: int, database: str) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
        self._database = database

    def create(self) -> None:
        """Make the database."""
        _ask(self._connection, "PUT", f"/{self._database}", None)

    def write(self, encoded: bytes) -> None:
        """Write documents, encoded by `encode`. Raises RuntimeError if one is refused."""
        answers = json.loads(_ask(self._connection, "POST", f"/{self._database}/_bulk_docs", encoded))
        refused = [answer for answer in answers if "error" in answer]
        if refused:
            raise RuntimeError(f"pouchdb-server refused a document: {refused[0]}")

    @staticmethod
    def encode(documents: Sequence[Mapping[str, object]]) -> bytes:
        """The body of a `_bulk_docs`."""
        return json.dumps({"docs": documents}, separators=(",", ":")).encode()


def fill(port: int, database: str, documents: Sequence[Mapping[str, object]], *, batch: int) -> None:
    """Create a database and write documents in batches."""
    bulk = Bulk(port, database)
    bulk.create()
    for start in range(0, len(documents), batch):
        bulk.write(Bulk.encode(documents[start : start + batch]))


def replicate(
    profile: pathlib.Path, port: int, database: str, *, round_trip_s: float, documents: int
) -> Replication:
    """Replicate a database into a new browser over the slow road. Raises if a document is missing."""
    with SlowRoad(port, round_trip_s) as road, chromium(profile) as context:
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{road.port}/")
        page.add_script_tag(path=str(BENCH / "node_modules" / "pouchdb" / "dist" / "pouchdb.min.js"))
        road.reset()
        result = page.evaluate(_REPLICATE, f"http://127.0.0.1:{road.port}/{database}")
        if result["held"] != documents:
            raise RuntimeError(f"PouchDB holds {result['held']} of {documents} documents")
        return Replication(
            seconds=result["took_ms"] / 1000,
            requests=road.requests,
            wire=road.sent + road.received,
            documents=result["held"],
        )


def _ask(connection: http.client.HTTPConnection, method: str, path: str, content: bytes | None) -> bytes:
    connection.request(method, path, content, {"Content-Type": "application/json"})
    response = connection.getresponse()
    answer = response.read()
    if response.status >= 400:
        raise RuntimeError(f"{method} {path}: {response.status} {answer[:300]!r}")
    return answer
