"""Every setting, read once from the environment. There is no other place."""

from __future__ import annotations

import dataclasses
import os
import pathlib

from hodi.logs import LEVELS

ROOT = pathlib.Path(__file__).resolve().parent.parent
DEFAULT_PACK = ROOT / "content" / "kenya"

_LOOPBACK = "127.0.0.1,::1"


class SettingError(Exception):
    """A setting cannot be what it is; the message names it and says what it may be."""


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config:
    """Settings of one server process.

    `store`: `sqlite:///path` or `postgresql://…`. `pack`: folder of the country pack. `app`: folder
    of the built phone app. `host`, `port`: where to listen. `secure_cookies`: 1 behind TLS.
    `proxies`: addresses of the proxies that may say whom they speak for, with commas between.
    `monitors`: addresses that may read /metrics, with commas between. `log`: from which level on the
    log is written (debug, info, warning, error).
    `demo`: 1 shows on the front page that the people in the store are invented.
    """

    store: str
    pack: pathlib.Path
    app: pathlib.Path
    host: str
    port: int
    secure_cookies: bool
    proxies: str = _LOOPBACK
    monitors: str = _LOOPBACK
    log: str = "info"
    demo: bool = False


def from_environment(environ: dict[str, str] | None = None) -> Config:
    """Settings from HODI_STORE, HODI_PACK, HODI_APP, HODI_HOST, HODI_PORT, HODI_SECURE_COOKIES,
    HODI_PROXIES, HODI_MONITORS, HODI_LOG, HODI_DEMO. Raises SettingError, which names what is wrong."""
    env = os.environ if environ is None else environ
    return Config(
        store=env.get("HODI_STORE", f"sqlite:///{ROOT / 'var' / 'hodi.db'}"),
        pack=pathlib.Path(env.get("HODI_PACK", DEFAULT_PACK)),
        app=pathlib.Path(env.get("HODI_APP", ROOT / "phone" / "dist")),
        host=env.get("HODI_HOST", "127.0.0.1"),
        port=_port(env.get("HODI_PORT", "8000")),
        secure_cookies=env.get("HODI_SECURE_COOKIES", "0") == "1",
        proxies=env.get("HODI_PROXIES", _LOOPBACK),
        monitors=env.get("HODI_MONITORS", _LOOPBACK),
        log=_level(env.get("HODI_LOG", "info")),
        demo=env.get("HODI_DEMO", "0") == "1",
    )


def _port(given: str) -> int:
    if not given.isdecimal() or int(given) > 65_535:
        raise SettingError("HODI_PORT must be a number up to 65535.")
    return int(given)


def _level(given: str) -> str:
    if given not in LEVELS:
        raise SettingError(f"HODI_LOG must be one of {', '.join(LEVELS)}.")
    return given
