"""``pratique send``: can I send this? Yes, with what permit, or no, by which rule."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from datetime import date
from typing import Any, Final

from pratique import messages
from pratique.cli.arguments import a_date, desk, now, read_bytes
from pratique.cli.output import print_json, say
from pratique.cli.quote import line_of
from pratique.errors import UsageError
from pratique.model.batch import MODES
from pratique.model.codelists import is_country
from pratique.model.declaration import Consignment, Declaration, Document, GoodsItem, Transport
from pratique.office.desk import Desk, law_date
from pratique.office.send import send, sent_json

EPILOG = """
examples:
  pratique send --from CN --to GB --on 2026-07-01 --line "hs=821192,what=kitchen knife"
  pratique send --from CN --to AU --channel express --mode air --line "what=power bank 20000 mAh"
  pratique send declarations.ndjson

A line takes what quote takes; here hs, what and origin count. --document 911 says that a permit of that type
is held. Exit code 0: yes (under the conditions told); 1: no, a permit is needed, or a person must look.
"""
_ASKED: Final = "asked"
"""Reference of goods asked for on the command line, which have none."""
_SAYS: Final = {
    "no": ("No.", "bold red"),
    "permit": ("Only with a permit.", "bold yellow"),
    "person": ("A person must look: it cannot be told from here.", "bold yellow"),
    "conditions": ("Yes, under conditions.", "bold"),
    "yes": ("Yes, as far as the restrictions looked at go.", "bold green"),
}
_HOLDS: Final = {
    "no": "prohibited",
    "permit": "permit needed",
    "person": "for a person",
    "conditions": "conditions",
}
_MODES: Final = {word: code for code, word in MODES.items()}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument(
        "files", nargs="*", metavar="FILE", help="declarations, - for standard input"
    )
    parser.add_argument("--as", dest="form", choices=tuple(messages.FORMS), help="form of the file")
    parser.add_argument("--from", dest="dispatch", metavar="COUNTRY", help="country of dispatch")
    parser.add_argument("--to", dest="destination", metavar="COUNTRY")
    parser.add_argument("--on", metavar="DATE", help="day whose law applies (default today)")
    parser.add_argument("--line", action="append", default=[], metavar="KEY=VALUE,…")
    parser.add_argument("--channel", choices=("post", "express", "cargo"), default="post")
    parser.add_argument("--flow", choices=("b2c", "b2b", "c2c"), default="b2c")
    parser.add_argument("--mode", choices=tuple(_MODES), help="how the goods travel")
    parser.add_argument(
        "--via", action="append", default=[], metavar="COUNTRY", help="passed on the way"
    )
    parser.add_argument(
        "--document",
        action="append",
        default=[],
        metavar="TYPE[=NUMBER]",
        help="permit that is held",
    )
    parser.add_argument(
        "--as-known-on", metavar="DATE", help="answer as on that day, by what was known then"
    )


def run(args: argparse.Namespace) -> int:
    """Answer for each parcel; 0 when every one may be sent."""
    if bool(args.files) == bool(args.line):
        raise UsageError(
            "pratique send: name a FILE of declarations, or describe goods with --line."
        )
    at_hand, _ = desk(known_on=a_date(args.as_known_on) if args.as_known_on else None)
    on = a_date(args.on) if args.on else None
    answers = list(_of_files(args, at_hand, on) if args.files else _of_lines(args, at_hand, on))
    if args.json:
        print_json(answers if args.files else answers[0])
    else:
        for answer in answers:
            show(answer)
    return 0 if all(each.get("answer") in ("yes", "conditions") for each in answers) else 1


def _of_files(args: argparse.Namespace, at_hand: Desk, on: date | None) -> Iterator[dict[str, Any]]:
    for name in args.files:
        for row in messages.read(read_bytes(name), args.form):
            if row.declaration is None:
                faults = row.error.faults if row.error else ()
                told = [f"{each.pointer} {each.message}".strip() for each in faults]
                yield {"file": name, "row": row.number, "error": "; ".join(told) or str(row.error)}
                continue
            day = on or law_date(row.declaration, now())
            yield sent_json(send(row.declaration, at_hand, day))


def _of_lines(args: argparse.Namespace, at_hand: Desk, on: date | None) -> Iterator[dict[str, Any]]:
    yield sent_json(send(declaration_of(args), at_hand, on or now().date()))


def declaration_of(args: argparse.Namespace) -> Declaration:
    """The parcel described in the arguments. Raises ``UsageError``."""
    if not args.destination:
        raise UsageError("pratique send: where to? Write --to COUNTRY.")
    places = [("--to", args.destination), ("--from", args.dispatch or "")]
    for option, code in [*places, *(("--via", each) for each in args.via)]:
        if code and not is_country(code.upper()):
            raise UsageError(f"{option} {code!r} is no ISO 3166 country code of two letters.")
    lines = [line_of(word, priced=False) for word in args.line]
    via = tuple(each.upper() for each in args.via)
    transport = Transport(mode=_MODES.get(args.mode, ""), routing=via) if args.mode or via else None
    return Declaration(
        id=_ASKED,
        destination=args.destination.upper(),
        dispatch_country=args.dispatch.upper() if args.dispatch else None,
        channel=args.channel,
        flow=args.flow,
        documents=tuple(_document(each) for each in args.document),
        consignment=Consignment(
            items=tuple(
                GoodsItem(description=each.what, hs_code=each.hs, origin=each.origin)
                for each in lines
            ),
            transport=transport,
        ),
    )


def _document(word: str) -> Document:
    kind, _, number = word.partition("=")
    if not kind or len(kind) > 17 or len(number) > 70:
        raise UsageError(f"--document {word!r}: write TYPE or TYPE=NUMBER, as 911=K-2026-17.")
    return Document(type=kind.upper(), number=number)


def show(answer: dict[str, Any]) -> None:
    """An answer for people: what holds, what to do, what nobody here can say, and how far it reaches."""
    if "error" in answer:
        say(f"{answer['file']}, row {answer['row']}: {answer['error']}", "red")
        return
    name = "" if answer["parcel"] == _ASKED else f"{answer['parcel']}: "
    start = f"from {answer['from']} to" if answer["from"] else "to"
    way = f"{start} {answer['to']} by {answer['channel']} on {answer['on']}"
    says, style = _SAYS[answer["answer"]]
    say(f"{name}{way if name else way[0].upper() + way[1:]}: {says}", style)
    sources: dict[str, int] = {}
    for each in answer["restrictions"]:
        number = sources.setdefault(_cite(each), len(sources) + 1)
        element = each["pointer"].rpartition("/")[2]
        say(
            f"Line {each['line']}: {_HOLDS[each['answer']]}. {each['what']}: {each['because']} ({number})"
        )
        say(f"  Found {each['matched']!r} in {element}{_doubts(each['unsure'])}.")
        if each["permit_declared"]:
            say(f"  Declared as the permit: {each['permit_declared']}; to be checked.")
        if each["to_do"]:
            say(f"  {each['to_do']}")
    for cite, number in sources.items():
        say(f"  ({number}) {cite}", "dim")
    for each in answer["needs_human"]:
        say(f"Needs a human: {each['because']}", "bold red")
    for key, told in (("by_code_alone", "HS code"), ("by_words_alone", "words")):
        if answer[key]:
            say(
                f"Note: line {', '.join(map(str, answer[key]))} was looked at by {told} alone.",
                "yellow",
            )
    if not answer["from"]:
        say("Note: without --from nothing is said of the law of export.", "yellow")
    looked = "; ".join(
        f"{each['name']} ({each['direction']}, {each['rules']} rules) as from {each['valid_from']}"
        for each in reversed(answer["looked_at"])
    )
    say(f"Looked at: {looked or 'nothing'}.", "dim")


def _doubts(unsure: list[str]) -> str:
    return f"; it may be so, not more: {'; '.join(unsure)}" if unsure else ""


def _cite(each: dict[str, Any]) -> str:
    weak = "" if each["confidence"] == "high" else f", confidence {each['confidence']}"
    return f"{each['source']} [{each['rule']}{weak}] {each['url']}".rstrip()
