"""What is wrong with a pack, said so that its author finds the place."""

from __future__ import annotations

import dataclasses


@dataclasses.dataclass(frozen=True, kw_only=True)
class Complaint:
    """One thing to put right: `file` relative to the pack; `sheet` of a form; `row` as counted in that
    file or, in a workbook, that sheet (1 = first)."""

    file: str
    says: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        row = f":{self.row}" if self.row is not None else ""
        place = " ".join(part for part in (self.sheet, self.column) if part)
        return f"{self.file}{row}{f' [{place}]' if place else ''}: {self.says}"


class ContentError(Exception):
    """A pack that cannot be used. `complaints` has at least one entry."""

    def __init__(self, complaints: list[Complaint]) -> None:
        super().__init__("\n".join(str(complaint) for complaint in complaints))
        self.complaints = tuple(complaints)
