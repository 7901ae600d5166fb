"""The short code on a referral slip: drawn at random where the referral is written, so that nobody works it
out. The same alphabet and check letter as phone/src/care/code.ts; contract/vectors/codes.json holds both.

Referrals made before have shorter codes that followed from their number; they are read as they are."""

from __future__ import annotations

from collections.abc import Callable, Iterator

LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0 O, 1 I L
DRAWN = 8
"""Letters drawn; the check letter follows. 31^8 codes: a guess that the desk counts hits nothing."""
_LENGTH_MIN, _LENGTH_MAX = 7, 16


def referral_code(draw: Callable[[int], int]) -> str:
    """A new code of nine letters. `draw(n)` gives a number from 0 to n - 1, each as likely as another."""
    code = "".join(LETTERS[draw(len(LETTERS))] for _ in range(DRAWN))
    return code + _check_letter(code)


def code_of(typed: str) -> str:
    """A code as it is stored, from what somebody typed: capitals, no spaces or dashes."""
    return "".join(letter for letter in typed.upper() if letter.isascii() and letter.isalnum())


def is_referral_code(typed: str) -> bool:
    """Whether what somebody typed, in whatever case and with whatever gaps, can be a code."""
    code = code_of(typed)
    return (
        _LENGTH_MIN <= len(code) <= _LENGTH_MAX
        and all(letter in LETTERS for letter in code)
        and _check_letter(code[:-1]) == code[-1]
    )


def looks_like_code(typed: str) -> bool:
    """Whether somebody meant to type a code: one run of letters and digits of about its length."""
    code = code_of(typed)
    return (
        _LENGTH_MIN - 1 <= len(code) <= _LENGTH_MAX
        and any(letter.isdigit() for letter in code)
        and any(letter.isalpha() for letter in code)
    )


def near_codes(typed: str) -> Iterator[str]:
    """Right codes that one slip of the hand leads away from to what was typed: one letter wrong, missing or
    too many, or two neighbours swapped. Few, because the check letter refuses thirty of thirty-one."""
    code = code_of(typed)
    n = len(code)
    tried = {code[:i] + code[i + 1] + code[i] + code[i + 2 :] for i in range(n - 1)}
    tried |= {code[:i] + code[i + 1 :] for i in range(n)}
    for letter in LETTERS:
        tried |= {code[:i] + letter + code[i + 1 :] for i in range(n)}
        tried |= {code[:i] + letter + code[i:] for i in range(n + 1)}
    return (one for one in sorted(tried - {code}) if is_referral_code(one))


def _check_letter(code: str) -> str:
    return LETTERS[
        sum((place + 2) * LETTERS.index(letter) for place, letter in enumerate(code)) % len(LETTERS)
    ]
