"""Telephone numbers as people write them: with the country's code, with the prefix for calls within it, or
without either."""

from __future__ import annotations

import msgspec


class Numbering(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How a country's telephones are numbered: its calling code, the prefix that is dialled within it ("" if
    there is none), and how many digits a number has without either."""

    country_code: str
    prefix: str
    digits: tuple[int, ...]

    def national(self, typed: str) -> str:
        """The digits of a number of this country without code and prefix, so that one number is the same
        however it is written; of anything else the digits as they are typed."""
        digits = "".join(letter for letter in typed if letter.isdigit())
        for before in (self.country_code, f"00{self.country_code}", self.prefix, ""):
            if digits.startswith(before) and len(digits) - len(before) in self.digits:
                return digits[len(before) :]
        return digits
