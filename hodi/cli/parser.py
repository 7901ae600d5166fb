"""What can be asked for on the command line."""

from __future__ import annotations

import argparse
import pathlib

from hodi.cli import backups, doors, pack, people, recovery, upkeep


def build_parser() -> argparse.ArgumentParser:
    """The parser; the chosen command's function is in `run`."""
    parser = argparse.ArgumentParser(
        prog="python -m hodi",
        description="Hodi, a community health system.",
        epilog="Settings are read from the environment: HODI_STORE, HODI_HOST, HODI_PORT, HODI_PACK.",
    )
    commands = parser.add_subparsers(required=True, metavar="command")

    def command(name: str, run: object, says: str) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=says, description=says)
        one.set_defaults(run=run)
        return one

    command("serve", doors.serve, "Serve the store at HODI_HOST:HODI_PORT.")
    command("demo", doors.demo, "Seed the demonstration if the store is empty, then serve it.")
    command("seed", upkeep.seed, "Seed the demonstration if the store is empty.")
    population = "Write a simulated population into the store."
    _simulation(command("simulate", upkeep.simulate_population, population))
    command("rebuild", upkeep.rebuild, "Throw the record away and fold it anew from the ledger.")
    copied = "Say that the store was restored from a copy; before it is served again."
    command("restored", recovery.restored, copied)
    command("clock", recovery.clock, "Say that this machine's clock is right, after it was not.")
    command("status", upkeep.status, "Say what the store holds.")
    backup = command("backup", backups.backup, "Copy the store to a file, also while it is being served.")
    backup.add_argument("file", type=pathlib.Path)
    restore = command("restore", backups.restore, "Make the store that HODI_STORE names from a copy.")
    restore.add_argument("file", type=pathlib.Path)
    command("content-check", pack.check, "Check the country pack and name every fault.")
    build = command("pack", pack.build, "Build the country pack for phones.")
    build.add_argument("action", choices=["build"])
    places = command("places", people.load_places, "Enter places in the register from a CSV file.")
    places.add_argument("action", choices=["load"])
    places.add_argument("file", type=pathlib.Path)
    _accounts(command("accounts", people.list_accounts, "List, make and repair accounts."))
    return parser


def _simulation(parser: argparse.ArgumentParser) -> None:
    for name, default, says in (
        ("--units", 1, "how many community health units"),
        ("--areas", 10, "promoters' areas in each"),
        ("--households", 100, "households in each area"),
        ("--months", 6, "months of history"),
    ):
        parser.add_argument(name, type=_count, default=default, metavar="N", help=f"{says} ({default})")
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="same seed, same people (1)")


def _accounts(parser: argparse.ArgumentParser) -> None:
    actions = parser.add_subparsers(metavar="action")
    actions.add_parser("list", help="List all accounts.").set_defaults(run=people.list_accounts)
    create = actions.add_parser("create", help="Make an account; asks for its password.")
    create.add_argument("username")
    create.add_argument("name", help="the name that is shown")
    create.add_argument("role", choices=people.ROLES)
    create.add_argument("posts", nargs="*", type=int, help="numbers of the places she works at")
    create.add_argument("--language", help="one of the country pack's; its first if none is given")
    create.add_argument("--phone")
    create.set_defaults(run=people.create_account)
    load = actions.add_parser("load", help="Make the accounts of a CSV file.")
    load.add_argument("file", type=pathlib.Path)
    load.add_argument("passwords", type=pathlib.Path, help="where to write their passwords; must not exist")
    load.set_defaults(run=people.load_accounts)
    password = actions.add_parser("password", help="Give an account another password; asks for it.")
    password.add_argument("username")
    password.set_defaults(run=people.reset_password)


def _count(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError("must be a number of 1 or more")
    return int(text)
