"""The comparison: the same visits as documents, by PouchDB from `pouchdb-server`, defaults throughout."""

from __future__ import annotations

import dataclasses
import http.client
import json
import pathlib
import time
from collections.abc import Sequence

from bench.browser import chromium
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


def fill(port: int, database: str, documents: Sequence[dict[str, object]], *, batch: int) -> list[float]:
    """Create a database and write documents by `_bulk_docs`, one connection; seconds of each batch."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)
    _ask(connection, "PUT", f"/{database}", None)
    took = []
    for start in range(0, len(documents), batch):
        content = json.dumps({"docs": documents[start : start + batch]}, separators=(",", ":")).encode()
        before = time.perf_counter()
        answers = json.loads(_ask(connection, "POST", f"/{database}/_bulk_docs", content))
        took.append(time.perf_counter() - before)
        refused = [answer for answer in answers if "error" in answer]
        if refused:
            raise RuntimeError(f"pouchdb-server refused a document: {refused[0]}")
    connection.close()
    return took


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
