"""Every setting, read once from the environment. There is no other place."""

from __future__ import annotations

import dataclasses
import os
import pathlib

ROOT = pathlib.Path(__file__).resolve().parent.parent


@dataclasses.dataclass(frozen=True, kw_only=True)
class Config:
    """Settings of one server process.

    `store`: `sqlite:///path` or `postgresql://…`. `pack`: folder of the country pack. `app`: folder
    of the built phone app. `host`, `port`: where to listen. `secure_cookies`: 1 behind TLS.
    `proxies`: addresses of the proxies that may say whom they speak for, with commas between.
    `demo`: 1 shows on the front page that the people in the store are invented.
    """

    store: str
    pack: pathlib.Path
    app: pathlib.Path
    host: str
    port: int
    secure_cookies: bool
    proxies: str = "127.0.0.1,::1"
    demo: bool = False


def from_environment(environ: dict[str, str] | None = None) -> Config:
    """Settings from HODI_STORE, HODI_PACK, HODI_APP, HODI_HOST, HODI_PORT, HODI_SECURE_COOKIES,
    HODI_PROXIES, HODI_DEMO."""
    env = os.environ if environ is None else environ
    return Config(
        store=env.get("HODI_STORE", f"sqlite:///{ROOT / 'var' / 'hodi.db'}"),
        pack=pathlib.Path(env.get("HODI_PACK", ROOT / "content" / "kenya")),
        app=pathlib.Path(env.get("HODI_APP", ROOT / "phone" / "dist")),
        host=env.get("HODI_HOST", "127.0.0.1"),
        port=int(env.get("HODI_PORT", "8000")),
        secure_cookies=env.get("HODI_SECURE_COOKIES", "0") == "1",
        proxies=env.get("HODI_PROXIES", "127.0.0.1,::1"),
        demo=env.get("HODI_DEMO", "0") == "1",
    )
