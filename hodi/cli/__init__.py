"""The command line: `python -m hodi …`. What goes wrong ends in one sentence and an exit code, never in a
stack trace.

Reading order: parser (what can be asked for), doors (serve, demo), upkeep (seed, simulate, rebuild,
status), people (accounts, places), pack (content), console (how it speaks).
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

import psycopg

from hodi.cli.console import Stop
from hodi.cli.parser import build_parser
from hodi.config import Config, SettingError, from_environment
from hodi.content import ContentError
from hodi.errors import HodiError
from hodi.record import StepError
from hodi.signals import CaseError, RuleError

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command; exits with 1 and a sentence if it could not be done."""
    chosen = build_parser().parse_args(arguments)
    try:
        chosen.run(chosen, _config())
    except Stop as stop:
        sys.exit(str(stop))
    except HodiError as error:
        sys.exit(f"{error.problem.says}{f' ({error.detail})' if error.detail else ''}")
    except ContentError as error:
        sys.exit(f"{error}\nThe country pack has faults; see all with: python -m hodi content-check")
    except (CaseError, RuleError, StepError) as error:
        sys.exit(f"The country pack's SQL has a fault: {error}")
    except psycopg.OperationalError as error:
        says = str(error).strip().partition("\n")[0]
        sys.exit(f"PostgreSQL does not answer at the address in HODI_STORE: {says}")
    except KeyboardInterrupt:
        sys.exit(130)


def _config() -> Config:
    try:
        return from_environment()
    except SettingError as error:
        raise Stop(str(error)) from None
