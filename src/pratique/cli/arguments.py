"""How are words of the command line read? Dates, amounts, rates and files, with plain errors."""

from __future__ import annotations

import sys
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path

from pratique.errors import UsageError
from pratique.jurisdictions.rates import read_rates
from pratique.model.evidence import Evidence, ExchangeRate, RateTable
from pratique.office.desk import Desk, library_with
from pratique.office.sample_rates import sample_evidence
from pratique.settings import Settings, read_settings


def a_date(text: str) -> date:
    """A day as 2026-07-01."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UsageError(f"{text!r} is not a day: write it as 2026-07-01.") from error


def a_decimal(text: str, what: str) -> Decimal:
    """A plain decimal number, not negative."""
    try:
        value = Decimal(text)
    except InvalidOperation as error:
        raise UsageError(f"{what}: {text!r} is not a number; write it as 12.50.") from error
    if not value.is_finite() or value < 0 or "e" in text.lower() or len(text) > 24:
        raise UsageError(f"{what}: {text!r} is not a plain amount of zero or more.")
    return value


def a_rate(text: str) -> Decimal:
    """A rate: 12% or 0.12 as a fraction."""
    if text.endswith("%"):
        return a_decimal(text[:-1], "rate").scaleb(-2)
    return a_decimal(text, "rate")


def named_amounts(words: list[str], what: str) -> dict[str, Decimal]:
    """``NAME=AMOUNT`` words as a table."""
    found = {}
    for word in words:
        name, equals, amount = word.partition("=")
        if not equals or not name:
            raise UsageError(f"{what} {word!r}: write it as NAME=AMOUNT.")
        found[name.strip()] = a_decimal(amount.strip(), f"{what} {name}")
    return found


def read_bytes(name: str) -> bytes:
    """A file's content, standard input for ``-``."""
    if name == "-":
        return sys.stdin.buffer.read()
    path = Path(name)
    if not path.exists():
        raise UsageError(f"There is no file {name}.")
    return path.read_bytes()


def write_new(path: Path, data: bytes) -> None:
    """A file that was not there; one that is, is never replaced."""
    try:
        with path.open("xb") as file:
            file.write(data)
    except FileExistsError as error:
        raise UsageError(f"{path} is there already: name another file.") from error


def evidence_of(words: list[str]) -> Evidence:
    """``FROM/TO=RATE`` words as exchange rates in evidence: TO for one FROM; ``sample`` stands for invented ones."""
    rates = list(sample_evidence().rates) if "sample" in words else []
    given = [word for word in words if word != "sample"]
    for pair, rate in named_amounts(given, "--fx").items():
        currency, slash, home = pair.partition("/")
        if not slash:
            raise UsageError(f"--fx {pair}: write both currencies, as USD/EUR=0.92.")
        rates.append(
            ExchangeRate(
                currency=currency, home=home, rate=rate, source="given on the command line"
            )
        )
    return Evidence(rates=tuple(rates), table=published_rates())


def published_rates() -> RateTable | None:
    """The exchange rates of the settings."""
    path = read_settings().rates
    if path is None:
        return None
    if not path.is_file():
        raise UsageError(f"PRATIQUE_RATES names {path}, and there is no such file.")
    return RateTable(read_rates(path.read_bytes(), path.name))


def desk(
    evidence: Evidence | None = None,
    *,
    store: bool = False,
    known_on: date | None = None,
    compares_words: bool = False,
) -> tuple[Desk, Settings]:
    """The desk of this process, with the law files of its settings."""
    settings = read_settings()
    folders = [settings.law] if settings.law else []
    library = library_with(folders, settings.cache)
    return (
        Desk(
            library,
            evidence or Evidence(table=published_rates()),
            settings.store if store else None,
            known_on,
            compares_words=compares_words,
        ),
        settings,
    )


def now() -> datetime:
    """The moment, in UTC."""
    return datetime.now(UTC)
