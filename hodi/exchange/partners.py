"""The systems that this house sends to, by name."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from hodi.exchange.outbox import Message

Sender = Callable[[Message], Awaitable[str]]
"""Sends one message and gives the partner's answer. It may be called again with a message that the partner
has already: the partner must know it by its key and revision. Raises `Refused` where trying again cannot
help; any other error means: later."""

SENDERS: Mapping[str, Sender] = {}
"""By the partner's name in `outbox`. What is addressed to a partner that is not here waits."""
