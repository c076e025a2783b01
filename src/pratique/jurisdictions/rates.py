"""Exchange rates as central banks and customs publish them, and the one form that is reckoned with.

That form is CSV with the columns ``source, day, base, quote, rate``: one unit of ``base`` was ``rate`` units of ``quote``.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final, NoReturn

from pratique.errors import UsageError
from pratique.model.codelists import is_currency
from pratique.model.evidence import Published

COLUMNS: Final = ("source", "day", "base", "quote", "rate")
_FED: Final = {
    "Australia": "AUD", "Brazil": "BRL", "Canada": "CAD", "China": "CNY", "Denmark": "DKK", "Euro": "EUR",
    "Hong Kong": "HKD", "India": "INR", "Japan": "JPY", "Malaysia": "MYR", "Mexico": "MXN", "New Zealand": "NZD",
    "Norway": "NOK", "Singapore": "SGD", "South Africa": "ZAR", "South Korea": "KRW", "Sri Lanka": "LKR",
    "Sweden": "SEK", "Switzerland": "CHF", "Taiwan": "TWD", "Thailand": "THB", "United Kingdom": "GBP",
}  # fmt: skip
"""Places of the Federal Reserve's release whose currency is still in use."""
_DAY: Final = re.compile(r"(\d{2})/(\d{2})/(\d{4})\Z")


def read_rates(content: bytes, name: str) -> list[Published]:
    """Rates in the form that is reckoned with. Raises ``UsageError`` naming the line."""
    found = []
    for number, row in _rows(content, name, COLUMNS):
        found.append(
            Published(
                source=row["source"].strip() or _refuse(name, number, "no source"),
                day=_day(row["day"], name, number),
                base=_currency(row["base"], name, number),
                quote=_currency(row["quote"], name, number),
                rate=_rate(row["rate"], name, number),
            )
        )
    return found


def write_rates(rates: Iterable[Published]) -> bytes:
    """Rates in that form, by source and day."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for each in sorted(rates, key=lambda rate: (rate.source, rate.day, rate.base, rate.quote)):
        writer.writerow((each.source, each.day, each.base, each.quote, each.rate))
    return out.getvalue().encode("utf-8")


def _ecb(content: bytes, name: str) -> Iterator[Published]:
    """The European Central Bank's reference rates: a row a day, a column a currency, units for one euro."""
    for number, row in _rows(content, name, ("Date",)):
        day = _day(row["Date"], name, number)
        for code, text in row.items():
            if code and is_currency(code.strip()) and text and text.strip() not in ("", "N/A"):
                rate = _rate(text, name, number)
                yield Published(source="ECB", day=day, base="EUR", quote=code.strip(), rate=rate)


def _fed(content: bytes, name: str) -> Iterator[Published]:
    """The Federal Reserve's rates as the public data set has them (date, country, rate): units for one dollar, all.

    The release itself quotes four currencies the other way round; in the data set they are turned, as the euro of
    July 2008 shows (0.6346).
    """
    for number, row in _rows(content, name, ("Date", "Country", "Exchange rate")):
        code = _FED.get(row["Country"])
        if code is not None and row["Exchange rate"].strip():
            yield Published(
                source="Federal Reserve",
                day=_day(row["Date"], name, number),
                base="USD",
                quote=code,
                rate=_rate(row["Exchange rate"], name, number),
            )


def _hmrc(content: bytes, name: str) -> Iterator[Published]:
    """HM Revenue and Customs' monthly rates: units for one pound, by currency, from a first day on."""
    columns = ("Currency code", "Currency Units per £1", "Start date")
    for number, row in _rows(content, name, columns):
        yield Published(
            source="HMRC",
            day=_day(row["Start date"], name, number),
            base="GBP",
            quote=_currency(row["Currency code"], name, number),
            rate=_rate(row["Currency Units per £1"], name, number),
        )


FORMS: Final[dict[str, Callable[[bytes, str], Iterable[Published]]]] = {
    "csv": read_rates,
    "ecb": _ecb,
    "fed": _fed,
    "hmrc": _hmrc,
}
"""Published forms that can be brought in."""


def _rows(
    content: bytes, name: str, columns: tuple[str, ...]
) -> Iterator[tuple[int, dict[str, str]]]:
    try:
        reader = csv.DictReader(content.decode("utf-8-sig").splitlines(), skipinitialspace=True)
    except UnicodeDecodeError as error:
        raise UsageError(f"{name} is not UTF-8, at byte {error.start}.") from error
    missing = [column for column in columns if column not in (reader.fieldnames or ())]
    if missing:
        raise UsageError(f"{name} has no column {', '.join(missing)}.")
    for number, row in enumerate(reader, start=2):
        if any(row[column] is None for column in columns):
            _refuse(name, number, "a value is missing")
        yield number, row


def _day(text: str, name: str, number: int) -> date:
    local = _DAY.match(text.strip())
    written = f"{local[3]}-{local[2]}-{local[1]}" if local else text.strip()
    try:
        return date.fromisoformat(written)
    except ValueError:
        _refuse(name, number, f"{text!r} is no day")


def _currency(text: str, name: str, number: int) -> str:
    code = text.strip().upper()
    return code if is_currency(code) else _refuse(name, number, f"{text!r} is no currency in use")


def _rate(text: str, name: str, number: int) -> Decimal:
    try:
        rate = Decimal(text.strip().replace(",", ""))
    except InvalidOperation:
        rate = Decimal(0)
    if not rate.is_finite() or not 0 < rate < 10**12 or len(text) > 40:
        _refuse(name, number, f"{text[:40]!r} is no rate")
    return rate


def _refuse(name: str, number: int, why: str) -> NoReturn:
    raise UsageError(f"{name} line {number}: {why}.")
