"""``pratique quote``: what will be due, there, on that day, by which rule."""

from __future__ import annotations

import argparse
import importlib
import re
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from pratique.cli.arguments import a_date, a_decimal, a_rate, desk, named_amounts, now
from pratique.cli.output import print_json, say, table
from pratique.errors import UsageError
from pratique.model.batch import MODES
from pratique.model.codelists import is_country, is_currency
from pratique.model.evidence import Prior
from pratique.office.quote import QuoteLine, QuoteRequest, quote
from pratique.office.render import assessment_json

EPILOG = """
example:
  pratique quote --from CN --to GB --on 2025-03-01 --currency GBP --freight 5.00 \\
    --line "hs=610910,value=120.00,qty=1,origin=CN,duty=12%,what=cotton T-shirt"

A line takes: hs, value (of all its pieces), qty, origin, what, duty (rate such as 12%, when no tariff is
loaded), other_duty (rate of a second tariff, where the law compares two), weight_kg, unit_value, preference. Amounts are in --currency. --fx USD=0.92 gives units of the
destination's currency for one USD.

A quote that binds (docs/guides/signed-quotes.md):
  pratique keys new --out keys
  pratique quote … --sign keys/private.pem -o quote.json
  pratique quote verify quote.json --public keys/public.pem
  pratique quote compare quote.json declaration.json
"""
ACTIONS: Final = {
    "verify": "is a signed quote genuine and in time, and would the answer be the same",
    "compare": "what was quoted beside what was assessed, line by line",
}
"""What is recognised as first word; the module of the same name here does it."""
_KEYS: Final = (
    "hs", "value", "qty", "origin", "what", "duty", "other_duty", "weight_kg", "unit_value",
    "preference",
)  # fmt: skip
_SPLIT: Final = re.compile(rf"(?:^|,)\s*({'|'.join(_KEYS)})\s*=")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The published options; others script them."""
    parser.add_argument("--from", dest="dispatch", metavar="COUNTRY", help="country of dispatch")
    parser.add_argument("--to", dest="destination", metavar="COUNTRY", required=True)
    parser.add_argument("--on", metavar="DATE", help="day whose law applies (default today)")
    parser.add_argument("--currency", required=True, help="currency of the amounts given")
    parser.add_argument("--line", action="append", default=[], metavar="KEY=VALUE,…", required=True)
    parser.add_argument("--freight", default="0")
    parser.add_argument("--insurance", default="0")
    parser.add_argument(
        "--channel", choices=("post", "express", "cargo"), default="post", help="default post"
    )
    parser.add_argument(
        "--flow",
        choices=("b2c", "b2b", "c2c"),
        default="b2c",
        help="default b2c; c2c is from a private person",
    )
    parser.add_argument(
        "--scheme-number",
        choices=("yes", "no"),
        default="no",
        help="whether a registration for tax at sale (IOSS, VOEC, ARN ...) is given",
    )
    parser.add_argument("--dataset", default="", help="data set of the declaration (H1, H7 ...)")
    parser.add_argument(
        "--mode",
        choices=tuple(MODES.values()),
        help="how the goods cross the border, where the law asks",
    )
    parser.add_argument(
        "--subdivision",
        default="",
        metavar="ON",
        help="state or province of the consignee, where the law asks (ISO 3166-2, after the dash)",
    )
    parser.add_argument(
        "--postcode",
        default="",
        metavar="35001",
        help="postcode of the consignee, where a part of the country has law of its own and no subdivision is given",
    )
    parser.add_argument("--sold-on", metavar="DATE", help="day of the order, where the law asks")
    parser.add_argument(
        "--prior",
        action="append",
        default=[],
        metavar="year_value=1200",
        help="what the importer received before: year_value, year_count, day_value, in the destination's currency",
    )
    parser.add_argument(
        "--as-known-on", metavar="DATE", help="answer as on that day, by what was known then"
    )
    parser.add_argument("--fx", action="append", default=[], metavar="USD=0.92")
    parser.add_argument("--fee", action="append", default=[], metavar="clearance=13.00")
    parser.add_argument("--sign", metavar="KEY", help="private key to sign the quote with")
    parser.add_argument("-o", "--out", type=Path, metavar="FILE", help="where to write it, signed")
    parser.add_argument(
        "--valid-days", type=int, metavar="DAYS", help="how long it binds, signed (default 14)"
    )


def run(args: argparse.Namespace) -> int:
    """Quote and print; with --sign, write a quote that binds."""
    at_hand, _ = desk(known_on=a_date(args.as_known_on) if args.as_known_on else None)
    if args.sign or args.out or args.valid_days is not None:
        signing: Any = importlib.import_module("pratique.cli.quote.signing")
        return int(signing.sign(args, request_of(args), at_hand))
    answer = quote(request_of(args), at_hand)
    published = assessment_json(answer)
    if args.json:
        print_json(published)
    else:
        show(published)
    return 0


def request_of(args: argparse.Namespace) -> QuoteRequest:
    """The request in the arguments. Raises ``UsageError``."""
    currency = args.currency.upper()
    on = a_date(args.on) if args.on else now().date()
    if not is_currency(currency, on):
        raise UsageError(f"--currency {args.currency!r} is no ISO 4217 currency in use on {on}.")
    for option, code in (("--to", args.destination), ("--from", args.dispatch)):
        if code is not None and not is_country(code.upper()):
            raise UsageError(f"{option} {code!r} is no ISO 3166 country code of two letters.")
    rates = {}
    for pair, rate in named_amounts(args.fx, "--fx").items():
        rates[pair.partition("/")[0].upper()] = rate
    return QuoteRequest(
        destination=args.destination.upper(),
        dispatch_country=args.dispatch.upper() if args.dispatch else None,
        on=on,
        currency=currency,
        lines=tuple(line_of(word) for word in args.line),
        freight=a_decimal(args.freight, "--freight"),
        insurance=a_decimal(args.insurance, "--insurance"),
        channel=args.channel,
        flow=args.flow,
        scheme_number=args.scheme_number == "yes",
        dataset=args.dataset,
        rates=rates,
        mode=next((code for code, word in MODES.items() if word == args.mode), ""),
        subdivision=_subdivision(args.subdivision),
        postcode=args.postcode,
        sold_on=a_date(args.sold_on) if args.sold_on else None,
        fees=named_amounts(args.fee, "--fee"),
        prior=_prior(args.prior),
    )


def _subdivision(text: str) -> str:
    code = text.upper().rpartition("-")[2]
    if text and not re.fullmatch(r"[A-Z0-9]{1,3}", code):
        raise UsageError(f"--subdivision {text!r}: one to three letters or digits, as ON or CA-ON.")
    return code


def _prior(words: list[str]) -> Prior:
    named = named_amounts(words, "--prior")
    strange = sorted(set(named) - set(Prior.__struct_fields__))
    if strange:
        known = ", ".join(Prior.__struct_fields__)
        raise UsageError(f"--prior {strange[0]!r}: known are {known}.")
    return Prior(**named)


def line_of(word: str, *, priced: bool = True) -> QuoteLine:
    """One ``--line``; without ``priced`` its value may be left away. Raises ``UsageError`` naming the key."""
    found = list(_SPLIT.finditer(word))
    if not found or found[0].start() != 0:
        raise UsageError(f"--line {word!r}: write KEY=VALUE pairs; keys are {', '.join(_KEYS)}.")
    values: dict[str, str] = {}
    for index, match in enumerate(found):
        end = found[index + 1].start() if index + 1 < len(found) else len(word)
        if match[1] in values:
            raise UsageError(f"--line {word!r}: {match[1]} stands twice.")
        values[match[1]] = word[match.end() : end].strip()
    quantity = a_decimal(values.get("qty", "1"), "qty")
    unit = a_decimal(values["unit_value"], "unit_value") if "unit_value" in values else None
    if priced and "value" not in values and unit is None:
        raise UsageError(f"--line {word!r}: value is missing.")
    hs = values.get("hs", "").replace(".", "").replace(" ", "")
    if hs and not (hs.isascii() and hs.isdigit() and 2 <= len(hs) <= 14):
        raise UsageError(f"--line {word!r}: hs is digits, as 610910.")
    origin = values.get("origin", "").upper()
    if origin and not is_country(origin):
        raise UsageError(f"--line {word!r}: origin {origin!r} is no ISO 3166 country code.")
    if quantity == 0:
        raise UsageError(f"--line {word!r}: qty is at least 1.")
    value = (
        a_decimal(values["value"], "value")
        if "value" in values
        else (unit or Decimal(0)) * quantity
    )
    return QuoteLine(
        value=value,
        hs=hs or None,
        quantity=quantity,
        origin=origin or None,
        what=values.get("what", ""),
        duty=a_rate(values["duty"]) if "duty" in values else None,
        other_duty=a_rate(values["other_duty"]) if "other_duty" in values else None,
        weight_kg=a_decimal(values["weight_kg"], "weight_kg") if "weight_kg" in values else None,
        unit_value=unit,
        preference=values.get("preference", ""),
    )


def show(answer: dict[str, Any]) -> None:
    """A quote for people: what is due, what is not and why, what nobody can say."""
    currency = answer["currency"]
    say(
        f"To {answer['destination']} on {answer['on']}, under '{answer['regime'] or 'no regime'}'",
        "bold",
    )
    sources: dict[str, int] = {}
    if answer["charges"]:
        table(
            "",
            ("line", "charge", "#base", "#rate", f"#{currency}", "paid by", "when", "cite"),
            [
                (
                    str(each["line"] or "all"),
                    each["title"],
                    each["base"] or "",
                    _percent(each["rate"]),
                    each["amount"],
                    each["payer"],
                    "at sale" if each["moment"] == "sale" else "at the border",
                    f"({sources.setdefault(_cite(each), len(sources) + 1)})",
                )
                for each in answer["charges"]
            ],
        )
    for cite, number in sources.items():
        say(f"  ({number}) {cite}", "dim")
    for each in answer["not_due"]:
        say(f"Not due: {each['name']}: {each['because']} ({each['rule']})")
    _say_each("Note", answer["cautions"], "yellow")
    _say_each("Needs a human", answer["needs_human"], "bold red")
    for each in answer["refunds"]:
        say(
            f"If sent back{_in_time(each)}: {_back(each, currency)} {each['because']} ({each['rule']})"
        )
    totals = answer["totals"]
    open_ = "Without what a person has to decide: " if answer["needs_human"] else ""
    say(
        f"{open_}Duty {totals['duty']}  tax {totals['tax']}  fees {totals['fees']}  "
        f"total {totals['total']} {currency}  (at sale {totals['at_sale']}, at the border {totals['at_border']})",
        "bold",
    )


def _say_each(what: str, said: list[dict[str, Any]], style: str) -> None:
    rules: dict[str, list[str]] = {}
    for each in said:
        rules.setdefault(each["because"], []).append(each.get("rule", each["about"]))
    for because, cited in rules.items():
        say(f"{what}: {because} ({', '.join(dict.fromkeys(cited))})", style)


def _in_time(refund: dict[str, Any]) -> str:
    return "" if refund["days"] is None else f" within {refund['days']} days"


def _back(refund: dict[str, Any], currency: str) -> str:
    if refund["amount"] is None:
        return "how much comes back cannot be told."
    if Decimal(refund["amount"]) == 0 and not refund["year_value"]:
        return "nothing comes back."
    kept = f", {refund['less']} kept" if refund["less"] is not None else ""
    year = f"; {refund['year_value']} off the buyer's year" if refund["year_value"] else ""
    return f"{refund['amount']} {currency} comes back{kept}{year}."


def _cite(each: dict[str, Any]) -> str:
    return f"{each['source']} [{each['rule']}]"


def _percent(rate: str | None) -> str:
    return "" if rate is None else f"{(Decimal(rate) * 100).normalize():f} %"
