"""The register of places as a table: place, kind, parent, name, code, khis_uid, facility."""

from __future__ import annotations

import csv
import pathlib

import msgspec

from hodi.access.places import Place

COLUMNS = ("place", "kind", "parent", "name", "code", "khis_uid", "facility")


def read_places(path: pathlib.Path) -> list[Place]:
    """The places of a CSV file. Raises OSError, or ValueError that names the line and what is wrong."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        if reader.fieldnames is None or tuple(reader.fieldnames) != COLUMNS:
            raise ValueError(f"{path.name}: the first line must be {','.join(COLUMNS)}")
        places: list[Place] = []
        for row in reader:
            filled = {name: value for name, value in row.items() if value}
            try:
                places.append(msgspec.convert(filled, Place, strict=False))
            except msgspec.ValidationError as error:
                raise ValueError(f"{path.name}, line {reader.line_num}: {error}") from error
    known = {place.place for place in places}
    for place in places:
        for named in (place.parent, place.facility):
            if named is not None and named not in known:
                raise ValueError(
                    f"{path.name}: place {place.place} speaks of {named}, which is not in the file"
                )
    return places
