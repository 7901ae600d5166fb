"""What the background work counts, for /metrics."""

from __future__ import annotations

from prometheus_client import Counter, Gauge

processed = Counter("hodi_background_items", "Items that a consumer has processed", ["consumer"])
failures = Counter("hodi_background_failures", "Batches of a consumer that failed", ["consumer"])
set_aside = Gauge("hodi_background_set_aside", "Items that a consumer has set aside", ["consumer"])
delivered = Counter(
    "hodi_outbox_messages", "Messages that were sent, by what came of it", ["partner", "state"]
)
