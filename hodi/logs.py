"""The log: one JSON object a line, on standard error. It names requests, numbers and kinds of error, never a
person: neither names nor addresses nor what somebody typed, and of an error only where it arose, because its
words may quote a row."""

from __future__ import annotations

import contextvars
import datetime
import json
import logging
import sys
import traceback
from typing import TextIO

request_id: contextvars.ContextVar[str | None] = contextvars.ContextVar("request_id", default=None)
"""The request that is being answered; every line written meanwhile carries it."""

LEVELS = {"debug": logging.DEBUG, "info": logging.INFO, "warning": logging.WARNING, "error": logging.ERROR}
_FRAMES_MAX = 12


class JsonLines(logging.Formatter):
    """A record as a line of JSON: `at`, `level`, `logger`, `says`, `request`, what was given as `fields`, and
    for an error its kinds (itself and its causes) with the places it passed."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        at = datetime.datetime.fromtimestamp(record.created, datetime.UTC)
        line: dict[str, object] = {
            "at": at.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "says": record.getMessage(),
        }
        if (request := request_id.get()) is not None:
            line["request"] = request
        line.update(getattr(record, "fields", {}))
        if record.exc_info and record.exc_info[1] is not None:
            line["error"] = [_kind(error) for error in _with_causes(record.exc_info[1])]
        return json.dumps(line, ensure_ascii=False)


def write_logs(level: str, stream: TextIO | None = None) -> None:
    """Send the whole process's log to `stream` from now on, as JSON lines. Raises KeyError for a level that
    is not in LEVELS."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("hodi").setLevel(LEVELS[level])


def _with_causes(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    following: BaseException | None = error
    while following is not None and following not in found:
        found.append(following)
        following = following.__cause__ or following.__context__
    return found


def _kind(error: BaseException) -> dict[str, object]:
    frames = traceback.extract_tb(error.__traceback__)[-_FRAMES_MAX:]
    where = [f"{frame.filename.rpartition('/')[2]}:{frame.lineno} {frame.name}" for frame in frames]
    return {"kind": type(error).__name__, "where": where}
