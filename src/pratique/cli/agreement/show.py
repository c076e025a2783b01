"""``pratique agreement show``: what it says, who signed, whether it holds, and what a party sees under it."""

from __future__ import annotations

import argparse
from typing import Any

import msgspec

from pratique.cli.arguments import a_date, now, read_bytes
from pratique.cli.output import print_json, say, table
from pratique.errors import UsageError
from pratique.exchange import seal
from pratique.model.agreement import Agreement
from pratique.office.agreements import Seen, Standing, read_file, seen, standing, state_of

EPILOG = """
With --public the signatures are verified: give every party's copy and public key. Exit code 1 when the agreement does
not bind: a party has not signed, or it is not in force that day.
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the action."""
    parser.add_argument("files", nargs="+", metavar="FILE", help="the agreement, or signed copies")
    parser.add_argument(
        "--public", action="append", default=[], metavar="KEY", help="a party's public key"
    )
    parser.add_argument(
        "--revocation", action="append", default=[], metavar="FILE", help="a signed revocation"
    )
    parser.add_argument("--on", metavar="DAY", help="that day (default: today)")
    parser.add_argument("--see", metavar="ROLE", help="what this role sees under it …")
    parser.add_argument("--for", dest="purpose", metavar="PURPOSE", help="… for this purpose")
    parser.add_argument("--from", dest="from_", metavar="COUNTRY", help="… of parcels from there")
    parser.add_argument("--to", metavar="COUNTRY", help="… to there")
    parser.add_argument("--channel", default="post", choices=("post", "express", "cargo"))
    parser.add_argument("--state", default="FILED", metavar="STATE", help="… in this state")


def run(args: argparse.Namespace) -> int:
    """Show it; 1 when signatures were asked for and it does not bind."""
    on = a_date(args.on) if args.on else now().date()
    found = None
    if args.public:
        keys = [seal.read_public(read_bytes(name), name) for name in args.public]
        copies = [read_bytes(name) for name in args.files]
        ends = [read_bytes(name) for name in args.revocation]
        found = standing(copies, keys, on=on, revocations=ends)
        agreement = found.agreement
    elif args.revocation or len(args.files) > 1:
        raise UsageError("Several copies and revocations are verified: give every --public key.")
    else:
        agreement = read_file(read_bytes(args.files[0]), args.files[0])
    view = None
    if args.see:
        if not (args.purpose and args.from_ and args.to):
            raise UsageError("--see ROLE also needs --for PURPOSE, --from and --to.")
        lane = (args.from_, args.to, args.channel)
        view = seen(agreement, args.see, args.purpose, lane, args.state, on)
    state = found.state if found else state_of(agreement, on)
    if args.json:
        print_json(_published(agreement, state, found, view))
    else:
        _show(agreement, state, found, view)
    return 0 if found is None or found.binds else 1


def _published(
    agreement: Agreement, state: str, found: Standing | None, view: Seen | None
) -> dict[str, Any]:
    told: dict[str, Any] = {"agreement": msgspec.to_builtins(agreement), "state": state}
    if found:
        told |= {"signed": found.signed, "unsigned": found.unsigned, "binds": found.binds}
        told["revocation"] = msgspec.to_builtins(found.revocation)
    if view:
        told["sees"] = msgspec.to_builtins(view)
    return told


def _show(agreement: Agreement, state: str, found: Standing | None, view: Seen | None) -> None:
    painted = " (example: the parties are invented)" if agreement.example else ""
    say(f"{agreement.id}, version {agreement.version}: {agreement.title}{painted}", "bold")
    say(f"In force   {agreement.valid_from} to {agreement.valid_until}: {state}")
    for party in agreement.parties:
        signed = (
            "" if found is None else " · signed" if party.id in found.signed else " · NOT SIGNED"
        )
        say(f"Party      {party.id}: {party.name}, {party.place}, {party.role}{signed}")
    for basis in agreement.legal_basis:
        say(f"Basis      {basis.place}: {basis.source} ({basis.confidence}) {basis.url}".rstrip())
    say(f"Purposes   {', '.join(agreement.purposes)}")
    for stored, further in agreement.further.items():
        say(f"           given for {stored}, also {', '.join(further)}")
    for lane in agreement.lanes:
        say(f"Lane       {lane.from_} to {lane.to} ({', '.join(lane.channels) or 'any channel'})")
    say(f"Messages   {', '.join(agreement.messages)}")
    say(f"Elements   {', '.join(agreement.elements)}")
    for terms in agreement.intersections:
        say(
            f"Compared   {terms.kind} for {', '.join(terms.purposes)}: {terms.learner} learns "
            f"{'which' if terms.reveals == 'elements' else 'how many'} both have; at most "
            f"{terms.most_elements} a side, {terms.per_day} times a day"
        )
    say(f"Kept       {agreement.retention_days} days")
    say(f"Ended by   {', '.join(agreement.revocable_by)}")
    if found and found.revocation:
        say(f"Revoked    from {found.revocation.from_day}: {found.revocation.because}", "bold red")
    if view:
        title = f"{view.role} sees for {view.purpose}: {len(view.elements)} elements"
        rows = [(path, view.rules[path]) for path in view.elements]
        table(title, ("element", "grant"), rows)
        if view.because:
            say(f"Nothing: {view.because}", "bold red")
