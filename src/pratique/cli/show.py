"""``pratique show``: a declaration or parcel: versions, changes, decisions."""

from __future__ import annotations

import argparse

import msgspec

from pratique.cli.arguments import desk
from pratique.cli.output import print_json, say, table
from pratique.office.find import Version, history


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Options of the command."""
    parser.add_argument("reference", help="a declaration's id or a parcel's number")
    parser.add_argument("--trace", action="store_true", help="every step of the assessment")


def run(args: argparse.Namespace) -> int:
    """Print what is known."""
    at_hand, _ = desk(store=True)
    versions = history(at_hand, args.reference)
    if args.json:
        print_json(msgspec.to_builtins(versions, str_keys=True))
        return 0
    for version in versions:
        _show(version, trace=args.trace)
    return 0


def _show(version: Version, *, trace: bool) -> None:
    decision = version.decision
    say(
        f"{decision.declaration}, version {version.version} ({version.kind}, {version.recorded_at})",
        "bold",
    )
    say(
        f"  {decision.code}"
        + (f", {decision.act} to act by {decision.act_by}" if decision.act else "")
    )
    for change in version.changes:
        say(f"  changed {change.pointer}: {change.before} -> {change.after}")
    for reason in decision.reasons:
        say(f"  because: {reason.text} ({reason.rule}; {reason.source})")
    if trace and decision.assessment is not None:
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
                for step in decision.assessment.trace
            ],
        )
