"""Is this a postal item number? UPU S10: two letters, eight digits, a check digit, and the country of the post.

The check digit is 11 less the weighted sum of the eight digits modulo 11, where 10 gives 0 and 11 gives 5; the weights
are 8, 6, 4, 2, 3, 5, 9, 7. Source: UPU standard S10 as publicly described; the published example, 47312482, has 9.
"""

from __future__ import annotations

import operator
from typing import Final

from pratique.model.codelists import is_country

_WEIGHTS: Final = (8, 6, 4, 2, 3, 5, 9, 7)


def check_digit(serial: str) -> str:
    """The check digit of eight digits."""
    rest = 11 - sum(map(operator.mul, map(int, serial), _WEIGHTS)) % 11
    return str({10: 0, 11: 5}.get(rest, rest))


def s10(service: str, serial: int, country: str) -> str:
    """The number of a postal item: service indicator, serial number and country of the post."""
    digits = f"{serial:08d}"
    return f"{service}{digits}{check_digit(digits)}{country}"


def is_s10(number: str) -> bool:
    """Whether a number is an S10 identifier with a right check digit, of a country there is."""
    if len(number) != 13 or not number.isascii():
        return False
    service, serial, check, country = number[:2], number[2:10], number[10], number[11:]
    if not (service.isalpha() and service.isupper() and serial.isdigit() and check.isdigit()):
        return False
    return check == check_digit(serial) and is_country(country)


def looks_like_s10(number: str) -> bool:
    """Whether a number has the form of an S10 identifier, whatever its check digit."""
    return (
        len(number) == 13
        and number[:2].isalpha()
        and number[2:11].isdigit()
        and number[11:].isalpha()
    )
