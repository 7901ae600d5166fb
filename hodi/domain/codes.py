"""The short code on a referral slip: the referral's id in another dress. The same arithmetic as
phone/src/care/code.ts; contract/vectors/codes.json holds both to it."""

from __future__ import annotations

_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0 O, 1 I L
_BASE = len(_LETTERS)
_LENGTH_MIN = 6
_STIR = 618_033_989  # not a multiple of the base, so stirring loses nothing


def referral_code(referral: int) -> str:
    """The code of a referral: seven letters, the last of which tells a mistyped one, or more once phones
    have written very much. Two referrals never share one."""
    device, counter = divmod(referral, 2**32)
    paired = counter * counter + device if device < counter else device * device + device + counter
    length, lowest = _LENGTH_MIN, 0
    while paired - lowest >= _BASE**length:
        lowest += _BASE**length
        length += 1
    rest, code = (paired - lowest) * _STIR % _BASE**length, ""
    for _ in range(length):
        rest, place = divmod(rest, _BASE)
        code = _LETTERS[place] + code
    return code + _check_letter(code)


def is_referral_code(typed: str) -> bool:
    """Whether what somebody typed, in whatever case and with whatever gaps, can be a code."""
    code = "".join(letter for letter in typed.upper() if letter.isalnum())
    return (
        len(code) > _LENGTH_MIN
        and all(letter in _LETTERS for letter in code)
        and _check_letter(code[:-1]) == code[-1]
    )


def _check_letter(code: str) -> str:
    return _LETTERS[sum((place + 2) * _LETTERS.index(letter) for place, letter in enumerate(code)) % _BASE]
