"""How phones hand in and fetch (contract/sync.md): push, pull, token, snapshot, and the pack.

`push` and `pull` are plain functions on a connection, so that a simulation can run the real server
without HTTP. `GroupCommit` joins the pushes of many phones into common transactions; `WaitingPhones` holds
the requests of those that wait for urgent news.
"""

from hodi.sync.group_commit import GroupCommit
from hodi.sync.pack import PackArtifact, build_pack
from hodi.sync.push import push
from hodi.sync.request import WIRE_BYTES_MAX, Request, read_request
from hodi.sync.response import PullResponse, pull
from hodi.sync.restored import note_restored
from hodi.sync.snapshot import Snapshot, SnapshotShelf, build_snapshot
from hodi.sync.token import call_resync
from hodi.sync.waiting import WaitingPhones

__all__ = [
    "WIRE_BYTES_MAX",
    "GroupCommit",
    "PackArtifact",
    "PullResponse",
    "Request",
    "Snapshot",
    "SnapshotShelf",
    "WaitingPhones",
    "build_pack",
    "build_snapshot",
    "call_resync",
    "note_restored",
    "pull",
    "push",
    "read_request",
]
