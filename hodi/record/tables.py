"""Tables of the record as SQL texts describe them: `contract/schema.sql` for those that every country has,
`programmes/*/record/*.sql` of a pack for those that a programme adds."""

from __future__ import annotations

import dataclasses
import functools
import re

from hodi.db.schema import contract_schema, for_engine, statements
from hodi.db.store import Engine

_TABLE = re.compile(r"CREATE TABLE (\w+) \((.*)\)", re.DOTALL)
_INDEX = re.compile(r"CREATE INDEX (\w+) ON (\w+)")


@dataclasses.dataclass(frozen=True, kw_only=True)
class Table:
    """A table: its columns in order, those of its primary key, and the statements that create it, as they
    are written (`/* sqlite: … */` hints included)."""

    name: str
    columns: tuple[str, ...]
    key: tuple[str, ...]
    creation: tuple[str, ...] = ()

    def created(self, engine: Engine) -> list[str]:
        """The statements that create it and its indexes on an engine."""
        return [for_engine(statement, engine) for statement in self.creation]


class TableError(Exception):
    """A table that cannot be read; the message says which, and what is wrong."""


@functools.cache
def contract_tables() -> dict[str, Table]:
    """The tables of contract/schema.sql by name."""
    return read_tables(statements(contract_schema("postgres")))


def read_tables(created: list[str]) -> dict[str, Table]:
    """The tables that some statements create, by name. Raises TableError."""
    tables: dict[str, Table] = {}
    for statement in created:
        if found := _TABLE.match(statement):
            name, body = found.groups()
            key = re.search(r"PRIMARY KEY \(([^)]*)\)", body)
            lines = (line.strip() for line in body.splitlines())
            columns = tuple(line.split()[0] for line in lines if line and not line.startswith("PRIMARY"))
            if key is None:
                raise TableError(f"{name} has no primary key")
            keys = tuple(re.split(r", *", key.group(1)))
            tables[name] = Table(name=name, columns=columns, key=keys, creation=(statement,))
        elif (found := _INDEX.match(statement)) and found.group(2) in tables:
            table = tables[found.group(2)]
            tables[table.name] = dataclasses.replace(table, creation=(*table.creation, statement))
    return tables
