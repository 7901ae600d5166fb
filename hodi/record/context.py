"""What forms may know before they ask, read from the record: the pack's context queries run on a store, as
the phone runs them (phone/src/forms/context.ts)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from hodi.content.context import PARAMETERS, ContextQuery
from hodi.db.queries import Query
from hodi.db.store import Connection
from hodi.domain.ages import completed_months, completed_years


def context_of(
    connection: Connection, queries: Iterable[ContextQuery], about: Mapping[str, int]
) -> dict[str, Any]:
    """The values by name for whom a form is about; what is not known is absent. `about`: `unit` and
    `today`, and the `household` and `person` where there are some."""
    found: dict[str, Any] = {name: value for name, value in about.items() if name != "unit"}
    for query in queries:
        if query.about not in ("member", "standards") and set(PARAMETERS[query.about]) <= about.keys():
            found.update(next(iter(_rows(connection, query, about)), {}))
    birth_day, today = found.get("birth_day"), about["today"]
    if birth_day is not None:
        months, years = completed_months(birth_day, today), completed_years(birth_day, today)
        found |= {"age_days": today - birth_day, "age_months": months, "age_years": years}
    return {name: value for name, value in found.items() if value is not None}


def members_of(
    connection: Connection, queries: Iterable[ContextQuery], about: Mapping[str, int]
) -> tuple[dict[str, Any], ...]:
    """The members of a household for a repeat over them, each with the values of a person."""
    queries = tuple(queries)
    listed = next((query for query in queries if query.about == "member"), None)
    if listed is None:
        return ()
    rows = _rows(connection, listed, about)
    return tuple(
        {**context_of(connection, queries, {**about, "person": row["person"]}), **row} for row in rows
    )


def _rows(connection: Connection, query: ContextQuery, about: Mapping[str, int]) -> list[dict[str, Any]]:
    given = {name: about[name] for name in PARAMETERS[query.about]}
    found = connection.rows(Query(query.sql), given)
    return [
        {name: value for name, value in zip(query.gives, row, strict=True) if value is not None}
        for row in found
    ]
