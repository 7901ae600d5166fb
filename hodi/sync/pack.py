"""The content pack as phones receive it (phone/src/domain/pack.ts)."""

from __future__ import annotations

import pathlib

import msgspec


class PackArtifact(msgspec.Struct, frozen=True):
    """The pack as JSON and gzipped JSON; `version` is the hash of its content."""

    version: str
    content: bytes
    gzipped: bytes


def build_pack(folder: pathlib.Path) -> PackArtifact:
    """Compile a country pack. Raises the content room's errors for what is wrong in it."""
    raise NotImplementedError
