"""``pratique show``: a declaration or parcel: versions, changes, decisions."""

from __future__ import annotations

import argparse
from collections.abc import Container, Iterable
from typing import Any

import msgspec

from pratique.cli.arguments import desk, now
from pratique.cli.output import moment, print_json, say, table
from pratique.model.codelists import minor_unit
from pratique.model.money import amount_text
from pratique.model.outcomes import Assessment, Decision
from pratique.office.find import Change, Version, history


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("reference", help="a declaration's id or a parcel's number")
    parser.add_argument("--trace", action="store_true", help="every step of the assessment")


def run(args: argparse.Namespace) -> int:
    """Print what is known."""
    at_hand, _ = desk(store=True)
    versions = history(at_hand, args.reference, now=now())
    if args.json:
        print_json(msgspec.to_builtins(versions, str_keys=True))
        return 0
    for version in versions:
        _show(version, trace=args.trace)
    return 0


def show_changes(changes: Iterable[Change]) -> None:
    """One line for each element that differs."""
    for each in changes:
        say(f"  changed   {each.pointer}: {_value(each.before)} -> {_value(each.after)}")


def show_decision(decision: Decision) -> None:
    """A decision: what, who must act by when, why, what else was noticed, and what is owed."""
    say(f"  decision  {decision.code}, parcel {decision.state}{_released(decision)}", "bold")
    if decision.act:
        by = f", by {moment(decision.act_by)}" if decision.act_by else ""
        say(f"  to act    {decision.act}{by}")
    for reason in decision.reasons:
        where = f" at {reason.pointer}" if reason.pointer else ""
        say(f"  because   {reason.text}")
        say(f"            {_cite(reason.rule, reason.source, reason.url)}{where}", "dim")
    told = {(each.rule, each.pointer) for each in decision.reasons}
    rules = {each.rule for each in decision.reasons}
    for found in decision.findings:
        if (found.rule, found.pointer) not in told:
            say(f"  noticed   {found.message} {found.hint}".rstrip())
            say(f"            {_cite(found.rule, found.source)} at {found.pointer}", "dim")
    if decision.assessment is not None:
        _owed(decision.assessment, rules)


def _show(version: Version, *, trace: bool) -> None:
    say(
        f"{version.decision.declaration}, version {version.version}: {version.kind} "
        f"by {version.sender}, {moment(version.recorded_at)}",
        "bold",
    )
    show_changes(version.changes)
    show_decision(version.decision)
    if version.may is not None:
        say(f"  next      {_open_to_declarant(version.may)}")
    if trace and version.decision.assessment is not None:
        table(
            "Steps",
            ("step", "line", "#value", "from", "rule"),
            [
                (
                    step.name,
                    str(step.line or ""),
                    step.value,
                    ", ".join(f"{name} {value}" for name, value in step.inputs.items()),
                    step.rule,
                )
                for step in version.decision.assessment.trace
            ],
        )


def _owed(assessed: Assessment, cited: Container[str]) -> None:
    """Charges, each with its citation unless a reason gave it already."""
    places = minor_unit(assessed.currency)
    for each in assessed.charges:
        if each.amount:
            when = "at sale" if each.moment == "sale" else "at the border"
            say(
                f"  owed      {amount_text(each.amount, places)} {assessed.currency} {each.title}, "
                f"by the {each.payer} {when}"
            )
            if each.citation.rule in cited:
                continue
            say(
                f"            {_cite(each.citation.rule, each.citation.source, each.citation.url)}",
                "dim",
            )


def _open_to_declarant(may: tuple[str, ...]) -> str:
    """What is left for the declarant to do, of everything that may happen."""
    doors = {"amend": "amended", "cancel": "withdrawn", "invalidate": "withdrawn"}
    left = [door for event, door in doors.items() if event in may]
    return f"may be {' or '.join(left)}" if left else "can no longer be amended or withdrawn"


def _released(decision: Decision) -> str:
    return f", {decision.release.replace('_', ' ')}" if decision.release else ""


def _cite(rule: str, *sources: str) -> str:
    return f"[{'; '.join((rule, *(each for each in sources if each)))}]"


def _value(value: Any) -> str:
    if value is None:
        return "(none)"
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
