"""`serve` and `demo`."""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import socket
from collections.abc import Iterator

from hodi.cli import upkeep
from hodi.cli.console import Stop, say, show
from hodi.cli.stores import opened
from hodi.config import Config
from hodi.simulate.demonstration import load_demonstration

_PAGES = {
    "promoter": ("/app/", "promoter: the phone app"),
    "supervisor": ("/board", "her supervisor: the live board"),
    "nurse": ("/desk", "nurse: the facility's desk"),
    "officer": ("/places", "officer: figures"),
    "admin": ("/admin", "administrator: accounts, phones"),
}


def serve(_: argparse.Namespace, config: Config) -> None:
    """Serve the store until stopped."""
    from hodi import server  # what the other commands need not wait for

    with _listening(config) as listener, opened(config) as store:
        say(f"Hodi serves at {_address(config)}")
        server.serve(config, store, listener)


def demo(_: argparse.Namespace, config: Config) -> None:
    """Seed the demonstration if there is none, say where it is and who can log in, and serve it."""
    if not (config.app / "index.html").exists():
        raise Stop("The phone app has not been built. Build it with: make app")
    from hodi import server

    with _listening(config) as listener, opened(config) as store:
        upkeep.seed_into(store, config)
        _welcome(config)
        # Whoever tries it out reads the lines above, not one for every request.
        server.serve(dataclasses.replace(config, log="warning"), store, listener)


@contextlib.contextmanager
def _listening(config: Config) -> Iterator[socket.socket]:
    from hodi import server

    try:
        listener = server.listen(config)
    except server.PortInUse:
        raise Stop(
            f"Something else listens on port {config.port} already. Stop it, or choose another port: "
            f"HODI_PORT={config.port + 1} make demo"
        ) from None
    except OSError as error:
        raise Stop(f"Hodi cannot listen on {config.host}, port {config.port}: {error.strerror}.") from None
    with contextlib.closing(listener):
        yield listener


def _address(config: Config) -> str:
    host = "localhost" if config.host in ("127.0.0.1", "0.0.0.0", "::", "::1") else config.host
    return f"http://{host}:{config.port}"


def _welcome(config: Config) -> None:
    demonstration = load_demonstration(config.pack)
    say()
    say(f"Hodi is at {_address(config)}")
    say(f"Everybody's password is {demonstration.password}")
    say()
    show(
        ("username", "address", "who"),
        (
            (one.username, _address(config) + _PAGES[one.role][0], _PAGES[one.role][1])
            for one in demonstration.accounts
            if one.role in _PAGES
        ),
    )
    say()
    say("Nobody in it exists. Stop with Ctrl-C; `make reset` throws the data away.")
