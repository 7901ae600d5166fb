"""Passwords as argon2id hashes, computed on threads of their own with a short queue: a burst of log-ins can
neither hold up the event loop and the stores' threads nor pile up without end."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import os
import secrets
from collections.abc import AsyncIterator, Callable
from typing import TypeVar

import argon2

from hodi.errors import LOGIN_BUSY, HodiError

T = TypeVar("T")

QUEUE_MAX = 64
"""Hashes that run or wait in one process; whoever comes then is told to try again."""
_THREADS = max(1, min(4, (os.cpu_count() or 2) - 1))

# 19 MiB and two passes: the least that OWASP's password storage guide allows for argon2id (2024).
_hasher = argon2.PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
UNKNOWN = _hasher.hash("nobody has this password")
"""Checked where there is no such account, so that an unknown username takes as long."""


def new_password() -> str:
    """A password of our making: four groups of three letters not mistaken for one another, 59 bits."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(3)) for _ in range(4))


def hash_password(password: str) -> str:
    """The argon2id hash that is stored. Takes about 20 ms: on the event loop use `HashingPool.hash`."""
    return _hasher.hash(password)


def is_right(password_hash: str, password: str) -> bool:
    """Whether a password is the one that was hashed."""
    try:
        return argon2.PasswordHasher().verify(password_hash, password.encode("utf-8", "replace"))
    except argon2.exceptions.VerificationError:
        return False


class HashingPool:
    """Computes hashes for one process. A place in the queue is taken before anything else is done for a
    log-in, so that what is refused for want of room has cost nothing and counts as no attempt."""

    def __init__(self, queue_max: int = QUEUE_MAX) -> None:
        self._queue_max = queue_max
        self._taken = 0
        self._pool = concurrent.futures.ThreadPoolExecutor(_THREADS, thread_name_prefix="argon2")

    @contextlib.asynccontextmanager
    async def place(self) -> AsyncIterator[None]:
        """A place in the queue. Raises LOGIN_BUSY if there is none."""
        if self._taken >= self._queue_max:
            raise HodiError(LOGIN_BUSY, "password")
        self._taken += 1
        try:
            yield
        finally:
            self._taken -= 1

    async def hash(self, password: str) -> str:
        """`hash_password` on one of the threads. Raises LOGIN_BUSY."""
        async with self.place():
            return await self._run(lambda: hash_password(password))

    async def is_right(self, password_hash: str, password: str) -> bool:
        """`is_right` on one of the threads; the caller holds a `place`."""
        return await self._run(lambda: is_right(password_hash, password))

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._pool, work)


POOL = HashingPool()
"""The pool of this process."""
