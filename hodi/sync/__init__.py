"""How phones hand in and fetch (contract/sync.md): push, pull, token, snapshot, and the pack.

`push` and `pull` are plain functions on a connection, so that a simulation can run the real server
without HTTP. `Exchange` joins the pushes of many phones into common transactions.
"""

from hodi.sync.exchange import Exchange
from hodi.sync.pack import PackArtifact, build_pack
from hodi.sync.pull import pull
from hodi.sync.push import push
from hodi.sync.request import Request, read_request
from hodi.sync.snapshot import Snapshot, build_snapshot

__all__ = [
    "Exchange",
    "PackArtifact",
    "Request",
    "Snapshot",
    "build_pack",
    "build_snapshot",
    "pull",
    "push",
    "read_request",
]
