"""What exactly is compared? Lines of a file to the elements of a set, as both sides write them.

``persons`` are CSV with the columns name, postcode, country, document, told apart as consignee tokens tell them;
``identifiers`` one number a line (tax, trader or item numbers), letter case, blanks and signs aside; ``tokens`` one token a
line as it stands, for houses that share the key of an epoch.
"""

from __future__ import annotations

import csv
import io
import re
from typing import Final

from pratique.errors import MessageError, SealError
from pratique.exchange.tokens import Person, known_by
from pratique.messages import strict
from pratique.model.agreement import Compared

MOST_BYTES: Final = 4_194_304
_COLUMNS: Final = ["name", "postcode", "country", "document"]
_SIGNS: Final = re.compile(r"[\W_]+")


def read_elements(data: bytes, kind: Compared) -> dict[str, str]:
    """The elements of a file, each with the first line that has it. Raises ``MessageError``."""
    if len(data) > MOST_BYTES:
        raise MessageError("too-large", f"The set has more than {MOST_BYTES} bytes.")
    text = strict.decode_text(data)
    if kind == "persons":
        return _persons(text)
    found: dict[str, str] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        element = line if kind == "tokens" else _SIGNS.sub("", line).casefold()
        if element:
            found.setdefault(f"{kind}\x1f{element}", line)
    return found


def _persons(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    try:
        rows = list(csv.reader(io.StringIO(text), strict=True))
    except csv.Error as error:
        raise MessageError("csv", f"The set is no CSV: {error}.") from error
    if not rows or rows[0] != _COLUMNS:
        raise MessageError("csv", f"The first line of persons is {','.join(_COLUMNS)}.")
    for number, row in enumerate(rows[1:], 2):
        if not row:
            continue
        if len(row) != len(_COLUMNS):
            raise MessageError("csv", f"Line {number} has {len(row)} of {len(_COLUMNS)} columns.")
        try:
            words = known_by(Person(**dict(zip(_COLUMNS, row, strict=True))))
        except SealError as error:
            raise MessageError("csv", f"Line {number}: {error}") from error
        found.setdefault("\x1f".join(("persons", *words)), ",".join(row))
    return found
