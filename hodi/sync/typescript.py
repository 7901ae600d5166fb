"""The phone's types that are written from the server's models, the schema and the phone's own statements:

    python -m hodi.sync.typescript      (`make types`)

writes them all; a test finds the one that is not current.
"""

from __future__ import annotations

import sys
import types
from collections.abc import Callable

from hodi.config import ROOT, from_environment
from hodi.content import display_model
from hodi.content.forms import expressions, model
from hodi.content.required import URGENCIES
from hodi.content.typescript import declarations
from hodi.db.schema import contract_schema, statements
from hodi.record import load_record_schema
from hodi.sync import pack_model
from hodi.sync.row_types import row_types, typescript_of, view_statements

_HEAD = "/**\n * Written by `python -m hodi.sync.typescript` from {}: do not edit.\n */\n"
_OWN_TABLES = ROOT / "phone" / "src" / "db" / "schema.sql"


def _of_modules(*modules: types.ModuleType, imports: str = "") -> str:
    sources = " and ".join(one.__name__.replace(".", "/") + ".py" for one in modules)
    return _HEAD.format(sources) + imports + "\n" + "\n\n".join(declarations(modules)) + "\n"


def form_model() -> str:
    """A compiled form."""
    return _of_modules(expressions, model)


def pack() -> str:
    """The pack as phones receive it."""
    written = _of_modules(
        pack_model,
        imports="import type { FormModel, Labels, ValueType } from '../forms/model';\n"
        "import type { Display } from './display';\n",
    )
    classes = " | ".join(f"'{one}'" for one in sorted(URGENCIES))
    says = "/** How soon something has to happen, by name; the order is the pack's (`referral.order`). */"
    return f"{written}\n{says}\nexport type UrgencyClass = {classes};\n"


def display() -> str:
    """What the pages of persons and households show."""
    return _of_modules(display_model)


def rows() -> str:
    """The rows that the phone's views give, with the tables that the pack's programmes add."""
    schema = load_record_schema(from_environment().pack)
    created = [
        *statements(contract_schema("sqlite")),
        *(text for name in schema.added for text in schema.tables[name].created("sqlite")),
        *statements(_OWN_TABLES.read_text(encoding="utf-8")),
    ]
    head = _HEAD.format("phone/src/views/*.sql, contract/schema.sql and the programmes' record")
    imports = "import type { UrgencyClass } from '../domain/pack';\n"
    return f"{head}{imports}\n{typescript_of(row_types(view_statements(), created))}\n"


FILES: dict[str, Callable[[], str]] = {
    "phone/src/forms/model.ts": form_model,
    "phone/src/domain/display.ts": display,
    "phone/src/domain/pack.ts": pack,
    "phone/src/views/rows.ts": rows,
}
"""What writes each file."""


def main() -> None:
    """Write every file."""
    for file, write in FILES.items():
        (ROOT / file).write_text(write(), encoding="utf-8")
        sys.stdout.write(f"{file}\n")


if __name__ == "__main__":
    main()
